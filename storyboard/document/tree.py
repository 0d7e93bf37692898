"""The nodes of a document with their places in the text, built from events under guards."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from storyboard.document.loader import MERGE, CoreLoader, plain_tag, scalar_value
from storyboard.document.source import SIZE_LIMIT

DEPTH_LIMIT = 32
"""Levels of nesting a document may have."""
NODE_LIMIT = 20_000
"""Values a document may have, an alias counting as much as what it stands for."""
TEXT_LIMIT = SIZE_LIMIT
"""Characters that all texts of a document may have together, an alias's counting again wherever it stands."""
DIRECTIVE_LIMIT = 10
"""Lines such as `%TAG` that a document may begin with; libyaml compares each with all before it."""

MAP, SEQ, SCALAR, ALIAS = "map", "seq", "scalar", "alias"

_TOO_DEEP = f"nested more than {DEPTH_LIMIT} levels deep: a storyboard needs four"
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"
"""libyaml's own words, from 0.2.6 on: it looks 1,000 levels ahead before the first event comes out."""
# A line before a document's first: blank, a comment or a directive. Each is looked at once, so that no text is slow.
_LINE_BEFORE = re.compile(r"(?:(%)|[ \t]*#|[ \t]*(?=[\r\n]))[^\r\n]*(?:\r\n?|\n)")


def path_step(key: object) -> str | int:
    """How a path names a mapping's key: text and whole numbers as they are, true, null and 1.5 as text."""
    if isinstance(key, str) or (isinstance(key, int) and not isinstance(key, bool)):
        return key
    return "null" if key is None else str(key).lower()


class GuardError(Exception):
    """A document that is too much for anything recursive: `reason`, and the index where it stands."""

    def __init__(self, reason: str, index: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index


@dataclass(slots=True)
class Node:
    """One value of the document; `start` and `end` are code point indexes, anchor and tag included."""

    kind: str
    start: int
    end: int
    text: str = ""
    """A scalar's text as read, an alias's anchor."""
    style: str = ""
    """A scalar's style: plain is "", else one of ' " | >."""
    tag: str | None = None
    flow: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    target: Node | None = None
    """What an alias stands for."""
    size: int = 1
    length: int = 0
    """Characters of its texts, aliases written out."""
    _children: dict[str | int, tuple[Node, Node]] | None = None
    _merged: dict[str | int, tuple[Node, Node]] | None = None

    @property
    def content(self) -> Node:
        """The node itself, or what the alias stands for."""
        return self.target if self.target is not None else self

    @property
    def step(self) -> str | int:
        """How a path names the pair that this key begins: text and whole numbers as they are, others as text."""
        return path_step(self.value)

    @property
    def value(self) -> Any:
        """What a scalar is in the data; an alias is what it stands for."""
        scalar = self.content
        return scalar_value(scalar.text, scalar.tag, quoted=bool(scalar.style))

    @property
    def merges(self) -> bool:
        """Whether this key is the `<<` that takes over another mapping's pairs."""
        return self.kind == SCALAR and not self.style and self.tag is None and plain_tag(self.text) == MERGE

    def child(self, step: str | int) -> tuple[Node | None, Node] | None:
        """The pair (key, value) at one step of a path; a list's items have no key."""
        if self.kind == SEQ:
            return (None, self.items[step]) if isinstance(step, int) and 0 <= step < len(self.items) else None
        if self.kind != MAP:
            return None
        return self.own_children().get(step) or self.merged_child(step)

    def own_children(self) -> dict[str | int, tuple[Node, Node]]:
        """A mapping's own pairs by their steps, the last of those with one key."""
        if self._children is None:
            self._children = {key.step: (key, value) for key, value in self.pairs}
        return self._children

    def merged_child(self, step: str | int) -> tuple[Node | None, Node] | None:
        """The pair that `<<` brings into a mapping for this step."""
        return self.merged_children().get(step)

    def merged_children(self) -> dict[str | int, tuple[Node, Node]]:
        """All that `<<` brings; of mappings that give the same key the first one counts."""
        if self._merged is None:
            found: dict[str | int, tuple[Node, Node]] = {}
            for merged in (value.content for key, value in self.pairs if key.merges):
                for base in [merged] if merged.kind == MAP else [item.content for item in merged.items]:
                    for pairs in (base.own_children(), base.merged_children()) if base.kind == MAP else ():
                        for one, pair in pairs.items():
                            found.setdefault(one, pair)
            self._merged = found
        return self._merged


def _marks(event: Event) -> tuple[int, int]:
    start, end = event.start_mark, event.end_mark
    return (start.index if start else 0), (end.index if end else 0)


class _Builder:
    """Takes events one by one and stops at the first excess."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[tuple[Node, str | None]] = []
        self._waiting_keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}
        self._unfinished: set[str] = set()
        self._count = 0
        self._length = 0

    def feed(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            node = Node(SCALAR, *_marks(event), event.value, event.style or "", event.tag, length=len(event.value))
            self._remember(event.anchor, node)
            self._add(node)
        elif isinstance(event, AliasEvent):
            self._add(self._alias(event))
        elif isinstance(event, CollectionStartEvent):
            self._enter(event)
        elif isinstance(event, CollectionEndEvent):
            self._leave(_marks(event)[1])

    def _alias(self, event: AliasEvent) -> Node:
        start, end = _marks(event)
        name = str(event.anchor)
        if name in self._unfinished:
            raise GuardError(f"the alias *{name[:80]} stands inside what it repeats: delete it", start)
        if name not in self._anchors:
            raise GuardError(
                f"the alias *{name[:80]} has no anchor &{name[:80]} before it: put a text that begins with * in quotes",
                start,
            )
        target = self._anchors[name]
        return Node(ALIAS, start, end, name, target=target, size=target.size, length=target.length)

    def _enter(self, event: CollectionStartEvent) -> None:
        kind = MAP if isinstance(event, MappingStartEvent) else SEQ
        node = Node(kind, *_marks(event), tag=event.tag, flow=bool(event.flow_style))
        if len(self._open) >= DEPTH_LIMIT:
            raise GuardError(_TOO_DEEP, node.start)
        if event.anchor is not None:
            self._unfinished.add(event.anchor)
        self._open.append((node, event.anchor))
        self._waiting_keys.append(None)

    def _leave(self, end: int) -> None:
        node, anchor = self._open.pop()
        self._waiting_keys.pop()
        node.end = end
        if anchor is not None:
            self._unfinished.discard(anchor)
            self._anchors[anchor] = node
        self._add(node)

    def _remember(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _add(self, node: Node) -> None:
        if node.kind in (SCALAR, ALIAS):  # what a list or a mapping holds was counted before
            self._length += node.length
        self._count += node.size if node.kind == ALIAS else 1
        if self._count > NODE_LIMIT:
            raise GuardError(f"more than {NODE_LIMIT} values, aliases written out: split the file", node.start)
        if self._length > TEXT_LIMIT:
            raise GuardError(f"more than {TEXT_LIMIT} characters, aliases written out: repeat less", node.start)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        parent.size += node.size
        parent.length += node.length
        if parent.kind == SEQ:
            parent.items.append(node)
        elif (key := self._waiting_keys[-1]) is None:
            self._waiting_keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self._waiting_keys[-1] = None


def build_tree(text: str) -> Node | None:
    """The root node of the one document in `text`, None where it holds none.

    Raises GuardError for what is too deep, too much, refers to itself or is more than one document,
    yaml.YAMLError for what is not YAML.
    """
    _refuse_many_directives(text)
    loader = CoreLoader(text)
    builder = _Builder()
    documents = 0
    try:
        while loader.check_event():
            event = loader.get_event()
            if event is None:
                break
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise GuardError("more than one document: delete the `---` or split the file", _marks(event)[0])
            builder.feed(event)
    except MarkedYAMLError as error:
        if error.problem != _LIBYAML_TOO_DEEP or error.problem_mark is None:
            raise
        raise GuardError(_TOO_DEEP, error.problem_mark.index) from None
    finally:
        loader.dispose()
    return builder.root


def _refuse_many_directives(text: str) -> None:
    position = count = 0
    while match := _LINE_BEFORE.match(text, position):
        count += match[1] is not None
        if count > DIRECTIVE_LIMIT:
            raise GuardError(f"more than {DIRECTIVE_LIMIT} lines that begin with %: delete them", position)
        position = match.end()
