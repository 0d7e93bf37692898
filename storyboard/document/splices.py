"""Replacing stretches of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from storyboard.document.lines import Lines


class Splice(NamedTuple):
    """A stretch of the text and what stands there instead."""

    start: int
    end: int
    text: str


def apply(text: str, splices: list[Splice]) -> str:
    """The text with all splices made; they must not overlap, nor two begin at one place."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def lines_below(lines: Lines, index: int, new: list[str]) -> Splice:
    """Puts new lines below the one of this character, whose own line break stays as it is."""
    end, behind = lines.line_end(index), lines.next_line(index)
    if behind > end:
        return Splice(behind, behind, lines.newline.join([*new, ""]))
    return Splice(end, end, lines.newline.join(["", *new]))


def without_lines(lines: Lines, begin: int, end: int) -> Splice:
    """Takes out the whole lines from `begin` to `end`; the text keeps its last line break, or its lack of one."""
    if end == len(lines.text) and not lines.closed:
        while begin and lines.is_blank(lines.line_before(begin)):
            begin = lines.line_before(begin)
        begin = lines.line_end(begin - 1) if begin else 0
    return Splice(begin, end, "")
