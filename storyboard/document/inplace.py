"""A text changed only in the characters that differ; all others are left as they are written."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from storyboard.document.quoting import UNPRINTABLE, is_plain, quoted
from storyboard.document.splices import Splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.tree import Node

_BREAK = r"(?:\r\n|\n|\r)"
_FOLD = rf"(?P<fold>[ \t]*{_BREAK}[ \t\r\n]*)"
_ESCAPE = r"(?P<unit>\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.)"
# What stands for one character of the text, or for the space or line breaks that a fold is read as; else a run of
# characters that stand for themselves.
_UNITS = {
    "": re.compile(rf"{_FOLD}|(?:[^ \t\r\n]|[ \t](?![ \t\r\n]))+|[ \t]+"),
    "'": re.compile(rf"{_FOLD}|(?P<unit>'')|(?:[^' \t\r\n]|[ \t](?![ \t\r\n]))+|[ \t]+"),
    '"': re.compile(rf"(?P<joint>\\{_BREAK}[ \t\r\n]*)|{_ESCAPE}|{_FOLD}|(?:[^\\ \t\r\n]|[ \t](?![ \t\r\n]))+|[ \t]+"),
}
_ANY_BREAK = re.compile(_BREAK)
_WORDS = re.compile(r"\s|[^\s]+")
_COMPARED_AT_MOST = 250_000
"""Pairs of words up to which two texts are compared word by word; beyond, all between the outer changes is one."""


class _Places(NamedTuple):
    """Where each character of a text begins and ends in the source; last, where its end stands."""

    starts: list[int]
    stops: list[int]

    def add(self, start: int, stop: int) -> None:
        """A run of characters that stand for themselves."""
        self.starts.extend(range(start, stop))
        self.stops.extend(range(start + 1, stop + 1))

    def add_unit(self, start: int, stop: int, characters: int = 1) -> None:
        """A stretch that stands for some characters together."""
        self.starts.extend([start] * characters)
        self.stops.extend([stop] * characters)

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Where some characters of the text stand; of none, where they would."""
        first = self.starts[start]
        return first, self.stops[stop - 1] if stop > start else first


class _Change(NamedTuple):
    """A stretch of the old text, and what stands there in the new one."""

    start: int
    stop: int
    text: str


def in_place(layout: Layout, node: Node, new: str, indent: int, *, flow: bool) -> Iterator[list[Splice]]:
    """Ways of writing only the characters that differ, best first; none where characters have no place of their own.

    `indent` is that of a block's lines; `flow` whether the text stands inside brackets.
    """
    begin, end = layout.value_start(node), layout.content_end(node)
    places = _places(layout, node, begin, end, indent)
    if places is None:
        return
    next_line = layout.newline + " " * indent
    for blank in (" ", "\\ ") if node.style == '"' and _ANY_BREAK.search(layout.text, begin, end) else (" ",):
        for changes in _ways_to_change(node.text, new):
            written = [_written(change.text, node.style, next_line, blank) for change in changes]
            splices = [
                Splice(*places.span(change.start, change.stop), text)
                for change, text in zip(changes, written, strict=True)
                if text is not None
            ]
            if len(splices) < len(changes) or not _are_apart(splices):
                continue
            if node.style == "|":
                splices = [_indented(layout, splice, indent) for splice in splices]
            if node.style or is_plain(new.replace("\n", " "), flow=flow):
                yield splices
            elif (quote := _quote_for(layout.text[begin:end] + "".join(map(str, written)))) is not None:
                yield _quoted(splices, Splice(begin, begin, quote), Splice(end, end, quote))


def respelled(layout: Layout, node: Node, new: str) -> str | None:
    """Another text between a scalar's quotes, where they are, each character that stays as it is written.

    A fold becomes the space or the line breaks that it is read as. None where characters have no place of their own.
    """
    begin, end = layout.value_start(node), layout.content_end(node)
    places = _places(layout, node, begin, end, 0) if node.style in _UNITS else None
    if places is None:
        return None
    mark, told, spelled = node.style, 0, [node.style]
    for change in next(_ways_to_change(node.text, new)):
        spelled += [*_spellings(layout.text, node.text, places, told, change.start)]
        spelled += [_written(change.text, mark, "", " ") or change.text]
        told = change.stop
    return "".join([*spelled, *_spellings(layout.text, node.text, places, told, len(node.text)), mark])


def _spellings(source: str, text: str, places: _Places, start: int, stop: int) -> Iterator[str]:
    for index in range(start, stop):
        written = source[places.starts[index] : places.stops[index]]
        yield text[index] if written[-1] in " \t\r\n" and written[0] != "\\" else written


def _indented(layout: Layout, splice: Splice, indent: int) -> Splice:
    """The same with the spaces that a blank line lacks before words can stand on it."""
    lacking = indent - layout.column(splice.start)
    words = splice.text[:1] not in ("", "\n", "\r")
    return splice._replace(text=" " * lacking + splice.text) if words and lacking > 0 else splice


def _are_apart(splices: list[Splice]) -> bool:
    """Whether no two change the same stretch, as they might where several line breaks are one fold."""
    return all(one.end <= other.start and one.start < other.start for one, other in pairwise(splices))


def _quoted(splices: list[Splice], first: Splice, last: Splice) -> list[Splice]:
    """The same with quotes put before and behind, which may be where a splice begins."""
    if splices[0].start == first.start:
        first, splices = splices[0]._replace(text=first.text + splices[0].text), splices[1:]
    if splices and splices[-1].start == last.start:
        last, splices = splices[-1]._replace(text=splices[-1].text + last.text), splices[:-1]
    return [first, *splices, last]


def _quote_for(text: str) -> str | None:
    """Quotes that can be put around a plain text as it is written."""
    if "'" not in text:
        return "'"
    return None if '"' in text or "\\" in text else '"'


# what differs


def _ways_to_change(old: str, new: str) -> Iterator[list[_Change]]:
    """What differs, as far to the end of the text as it can be said; then as far to its beginning."""
    begin = _same_start(old, new)
    end = _same_end(old, new, begin)
    first = _narrowed(old, new, begin, end)
    yield first
    end = _same_end(old, new, 0)
    begin = _same_start(old[: len(old) - end], new[: len(new) - end])
    second = _narrowed(old, new, begin, end)
    if second != first:
        yield second


def _narrowed(old: str, new: str, begin: int, end: int) -> list[_Change]:
    """What differs between a beginning and an end that stay: one stretch, or several where words between them stay."""
    before, after = old[begin : len(old) - end], new[begin : len(new) - end]
    parts = (_same_places(before, after) or _same_words(before, after)) if before and after else None
    if parts is None:
        return [_Change(begin, begin + len(before), after)]
    return [_Change(begin + start, begin + stop, text) for start, stop, text in parts]


def _same_places(old: str, new: str) -> list[_Change] | None:
    """Characters in the places of as many others; None where more than one of four is another."""
    if len(old) != len(new):
        return None
    others = [index for index in range(len(old)) if old[index] != new[index]]
    if 4 * len(others) > len(old):
        return None
    changes: list[_Change] = []
    for index in others:
        if changes and changes[-1].stop == index:
            last = changes.pop()
            changes.append(_Change(last.start, index + 1, last.text + new[index]))
        else:
            changes.append(_Change(index, index + 1, new[index]))
    return changes


def _same_words(old: str, new: str) -> list[_Change] | None:
    """Words that are others; None where less than half of them stay, or where they are too many to look."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if len(old_words) * len(new_words) > _COMPARED_AT_MOST:
        return None
    steps = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    if 2 * sum(i2 - i1 for tag, i1, i2, _, _ in steps if tag == "equal") < len(old_words):
        return None
    begins = [0]
    for word in old_words:
        begins.append(begins[-1] + len(word))
    changes = []
    for tag, i1, i2, j1, j2 in steps:
        if tag != "equal":
            words = "".join(new_words[j1:j2])
            start, stop = begins[i1], begins[i2]
            same = _same_start(old[start:stop], words)
            end = _same_end(old[start:stop], words, same)
            changes.append(_Change(start + same, stop - end, words[same : len(words) - end]))
    return changes


def _same_start(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _same_end(one: str, other: str, begin: int) -> int:
    """How many characters two texts end with in common, those before `begin` left aside."""
    least, most = 0, min(len(one), len(other)) - begin
    while least < most:
        middle = (least + most + 1) // 2
        if one[len(one) - middle : len(one) - least] == other[len(other) - middle : len(other) - least]:
            least = middle
        else:
            most = middle - 1
    return least


# where it stands


def _written(text: str, style: str, next_line: str, blank: str) -> str | None:
    if style == '"':
        written = quoted(text)[1:-1]
        return written if blank == " " else written.replace(" ", blank)
    if UNPRINTABLE.search(text):
        return None
    if style == "|":
        return text.replace("\n", next_line)
    return None if "\n" in text else text.replace("'", "''") if style == "'" else text


def _places(layout: Layout, node: Node, begin: int, end: int, indent: int) -> _Places | None:
    """Where each character of a text stands in the source, and where its end does; None where that cannot be told."""
    if node.style in ("|", ">"):
        found = _block_places(layout, node, layout.next_line(begin), end, indent)
    else:
        quotes = 1 if node.style else 0
        found = _inline_places(layout.text, node, begin + quotes, end - quotes)
        end -= quotes
    if len(found.starts) != len(node.text):
        return None
    found.add_unit(end, end)
    return found


def _inline_places(text: str, node: Node, begin: int, end: int) -> _Places:
    places = _Places([], [])
    for match in _UNITS[node.style].finditer(text, begin, end):
        start, stop = match.span()
        if match.lastgroup is None:
            places.add(start, stop)
        elif match.lastgroup == "unit":
            places.add_unit(start, stop)
        else:
            breaks = len(_ANY_BREAK.findall(match[0]))
            # One break is read as a space, more as one less; behind a backslash the first is nothing.
            places.add_unit(start, stop, breaks - 1 if match.lastgroup == "joint" or breaks > 1 else 1)
    return places


def _block_places(layout: Layout, node: Node, begin: int, end: int, indent: int) -> _Places:
    """The characters of lines stand where they stand; what separates lines, in the breaks between them."""
    places = _Places([], [])
    said, line = 0, begin
    while line < end and said < len(node.text):
        stop = min(layout.line_end(line), end)
        start = min(line + indent, stop)
        if node.text[said : said + stop - start] != layout.text[start:stop]:
            break
        places.add(start, stop)
        said += stop - start
        line = layout.next_line(stop)
        if node.style == ">":
            while line < end and layout.is_blank(line):
                line = layout.next_line(line)
        separators = 1
        if node.style == ">" and node.text[said : said + 1] == "\n":
            separators = _line_breaks(node.text, said)
        separators = min(separators, len(node.text) - said)
        places.add_unit(stop, min(line + indent, layout.line_end(line), end) if line < end else stop, separators)
        said += separators
    return places


def _line_breaks(text: str, index: int) -> int:
    """How many line breaks stand one after another from there on."""
    end = index
    while text[end : end + 1] == "\n":
        end += 1
    return end - index
