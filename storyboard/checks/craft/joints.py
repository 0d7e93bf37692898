"""Marks that meet where texts are joined: a prompt and the look, a name's text and what stands behind the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from storyboard.checks.craft.rule import Said, rule
from storyboard.checks.diagnostic import Fix
from storyboard.compiler.expand import Spelling, end_without_closing, fold_white_space, references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film
    from storyboard.checks.draft import DraftShot

_PAUSES = ",:;、，：；،؛"
_OTHER_STOPS = "।॥۔．։።။។"
"""Ends of sentences behind which the look still follows after a period."""
_STOPS = ".。" + _OTHER_STOPS
_QUESTIONS = "!?！？؟"
_MARKS = _STOPS + _PAUSES + _QUESTIONS
_OPEN_ENDS = _PAUSES + _OTHER_STOPS
_BARE_ENDS = _OPEN_ENDS + "-–—&"
"""A dash or the like before closing quotes is speech that breaks off."""
_WIDE_ENDS = "、，：；．"
_ABBREVIATION = re.compile(
    r"""(?:
        \b(?:etc|dept|approx|prof|capt|esq|ave|assoc|incl|misc|vol|max|min|avg|dia|diam|est|fig|alt|usw|evtl|temp|abb)
        | \b\w{1,2}                                             # Dr., in., ft., A. B.
        | \b(?:[b-df-hj-np-tv-z]+|[бвгджзклмнпрстфхцчшщ]+)      # Mrs., yrs., cyl.: no vowels
        | (?-i:\b[A-Z]\w{1,3})                                  # Gov., Inc.
        | \.\w+ | \d
    )\.\Z""",
    re.IGNORECASE | re.VERBOSE,
)
"""What ends in a period of its own, or may: rather too much than a period that is taken from a name."""
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
    if _begins_wrong(look):
        begins = look.lstrip(_MARKS + " ")
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


def _begins_wrong(text: str) -> bool:
    """Whether a text begins with a mark that belongs behind another: no ellipsis, no `.5`."""
    return text[:1] in tuple(_MARKS) and re.match(r"\.[.\w]", text) is None


class _Use(NamedTuple):
    """Where a prompt or look uses a name: what stands before it, white space aside, and the two characters behind."""

    before: str
    behind: str


def _behind_names(film: Film) -> Iterator[Said]:
    draft = film.draft
    cast = {name: fold_white_space(text) for name, text in (draft.cast or {}).items()}
    marked = {name for name, text in cast.items() if _begins_wrong(text) or _mark(text)}
    if not marked:
        return
    uses: dict[str, list[_Use]] = {}
    spelling = Spelling(cast)
    for prompt in (*(shot.prompt or "" for shot in draft.shots), draft.text("look") or ""):
        for start, end in references(prompt):
            if (name := spelling.of(prompt[start + 1 : end])) in marked:
                before = prompt[max(0, start - _LONGEST) : start].rstrip()[-1:]
                uses.setdefault(name, []).append(_Use(before, prompt[end : end + 2]))
    for name, found in uses.items():
        said = _said_of(cast[name], found)
        if said is not None:
            words, value = said
            fix = (
                None if draft.cast_file or not value else Fix(f"write {_shown(value)!r}", draft.cast_path(name), value)
            )
            yield Said(draft.cast_path(name), f"the text of @{name[:80]} {words}", fix)


def _said_of(text: str, uses: list[_Use]) -> tuple[str, str] | None:
    """What is wrong with a name's text where it is used, and a text that is right wherever it is, empty where none."""
    if _begins_wrong(text):
        begins = text.lstrip(_MARKS + " ")
        alone = all(not use.before or use.before in _MARKS for use in uses)
        return f"begins with {text[0]!r}: take it out", begins if alone else ""
    collided = [use for use in uses if _collide(text, use.behind)]
    if not collided:
        return None
    mark, behind = _mark(text), collided[0].behind[0]
    end = end_without_closing(text)
    plain = text[:end].rstrip(_MARKS + " ")
    # Where no mark follows, the text's own may be what ends the sentence there.
    unneeded = mark not in _QUESTIONS and len(collided) == len(uses)
    words = f"ends in {mark!r} and {behind!r} follows, as in {text[-_SHOWN:] + behind!r}: take one out"
    return words, plain + text[end:] if plain and unneeded else ""


def _shown(text: str) -> str:
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]}…{text[-_SHOWN:]}"


def _mark(text: str) -> str:
    """The mark that a text ends in, closing quotes and brackets aside; empty where it ends in none, or in `...`."""
    text = text[: end_without_closing(text)]
    return text[-1:] if text.endswith(tuple(_MARKS)) and not text.endswith(("..", "。。")) else ""


def _collide(text: str, behind: str) -> bool:
    mark = _mark(text)
    if not mark or not behind or behind[0] not in _MARKS or behind in ("..", "。。"):
        return False
    end = end_without_closing(text)
    if end < len(text):  # a question in quotes ends as it should, and so does what stops behind them
        speech = text[end] in "\"'”’»」』"
        return mark in _STOPS and behind[0] in _PAUSES and (speech or not _abbreviated(text[:end]))
    return behind[0] not in _QUESTIONS if mark in _QUESTIONS else not _abbreviated(text)


def _abbreviated(text: str) -> bool:
    return _ABBREVIATION.search(text[-_LONGEST:]) is not None


RULES = (collisions,)
