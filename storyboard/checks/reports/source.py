"""The line of a file that a diagnostic is about, with a caret below it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from storyboard.checks.diagnostic import Diagnostic

_BEFORE = 20
"""Characters shown before the caret, where a line is longer than the terminal is wide."""


def source_lines(found: Diagnostic, text: str, columns: int) -> list[str]:
    """The source line and the line with the caret, at most `columns` wide; empty where the place has no line."""
    lines = (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).split("\n")
    if not 0 < found.line <= len(lines):
        return []
    line, start = lines[found.line - 1].rstrip(), found.column - 1
    if not line or start > len(line):
        return []
    end = found.end_column - 1 if found.end_line == found.line else len(line)
    room = max(columns - 6, 20)
    cut = max(start - _BEFORE, 0) if _width(line) > room else 0
    shown = _fitting(line[cut:], room, dots="…" if cut else "")
    before = _width(_shown(line[cut:start])) + (1 if cut else 0)
    carets = max(min(_width(_shown(line[start:end])), _width(shown) - before), 1)
    return [f"    {shown}", "    " + " " * before + "^" + "~" * (carets - 1)]


def _fitting(text: str, room: int, *, dots: str) -> str:
    text = dots + _shown(text)
    if _width(text) <= room:
        return text
    kept, width = [], 0
    for character in text:
        width += _width(character)
        if width > room - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _shown(text: str) -> str:
    """The text with one visible character for each that a terminal would obey or leave out."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else " " if character == "\t" else "\ufffd" for character in text
    )


def _width(text: str) -> int:
    """Terminal columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1
