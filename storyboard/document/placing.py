"""Where a value's new text goes: splices for setting, adding and taking out keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from storyboard.document.layout import Layout, direct_pair
from storyboard.document.loader import MERGE
from storyboard.document.scalars import Spot, Writing, flow_text, writings
from storyboard.document.tree import ALIAS, MAP, SCALAR, Node

if TYPE_CHECKING:
    from collections.abc import Iterator


class Splice(NamedTuple):
    """A stretch of the text and what stands there instead."""

    start: int
    end: int
    text: str


def apply(text: str, splices: list[Splice]) -> str:
    """The text with all splices made; they must not overlap."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def replacements(layout: Layout, node: Node, spot: Spot, value: Any) -> Iterator[list[Splice]]:
    """Ways of putting a value in the place of a node, best first."""
    if node.kind == SCALAR:
        old = layout.old(node) if isinstance(value, str) and node.start != node.end else None
        for writing in writings(value, spot, old):
            yield [_replace_scalar(layout, node, writing)]
        if node.tag is not None:
            for writing in writings(value, spot, None):
                yield [Splice(node.start, layout.content_end(node), _inline(layout, writing, ""))]
    elif node.kind == ALIAS:
        for writing in writings(value, spot, None):
            yield [_with_comment(layout, node.start, node.end, writing)]
    else:
        yield [_replace_collection(layout, node, flow_text(value))]


def _replace_scalar(layout: Layout, node: Node, writing: Writing) -> Splice:
    start, end = layout.value_start(node), layout.content_end(node)
    if node.start == node.end:  # nothing stands there yet
        space = "" if layout.text[start - 1 : start].isspace() else " "
        splice = _with_comment(layout, start, start, writing)
        return splice._replace(text=space + splice.text)
    if node.style not in ("|", ">"):
        return _with_comment(layout, start, end, writing)
    comment = layout.comment_behind(layout.header_end(start)).rstrip()
    if writing.block:
        return Splice(start, end, _block(layout, writing, comment))
    return Splice(start, end, _inline(layout, writing, comment))


def _with_comment(layout: Layout, start: int, end: int, writing: Writing) -> Splice:
    """Replaces inline text; a comment behind it stays behind it, or goes up to the header of a block."""
    if not writing.block:
        return Splice(start, end, _inline(layout, writing, ""))
    behind = layout.comment_behind(end)
    return Splice(start, end + len(behind), _block(layout, writing, behind.rstrip()))


def _block(layout: Layout, writing: Writing, comment: str) -> str:
    return layout.newline.join((writing.head + comment, *writing.body))


def _inline(layout: Layout, writing: Writing, comment: str) -> str:
    return layout.newline.join((writing.head, *writing.body)) + comment


def _replace_collection(layout: Layout, node: Node, text: str) -> Splice:
    end = layout.content_end(node)
    if node.flow:
        return Splice(node.start, end, text)
    before = layout.text[: node.start].rstrip()
    space = "" if before.endswith(("\n", "")) and not before else " "
    return Splice(len(before), end, space + text)


def additions(layout: Layout, parent: Node, key: str, value: Any) -> Iterator[list[Splice]]:
    """Ways of giving a mapping another key, best first."""
    name = flow_text(key)
    if parent.flow or not parent.pairs:
        yield [_add_to_flow(layout, parent, f"{name}: {flow_text(value)}")]
        return
    column = layout.map_column(parent)
    place = _after_which(parent)
    index = layout.line_end(max(layout.content_end(place[1]), place[0].end))
    for lines in key_lines(layout, name, value, column):
        yield [Splice(index, index, layout.newline + layout.newline.join(lines))]


def key_lines(layout: Layout, name: str, value: Any, column: int) -> Iterator[list[str]]:
    """Ways of writing a key and its value on lines of their own."""
    indent = " " * column
    step = layout.step()
    if isinstance(value, dict) and value:
        lines = [f"{indent}{name}:"]
        for inner, item in value.items():
            lines += next(key_lines(layout, flow_text(inner), item, column + step))
        yield lines
        return
    spot = Spot(column, flow=False, step=step, taken=column + len(name) + 2)
    for writing in writings(value, spot, None):
        yield [f"{indent}{name}: {writing.head}", *writing.body]


def _after_which(parent: Node) -> tuple[Node, Node]:
    """The pair that a new key goes behind: the last that is no collection, else a merge, else the last."""
    for pair in reversed(parent.pairs):
        if pair[1].kind in (SCALAR, ALIAS) and not _is_merge(pair):
            return pair
    return next((pair for pair in reversed(parent.pairs) if _is_merge(pair)), parent.pairs[-1])


def _is_merge(pair: tuple[Node, Node]) -> bool:
    return pair[0].kind == SCALAR and pair[0].key() == MERGE


def _add_to_flow(layout: Layout, parent: Node, entry: str) -> Splice:
    if not parent.pairs:
        open_brace = layout.text.index("{", parent.start)
        return Splice(open_brace + 1, parent.end - 1, entry)
    behind = layout.content_end(parent.pairs[-1][1])
    behind = max(behind, parent.pairs[-1][0].end)
    return Splice(behind, behind, f", {entry}")


def removals(layout: Layout, parent: Node, key: str) -> Iterator[list[Splice]]:
    """Ways of taking a key out of a mapping, best first."""
    pair = direct_pair(parent, key)
    if pair is None:
        return
    if parent.flow:
        yield [_remove_from_flow(layout, parent, pair)]
        return
    begin, end = pair[0].start, max(layout.content_end(pair[1]), pair[0].end)
    if len(parent.pairs) == 1:
        yield [Splice(begin, end, "{}")]
        return
    line = layout.line_begin(begin)
    if not layout.text[line:begin].strip():
        yield [_without_lines(layout, line, end)]
        return
    # The first key of a list's item: the next key takes its place behind the dash.
    following = parent.pairs[parent.pairs.index(pair) + 1][0].start
    between = layout.text[layout.next_line(end) : layout.line_begin(following)]
    if between.strip():
        yield [Splice(begin, layout.line_end(end), "")]
    else:
        yield [Splice(begin, following, "")]


def _without_lines(layout: Layout, begin: int, end: int) -> Splice:
    """Takes whole lines out; the text keeps its last line break, or its lack of one."""
    behind = layout.next_line(end)
    if behind == len(layout.text) and not layout.text.endswith("\n"):
        return Splice(layout.line_end(max(begin - 1, 0)) if begin else 0, behind, "")
    return Splice(begin, behind, "")


def _remove_from_flow(layout: Layout, parent: Node, pair: tuple[Node, Node]) -> Splice:
    index = parent.pairs.index(pair)
    if index + 1 < len(parent.pairs):
        return Splice(pair[0].start, parent.pairs[index + 1][0].start, "")
    end = max(pair[1].end, pair[0].end)
    if index == 0:
        return Splice(pair[0].start, end, "")
    before = parent.pairs[index - 1]
    return Splice(max(before[1].end, before[0].end), end, "")


def in_flow(path_nodes: list[Node]) -> bool:
    """Whether any of the collections around a value is in flow style."""
    return any(node.flow for node in path_nodes if node.kind != SCALAR or node.kind == MAP)
