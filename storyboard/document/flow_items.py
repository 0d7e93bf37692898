"""Items of a list in brackets put in, taken out and moved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from storyboard.document.placing import Splice
from storyboard.document.scalars import flow_text, quoted, single_quoted
from storyboard.document.tree import MAP, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout

_COMMA = re.compile(r"\s*,")


def flow_insertions(layout: Layout, node: Node, index: int, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Ways of putting a new item before `index` of a list in brackets."""
    text = _like(layout, node.items[max(index - 1, 0)], mapping)
    separator = _separator(layout, node)
    if index < len(node.items):
        place = node.items[index].start
        yield [Splice(place, place, text + "," + separator)]
        return
    end = node.items[-1].end
    comma = _COMMA.match(layout.text, end)
    behind = comma.end() if comma and comma.end() < node.end else end
    added = "," if behind == end else ""
    if separator.startswith(("\n", "\r")):
        line_end = min(layout.line_end(behind), node.end - 1)
        if layout.text[behind:line_end].strip().startswith("#"):
            yield [Splice(behind, behind, added), Splice(line_end, line_end, separator + text)]
            return
    yield [Splice(behind, behind, added + separator + text)]


def _like(layout: Layout, sibling: Node, mapping: dict[str, Any]) -> str:
    """A mapping in braces, spaced and quoted like its sibling."""
    if sibling.kind != MAP or not sibling.pairs:
        return flow_text(mapping)
    order = [key.text for key, _ in sibling.pairs if key.text in mapping]
    order += [name for name in mapping if name not in order]
    styles = {key.text: value.style for key, value in sibling.pairs}
    pad = " " if layout.text[sibling.start + 1 : sibling.start + 2] == " " else ""
    parts = [f"{flow_text(name)}: {_styled(mapping[name], styles.get(name, ''))}" for name in order]
    return "{" + pad + ", ".join(parts) + pad + "}"


def _styled(value: Any, style: str) -> str:
    if isinstance(value, str) and style == '"':
        return quoted(value)
    if isinstance(value, str) and style == "'" and "\n" not in value and value.isprintable():
        return single_quoted(value)
    return flow_text(value)


def _separator(layout: Layout, node: Node) -> str:
    """What stands between two items, commas and comments aside: one space, or a line break and indentation."""
    first = node.items[0]
    before = node.items[1].start if len(node.items) > 1 else first.start
    line = layout.line_begin(before)
    if line > (first.end if len(node.items) > 1 else node.start):
        return layout.newline + layout.text[line:before]
    return " "


def flow_deletions(layout: Layout, node: Node, index: int) -> Iterator[list[Splice]]:
    """Ways of taking an item out of a list in brackets."""
    items = node.items
    if len(items) == 1:
        yield [Splice(node.start, node.end, "[]")]
        return
    if index + 1 < len(items):
        yield [Splice(items[index].start, items[index + 1].start, "")]
        return
    before, last = items[index - 1], items[index]
    line = layout.line_begin(last.start)
    if line > before.end and not layout.text[line : last.start].strip():
        comma = layout.text.index(",", before.end)
        end = layout.line_end(last.end)
        if node.end > end:
            yield [Splice(comma, comma + 1, ""), Splice(layout.line_end(line - 1), end, "")]
    yield [Splice(before.end, last.end, "")]


def flow_moves(layout: Layout, node: Node, old: int, new: int) -> Iterator[list[Splice]]:
    """The items' texts in their new order, separators and comments left where they are."""
    texts = [layout.text[item.start : layout.content_end(item)] for item in node.items]
    texts.insert(new, texts.pop(old))
    yield [
        Splice(item.start, layout.content_end(item), text) for item, text in zip(node.items, texts, strict=True)
    ]
