"""A shot's text from its prompt: cast names expanded, white space folded, the look said again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Mapping

# A letter, then letters, digits, "_" or "-", not ending in "-"; "@@" first, so that it never starts a name.
_REFERENCE = re.compile(r"@@|(?<![^\W_])@([^\W\d_](?:[\w-]*\w)?)")
_BEGUN = re.compile(r"@@|(?<![^\W_])@([^\W\d_][\w-]*)?")
_NAME = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
# Unicode's White_Space property; Python's \s would add the separators U+001C to U+001F, which are control characters.
_WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WHITE_RUN = re.compile(f"[{_WHITE}]+")
_EXPANSION_LIMIT = 20_000
"""Characters of cast text after which a text, far too long by then, is counted but not written out further."""
_REMEMBERED = 2000
"""Characters, and names, up to which what came of a text is remembered."""
_SENTENCE_ENDS = ".!?…。！？"
_CLOSING = frozenset(("Pe", "Pf", "Pi"))


@dataclass(frozen=True, slots=True)
class ShotText:
    """What is sent for one shot, and what its cast and look cost in characters of it."""

    text: str
    """The whole text; of one that is far too long, what was made of it before that was noticed."""
    characters: int
    """How many characters the whole text has."""
    unknown_names: tuple[str, ...]
    cast_costs: tuple[tuple[str, int], ...]
    """Each cast name used, with the characters that its text takes, in order of use."""
    look_cost: int


def is_cast_name(name: str) -> bool:
    """Whether `@name` in a prompt would be read as this whole name."""
    return _NAME.fullmatch(name) is not None


def fold_white_space(text: str) -> str:
    """The text with every run of white space as one space and its ends trimmed."""
    return _WHITE_RUN.sub(" ", text).strip(" ")


def names_in(text: str) -> list[str]:
    """The cast names that a prompt or look refers to, in order, repeats included."""
    return [match[1] for match in _REFERENCE.finditer(text) if match[1] is not None]


def rename_in(text: str, old: str, new: str) -> str:
    """The text with `@new` wherever it says `@old`."""
    return _REFERENCE.sub(lambda match: f"@{new}" if match[1] == old else match[0], text)


def begun_name(text: str) -> str | None:
    """What of a name stands at the end of a text that is being written, empty right after its @; None elsewhere."""
    last = None
    for match in _BEGUN.finditer(text):
        last = match
    return (last[1] or "") if last is not None and last.end() == len(text) and last[0] != "@@" else None


def start_of_reference(text: str, position: int) -> int:
    """Where the `@name` or `@@` begins that a cut at `position` would break; elsewhere the position itself."""
    spans = (match.span() for match in _REFERENCE.finditer(text))
    return next((start for start, end in spans if start < position < end), position)


def expand(text: str, cast: Mapping[str, str]) -> ShotText:
    """A prompt or look with its cast names expanded and its white space folded.

    An unknown `@name` stays as it stands and is reported.
    """
    if len(text) > _REMEMBERED or len(cast) > _REMEMBERED:
        return _expand(text, cast)
    used = dict.fromkeys(name for name in names_in(text) if name in cast)
    return _remembered(text, tuple((name, cast[name]) for name in used))


@lru_cache(maxsize=64)
def _remembered(text: str, cast: tuple[tuple[str, str], ...]) -> ShotText:
    """While one shot is being typed, the others stay as they are."""
    return _expand(text, dict(cast))


def _expand(text: str, cast: Mapping[str, str]) -> ShotText:
    unknown: dict[str, None] = {}
    costs: list[tuple[str, int]] = []
    folded: dict[str, str] = {}
    made = left_out = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal made, left_out
        name = match[1]
        if name is None:
            return "@"
        if name not in cast:
            unknown[name] = None
            return match[0]
        if name not in folded:
            # Not trimmed: white space at an end of it still parts it from the words beside it.
            folded[name] = _WHITE_RUN.sub(" ", cast[name])
        words = folded[name]
        cost = len(words.strip(" "))
        costs.append((name, cost))
        if made > _EXPANSION_LIMIT and len(words) > len(match[0]):
            left_out += cost - len(match[0])
            return match[0]
        made += len(words)
        return words

    whole = fold_white_space(_REFERENCE.sub(replace, text))
    return ShotText(whole, len(whole) + left_out, tuple(unknown), tuple(costs), 0)


def add_look(shot: ShotText, look: ShotText) -> ShotText:
    """The text sent for a shot: its expanded prompt with the expanded look said again at its end."""
    if not look.text:
        return shot
    link = " " if ends_sentence(shot.text) else ". "
    return ShotText(
        shot.text + link + look.text,
        shot.characters + len(link) + look.characters,
        tuple(dict.fromkeys(shot.unknown_names + look.unknown_names)),
        shot.cast_costs + look.cast_costs,
        len(link) + look.characters,
    )


def ends_sentence(text: str) -> bool:
    """Whether the last character, closing quotes and brackets aside, ends a sentence."""
    end = len(text)
    while end and (text[end - 1] in "\"'＂＇" or category(text[end - 1]) in _CLOSING):
        end -= 1
    return end > 0 and text[end - 1] in _SENTENCE_ENDS
