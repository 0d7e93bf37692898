"""The first key of an empty document, and the first shot of a list that is empty or null."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from storyboard.document.blocks import behind_dash, manners, mapping_lines
from storyboard.document.lines import BLANK
from storyboard.document.quoting import flow_text
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node

_MARKER = re.compile(r"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)


def first_keys(layout: Layout, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Ways of writing the first keys of a document that says nothing: empty, comments only, null or `{}`."""
    root = layout.root
    for manner in manners(layout.step()):
        lines = mapping_lines(mapping, 0, manner)
        if root is not None and root.end > root.start:
            if layout.begins_line(root.start):
                behind = layout.comment_behind(root.end).rstrip(BLANK)
                yield [Splice(root.start, root.end + len(behind), layout.newline.join(lines) + behind)]
            yield [Splice(root.start, root.end, flow_text(mapping))]
            continue
        for place in _places(layout):
            yield [_line_of_its_own(layout, place, lines)]


def _places(layout: Layout) -> Iterator[int]:
    """Ends of lines below which the first key can stand: the last, or the one before the end marker."""
    markers = [match.start() for match in _MARKER.finditer(layout.text)]
    if markers and layout.text.startswith("...", markers[-1]):
        yield markers[-1]
    yield len(layout.text)


def _line_of_its_own(layout: Layout, place: int, lines: list[str]) -> Splice:
    text = layout.newline.join(lines)
    if place < len(layout.text) or layout.closed or not layout.text:
        return Splice(place, place, text + layout.newline)
    return Splice(place, place, layout.newline + text)


def first_shot(layout: Layout, root: Node, pair: tuple[Node, Node], mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """Ways of writing the first item of a list that is empty or null so far."""
    key, node = pair
    if not root.flow:
        colon = layout.text.index(":", key.end) + 1
        column = layout.map_column(root)
        end = layout.line_end(max(node.end, colon))
        dash = column + layout.step()
        for manner in manners(layout.step()):
            lines = behind_dash(mapping_lines(mapping, dash + 2, manner), dash)
            behind = layout.text[max(node.end, colon) : end].rstrip(BLANK)
            yield [Splice(colon, end, behind + layout.newline + layout.newline.join(lines))]
    yield [Splice(node.start, node.end, ("" if node.end > node.start else " ") + flow_text([mapping]))]
