"""Texts in which ⟦ and ⟧ mark a place, so that a test says where something stands by pointing at it."""

from __future__ import annotations

from storyboard.document import Span

OPEN, CLOSE = "⟦", "⟧"


def unmarked(text: str) -> tuple[str, Span]:
    """The text without its marks, and the place between them, counted the slow and obvious way."""
    before, rest = text.split(OPEN)
    inside, after = rest.split(CLOSE)
    return before + inside + after, Span(*_place(before), *_place(before + inside))


def _place(before: str) -> tuple[int, int]:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
