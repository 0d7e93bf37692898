"""Entries of lists in brackets and mappings in braces put in, taken out and moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.lines import BLANK
from storyboard.document.quoting import UNPRINTABLE, flow_text, quoted, single_quoted
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node


class Entries:
    """What stands between two brackets or braces, one (start, end) after another."""

    def __init__(self, layout: Layout, node: Node) -> None:
        self.layout = layout
        self.opening = layout.value_start(node)
        self.closing = node.end - 1
        self.spans = [(item.start, item.end) for item in node.items]
        self.spans += [(pair[0].start, layout.pair_end(pair)) for pair in node.pairs]

    def comma(self, index: int) -> int | None:
        """Where the comma behind an entry stands; the last may have none."""
        place = self.layout.behind_nothing(self.spans[index][1])
        return place if self.layout.text[place : place + 1] == "," else None

    def behind(self, index: int) -> int:
        """Where an entry with its comma ends."""
        comma = self.comma(index)
        return self.spans[index][1] if comma is None else comma + 1

    def following(self, index: int) -> int:
        """Where the next entry begins, or the bracket closes."""
        return self.spans[index + 1][0] if index + 1 < len(self.spans) else self.closing

    def has_own_lines(self, index: int) -> bool:
        """Whether nothing else, comments apart, stands on the lines of an entry."""
        if not self.layout.begins_line(self.spans[index][0]):
            return False
        return self.following(index) > self.layout.line_end(self.behind(index))

    @property
    def space(self) -> str:
        """What stands behind a comma within a line."""
        if len(self.spans) < 2 or (comma := self.comma(0)) is None:
            return " "
        between = self.layout.text[comma + 1 : self.spans[1][0]]
        return between if not between.strip(" ") else " "


def put_in(layout: Layout, node: Node, index: int, text: str) -> list[Splice]:
    """A new entry before the one at `index`, or behind the last."""
    entries = Entries(layout, node)
    if not entries.spans:
        inside = layout.text[entries.opening + 1 : entries.closing]
        end = entries.opening + 1 if inside.strip(BLANK) else entries.closing
        return [Splice(entries.opening + 1, end, text)]
    if index == len(entries.spans):
        return _put_last(entries, text)
    start = entries.spans[index][0]
    if not layout.begins_line(start):
        return [Splice(start, start, f"{text},{entries.space}")]
    line = layout.line_begin(start)
    return [Splice(line, line, f"{layout.text[line:start]}{text},{layout.newline}")]


def _put_last(entries: Entries, text: str) -> list[Splice]:
    layout, last = entries.layout, len(entries.spans) - 1
    start, end = entries.spans[last]
    comma = "," if entries.comma(last) is None else ""
    behind = entries.behind(last)
    if not layout.begins_line(start):
        return [Splice(behind, behind, f"{comma}{entries.space}{text}")]
    own_comma = "" if comma else ","
    line = f"{layout.newline}{layout.text[layout.line_begin(start) : start]}{text}{own_comma}"
    place = layout.line_end(behind)
    if place == behind or entries.closing < place:
        return [Splice(behind, behind, comma + line)]
    return [Splice(end, end, comma), Splice(place, place, line)]


def take_out(layout: Layout, node: Node, index: int) -> list[Splice]:
    """An entry and one comma taken out; a line that becomes empty goes with the comment behind the entry."""
    entries = Entries(layout, node)
    start, behind = entries.spans[index][0], entries.behind(index)
    is_last = index + 1 == len(entries.spans)
    splices: list[Splice] = []
    if is_last and index and entries.comma(index) is None:
        comma = entries.behind(index - 1) - 1
        splices.append(Splice(comma, comma + 1, ""))
    if len(entries.spans) == 1 and "#" not in layout.text[entries.opening : start] + layout.text[behind : node.end]:
        return [Splice(entries.opening + 1, entries.closing, "")]
    if entries.has_own_lines(index):
        return [*splices, Splice(layout.line_begin(start), layout.next_line(behind), "")]
    following = entries.following(index)
    if not is_last and not layout.text[behind:following].strip(" \t"):
        return [Splice(start, following, "")]
    if not layout.begins_line(start):
        start = len(layout.text[:start].rstrip(" \t"))
    if splices and splices[0].end == start:
        return [Splice(splices[0].start, behind, "")]
    return [*splices, Splice(start, behind, "")]


def moved(layout: Layout, node: Node, old: int, new: int) -> list[Splice]:
    """The entries' texts in their new order, separators and comments left where they are."""
    spans = Entries(layout, node).spans
    texts = [layout.text[start:end] for start, end in spans]
    texts.insert(new, texts.pop(old))
    return [Splice(start, end, text) for (start, end), text in zip(spans, texts, strict=True)]


def is_json_like(node: Node) -> bool:
    """Whether a mapping in braces has all its keys in double quotes."""
    return bool(node.pairs) and all(key.style == '"' for key, _ in node.pairs)


def entry_text(layout: Layout, node: Node, key: str, value: Any) -> str:
    """A pair for a mapping in braces, quoted and spaced like those that are there."""
    json_like = is_json_like(node)
    colon = ": "
    if json_like:
        between = layout.text[node.pairs[0][0].end : node.pairs[0][1].start]
        colon = between if between.strip(" ") == ":" and node.pairs[0][1].start > node.pairs[0][0].end else ": "
    return flow_text(key, json_like=json_like) + colon + flow_text(value, json_like=json_like)


def mapping_like(layout: Layout, sibling: Node, mapping: dict[str, Any]) -> str:
    """A mapping in braces, laid out, spaced and quoted like its sibling."""
    if not sibling.pairs or not sibling.flow:
        return flow_text(mapping)
    parts = [_pair_like(layout, sibling, name, value) for name, value in mapping.items()]
    first, last = sibling.pairs[0][0].start, sibling.end - 1
    opening = layout.value_start(sibling)
    if parts and layout.begins_line(first) and layout.begins_line(last):
        newline = layout.newline + layout.text[layout.line_begin(first) : first]
        end = layout.newline + layout.text[layout.line_begin(last) : last]
        return "{" + newline + f",{newline}".join(parts) + end + "}"
    pad = " " if layout.text[opening + 1 : opening + 2] == " " else ""
    return "{" + pad + f",{Entries(layout, sibling).space}".join(parts) + pad + "}"


def _pair_like(layout: Layout, sibling: Node, name: str, value: Any) -> str:
    style = next((value.style for key, value in sibling.pairs if key.text == name), "")
    if isinstance(value, str) and style in ("'", '"') and not is_json_like(sibling):
        single = style == "'" and "\n" not in value and not UNPRINTABLE.search(value)
        return f"{flow_text(name)}: {single_quoted(value) if single else quoted(value)}"
    return entry_text(layout, sibling, name, value)
