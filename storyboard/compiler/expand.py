"""A shot's text from its prompt: cast names expanded, white space folded, the look said again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Mapping

# A letter, then letters, digits, "_" or "-", not ending in "-"; "@@" first, so that it never starts a name.
_REFERENCE = re.compile(r"@@|(?<![^\W_])@([^\W\d_](?:[\w-]*\w)?)")
_NAME = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
# Unicode's White_Space property; Python's \s would add the separators U+001C to U+001F, which are control characters.
_WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WHITE_RUN = re.compile(f"[{_WHITE}]+")
_EXPANSION_LIMIT = 20_000
"""Characters of cast text after which a shot, far too long by then, is not expanded further."""
_SENTENCE_ENDS = ".!?…。！？"
_CLOSING = frozenset(("Pe", "Pf", "Pi"))


@dataclass(frozen=True, slots=True)
class ShotText:
    """What is sent for one shot, and what its cast and look cost in characters of it."""

    text: str
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


def expand_shot(prompt: str, cast: Mapping[str, str], look: str = "") -> ShotText:
    """The text sent for a shot with this prompt; an unknown `@name` stays as it stands and is reported."""
    unknown: list[str] = []
    costs: list[tuple[str, int]] = []
    spent = 0

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return "@"
        if name not in cast:
            unknown.append(name)
            return match[0]
        nonlocal spent
        cost = len(fold_white_space(cast[name]))
        spent += cost
        costs.append((name, cost))
        return cast[name] if spent <= _EXPANSION_LIMIT else match[0]

    text = fold_white_space(_REFERENCE.sub(replace, prompt))
    said_again = fold_white_space(_REFERENCE.sub(replace, look))
    look_cost = 0
    if said_again:
        before = len(text)
        text = f"{text} {said_again}" if ends_sentence(text) else f"{text}. {said_again}"
        look_cost = len(text) - before
    return ShotText(text, tuple(dict.fromkeys(unknown)), tuple(costs), look_cost)


def ends_sentence(text: str) -> bool:
    """Whether the last character, closing quotes and brackets aside, ends a sentence."""
    end = len(text)
    while end and (text[end - 1] in "\"'" or category(text[end - 1]) in _CLOSING):
        end -= 1
    return end > 0 and text[end - 1] in _SENTENCE_ENDS
