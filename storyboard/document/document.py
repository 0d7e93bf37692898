"""A YAML document that knows where every key and value stands."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml

from storyboard.document.edits import (
    EditRefused,
    End,
    Proposal,
    propose_delete,
    propose_insert,
    propose_move,
    propose_set,
    propose_unset,
)
from storyboard.document.errors import DocumentError
from storyboard.document.history import History
from storyboard.document.layout import Layout
from storyboard.document.loader import CoreLoader
from storyboard.document.nodes import last_scalar
from storyboard.document.reasons import reason_and_index
from storyboard.document.source import Source, decode, within_limit
from storyboard.document.splices import apply
from storyboard.document.tree import MAP, SEQ, GuardError, Node, build_tree
from storyboard.document.wanted import same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]


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


class Document:
    """Text of one YAML document and what it says; knows no schema."""

    def __init__(self, source: Source, root: Node | None, data: Any) -> None:
        self._read(source, root, data)
        self._history = History(source.text)

    def _read(self, source: Source, root: Node | None, data: Any) -> None:
        self._source = source
        self._root = root
        self._layout: Layout | None = None
        self.data = data
        """The document as plain dicts, lists and scalars; of equal keys the last one counts."""

    @classmethod
    def parse(cls, data: bytes) -> Document:
        """Reads bytes; raises DocumentError, and nothing else, for what is unreadable, not YAML or an attack."""
        return cls(*_parse(decode(data)))

    # edits

    def set(self, path: Sequence[str | int], value: Any) -> None:
        """Puts a value where `path` leads, adding keys that are missing; EditRefused changes nothing."""
        self._edit(propose_set(self.layout, path, value))

    def unset(self, path: Sequence[str | int]) -> None:
        """Takes a key out with its value; EditRefused changes nothing."""
        self._edit(propose_unset(self.layout, path))

    def insert_shot(self, index: int, mapping: dict[str, Any]) -> None:
        """Puts a new shot before the one at `index`, from 0; EditRefused changes nothing."""
        self._edit(propose_insert(self.layout, index, mapping))

    def delete_shot(self, index: int) -> None:
        """Takes the shot at `index` out, with the comments that are its own; EditRefused changes nothing."""
        self._edit(propose_delete(self.layout, index))

    def move_shot(self, old: int, new: int) -> None:
        """Moves a shot with its comments so that its index becomes `new`; EditRefused changes nothing."""
        if old != new:
            self._edit(propose_move(self.layout, old, new))

    def replace_text(self, data: bytes) -> None:
        """Puts another document in the place of this one, as one edit; raises DocumentError and changes nothing."""
        source, root, value = _parse(decode(data))
        self._read(source, root, value)
        self._history.add(source.text)

    @contextmanager
    def one_step(self, *, join_last: bool = False) -> Iterator[None]:
        """Edits inside are undone together, with `join_last` together with the step before them.

        Where one of them is refused, none of them was made.
        """
        depth, text = self._history.depth, self.text
        try:
            yield
        except EditRefused:
            while self._history.depth > depth and self.undo():
                pass
            if self.text != text:
                raise AssertionError("undo did not restore the text") from None
            raise
        if self._history.depth > depth:
            self._history.join(max(depth - join_last, 0))

    def undo(self) -> bool:
        """Goes back by one edit; whether there was one."""
        return self._go(self._history.undo())

    def redo(self) -> bool:
        """Makes the edit again that was undone last; whether there was one."""
        return self._go(self._history.redo())

    @property
    def dirty(self) -> bool:
        """Whether the text differs from the one that was parsed or marked as saved."""
        return self._history.dirty

    def mark_saved(self) -> None:
        """The present text is the one on disk."""
        self._history.mark_saved()

    @property
    def text(self) -> str:
        """The document's text, without a byte order mark."""
        return self._source.text

    @property
    def layout(self) -> Layout:
        """What edits need to know of the text."""
        if self._layout is None:
            self._layout = Layout(self._source, self._root)
        return self._layout

    def _edit(self, proposal: Proposal) -> None:
        """Takes the first way of writing that reads back as exactly what is wanted."""
        for splices in proposal.ways:
            text = apply(self.text, splices)
            try:
                source, root, data = _parse(within_limit(replace(self._source, text=text, _starts=None)))
            except DocumentError:
                continue
            if same(data, proposal.wanted, self._open_texts(proposal.end, text, root)):
                if text != self.text:
                    self._read(source, root, data)
                    self._history.add(text)
                return
        raise EditRefused("this cannot be written without touching anything else", proposal.line)

    def _open_texts(self, end: End, text: str, root: Node | None) -> frozenset[str]:
        """Texts at the end of a file without final newline: libyaml takes the line break of a `|` from them."""
        if text.endswith("\n") or end is End.WRITTEN:
            return frozenset()
        lasts = [last_scalar(self._root), last_scalar(root) if end is End.CHANGES else None]
        return frozenset(last.text.rstrip("\n") for last in lasts if last is not None)

    def _go(self, text: str | None) -> bool:
        if text is None:
            return False
        self._read(*_parse(replace(self._source, text=text, _starts=None)))
        return True

    # reading

    def to_bytes(self) -> bytes:
        """The document's bytes; those that were parsed, as long as nothing was changed."""
        return self._source.to_bytes()

    def span(self, path: Sequence[str | int]) -> Span:
        """Where the value at `path` stands, or the nearest value around it that exists."""
        return self._span_of(self._walk(path)[0])

    def key_span(self, path: Sequence[str | int]) -> Span:
        """Where the key that `path` ends with stands, or the nearest value around it that exists."""
        _, key = self._walk(path)
        return self._span_of(key) if key is not None else self.span(path)

    def duplicates(self) -> Iterator[Duplicate]:
        """Every key given twice, in the order of the text."""
        yield from self._duplicates(self._root, ())

    def _walk(self, path: Sequence[str | int]) -> tuple[Node | None, Node | None]:
        node, key = self._root, None
        for index, step in enumerate(path):
            found = node.content.child(step) if node is not None else None
            if found is None:
                return node, None
            node, key = found[1], (found[0] if index == len(path) - 1 else None)
        return node, key

    def _span_of(self, node: Node | None) -> Span:
        if node is None:
            return Span(1, 1, 1, 1)
        line, column = self._source.line_column(node.start)
        end_line, end_column = self._source.line_column(self._end_of_content(node))
        return Span(line, column, end_line, end_column)

    def _end_of_content(self, node: Node) -> int:
        """Marks of block values run on to the next token; their content ends before that white space."""
        if node.kind in (MAP, SEQ) and not node.flow:
            last = node.items[-1] if node.items else node.pairs[-1][1] if node.pairs else None
            return self._end_of_content(last) if last is not None else node.end
        if node.style in ("|", ">"):
            return node.start + len(self._source.text[node.start : node.end].rstrip(" \t\r\n"))
        return node.end

    def _duplicates(self, node: Node | None, path: Path) -> Iterator[Duplicate]:
        if node is None:
            return
        for index, item in enumerate(node.items):
            yield from self._duplicates(item, (*path, index))
        seen: dict[object, Node] = {}
        for key, value in node.pairs:
            first = seen.setdefault(key.value, key)
            if first is not key:
                first_line = self._source.line_column(first.start)[0]
                yield Duplicate((*path, key.step), key.content.text, self._span_of(key), first_line)
            yield from self._duplicates(value, (*path, key.step))


def _parse(source: Source) -> tuple[Source, Node | None, Any]:
    """The tree and data of a text; DocumentError says why there are none."""
    try:
        root = build_tree(source.text)
        value = yaml.load(source.text, Loader=CoreLoader)  # noqa: S506 - CoreLoader makes plain data only
    except GuardError as error:
        raise DocumentError(error.reason, *source.line_column(error.index)) from None
    except yaml.YAMLError as error:
        reason, index = reason_and_index(error, source.text)
        raise DocumentError(reason, *source.line_column(index)) from None
    return source, root, value
