"""Where a value's new text goes: splices for setting, adding and taking out keys."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from storyboard.document import flow
from storyboard.document.blocks import list_lines, manners, mapping_lines, pair_lines
from storyboard.document.inplace import in_place, respelled
from storyboard.document.lines import BLANK
from storyboard.document.nodes import direct_pairs, is_empty
from storyboard.document.quoting import flow_text
from storyboard.document.scalars import LINE_WIDTH, Spot, Writing, other_writings, refolded, writings
from storyboard.document.splices import Splice, lines_below, without_lines
from storyboard.document.tree import ALIAS, MAP, SCALAR, SEQ, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.scalars import Old

_PROPERTIES = re.compile(r"[&!][^ \t\r\n]*(?:[ \t]+[&!][^ \t\r\n]*)*")


class Place(NamedTuple):
    """A value, and what it stands in."""

    node: Node
    key: Node | None
    parent: Node
    in_flow: bool


def replacements(layout: Layout, place: Place, value: Any) -> Iterator[list[Splice]]:
    """Ways of putting a value in the place of a node, best first."""
    yield from _with_its_tag(layout, place, value)
    if place.node.tag is not None:
        tag = layout.tag_of(place.node)
        for way in _with_its_tag(layout, place, value):
            yield [*way, Splice(tag[0], tag[1], "")]


def _with_its_tag(layout: Layout, place: Place, value: Any) -> Iterator[list[Splice]]:
    """The same, whatever the node's tag makes of the value."""
    node, key, parent, in_flow = place
    spot = layout.spot(parent, key, in_flow=in_flow)
    if node.kind in (MAP, SEQ) and not node.flow:
        yield from _instead_of_block(layout, place, value)
        return
    if isinstance(value, dict) and value and not in_flow and is_empty(node):
        yield from _below(layout, node, value, spot)
    if node.kind != SCALAR:
        for writing in writings(value, spot, None):
            yield [_with_comment(layout, layout.value_start(node), node.end, writing)]
        return
    has_style = node.start != node.end and (in_flow or bool(node.text) or node.style not in ("'", '"'))
    old = layout.old(node, parent) if isinstance(value, str) and has_style else None
    spelled = None
    if old is not None and _has_places(old, value):
        ways = []
        for way in in_place(layout, node, value, old.indent, flow=spot.flow):
            if _is_narrow(layout, node, old, way):
                yield way
            else:
                ways.append(way)
        spelled = respelled(layout, node, value)
        for writing in refolded(value, spot, old, spelled):
            whole = _instead_of_scalar(layout, node, writing)
            yield [_without_same_lines(layout, whole)]
            yield [whole]
        yield from ways
    for writing in other_writings(value, spot, old, spelled):
        yield [_instead_of_scalar(layout, node, writing)]


def _has_places(old: Old, value: str) -> bool:
    """Whether characters may be written where they stand, and not better in lines of a block."""
    if old.block or len(old.lines) > 1:
        return True
    return bool(old.style) and (old.escaped or "\n" not in value)


def _is_narrow(layout: Layout, node: Node, old: Old, way: list[Splice]) -> bool:
    """Whether no line becomes longer than lines may be, or one was; those of a literal, or one alone, may."""
    if old.style == "|" or len(old.lines) == 1:
        return True
    width = max((LINE_WIDTH, *(len(line) + old.indent for line in old.lines)))
    lines: dict[int, int] = {}
    for splice in way:
        begin, end = layout.line_begin(splice.start), layout.line_end(splice.end)
        begin = max(begin, layout.value_start(node) - old.indent)
        lines[begin] = lines.get(begin, end - begin) + len(splice.text) - (splice.end - splice.start)
    return all(length <= width for length in lines.values())


def _without_same_lines(layout: Layout, splice: Splice) -> Splice:
    """The same without the first and last lines that are there already, but for white space at their ends."""
    start, end, text = splice
    while (begin := layout.next_line(start)) < end:
        line, newline, rest = text.partition(layout.newline)
        if not newline or line.strip(BLANK) != layout.text[start : layout.line_end(start)].strip(BLANK):
            break
        start, text = begin, rest
    while (begin := layout.line_begin(end)) > start:
        rest, newline, line = text.rpartition(layout.newline)
        if not newline or line.strip(BLANK) != layout.text[begin:end].strip(BLANK):
            break
        end, text = layout.line_end(layout.line_before(begin)), rest
    return Splice(start, end, text)


def _instead_of_scalar(layout: Layout, node: Node, writing: Writing) -> Splice:
    start, end = layout.value_start(node), layout.content_end(node)
    if start == end:  # nothing stands there yet
        splice = _with_comment(layout, start, start, writing)
        space = "" if layout.text[start - 1 : start] in (" ", "\t") else " "
        return splice._replace(text=space + splice.text)
    if node.style not in ("|", ">"):
        return _with_comment(layout, start, end, writing)
    writing, end = _with_blank_lines(layout, node, writing)
    comment = layout.comment_behind(layout.header_end(start)).rstrip(BLANK)
    if writing.block:
        return Splice(start, end, _block(layout, writing, comment))
    return Splice(start, end, _inline(layout, writing) + comment)


def _with_blank_lines(layout: Layout, node: Node, writing: Writing) -> tuple[Writing, int]:
    """Leaves alone the blank lines below a block: some may have been part of the old value, or be of the new one."""
    end = layout.text_end(node)
    if not writing.block or "+" not in writing.head:
        return writing, end
    tail = layout.text[end : layout.content_end(node)]
    blank = max(tail.count("\n"), tail.count("\r"))
    lines = len(writing.body)
    while lines and not writing.body[lines - 1]:
        lines -= 1
    if len(writing.body) - lines == blank:
        return replace(writing, body=writing.body[:lines]), end
    return writing, layout.content_end(node)


def _with_comment(layout: Layout, start: int, end: int, writing: Writing) -> Splice:
    """Replaces inline text; a comment behind it stays behind it, or goes up to the header of a block."""
    if not writing.block:
        return Splice(start, end, _inline(layout, writing))
    behind = layout.comment_behind(end)
    return Splice(start, end + len(behind), _block(layout, writing, behind.rstrip(BLANK)))


def _block(layout: Layout, writing: Writing, comment: str) -> str:
    return layout.newline.join((writing.head + comment, *writing.body))


def _inline(layout: Layout, writing: Writing) -> str:
    return layout.newline.join((writing.head, *writing.body))


def _instead_of_block(layout: Layout, place: Place, value: Any) -> Iterator[list[Splice]]:
    """A value in the place of lines of keys or dashes."""
    node = place.node
    start, end = layout.value_start(node), layout.content_end(node)
    column = layout.container_column(node)
    for manner in manners(layout.step()):
        if isinstance(value, dict) and value and node.kind == MAP:
            yield [Splice(start, end, layout.newline.join(mapping_lines(value, column, manner))[column:])]
        elif isinstance(value, list) and value and node.kind == SEQ:
            yield [Splice(start, end, layout.newline.join(list_lines(value, column, manner))[column:])]
    if not layout.begins_line(start):
        yield [Splice(start, end, flow_text(value))]
        return
    head = head_end(layout, place)
    lines = without_lines(layout, layout.line_begin(start), layout.next_line(end))
    yield [Splice(head, head, " " + flow_text(value)), lines]


def head_end(layout: Layout, place: Place) -> int:
    """Where the colon or dash before a collection ends, its anchor and tag included."""
    properties = _PROPERTIES.match(layout.text, place.node.start)
    if properties and layout.value_start(place.node) > place.node.start:
        return properties.end()
    if place.key is not None:
        return layout.text.index(":", place.key.end) + 1
    return layout.dashes(place.parent)[place.parent.items.index(place.node)] + 1


def _below(layout: Layout, node: Node, value: dict[str, Any], spot: Spot) -> Iterator[list[Splice]]:
    """A mapping on lines of its own, where nothing stands on the line of its key."""
    if layout.begins_line(node.start) or node.start != layout.value_start(node):
        return
    begin, end = len(layout.text[: node.start].rstrip(" \t")), layout.line_end(node.end)
    for manner in manners(spot.step):
        below = layout.newline + layout.newline.join(mapping_lines(value, spot.column + spot.step, manner))
        yield [Splice(begin, end, layout.text[node.end : end].rstrip(BLANK) + below)]


def additions(layout: Layout, parent: Node, key: str, value: Any, *, at_end: bool = False) -> Iterator[list[Splice]]:
    """Ways of giving a mapping another key, best first; `at_end` puts it behind all others."""
    if not parent.pairs and parent is layout.root:
        yield from _first_keys(layout, parent, {key: value})
    if parent.flow or not parent.pairs:
        yield flow.put_in(layout, parent, len(parent.pairs), flow.entry_text(layout, parent, key, value))
        return
    column = layout.map_column(parent)
    place = parent.pairs[-1] if at_end else _after_which(parent)
    for manner in manners(layout.step()):
        lines = pair_lines(flow_text(key), key, value, column, manner)
        yield [lines_below(layout, layout.pair_end(place), lines)]


def _first_keys(layout: Layout, node: Node, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Lines of keys in the place of `{}`, where nothing else stands on its line."""
    if layout.begins_line(node.start) and not layout.comment_behind(node.end).strip(BLANK):
        column = layout.column(node.start)
        for manner in manners(layout.step()):
            lines = mapping_lines(mapping, column, manner)
            yield [Splice(node.start, node.end, layout.newline.join(lines)[column:])]


def _after_which(parent: Node) -> tuple[Node, Node]:
    """The pair that a new key goes behind: the last that is no collection, else a merge, else the last."""
    for key, value in reversed(parent.pairs):
        if value.kind in (SCALAR, ALIAS) and not key.merges:
            return key, value
    return next((pair for pair in reversed(parent.pairs) if pair[0].merges), parent.pairs[-1])


def removals(layout: Layout, parent: Node, key: str | int) -> Iterator[list[Splice]]:
    """Ways of taking a key out of a mapping."""
    pairs = direct_pairs(parent, key)
    if len(pairs) == len(parent.pairs):
        start = layout.value_start(parent) if parent.flow else parent.pairs[0][0].start
        yield [Splice(start, layout.content_end(parent), "{}")]
        return
    if parent.flow:
        yield [splice for pair in pairs for splice in flow.take_out(layout, parent, parent.pairs.index(pair))]
        return
    yield [_without_pair(layout, parent, pair, below=False) for pair in pairs]
    yield [_without_pair(layout, parent, pair, below=True) for pair in pairs]


def _without_pair(layout: Layout, parent: Node, pair: tuple[Node, Node], *, below: bool) -> Splice:
    """Takes a pair's lines out; with `below` also the blank lines below it, which a value above might swallow."""
    begin, end = pair[0].start, layout.pair_end(pair)
    if layout.begins_line(begin):
        behind = layout.next_line(end)
        while below and behind < len(layout.text) and layout.is_blank(behind):
            behind = layout.next_line(behind)
        return without_lines(layout, layout.line_begin(begin), behind)
    # The first key of a list's item: the next key takes its place behind the dash.
    following = parent.pairs[parent.pairs.index(pair) + 1][0].start
    between = layout.text[layout.next_line(end) : layout.line_begin(following)]
    return Splice(begin, layout.line_end(end) if between.strip(BLANK) else following, "")
