"""A block list's items as runs of lines, each with the comments that are its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    for index in range(len(node.items)):
        dash = layout.dash(node, index)
        line = layout.line_begin(dash)
        if layout.text[line:dash].strip():
            raise NotOwnLine(dash)
        floor = found[-1].end if found else layout.next_line(max(line - 1, 0)) if line else 0
        begin = _with_comments_above(layout, line, dash - line, floor if found else 0)
        end = _with_comments_below(layout, layout.next_line(_content_end(layout, node.items[index], dash)), dash - line)
        found.append(Item(begin, end, dash))
    return found


def _content_end(layout: Layout, item: Node, dash: int) -> int:
    return max(layout.content_end(item), dash + 1)


def _with_comments_above(layout: Layout, line: int, column: int, floor: int) -> int:
    """Up over the comments directly above, at the dash's column."""
    begin = line
    while begin > floor:
        above = layout.line_begin(begin - 1)
        text = layout.line(above)
        if above < floor or not text.startswith(" " * column + "#"):
            break
        begin = above
    return begin


def _with_comments_below(layout: Layout, line: int, column: int) -> int:
    """Down over comments that are indented deeper than the dash, and over blank lines before such a comment."""
    end = line
    while line < len(layout.text):
        text = layout.line(line)
        stripped = text.lstrip(" \t")
        if stripped.startswith("#"):
            if len(text) - len(stripped) <= column:
                break
            end = layout.next_line(line)
        elif stripped:
            break
        line = layout.next_line(line)
    return end
