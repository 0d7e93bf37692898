"""A shot put elsewhere in a list of lines: which lines come along, which stay."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.document.items import items_of
from storyboard.document.lines import BLANK
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of an item, or of a gap that holds a comment nobody owns."""

    lines: tuple[str, ...]
    item: bool = False
    swallows: str = ""
    """Blank lines put below would become part of its last value: "all", those with "spaces", or none."""


def moves(layout: Layout, node: Node, old: int, new: int) -> Iterator[list[Splice]]:
    """A move of an item of a block list; comments that are nobody's keep their place among the others."""
    items = items_of(layout, node)
    begin, end = items[0].begin, items[-1].end
    parts = [
        Part(_lines(layout, item.begin, item.end), item=True, swallows=layout.swallows(value))
        for item, value in zip(items, node.items, strict=True)
    ]
    gaps = [_lines(layout, one.end, other.begin) for one, other in pairwise(items)]
    below = end
    while below < len(layout.text) and layout.is_blank(below):
        below = layout.next_line(below)
    open_end = layout.text[end - 1] not in "\r\n"
    lines = _joined(_reordered(parts, gaps, old, new))
    if open_end:
        lines = _blank_lines_up(lines)
    yield [Splice(begin, end, layout.newline.join(lines) + ("" if open_end else layout.newline))]
    if below > end:
        blank = Part(_lines(layout, end, below))
        lines = _joined([*_reordered(parts, gaps, old, new), blank])
        yield [Splice(begin, below, layout.newline.join(lines) + (layout.newline if layout.closed else ""))]


def _lines(layout: Layout, begin: int, end: int) -> tuple[str, ...]:
    text = layout.text[begin:end].removesuffix("\n").removesuffix("\r")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) if end > begin else ()


def _blank(lines: tuple[str, ...]) -> bool:
    return not any(line.strip(BLANK) for line in lines)


def _reordered(items: list[Part], gaps: list[tuple[str, ...]], old: int, new: int) -> list[Part]:
    """Items in their new order; blank gaps stay between items, gaps with a comment between the same others."""
    others: list[Part] = []
    for item, gap in zip(items, [(), *gaps], strict=True):
        others += [Part(gap)] if not _blank(gap) else []
        others += [item] if item is not items[old] else []
    blank = [Part(gap) for gap in gaps if gap and _blank(gap)]
    parts: list[Part] = []
    for part in _with(others, items[old], new):
        if part.item and parts and parts[-1].item and blank:
            parts.append(blank.pop(0))
        parts.append(part)
    return parts + blank


def _with(others: list[Part], item: Part, place: int) -> list[Part]:
    """The others with an item put behind the one that comes before its place, or before the first."""
    places = [index for index, part in enumerate(others) if part.item]
    index = places[place - 1] + 1 if place else places[0]
    return [*others[:index], item, *others[index:]]


def _joined(parts: list[Part]) -> list[str]:
    """The lines of all parts; blank lines that an item would swallow go below the part after it, else to the top."""
    lines: list[str] = []
    held: list[str] = []
    swallows = ""
    for part in parts:
        blank = 0
        while blank < len(part.lines) and not part.lines[blank].strip(BLANK):
            blank += 1
        if not swallows or (swallows == "spaces" and not any(part.lines[:blank])):
            blank = 0
        held += part.lines[:blank]
        if part.lines[blank:]:
            swallows = part.swallows
            lines += part.lines[blank:]
        if held and (not swallows or (swallows == "spaces" and not any(held))):
            lines, held = lines + held, []
    return held + lines


def _blank_lines_up(lines: list[str]) -> list[str]:
    """Blank lines that would end a text without final newline, put above the comment before them."""
    end = len(lines)
    while not lines[end - 1].strip(BLANK):
        end -= 1
    place = end
    while end < len(lines) and place and lines[place - 1].strip(BLANK).startswith("#"):
        place -= 1
    return lines[:place] + lines[end:] + lines[place:end]
