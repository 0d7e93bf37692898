"""The cast: who is in it, and how names are used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.checks.craft.rule import Said, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film

_NAMES_LOOKED_AT = 50
_SHARE_AT_MOST = 0.4
_NEARLY_FULL = 400


def _used(film: Film) -> set[str]:
    return {name for shot in film.draft.shots if shot.text is not None for name, _ in shot.text.cast_costs}


@rule(
    "SB227",
    "warning",
    "a name of the cast is never used",
    reason="Somebody was described and then forgotten, or is written without the @.",
    source="published client code for Kling, which refuses it before paying",
    wrong="""\
cast: {keeper: an old keeper in a yellow oilskin}
shots:
  - {seconds: 3, prompt: "Wide shot, a keeper waits on a pier. Static camera. Gulls."}
""",
    right="""\
cast: {keeper: an old keeper in a yellow oilskin}
shots:
  - {seconds: 3, prompt: "Wide shot, @keeper waits on a pier. Static camera. Gulls."}
""",
)
def unused(film: Film) -> Iterator[Said]:
    """Names of the file's own cast; a cast file may serve other storyboards."""
    cast = film.draft.cast
    if not cast or film.draft.cast_file is not None:
        return
    used = _used(film)
    for name in [name for name in cast if name not in used][:_NAMES_LOOKED_AT]:
        yield Said(("cast", name), f"@{name[:80]} is in no shot: use it or delete it")


@rule(
    "SB228",
    "info",
    "names that begin alike",
    reason="A name that begins another one is taken for it, by people and by tools that replace names as plain text.",
    source="Kling's 3.0 Turbo pages warn of overlapping names",
    wrong="""\
cast: {ana: a girl in a red coat, anabel: a tall woman in grey}
shots:
  - {seconds: 3, prompt: "Wide shot, @ana and @anabel wait on a pier. Static camera. Gulls."}
""",
    right="""\
cast: {ana: a girl in a red coat, bella: a tall woman in grey}
shots:
  - {seconds: 3, prompt: "Wide shot, @ana and @bella wait on a pier. Static camera. Gulls."}
""",
)
def overlapping(film: Film) -> Iterator[Said]:
    """A name that is how another one begins; names that differ in what follows a _ or - are a family."""
    names = sorted(list(film.draft.cast or {})[:_NAMES_LOOKED_AT])
    for other in names:
        begun = [one for one in names if one != other and other.startswith(one) and other[len(one)].isalpha()]
        if begun:
            one, path = max(begun, key=len), film.draft.cast_path(other)
            yield Said(
                path, f"@{one[:40]} and @{other[:40]} begin alike: rename one, so that nobody takes them for each other"
            )


@rule(
    "SB229",
    "warning",
    "a name without its @",
    reason="Names of fictional people mean nothing to the model: only @Name becomes the description.",
    source="a published Kling prompt cookbook",
    wrong="""\
cast: {Rosa: a woman in a yellow cap}
shots:
  - {seconds: 3, prompt: "Wide shot, @Rosa waters a garden. Static camera. Birds sing."}
  - {seconds: 3, prompt: "Close-up, Rosa looks at a plant and stops. Static camera. Birds sing."}
""",
    right="""\
cast: {Rosa: a woman in a yellow cap}
shots:
  - {seconds: 3, prompt: "Wide shot, @Rosa waters a garden. Static camera. Birds sing."}
  - {seconds: 3, prompt: "Close-up, @Rosa looks at a plant and stops. Static camera. Birds sing."}
""",
)
def without_at(film: Film) -> Iterator[Said]:
    """A cast name with a capital letter that stands in a prompt as a plain word; speaker labels may hold it."""
    names = {name for name in list(film.draft.cast or {})[:_NAMES_LOOKED_AT] if name[0].isupper()}
    if not names:
        return
    for shot in film.shots:
        plain = re.findall(r"(?<![@\w])\w+", re.sub(r"\[[^\[\]]*\]", " ", shot.prompt))
        if (missing := next((word for word in plain if word in names), None)) is not None:
            yield Said(shot.path, f"{shot.name}: {missing} without its @ is a word that means nobody: write @{missing}")


@rule(
    "SB230",
    "info",
    "the cast fills a shot",
    reason="A shot has 512 characters: where descriptions fill it, nothing is left for what happens.",
    source="Runware's page on Kling VIDEO 3.0 Turbo; complaints of users",
    wrong=f"""\
cast:
  keeper: {"an old keeper with a white beard, a yellow oilskin and a wool cap, " * 3}a lantern in one hand
shots:
  - seconds: 4
    prompt: >-
      Wide shot of a misty harbour at dawn, still water, boats at their moorings, a long wooden pier that ends at a
      small red light. @keeper stands at its end and waits. Static camera. Gulls, water against wood.
""",
    right="""\
cast:
  keeper: an old keeper with a white beard and a yellow oilskin
shots:
  - seconds: 4
    prompt: >-
      Wide shot of a misty harbour at dawn, still water, boats at their moorings, a long wooden pier that ends at a
      small red light. @keeper stands at its end and waits. Static camera. Gulls, water against wood.
""",
)
def cast_fills_shot(film: Film) -> Iterator[Said]:
    """A shot of 400 characters or more, two fifths of which are one name's text."""
    for shot in film.draft.shots:
        text = shot.text
        if text is None or not _NEARLY_FULL <= text.characters <= film.draft.profile.shot_characters:
            continue
        for name, cost in dict(text.cast_costs).items():
            if cost > text.characters * _SHARE_AT_MOST:
                yield Said(
                    ("shots", shot.index, "prompt"),
                    f"{shot.name}: @{name[:40]} takes {cost} of {text.characters} characters: say it in fewer words",
                )


RULES = (unused, overlapping, without_at, cast_fills_shot)
