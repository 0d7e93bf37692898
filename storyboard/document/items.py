"""A block list's items as runs of lines, each with the comments that are its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.document.lines import BLANK

if TYPE_CHECKING:
    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node


class NotOwnLine(Exception):
    """An item whose dash is not the first thing on its line."""

    def __init__(self, index: int) -> None:
        super().__init__("the dash is not the first thing on its line")
        self.index = index


@dataclass(frozen=True, slots=True)
class Item:
    """An item's lines: from `begin` to `end`, the last line break included where there is one."""

    begin: int
    end: int
    dash: int


def items_of(layout: Layout, node: Node) -> list[Item]:
    """The items of a block list in order; raises NotOwnLine."""
    found: list[Item] = []
    for item, dash in zip(node.items, layout.dashes(node), strict=True):
        line = layout.line_begin(dash)
        if not layout.begins_line(dash):
            raise NotOwnLine(dash)
        begin = _with_comments_above(layout, line, dash - line, found[-1].end if found else 0)
        below = layout.next_line(max(layout.content_end(item), dash + 1))
        found.append(Item(begin, _with_comments_below(layout, below, dash - line), dash))
    return found


def _with_comments_above(layout: Layout, line: int, column: int, floor: int) -> int:
    """Up over the comments directly above, at the dash's column."""
    while line > floor:
        above = layout.line_before(line)
        if not layout.line(above).startswith(" " * column + "#"):
            break
        line = above
    return line


def _with_comments_below(layout: Layout, line: int, column: int) -> int:
    """Down over comments that are indented deeper than the dash, and over blank lines before such a comment."""
    end = line
    while line < len(layout.text):
        text = layout.line(line)
        said = text.lstrip(" \t")
        if said.strip(BLANK) and (not said.startswith("#") or len(text) - len(said) <= column):
            break
        line = layout.next_line(line)
        if said.startswith("#"):
            end = line
    return end
