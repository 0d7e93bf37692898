"""Shots that lean on others: the model reads each one on its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from storyboard.checks.craft.film import read
from storyboard.checks.craft.rule import Said, rule
from storyboard.checks.craft.vocabulary import in_quotes, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film, Reading

_OWN_SHOT = (
    "Each shot is read on its own (Runware's multi-shot skill): there is nothing before it that it could refer to."
)
_OPENS_WITHIN = 3


@rule(
    "SB203",
    "warning",
    "a shot refers back to another",
    reason=f"{_OWN_SHOT} Words such as then, again or continues ask the model to remember what it never saw.",
    source="Runware runware-skills, multi-shot-video; videopromptkit.com",
    wrong=(
        "Wide shot, a fox in deep snow at dusk looks at a hedge. Static camera. Wind.",
        "Then the fox continues across the meadow at dusk. Static camera. Wind.",
    ),
    right=(
        "Wide shot, a fox in deep snow at dusk looks at a hedge. Static camera. Wind.",
        "Medium shot, a fox crosses a snowy meadow at dusk and stops. Static camera. Wind.",
    ),
)
def back_reference(film: Film) -> Iterator[Said]:
    """Words that lean on an earlier shot, in any shot but the first."""
    for shot in film.shots[1:]:
        found = [
            one for one in shot.reading.of("opener") if one.place < _OPENS_WITHIN and one.place <= shot.reading.opening
        ]
        found += shot.reading.of("back")
        if found:
            yield Said(
                shot.path,
                f"{shot.name} refers back ({in_quotes(found)}), but each shot is read on its own: say what is there",
            )


@rule(
    "SB204",
    "warning",
    "a shot begins with a pronoun",
    reason=f"{_OWN_SHOT} A pronoun without a name lets the model invent somebody; several people make it worse.",
    source="videopromptkit.com; prompt guides by users",
    wrong=(
        "Wide shot, a courier in a red jacket brakes at a hatch. Static camera. Rain.",
        "Close-up, she bites into a loaf and smiles. Static camera. Rain.",
    ),
    right=(
        "Wide shot, a courier in a red jacket brakes at a hatch. Static camera. Rain.",
        "Close-up, a courier in a red jacket bites into a loaf and stops. Static camera. Rain.",
    ),
)
def pronoun_first(film: Film) -> Iterator[Said]:
    """A pronoun where the subject should be named."""
    for shot in film.shots:
        if pronoun := shot.reading.opens_with_pronoun:
            yield Said(shot.path, f"{shot.name} begins with “{pronoun}”, which names nobody: say who or what it is")


@rule(
    "SB205",
    "warning",
    "what one person wears changes between shots",
    reason="People, clothes and colours drift by the third shot; a text that changes them itself makes it certain.",
    source="blog.fal.ai/kling-3-0-prompting-guide; Runware runware-skills; kling31api.org",
    wrong=(
        "Wide shot, a woman in a red coat waits on a pier at dawn. Static camera. Gulls.",
        "Close-up, a woman in a blue coat waits on a pier at dawn. Static camera. Gulls.",
    ),
    right=(
        "Wide shot, a woman in a red coat waits on a pier at dawn. Static camera. Gulls.",
        "Close-up, a woman in a red coat waits on a pier at dawn. Static camera. Gulls.",
    ),
)
def description_drifts(film: Film) -> Iterator[Said]:
    """The same noun for a person beside the same garment in another colour."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for shot in film.shots:
        for (person, worn), colour in _worn(shot.reading).items():
            where, before = first.setdefault((person, worn), (shot.name, colour))
            if colour != before:
                yield Said(
                    shot.path,
                    f"{shot.name}: the {person}'s {worn} is {colour}, in {where} it is {before}: write it the same, "
                    "or tell two people apart by other words",
                )


def _worn(reading: Reading) -> dict[tuple[str, str], str]:
    """Person and garment to its colour, for people of whom a shot has only one by that noun."""
    words, persons = reading.words, reading.persons
    nouns = [noun for _, noun in persons]
    worn, colours_known = words_of("worn"), words_of("colour")
    found: dict[tuple[str, str], str] = {}
    for number, (index, noun) in enumerate(persons):
        if nouns.count(noun) > 1:
            continue
        end = persons[number + 1][0] if number + 1 < len(persons) else len(words)
        for place in range(index + 1, min(end, index + 15)):
            if words[place] in worn:
                colours = [word for word in words[max(place - 3, index + 1) : place] if word in colours_known]
                if len(colours) == 1:
                    found.setdefault((noun, words[place]), colours[0].replace("gray", "grey"))
    return found


@rule(
    "SB206",
    "warning",
    "a person appears undescribed",
    reason=f"{_OWN_SHOT} “The woman” is a woman of the model's choice where no shot says what she looks like.",
    source="published storyboards; Runware runware-skills",
    wrong=("Wide shot of an alley at night, the detective waits under a lamp. Static camera. Rain.",),
    right=("Wide shot of an alley at night, a detective in a grey coat waits under a lamp. Static camera. Rain.",),
)
def undescribed_person(film: Film) -> Iterator[Said]:
    """“The …” of a person whom neither this nor an earlier shot introduces; with a first frame the picture may."""
    if film.draft.framed:
        return
    known: set[str] = set()
    for shot in film.shots:
        words = shot.reading.words
        told: dict[str, bool] = {}
        for index, noun in shot.reading.persons:
            told[noun] = told.get(noun, False) or not _is_bare(words, index)
        known |= {noun for noun, described in told.items() if described}
        strangers = [noun for noun in told if noun not in known]
        known |= told.keys()
        if strangers:
            yield Said(
                shot.path,
                f"{shot.name} speaks of “the {strangers[0]}”, whom no shot describes: say what they look like",
            )


def _is_bare(words: list[str], index: int) -> bool:
    """Whether only an article stands before the noun and nothing behind it describes whom it means."""
    return index > 0 and words[index - 1] == "the" and (index + 1 == len(words) or words[index + 1] not in _DESCRIBES)


_DESCRIBES = frozenset(["in", "with", "wearing", "of", "who", "whose", "from"])


@rule(
    "SB209",
    "info",
    "two shots are almost the same",
    reason="Shots that look alike are joined by the model: the cut between them is lost, its seconds too.",
    source="runware.ai/docs/models/klingai-video-3-0-turbo/guides/multi-shot-templating",
    wrong=(
        "Wide shot of a white lighthouse on a cliff at night, surf below. Static camera. Wind.",
        "Wide shot of a white lighthouse on a cliff at night, surf far below. Static camera. Wind.",
    ),
    right=(
        "Wide shot of a white lighthouse on a cliff at night, surf below. Static camera. Wind.",
        "Close-up of a lamp in a white lighthouse at night, rain on the glass. Static camera. Wind.",
    ),
)
def alike(film: Film) -> Iterator[Said]:
    """Nine words of ten shared by two shots."""
    for number, shot in enumerate(film.shots):
        for other in film.shots[:number]:
            if _likeness(shot.reading.text, other.reading.text) >= 0.9:
                yield Said(
                    shot.path, f"{shot.name} says almost the same as {other.name}: change what is seen, or join them"
                )
                break


@lru_cache(maxsize=256)
def _likeness(one: str, other: str) -> float:
    """How many words two texts share, from 0 to 1; 0 for the shortest."""
    mine, theirs = read(one), read(other)
    both = len(mine.words) + len(theirs.words)
    if not mine.says_something or abs(len(mine.words) - len(theirs.words)) * 5 > both:
        return 0
    if len(mine.content & theirs.content) * 2 < len(mine.content):
        return 0
    return 2 * (mine.bag & theirs.bag).total() / both


@rule(
    "SB241",
    "info",
    "no two shots have anything in common",
    reason="One continuous subject cuts well; shots that share nothing look like clips of different films.",
    source="Runware runware-skills, multi-shot-video",
    wrong=(
        "Wide shot of a desert road at noon, heat shimmer. Static camera. Wind.",
        "Close-up of a wedding cake in a hotel kitchen. Static camera. Chatter.",
        "Medium shot of an astronaut inside a capsule, asleep. Static camera. Beeps.",
    ),
    right=(
        "Wide shot of a desert road at noon, a red truck parked. Static camera. Wind.",
        "Close-up of the rusty door of a red truck on a desert road. Static camera. Wind.",
        "Medium shot of a driver asleep in a red truck on a desert road. Static camera. Snores.",
    ),
)
def unrelated(film: Film) -> Iterator[Said]:
    """Three shots or more of which no two share a word that says what is there."""
    if not film.whole or len(film.shots) < 3:
        return
    seen: set[str] = set()
    for shot in film.shots:
        content = shot.reading.content.union(*(label.lower().split() for label in shot.reading.labels))
        if not seen.isdisjoint(content) or shot.reading.opens_with_pronoun:
            return
        seen |= content
    yield Said(("shots",), "no two shots share a person, thing or place: name what the film is about in each of them")


RULES = (back_reference, pronoun_first, description_drifts, undescribed_person, alike, unrelated)
