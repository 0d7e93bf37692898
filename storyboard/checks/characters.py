"""Characters that must not be sent: semicolons, and control or zero-width characters that serve no script."""

from __future__ import annotations

import re
from typing import NamedTuple

from storyboard.unseen import JOINERS, PICTURES, SEPARATORS, STRAY, UNSEEN

SEMICOLONS = re.compile("[;\u037e]")

# White space is none of them: compiling makes one space of it. Joiners are, where nothing is written with them.
_HIDDEN = re.compile(f"[{UNSEEN}{JOINERS}](?<![\t-\r\x85{SEPARATORS}])")
# Arabic and its neighbours, the scripts of India and South-East Asia, Mongolian.
_JOINED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ua800-\uabff\ufb50-\ufdcf\ufdf0-\ufdff"
# Joiners inside emoji; joiners beside letters of scripts that are written with them, a Latin letter on the other
# side included ("PDF\u200c\u0647\u0627"); Mongolian's vowel separator; the tags of flags.
_NEEDED = re.compile(
    f"(?<=[{PICTURES}\ufe0f])\u200d(?=[{PICTURES}])"
    f"|(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}]|\\w)"
    f"|(?<=\\w)[\u200c\u200d](?=[{_JOINED}])"
    "|(?<=[\u1800-\u18af])\u180e(?=[\u1800-\u18af])"
    "|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f"
)


STRAY_CHARACTERS = re.compile(STRAY)
_LONG_BLANKS = re.compile(r"\s{40,}")
"""What pushes the words behind it out of the sight of who reads a line or a page."""


class Hidden(NamedTuple):
    """An unseen character: what it is called, and which character of the text it is, from 1."""

    name: str
    position: int


def hidden_characters(text: str) -> list[Hidden]:
    """The control and zero-width characters of a text, those aside that emoji and scripts are written with."""
    if not _HIDDEN.search(text):
        return []
    needed = {index for match in _NEEDED.finditer(text) for index in range(*match.span())}
    return [
        Hidden(_name(match[0]), match.start() + 1) for match in _HIDDEN.finditer(text) if match.start() not in needed
    ]


def stray_characters(text: str) -> list[Hidden]:
    """Selectors of variants behind nothing that has one, and blanks of Braille outside it."""
    if text.isascii():
        return []
    return [Hidden(_name(match[0]), match.start() + 1) for match in STRAY_CHARACTERS.finditer(text)]


def long_blanks(text: str) -> list[tuple[int, int]]:
    """Runs of white space of 40 characters or more with words behind them: which character of the text, and how many.

    Line breaks count as well.
    """
    end = len(text.rstrip())
    found = (match.span() for match in _LONG_BLANKS.finditer(text, 0, end))
    return [(start + 1, stop - start) for start, stop in found]


def _name(character: str) -> str:
    from unicodedata import name

    called = name(character, "control character" if ord(character) < 0xA0 else "")
    return f"U+{ord(character):04X} {called}".rstrip()
