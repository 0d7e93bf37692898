"""A parsed text with what edits need to know of its layout: lines, dashes, where values begin and end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import yaml
from yaml.tokens import BlockEntryToken, ScalarToken

from storyboard.document.loader import MERGE, CoreLoader
from storyboard.document.scalars import Old, Spot
from storyboard.document.tree import ALIAS, MAP, SCALAR, SEQ, Node

if TYPE_CHECKING:
    from storyboard.document.source import Source

_HEADER = re.compile(r"[|>][0-9+-]*")


class Layout:
    """Where things stand; every position is a code point index."""

    def __init__(self, source: Source, root: Node | None) -> None:
        self.text = source.text
        self.newline = source.newline
        self.root = root
        self._starts: dict[int, int] = {}
        self._dashes: list[int] = []
        for token in yaml.scan(self.text, Loader=CoreLoader):
            if isinstance(token, ScalarToken):
                self._starts[token.end_mark.index] = token.start_mark.index
            elif isinstance(token, BlockEntryToken):
                self._dashes.append(token.start_mark.index)

    # lines

    def line_begin(self, index: int) -> int:
        """Where the line of this character begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line of this character ends, its line break not included."""
        end = self.text.find("\n", index)
        end = len(self.text) if end < 0 else end
        return end - 1 if end and self.text[end - 1] == "\r" else end

    def next_line(self, index: int) -> int:
        """Where the line after this character's begins; the end of the text after the last one."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def column(self, index: int) -> int:
        """Columns from 0 before this character."""
        return index - self.line_begin(index)

    def line(self, begin: int) -> str:
        """The line that begins there, without its line break."""
        return self.text[begin : self.line_end(begin)]

    # values

    def value_start(self, node: Node) -> int:
        """Where a scalar itself begins, behind its anchor and tag."""
        if node.kind != SCALAR or node.start == node.end:
            return node.end if node.kind == SCALAR else node.start
        return self._starts.get(node.end, node.end)

    def content_end(self, node: Node) -> int:
        """Where a value's content ends: the marks of block values run on to the next token."""
        if node.kind in (MAP, SEQ):
            last = node.items[-1] if node.items else node.pairs[-1][1] if node.pairs else None
            return node.end if node.flow or last is None else self.content_end(last)
        if node.style not in ("|", ">"):
            return node.end
        start = self.value_start(node)
        value = self.text[start : node.end]
        if "+" in self._header(start):
            stripped = value.rstrip(" ") if value.rstrip(" ").endswith("\n") else value
            return start + len(stripped.removesuffix("\n").removesuffix("\r"))
        return start + len(value.rstrip())

    def header_end(self, start: int) -> int:
        """Where the header of a block scalar that begins at `start` ends, its comment not included."""
        return start + len(self._header(start))

    def _header(self, start: int) -> str:
        match = _HEADER.match(self.text, start)
        return match[0] if match else ""

    def old(self, node: Node) -> Old:
        """How a scalar is written."""
        start, end = self.value_start(node), self.content_end(node)
        if node.style in ("|", ">"):
            lines = self.text[start:end].split("\n")[1:]
            lines = [line.removesuffix("\r") for line in lines]
            indent = self._block_indent(node, lines, start)
            header = self._header(start)
            kept = [line[indent:] for line in lines]
            while kept and not kept[-1]:
                kept.pop()
            return Old(node.style, header, tuple(kept), indent)
        lines = self.text[start:end].split("\n")
        indent = next((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), 0)
        return Old(node.style, "", tuple(line.strip() for line in lines), indent)

    def _block_indent(self, node: Node, lines: list[str], start: int) -> int:
        indicator = re.search(r"[1-9]", self._header(start))
        first = next((line for line in lines if line.strip(" ")), "")
        least = len(first) - len(first.lstrip(" "))
        if indicator is None:
            return least
        parent = self._parent_column(node)
        return max(parent, 0) + int(indicator[0])

    def _parent_column(self, node: Node) -> int:
        parent = self.parent_of(node)
        return self.map_column(parent) if parent is not None and parent.kind == MAP else 0

    def parent_of(self, wanted: Node) -> Node | None:
        """The collection that a node stands in."""
        stack = [self.root] if self.root is not None else []
        while stack:
            node = stack.pop()
            children = node.items or [part for pair in node.pairs for part in pair]
            if any(child is wanted for child in children):
                return node
            stack += children
        return None

    def map_column(self, node: Node) -> int:
        """The column of a mapping's keys."""
        return min((self.column(key.start) for key, _ in node.pairs), default=0)

    def step(self) -> int:
        """How many columns this text indents a nested mapping or list, two where it nests nothing."""
        stack = [(self.root, 0)] if self.root is not None else []
        while stack:
            node, column = stack.pop(0)
            for key, value in node.pairs:
                if value.kind in (MAP, SEQ) and not value.flow and (value.pairs or value.items):
                    inner = self.map_column(value) if value.kind == MAP else self.column(self.dash(value, 0))
                    if inner > self.column(key.start):
                        return min(max(inner - self.column(key.start), 1), 8)
                    stack += [(item, inner) for item in value.items]
        return 2

    def spot(self, parent: Node, key: Node | None, *, in_flow: bool) -> Spot:
        """Where the value of a key in a mapping, or an item of a list, is written."""
        column = self.map_column(parent) if parent.kind == MAP and not in_flow else 0
        taken = self.column(key.end) + 2 if key is not None else 0
        return Spot(column, in_flow, self.step(), taken)

    # lists

    def dash(self, node: Node, index: int) -> int:
        """Where the dash of an item of a block list stands."""
        behind = node.items[index].start
        if node.items[index].start == node.items[index].end:  # nothing stands behind the dash
            return self._dashes[bisect_right(self._dashes, behind) - 1]
        return self._dashes[bisect_left(self._dashes, behind) - 1]

    def comment_behind(self, index: int) -> str:
        """What stands behind a value on its line, the space before it included."""
        return self.text[index : self.line_end(index)]


def direct_pair(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """The pair of a mapping with this key, the last of equal ones; merged keys are not the mapping's own."""
    for key, value in reversed(node.pairs):
        found = key.content.key()
        if found == step and type(found) is type(step) and found != MERGE:
            return key, value
    return None


def anchored_collections(root: Node) -> set[int]:
    """Identities of collections that aliases repeat, and of everything in them."""
    shared: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind == ALIAS and node.target is not None and node.target.kind != SCALAR:
            inner = [node.target]
            while inner:
                one = inner.pop()
                shared.add(id(one))
                inner += one.items + [part for pair in one.pairs for part in pair]
        stack += node.items + [part for pair in node.pairs for part in pair]
    return shared
