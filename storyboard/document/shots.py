"""Whole shots put in and taken out, in lists of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.blocks import behind_dash, manners, mapping_lines
from storyboard.document.flow import mapping_like
from storyboard.document.items import Item, items_of
from storyboard.document.lines import BLANK
from storyboard.document.nodes import direct_pair
from storyboard.document.placing import Place, head_end
from storyboard.document.scalars import Old
from storyboard.document.splices import Splice, without_lines
from storyboard.document.tree import MAP, SCALAR, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout


def insertions(layout: Layout, node: Node, index: int, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Ways of putting a new item before `index` of a block list, best first."""
    items = items_of(layout, node)
    like = max(index - 1, 0)
    swallowed = index > 0 and layout.swallows(node.items[index - 1]) == "all"
    gap = [""] * (0 if swallowed else _blank_lines(layout, items))
    for lines in _item_lines(layout, node.items[like], items[like], mapping):
        if index == 0:
            text = layout.newline.join([*lines, *gap, ""])
            yield [Splice(items[0].begin, items[0].begin, text)]
            continue
        place = items[index - 1].end
        ends_line = layout.text[place - 1] in "\r\n"
        text = layout.newline.join([*gap, *lines, ""] if ends_line else ["", *gap, *lines])
        yield [Splice(place, place, text)]


def _blank_lines(layout: Layout, items: list[Item]) -> int:
    """Blank lines between the first two items."""
    if len(items) < 2:
        return 0
    between = layout.text[items[0].end : items[1].begin]
    return 0 if between.strip(BLANK) else between.count(layout.newline)


def _item_lines(layout: Layout, sibling: Node, item: Item, mapping: dict[str, Any]) -> Iterator[list[str]]:
    """Ways of writing a new item like its sibling, best first."""
    dash = layout.column(item.dash)
    names = [key.text for key, _ in sibling.pairs]
    ordered = {name: mapping[name] for name in names if name in mapping} | mapping
    if sibling.flow:
        space = layout.text[item.dash + 1 : sibling.start]
        space = space if space and not space.strip(" ") else " "
        yield [f"{' ' * dash}-{space}{line}" for line in [mapping_like(layout, sibling, ordered)]]
        return
    column = layout.map_column(sibling) if sibling.kind == MAP else 0
    if not dash + 2 <= column <= dash + 16:
        column = dash + 2
    likes = {name: old for name in ordered if (old := _style_of(layout, sibling, name, column)) is not None}
    for manner in manners(layout.step(), likes):
        yield behind_dash(mapping_lines(ordered, column, manner), dash)


def _style_of(layout: Layout, sibling: Node, name: str, column: int) -> Old | None:
    pair = direct_pair(sibling, name)
    if pair is None or pair[1].kind != SCALAR or pair[1].start == pair[1].end:
        return None
    old = layout.old(pair[1], sibling)
    if not old.block:
        return Old(old.style) if old.style else None
    indent = column + max(old.indent - layout.map_column(sibling), 1)
    return Old(old.style, old.style + old.chomp, (), indent, breaks=1)


def deletions(layout: Layout, place: Place, index: int) -> Iterator[list[Splice]]:
    """Ways of taking an item out of a block list, best first."""
    items = items_of(layout, place.node)
    item = items[index]
    if len(items) == 1:
        head = head_end(layout, place)
        yield [Splice(head, head, " []"), without_lines(layout, item.begin, item.end)]
        return
    begin, end = item.begin, item.end
    if index + 1 < len(items):
        while end < items[index + 1].begin and layout.is_blank(end):
            end = layout.next_line(end)
    else:
        while begin > items[index - 1].end and layout.is_blank(layout.line_before(begin)):
            begin = layout.line_before(begin)
    yield [without_lines(layout, begin, end)]
    yield [without_lines(layout, item.begin, item.end)]
    while end < len(layout.text) and layout.is_blank(end):
        end = layout.next_line(end)
    yield [without_lines(layout, begin, end)]
