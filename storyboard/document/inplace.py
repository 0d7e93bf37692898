"""A text over several lines changed only in the words that differ, its lines otherwise left as they are written."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from storyboard.document.quoting import quoted
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node

_BREAK = r"(?:\r\n|\n|\r)"
_BREAKS = rf"{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*"
_FOLD = rf"[ \t]*{_BREAKS}"
_ESCAPE = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\."
# What stands for one character of the text, or for the space or line breaks that a fold is read as.
_UNITS = {
    "": re.compile(rf"{_FOLD}|.", re.DOTALL),
    "'": re.compile(rf"{_FOLD}|''|.", re.DOTALL),
    '"': re.compile(rf"\\{_BREAKS}|{_ESCAPE}|{_FOLD}|.", re.DOTALL),
}
_ANY_BREAK = re.compile(_BREAK)
_WORDS = re.compile(r"\s|[^\s]+")


def in_place(layout: Layout, node: Node, new: str, indent: int) -> list[Splice] | None:
    """Splices for the words that differ; None where lines cannot be told apart, or hardly a word stays.

    `indent` is that of a block's lines.
    """
    begin, end = layout.value_start(node), layout.content_end(node)
    if not _ANY_BREAK.search(layout.text, begin, end):
        return None
    places = _places(layout, node, begin, end, indent)
    if places is None:
        return None
    splices = []
    for start, stop, text in _differences(node.text, new):
        written = _written(text, node.style, layout.newline + " " * indent)
        if written is None:
            return None
        first = places[start][0]
        splices.append(Splice(first, places[stop - 1][1] if stop > start else first, written))
    return splices or None


def _differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """Stretches of the old text and what stands there in the new one; none where less than half stays."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    steps = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    if 2 * sum(i2 - i1 for tag, i1, i2, _, _ in steps if tag == "equal") < len(old_words):
        return []
    begins = [0]
    for word in old_words:
        begins.append(begins[-1] + len(word))
    return [(begins[i1], begins[i2], "".join(new_words[j1:j2])) for tag, i1, i2, j1, j2 in steps if tag != "equal"]


def _written(text: str, style: str, next_line: str) -> str | None:
    if style == '"':
        return quoted(text)[1:-1]
    if style == "|":
        return text.replace("\n", next_line)
    return None if "\n" in text else text.replace("'", "''") if style == "'" else text


def _places(layout: Layout, node: Node, begin: int, end: int, indent: int) -> list[tuple[int, int]] | None:
    """Where each character of a text stands in the source, and where its end does; None where that cannot be told."""
    if node.style in ("|", ">"):
        found = list(_block_places(layout, node, layout.next_line(begin), end, indent))
    else:
        quotes = 1 if node.style else 0
        found = list(_inline_places(layout.text, node, begin + quotes, end - quotes))
        end -= quotes
    return [*found, (end, end)] if len(found) == len(node.text) else None


def _inline_places(text: str, node: Node, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _UNITS[node.style].finditer(text, begin, end):
        breaks = len(_ANY_BREAK.findall(match[0]))
        escaped = match[0][0] == "\\" and node.style == '"'
        if not breaks:
            yield match.span()
            continue
        # One break is read as a space, more as one less; behind a backslash the first is nothing.
        for _ in range(breaks - 1 if escaped or breaks > 1 else 1):
            yield match.span()


def _block_places(layout: Layout, node: Node, begin: int, end: int, indent: int) -> Iterator[tuple[int, int]]:
    """The characters of lines stand where they stand; what separates lines, in the breaks between them."""
    said, line = 0, begin
    while line < end and said < len(node.text):
        stop = min(layout.line_end(line), end)
        start = min(line + indent, stop)
        if node.text[said : said + stop - start] != layout.text[start:stop]:
            return
        yield from ((index, index + 1) for index in range(start, stop))
        said += stop - start
        line = layout.next_line(stop)
        if node.style == ">":
            while line < end and layout.is_blank(line):
                line = layout.next_line(line)
        separators = 1
        if node.style == ">" and node.text[said : said + 1] == "\n":
            separators = len(node.text) - said - len(node.text[said:].lstrip("\n"))
        for _ in range(min(separators, len(node.text) - said)):
            yield stop, min(line + indent, end) if line < end else stop
        said += separators
