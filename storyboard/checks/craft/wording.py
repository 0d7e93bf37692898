"""Words that cost characters and do little, or bring what is not wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.craft.rule import Said, rule
from storyboard.checks.craft.speech import is_shown
from storyboard.checks.craft.vocabulary import in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film, Reading, Seen
    from storyboard.checks.craft.vocabulary import Found
    from storyboard.checks.diagnostic import Path

_TAGS_AT_MOST = 3
_FEW_WORDS = 40


def _texts(film: Film) -> Iterator[tuple[Path, str, Reading]]:
    """The shots' texts, and the look."""
    for shot in film.shots:
        yield shot.path, shot.name, shot.reading
    yield ("look",), "the look", film.look


@rule(
    "SB235",
    "info",
    "praise instead of description",
    reason="Epic, stunning and their like say nothing that could be drawn: name the light, the lens, the weather.",
    source="prompt guides by users, ekly.ai among them",
    wrong=("Wide shot of a stunning, breathtaking harbour at dawn. Static camera. Gulls.",),
    right=("Wide shot of a harbour at dawn, mist on still water. Static camera. Gulls.",),
)
def praise(film: Film) -> Iterator[Said]:
    """Once a film: the first text with such a word."""
    for path, name, reading in _texts(film):
        if found := reading.of("praise"):
            yield Said(path, f"{name}: {in_quotes(found)} cannot be filmed: say what makes it so")
            return


@rule(
    "SB236",
    "info",
    "style tags piled up",
    reason="A plain description beats a pile of quality words, which cost characters in every shot.",
    source="a published Kling prompt cookbook",
    wrong=("Wide shot of a harbour at dawn, 8k, ultra-detailed, hyper-realistic, masterpiece. Static camera. Gulls.",),
    right=("Wide shot of a harbour at dawn, 35 mm film grain. Static camera. Gulls.",),
)
def tags(film: Film) -> Iterator[Said]:
    """Four of them or more in one text."""
    for path, name, reading in _texts(film):
        found = list(dict.fromkeys(one.written for one in reading.of("tag")))
        if len(found) > _TAGS_AT_MOST:
            yield Said(
                path, f"{name} has {len(found)} style tags ({', '.join(found[:5])}): one light and one lens say more"
            )


@rule(
    "SB237",
    "info",
    "text on screen",
    reason="Letters come out right only sometimes, and only short words: titles are safer added in the edit.",
    source="prompt guides by users",
    wrong=('Wide shot of a skate park at night. TEXT: "All nights open". Static camera. Cheers.',),
    right=("Wide shot of a skate park at night, room for a title above. Static camera. Cheers.",),
)
def screen_text(film: Film) -> Iterator[Said]:
    """Once a film: quoted words that are to be shown."""
    for shot in film.shots:
        for one in shot.reading.quoted:
            if is_shown(shot.reading, one):
                yield Said(
                    shot.path,
                    f"{shot.name}: letters (“{one.words[:30]}”) often come out wrong: add them in the edit",
                )
                return


@rule(
    "SB238",
    "info",
    "what should not be there is named",
    reason="Naming a thing can bring it; some advise it all the same. With a first frame there is `negative_prompt`.",
    source="resellers' pages, which contradict each other",
    wrong=("Wide shot of a skate park at night, no people, no cars. Static camera. Wind.",),
    right=("Wide shot of an empty skate park at night. Static camera. Wind.",),
)
def negative(film: Film) -> Iterator[Said]:
    """Once a film: no, without or don't; not where a sound is meant."""
    for path, name, reading in _texts(film):
        found = [one for one in reading.of("negative") if _is_seen(reading, one)]
        if found:
            words = " ".join(reading.words[found[0].place : found[0].place + found[0].length + 1])
            yield Said(path, f"{name}: “{words}” names what should not be there: say what is there instead")
            return


def _is_seen(reading: Reading, found: Found) -> bool:
    """Whether it is about something to see, and not “no longer” or a sound."""
    if reading.words[found.place + found.length : found.place + found.length + 1] in (["longer"], ["one"], ["more"]):
        return False
    behind = range(found.place + found.length, found.place + found.length + 3)
    sounds = {one.place for one in reading.of("sound")}
    return not sounds.intersection(behind)


@rule(
    "SB239",
    "info",
    "words that the content filter may refuse",
    reason="Kling's filter is strict, and refuses late: the job fails after minutes, with its reason hidden.",
    source="a published Kling prompt cookbook; helpcenter.kaiber.ai",
    wrong=("Close-up of a knife on a table, blood on the blade. Static camera. A clock ticks.",),
    right=("Close-up of a knife on a table, dark red paint on the blade. Static camera. A clock ticks.",),
)
def risky(film: Film) -> Iterator[Said]:
    """Once a film: violence, weapons, nudity, drugs."""
    for path, name, reading in _texts(film):
        if found := reading.of("risk"):
            yield Said(path, f"{name}: {in_quotes(found)} may be refused by the content filter: a milder word is safer")
            return


@rule(
    "SB242",
    "info",
    "the first frame is described again",
    reason="The picture says it already. What is missing is what moves: name the subject and what it does.",
    source="kling.ai/quickstart/image-to-video-guide",
    wrong="""\
first_frame: https://example.com/harbour.png
shots:
  - seconds: 4
    prompt: >-
      Wide shot of a small fishing harbour at dawn, still grey water, seven painted boats at their moorings, a long
      wooden pier with iron lamps, a white chapel upon a hill, low clouds, soft mist between the houses, pale light,
      muted colours, film grain. Static camera. Gulls.
""",
    right="""\
first_frame: https://example.com/harbour.png
shots:
  - seconds: 4
    prompt: Wide shot, the painted boats rock at their moorings, mist drifts past a chapel. Static camera. Gulls.
""",
)
def described_again(film: Film) -> Iterator[Said]:
    """Over forty words about the picture, and nobody in it does anything."""
    shot = _behind_the_frame(film)
    if shot is not None and len(shot.reading.words) > _FEW_WORDS and not shot.reading.deeds:
        yield Said(
            shot.path,
            f"shot 1 describes the picture in {len(shot.reading.words)} words and moves nothing: say what happens",
        )


@rule(
    "SB243",
    "warning",
    "a first frame, and nobody is named",
    reason="A bare instruction films the picture as an object: a slow pan over a still.",
    source="kling.ai/quickstart/image-to-video-guide",
    wrong="""\
first_frame: https://example.com/harbour.png
shots:
  - {seconds: 4, prompt: "Slow push-in, static shot at first."}
""",
    right="""\
first_frame: https://example.com/harbour.png
shots:
  - {seconds: 4, prompt: "The boats rock at their moorings. Slow push-in."}
""",
)
def nobody_named(film: Film) -> Iterator[Said]:
    """The first shot of image-to-video holds only words about the camera."""
    shot = _behind_the_frame(film)
    if shot is None:
        return
    reading = shot.reading
    about_camera = {one.place + step for one in reading.phrases if one.kind in _CAMERA for step in range(one.length)}
    rest = [word for index, word in enumerate(reading.words) if index not in about_camera and len(word) > 3]
    if reading.words and all(word in _EMPTY for word in rest):
        yield Said(shot.path, "shot 1 names nothing in the picture: without a subject it is filmed as a still")


def _behind_the_frame(film: Film) -> Seen | None:
    """The shot that goes on where the first frame stands; None where there is no frame, or no text for that shot."""
    return film.shots[0] if film.draft.framed and film.shots and film.shots[0].number == 0 else None


_CAMERA = frozenset(("size", "angle", "move", "static", "camera", "sound", "start"))
_EMPTY = frozenset(
    [
        "slow",
        "slowly",
        "gentle",
        "gently",
        "smooth",
        "smoothly",
        "fast",
        "first",
        "then",
        "shot",
        "frame",
        "picture",
        "image",
        "cinematic",
        "motion",
        "move",
        "moves",
        "animate",
    ]
)

RULES = (praise, tags, screen_text, negative, risky, described_again, nobody_named)
