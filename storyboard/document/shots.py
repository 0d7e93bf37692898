"""Whole shots put in, taken out and moved, in lists of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.items import Item, items_of
from storyboard.document.layout import Layout, direct_pair
from storyboard.document.placing import Splice
from storyboard.document.scalars import Old, Spot, flow_text, writings
from storyboard.document.tree import ALIAS, MAP, SCALAR, Node

if TYPE_CHECKING:
    from collections.abc import Iterator


def insertions(layout: Layout, node: Node, index: int, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Ways of putting a new item before `index` of a block list, best first."""
    items = items_of(layout, node)
    sibling = max(index - 1, 0)
    gap = layout.newline * blank_lines(layout, items)
    for lines in item_lines(layout, node.items[sibling].content, items[sibling], mapping):
        text = layout.newline.join(lines)
        if index == 0:
            yield [Splice(items[0].begin, items[0].begin, text + layout.newline + gap)]
            continue
        place = items[index - 1].end
        if layout.text[place - 1] == "\n":
            yield [Splice(place, place, gap + text + layout.newline)]
        else:
            yield [Splice(place, place, layout.newline + gap + text)]


def blank_lines(layout: Layout, items: list[Item]) -> int:
    """Blank lines between the first two items."""
    if len(items) < 2:
        return 0
    between = layout.text[items[0].end : items[1].begin].splitlines()
    return 0 if any(line.strip() for line in between) else len(between)


def item_lines(layout: Layout, sibling: Node, item: Item, mapping: dict[str, Any]) -> Iterator[list[str]]:
    """Ways of writing a new item like its sibling, best first."""
    dash = layout.column(item.dash)
    if sibling.kind != MAP or not sibling.pairs or (sibling.flow and sibling.pairs):
        names = [key.text for key, _ in sibling.pairs]
        yield [" " * dash + "- " + flow_text(_ordered(mapping, names))]
        return
    column = layout.map_column(sibling)
    if not dash + 2 <= column <= dash + 16:
        column = dash + 2
    yield from lines_of_mapping(layout, sibling, mapping, dash, column)


def lines_of_mapping(
    layout: Layout, sibling: Node | None, mapping: dict[str, Any], dash: int, column: int
) -> Iterator[list[str]]:
    """Ways of writing a mapping behind a dash, its texts in the sibling's styles."""
    names = [key.text for key, _ in sibling.pairs] if sibling is not None else []
    ordered = _ordered(mapping, names)
    for plainest in (False, True):
        lines: list[str] = []
        for name, value in ordered.items():
            old = None if plainest or sibling is None else _style_of(layout, sibling, name, column)
            key = flow_text(name)
            spot = Spot(column, flow=False, step=layout.step(), taken=column + len(key) + 2)
            choices = list(writings(value, spot, old))
            writing = choices[-1] if plainest else choices[0]
            lines += [f"{' ' * column}{key}: {writing.head}".rstrip(), *writing.body]
        if not lines:
            lines = ["{}".rjust(column + 2)]
        lines[0] = " " * dash + "-" + " " * (column - dash - 1) + lines[0][column:]
        yield lines


def _ordered(mapping: dict[str, Any], names: list[str]) -> dict[str, Any]:
    order = [name for name in names if name in mapping] + [name for name in mapping if name not in names]
    return {name: mapping[name] for name in order}


def _style_of(layout: Layout, sibling: Node, name: str, column: int) -> Old | None:
    pair = direct_pair(sibling, name)
    if pair is None or pair[1].kind != SCALAR or pair[1].start == pair[1].end:
        return None
    old = layout.old(pair[1])
    indent = column + max(old.indent - layout.map_column(sibling), 1) if old.style in ("|", ">") else 0
    header = old.header if old.style in ("|", ">") else ""
    return Old(old.style, "".join(mark for mark in header if not mark.isdigit()), (), indent)


def deletions(layout: Layout, node: Node, index: int, key: Node | None) -> Iterator[list[Splice]]:
    """Ways of taking an item out of a block list, best first; `key` is the list's own key."""
    items = items_of(layout, node)
    item = items[index]
    if len(items) == 1:
        begin = key.end if key is not None else item.begin
        empty = Splice(_behind_colon(layout, begin), _behind_colon(layout, begin), " []")
        yield [empty, _without(layout, item.begin, item.end)]
        return
    begin, end = item.begin, item.end
    if index + 1 < len(items):
        while end < items[index + 1].begin and not layout.line(end).strip():
            end = layout.next_line(end)
    else:
        while begin > items[index - 1].end and not layout.line(layout.line_begin(begin - 1)).strip():
            begin = layout.line_begin(begin - 1)
    yield [_without(layout, begin, end)]
    yield [_without(layout, item.begin, item.end)]


def _behind_colon(layout: Layout, key_end: int) -> int:
    return layout.text.index(":", key_end) + 1


def _without(layout: Layout, begin: int, end: int) -> Splice:
    """Takes lines out; a text without a last line break stays without one."""
    if end == len(layout.text) and begin and not layout.text.endswith("\n"):
        return Splice(layout.line_end(begin - 1), end, "")
    return Splice(begin, end, "")


def with_anchors_moved(layout: Layout, node: Node, index: int, splices: list[Splice]) -> list[Splice]:
    """The same, with anchors of the item that aliases elsewhere need given to the first of those."""
    inside = _nodes(node.items[index])
    inside_ids = {id(one) for one in inside}
    moved: list[Splice] = []
    given: set[int] = set()
    for alias in sorted(_nodes(layout.root), key=lambda one: one.start):
        target = alias.target
        if alias.kind != ALIAS or target is None or id(alias) in inside_ids or id(target) not in inside_ids:
            continue
        if target.kind == SCALAR and id(target) not in given and target.style not in ("|", ">"):
            given.add(id(target))
            moved.append(Splice(alias.start, alias.end, layout.text[target.start : layout.content_end(target)]))
    return splices + moved


def _nodes(root: Node | None) -> list[Node]:
    found: list[Node] = []
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        found.append(node)
        stack += node.items + [part for pair in node.pairs for part in pair]
    return found


def moves(layout: Layout, node: Node, old: int, new: int) -> Iterator[list[Splice]]:
    """Ways of moving an item of a block list; comments that are nobody's keep their place among the others."""
    items = items_of(layout, node)
    begin, end = items[0].begin, items[-1].end
    bodies = [layout.text[item.begin : item.end] for item in items]
    gaps = [layout.text[one.end : other.begin] for one, other in zip(items, items[1:], strict=False)]
    closed = layout.text[end - 1 : end] == "\n"
    if not closed:
        bodies[-1] += layout.newline
    text = _reordered(bodies, gaps, old, new)
    if not closed:
        text = text.removesuffix(layout.newline)
    yield [Splice(begin, end, text)]


def _reordered(bodies: list[str], gaps: list[str], old: int, new: int) -> str:
    """Items in their new order; blank gaps stay between items, gaps with a comment between the same others."""
    blank = [gap for gap in gaps if not gap.strip()]
    stream: list[int | str] = []
    for index in range(len(bodies)):
        if index and gaps[index - 1].strip():
            stream.append(gaps[index - 1])
        if index != old:
            stream.append(index)
    _insert_at(stream, old, new)
    text, position, commented = "", 0, False
    for part in stream:
        if isinstance(part, str):
            text, commented = text + part, True
            continue
        if position and not commented:
            text += blank.pop(0) if blank else ""
        text, position, commented = text + bodies[part], position + 1, False
    return text


def _insert_at(stream: list[int | str], item: int, place: int) -> None:
    """Puts an item behind the one that comes before its place, or first."""
    seen = 0
    for index, part in enumerate(stream):
        if isinstance(part, int):
            if place == 0:
                stream.insert(index, item)
                return
            seen += 1
            if seen == place:
                stream.insert(index + 1, item)
                return
