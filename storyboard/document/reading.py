"""A text as it was read: what it says, and where every key and value stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from storyboard.document.errors import DocumentError
from storyboard.document.loader import CoreLoader
from storyboard.document.reasons import reason_and_index
from storyboard.document.tree import ALIAS, MAP, SCALAR, SEQ, GuardError, Node, build_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.document.layout import Layout
    from storyboard.document.source import Source

Path = tuple[str | int, ...]

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the text: lines and columns from 1, the end just behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key given a second time in one mapping."""

    path: Path
    key: str
    span: Span
    first_line: int


class Reading:
    """One text, read once; nothing here changes it."""

    def __init__(self, source: Source) -> None:
        """Reads a text; DocumentError says why it cannot be read."""
        try:
            self.root = build_tree(source.text)
            value = yaml.load(source.text, Loader=CoreLoader)  # noqa: S506 - CoreLoader makes plain data only
        except GuardError as error:
            raise DocumentError(error.reason, *source.line_column(error.index)) from None
        except yaml.YAMLError as error:
            reason, index = reason_and_index(error, source.text)
            raise DocumentError(reason, *source.line_column(index)) from None
        self.source = source
        self.data: Any = value
        """The document as plain dicts, lists and scalars; of equal keys the last one counts."""
        self._layout: Layout | None = None

    @property
    def text(self) -> str:
        """The text, without a byte order mark."""
        return self.source.text

    @property
    def layout(self) -> Layout:
        """What edits need to know of the text."""
        if self._layout is None:
            from storyboard.document.layout import Layout

            self._layout = Layout(self.source, self.root)
        return self._layout

    def says(self, path: Sequence[str | int], value: Any) -> bool:
        """Whether this value is what stands at `path` already, wherever the text says so."""
        from storyboard.document.wanted import same

        found = self._at(path)
        return bool(path) and found is not _NOTHING and same(found, value)

    def has(self, path: Sequence[str | int]) -> bool:
        """Whether there is a value at `path`, wherever the text says so."""
        return self._at(path) is not _NOTHING

    def _at(self, path: Sequence[str | int]) -> Any:
        found = self.data
        for step in path:
            known = step in found if isinstance(found, dict) else isinstance(found, list) and step in range(len(found))
            if not known:
                return _NOTHING
            found = found[step]
        return found

    def is_own(self, path: Sequence[str | int]) -> bool:
        """Whether the value at `path`, or the place for one, stands there itself: neither merged in nor repeated."""
        from storyboard.document.nodes import direct_pair

        node = self.root if "*" in self.text else None
        for step in path:
            if node is None or node.kind == ALIAS:
                break
            found = direct_pair(node, step) if node.kind == MAP else node.child(step)
            if found is None and node.child(step) is not None:
                return False
            node = found[1] if found is not None else None
        return node is None or node.kind != ALIAS

    def span(self, path: Sequence[str | int]) -> Span:
        """Where the value at `path` stands, or the nearest value around it that exists."""
        return self._span_of(self._walk(path)[0])

    def key_span(self, path: Sequence[str | int]) -> Span:
        """Where the key that `path` ends with stands, or the nearest value around it that exists."""
        _, key = self._walk(path)
        return self._span_of(key) if key is not None else self.span(path)

    def is_ragged(self, path: Sequence[str | int]) -> bool:
        """Whether lines of the text that stands at `path` itself, not merged or repeated there, end in white space."""
        parent, node = self._walk(path[:-1])[0], self._walk(path)[0]
        if parent is None or node is None or node.kind != SCALAR or not parent.start <= node.start < parent.end:
            return False
        return bool(self.layout.ragged_ends(node))

    def is_comment(self, index: int) -> bool:
        """Whether the `#` at `index` begins a comment: in no text, though perhaps behind a block's `|` or `>`."""
        from storyboard.document.nodes import children

        node = self.root
        while node is not None and node.kind in (MAP, SEQ):
            node = next((one for one in children(node) if one.start <= index < one.end), None)
        if node is None or node.style not in ("|", ">"):
            return node is None
        return not any(end in self.text[node.start : index] for end in ("\n", "\r"))

    def duplicates(self) -> Iterator[Duplicate]:
        """Every key given twice, in the order of the text."""
        yield from self._duplicates(self.root, ())

    def _walk(self, path: Sequence[str | int]) -> tuple[Node | None, Node | None]:
        node, key = self.root, None
        for index, step in enumerate(path):
            found = node.content.child(step) if node is not None else None
            if found is None:
                return node, None
            node, key = found[1], (found[0] if index == len(path) - 1 else None)
        return node, key

    def _span_of(self, node: Node | None) -> Span:
        if node is None:
            return Span(1, 1, 1, 1)
        line, column = self.source.line_column(node.start)
        end_line, end_column = self.source.line_column(self._end_of_content(node))
        return Span(line, column, end_line, end_column)

    def _end_of_content(self, node: Node) -> int:
        """Marks of block values run on to the next token; their content ends before that white space."""
        if node.kind in (MAP, SEQ) and not node.flow:
            last = node.items[-1] if node.items else node.pairs[-1][1] if node.pairs else None
            return self._end_of_content(last) if last is not None else node.end
        if node.style in ("|", ">"):
            return node.start + len(self.text[node.start : node.end].rstrip(" \t\r\n"))
        return node.end

    def _duplicates(self, node: Node | None, path: Path) -> Iterator[Duplicate]:
        if node is None or node.kind == SCALAR:
            return
        for index, item in enumerate(node.items):
            yield from self._duplicates(item, (*path, index))
        seen: dict[object, Node] = {}
        for key, value in node.pairs:
            first = seen.setdefault(key.value, key)
            if first is not key:
                first_line = self.source.line_column(first.start)[0]
                yield Duplicate((*path, key.step), key.content.text, self._span_of(key), first_line)
            yield from self._duplicates(value, (*path, key.step))
