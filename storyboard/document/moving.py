"""A shot put elsewhere in a list of lines: which lines come along, which stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from storyboard.document.items import items_of
from storyboard.document.lines import BLANK
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of an item, or of a gap that holds a comment nobody owns, each with its own line break."""

    lines: tuple[str, ...]
    item: bool = False
    swallows: str = ""
    """Blank lines put below would become part of its last value: "all", those with "spaces", or none."""


def moves(layout: Layout, node: Node, old: int, new: int) -> Iterator[list[Splice]]:
    """Ways of moving an item of a block list; comments that are nobody's keep their place among the others."""
    items = items_of(layout, node)
    begin, end = items[0].begin, items[-1].end
    parts = [
        Part(_lines(layout, item.begin, item.end), item=True, swallows=layout.swallows(value))
        for item, value in zip(items, node.items, strict=True)
    ]
    gaps = [_lines(layout, one.end, other.begin) for one, other in pairwise(items)]
    moved = _reordered(parts, gaps, old, new)
    lines = _joined(moved)
    if layout.text[end - 1] in "\r\n":
        yield [Splice(begin, end, _text(layout, lines, closed=True))]
    else:
        yield [Splice(begin, end, _text(layout, _blank_lines_up(lines), closed=False))]
        last = next(part for part in reversed(moved) if part.item)
        if not _blank(last.lines[-1:]):  # they are not its own
            yield [Splice(begin, end, _text(layout, _blank_lines_to_the_top(lines), closed=False))]
    below = end
    while below < len(layout.text) and layout.is_blank(below):
        below = layout.next_line(below)
    if below > end:
        blank = Part(_lines(layout, end, below))
        lines = _joined([*moved, blank])
        yield [Splice(begin, below, _text(layout, lines, closed=layout.closed))]


def _lines(layout: Layout, begin: int, end: int) -> tuple[str, ...]:
    return tuple(_LINE.findall(layout.text[begin:end]))


def _text(layout: Layout, lines: list[str], *, closed: bool) -> str:
    """Lines as text; those that have no line break get one, the last only if the text is `closed`."""
    text = "".join(line if line.endswith(("\n", "\r")) else line + layout.newline for line in lines)
    return text if closed else text.removesuffix("\n").removesuffix("\r")


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
        if not swallows or (swallows == "spaces" and not _has_spaces(part.lines[:blank])):
            blank = 0
        held += part.lines[:blank]
        if part.lines[blank:]:
            swallows = part.swallows
            lines += part.lines[blank:]
        if held and (not swallows or (swallows == "spaces" and not _has_spaces(held))):
            lines, held = lines + held, []
    return held + lines


def _has_spaces(blank_lines: Sequence[str]) -> bool:
    return any(line.strip("\r\n") for line in blank_lines)


def _blank_lines_up(lines: list[str]) -> list[str]:
    """Blank lines that would end a text without final newline, put above the comment before them."""
    end = _behind_the_last(lines)
    place = end
    while end < len(lines) and place and lines[place - 1].strip(BLANK).startswith("#"):
        place -= 1
    return lines[:place] + lines[end:] + lines[place:end]


def _blank_lines_to_the_top(lines: list[str]) -> list[str]:
    """The same, put above all items, where no value can swallow them."""
    end = _behind_the_last(lines)
    return lines[end:] + lines[:end]


def _behind_the_last(lines: list[str]) -> int:
    """How many lines there are up to the last that says something."""
    end = len(lines)
    while not lines[end - 1].strip(BLANK):
        end -= 1
    return end
