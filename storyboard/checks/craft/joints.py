"""Marks that meet where texts are joined: a prompt and the look, a name's text and what stands behind the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.checks.craft.rule import Said, rule
from storyboard.checks.diagnostic import Fix
from storyboard.compiler.expand import Spelling, end_without_closing, fold_white_space, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film
    from storyboard.checks.draft import DraftShot

_OPEN_ENDS = ",:;、，：；"
_BARE_ENDS = _OPEN_ENDS + "-–—&"
"""A dash or the like before closing quotes is speech that breaks off."""
_WIDE_ENDS = "、，：；"
_NO_BEGINNINGS = ",.;:!?、。，：；！？"
_ABBREVIATION = re.compile(
    r"(?:\b(?:etc|[js]r|inc|ltd|co|corp|dr|mrs?|ms|st|vs|no|approx|dept|est)|\.\w+)\.\Z", re.IGNORECASE
)
_LONGEST = 20
_SHOWN = 14


@rule(
    "SB245",
    "info",
    "marks that collide where texts are joined",
    reason="The look follows a prompt after a period, and a name's text stands where the name stood: a comma there, or "
    "a period before a comma, is sent as it is.",
    source="this project's own template",
    wrong="""\
look: Soft grey light, fine grain.
shots:
  - {seconds: 3, prompt: "Wide shot of a harbour at dawn. Static camera. Gulls, ropes and a lamp,"}
""",
    right="""\
look: Soft grey light, fine grain.
shots:
  - {seconds: 3, prompt: "Wide shot of a harbour at dawn. Static camera. Gulls, ropes and a lamp."}
""",
)
def collisions(film: Film) -> Iterator[Said]:
    """Only what is wrong in every language: no ellipsis, no abbreviation, no `?!`."""
    draft = film.draft
    look = fold_white_space(draft.text("look") or "")
    if look[:1] and look[0] in _NO_BEGINNINGS and not look.startswith(("...", "…")):
        begins = look.lstrip(_NO_BEGINNINGS + " ")
        fix = Fix(f"begin with {begins[:_SHOWN]!r}", ("look",), begins) if begins else None
        yield Said(("look",), f"the look begins with {look[0]!r}, right behind what ends each shot: take it out", fix)
    elif look:
        for shot in draft.shots:
            yield from _before_look(shot, look)
    yield from _behind_names(film)


def _before_look(shot: DraftShot, look: str) -> Iterator[Said]:
    sent = shot.text
    if sent is None or shot.prompt is None or not sent.look_cost or len(sent.text) != sent.characters:
        return
    text = sent.text[: -sent.look_cost]
    end = end_without_closing(text)
    if not end or text[end - 1] not in (_BARE_ENDS if end == len(text) else _OPEN_ENDS):
        return
    mark = text[end - 1]
    joined = f"{text[-_SHOWN:]}. {look[:_SHOWN]}"
    said = f"{shot.name} ends in {mark!r} and the look follows after a period, as in {joined!r}: end it in a period"
    yield Said(("shots", shot.index, "prompt"), said, _ended(shot, mark))


def _ended(shot: DraftShot, mark: str) -> Fix | None:
    """The prompt with a period in the place of the mark, where the prompt itself ends in it."""
    prompt = shot.prompt or ""
    end = end_without_closing(prompt.rstrip())
    kept = prompt[:end].rstrip(_BARE_ENDS + " \t\n")
    if not kept or prompt[end - 1 : end] != mark:
        return None
    period = "。" if mark in _WIDE_ENDS else "."
    return Fix(f"end in {period!r}", ("shots", shot.index, "prompt"), kept + period + prompt[end:])


def _behind_names(film: Film) -> Iterator[Said]:
    draft = film.draft
    cast = {name: text.rstrip() for name, text in (draft.cast or {}).items()}
    marked = {name: text for name, text in cast.items() if text[-1:] in tuple(".,:!?") and not text.endswith("..")}
    if not marked:
        return
    said: set[str] = set()
    spelling = Spelling(cast)
    for prompt in (*(shot.prompt or "" for shot in draft.shots), draft.text("look") or ""):
        for start, end in references(prompt):
            name = spelling.of(prompt[start + 1 : end])
            behind = prompt[end : end + 1]
            if name in said or name not in marked or not _collide(marked[name], behind, prompt[end + 1 : end + 2]):
                continue
            said.add(name)
            text = marked[name]
            plain = text.rstrip(".,:!? ")
            fix = (
                None
                if draft.cast_file or not plain or text[-1] in "!?"
                else Fix(f"end in {plain[-_SHOWN:]!r}", draft.cast_path(name), plain)
            )
            joined = f"{text[-_SHOWN:]}{behind}"
            words = (
                f"the text of @{name[:80]} ends in {text[-1]!r} and {behind!r} follows, as in {joined!r}: take one out"
            )
            yield Said(draft.cast_path(name), words, fix)


def _collide(text: str, behind: str, then: str) -> bool:
    if not behind or behind not in ".,:!?" or (behind == "." and then == "."):
        return False
    mark = text[-1]
    if mark in "!?":
        return behind in ".,:"
    return not (mark == "." and behind != "." and _ABBREVIATION.search(text[-_LONGEST:]))


RULES = (collisions,)
