"""A parsed text with what edits need to know of its layout: where values begin and end, and how they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.document.lines import BLANK, Lines
from storyboard.document.nodes import children
from storyboard.document.scalars import Old, Spot
from storyboard.document.tree import MAP, SEQ, Node

if TYPE_CHECKING:
    from storyboard.document.source import Source

_HEADER = re.compile(r"[|>][0-9+-]*")
_WORD = re.compile(r"[^ \t\r\n]*")
_BLANKS = re.compile(r"[ \t]+")
_BLOCKS = ("|", ">")


class Layout(Lines):
    """Where things stand; every position is a code point index."""

    def __init__(self, source: Source, root: Node | None) -> None:
        super().__init__(source.text, source.newline)
        self.root = root

    # values

    def value_start(self, node: Node) -> int:
        """Where a value itself begins, behind its anchor and tag."""
        start = node.start
        while self.text[start : start + 1] in ("&", "!"):
            start = self.behind_nothing(self._word_end(start))
        return start if start == node.start else min(start, node.end)

    def _word_end(self, start: int) -> int:
        match = _WORD.match(self.text, start)
        return match.end() if match else start

    def tag_of(self, node: Node) -> tuple[int, int]:
        """Where a tagged value's tag stands, with the space that separates it from what it follows or precedes."""
        end = self.value_start(node)
        start = node.start
        if self.text[start : start + 1] == "&":
            start = self.behind_nothing(self._word_end(start))
        start = start if start < end and self.text[start] == "!" else node.start
        behind = min(self._word_end(start), end) if self.text[start : start + 1] == "!" else start
        if self.text[behind : behind + 1] not in (" ", "\t"):
            return len(self.text[:start].rstrip(" \t")), behind
        rest = self.text[behind:end]
        return start, behind + len(rest) - len(rest.lstrip(" \t"))

    def content_end(self, node: Node) -> int:
        """Where a value's content ends: the marks of block values run on to the next token."""
        if node.kind in (MAP, SEQ) and not node.flow and (node.pairs or node.items):
            return self.pair_end(node.pairs[-1]) if node.pairs else self.content_end(node.items[-1])
        return self._block_end(node) if node.style in _BLOCKS else node.end

    def pair_end(self, pair: tuple[Node, Node]) -> int:
        """Where a key and its value end."""
        key, value = pair
        if value.start == value.end and "\n" in self.text[key.end : value.start].replace("\r", "\n"):
            return key.end  # a key without a colon: the mark of its missing value stands at the next token
        return max(self.content_end(value), key.end)

    def _block_end(self, node: Node) -> int:
        start = self.value_start(node)
        if "+" in self._header(start):
            end = self.line_begin(node.end)  # blank lines are content, the indentation of what follows is not
            end = node.end if self.text[end : node.end].strip(" ") else end
            return self.line_end(end - 1) if self.text[end - 1 : end] in ("\n", "\r") else end
        return self.text_end(node)

    def text_end(self, node: Node) -> int:
        """Where the last line of a block scalar that says something ends, even if blank lines below count."""
        start = self.value_start(node)
        value = self.text[start : node.end]
        last_line = node.text.rstrip("\n").rpartition("\n")[2]
        return start + len(value.rstrip("\r\n") if last_line.isspace() else _without_blank_lines(value))

    def ragged_ends(self, node: Node) -> list[tuple[int, int]]:
        """The spaces and tabs that end lines of a scalar's content, and its text where quotes close it."""
        start, end = self.value_start(node), self.content_end(node)
        if node.style in _BLOCKS:
            start = self.line_end(start)
        elif node.style:
            end -= 1
        runs = (match.span() for match in _BLANKS.finditer(self.text, start, end))
        spans = [run for run in runs if run[1] == end or self.text[run[1]] in "\r\n"]
        # In double quotes, a backslash makes a blank part of the text.
        return [span for span in spans if node.style != '"' or self.text[span[0] - 1] != "\\"]

    def swallows(self, node: Node) -> str:
        """Which blank lines put below a value would become part of it: "all", perhaps those with "spaces", or none."""
        while node.kind in (MAP, SEQ) and not node.flow and (inner := children(node)):
            node = inner[-1]
        if node.style not in _BLOCKS:
            return ""
        return "all" if "+" in self._header(self.value_start(node)) else "spaces"

    def header_end(self, start: int) -> int:
        """Where the header of a block scalar that begins at `start` ends, its comment not included."""
        return start + len(self._header(start))

    def _header(self, start: int) -> str:
        match = _HEADER.match(self.text, start)
        return match[0] if match else ""

    # how things are written

    def old(self, node: Node, parent: Node) -> Old:
        """How a scalar of a collection is written."""
        start, end = self.value_start(node), self.content_end(node)
        first, *rest = self.text[start:end].split("\n")
        lines = [line.removesuffix("\r") for line in rest]
        if node.style not in _BLOCKS:
            indent = next((_indent(line) for line in lines if line.strip(BLANK)), 0)
            escaped = not rest and node.style == '"' and "\\" in first
            return Old(node.style, "", tuple(line.strip(" \t\r") for line in (first, *lines)), indent, escaped=escaped)
        header = self._header(start)
        indent = next((_indent(line) for line in lines if line.strip(" ")), 0)
        if indicator := re.search(r"[1-9]", header):
            indent = max(self.container_column(parent), 0) + int(indicator[0])
        kept = [line[indent:] for line in lines]
        while kept and not kept[-1]:
            kept.pop()
        breaks = len(node.text) - len(node.text.rstrip("\n"))
        unclosed = end == len(self.text) and "-" not in header and not breaks
        return Old(node.style, header, tuple(kept), indent, breaks, unclosed=unclosed)

    def map_column(self, node: Node) -> int:
        """The column of a mapping's keys."""
        return min((self.column(key.start) for key, _ in node.pairs), default=0)

    def container_column(self, node: Node) -> int:
        """The column of a block collection's keys or dashes."""
        return self.map_column(node) if node.kind == MAP else self.column(self.dashes(node)[0]) if node.items else 0

    def step(self) -> int:
        """How many columns this text indents a nested mapping or list, two where it nests nothing."""
        stack = [self.root] if self.root is not None else []
        while stack:
            node = stack.pop(0)
            column = self.container_column(node)
            for key, value in node.pairs:
                if value.kind in (MAP, SEQ) and not value.flow and children(value):
                    inner = self.container_column(value)
                    if inner > self.column(key.start):
                        return min(inner - column, 8)
                    stack += value.items
        return 2

    def spot(self, parent: Node, key: Node | None, *, in_flow: bool) -> Spot:
        """Where the value of a key in a mapping, or an item of a list, is written."""
        column = 0 if in_flow else self.container_column(parent)
        taken = self.column(key.end) + 2 if key is not None else column + 2
        return Spot(column, in_flow, self.step(), taken)

    # lists

    def dashes(self, node: Node) -> list[int]:
        """Where the dashes of a block list's items stand."""
        found: list[int] = []
        behind = self.value_start(node)
        for item in node.items:
            found.append(self.behind_nothing(behind))
            behind = max(self.content_end(item), found[-1] + 1)
        return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_blank_lines(text: str) -> str:
    """A text without the blank lines that it ends with, its last line with its own spaces."""
    behind = len(text.rstrip(" \r\n"))
    ends = [end for end in (text.find("\n", behind), text.find("\r", behind)) if end >= 0]
    return text[: min(ends, default=len(text))]
