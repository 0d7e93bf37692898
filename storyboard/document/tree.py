"""The nodes of a document with their places in the text, built from events under guards."""

from __future__ import annotations

from dataclasses import dataclass, field

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)

from storyboard.document.loader import INT, MERGE, CoreLoader, plain_tag, to_int

DEPTH_LIMIT = 32
"""Levels of nesting a document may have."""
NODE_LIMIT = 20_000
"""Values a document may have, an alias counting as much as what it stands for."""

MAP, SEQ, SCALAR, ALIAS = "map", "seq", "scalar", "alias"


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

    @property
    def content(self) -> Node:
        """The node itself, or what the alias stands for."""
        return self.target if self.target is not None else self

    def key(self) -> object:
        """The value of a scalar that is a mapping's key, as data would hold it."""
        if self.kind != SCALAR or self.style or self.tag not in (None, "!"):
            return self.text
        tag = plain_tag(self.text)
        if tag == INT:
            try:
                return to_int(self.text)
            except ValueError:
                return self.text
        return _CONSTANT_KEYS.get(self.text.lower(), self.text) if tag != MERGE else MERGE


_CONSTANT_KEYS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


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

    def feed(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            node = Node(SCALAR, *_marks(event), event.value, event.style or "", event.tag)
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
            raise GuardError(f"the alias *{name} stands inside what it repeats", start)
        if name not in self._anchors:
            raise GuardError(f"the alias *{name} has no anchor &{name} before it", start)
        target = self._anchors[name]
        return Node(ALIAS, start, end, name, target=target, size=target.size)

    def _enter(self, event: CollectionStartEvent) -> None:
        kind = MAP if isinstance(event, MappingStartEvent) else SEQ
        node = Node(kind, *_marks(event), tag=event.tag, flow=bool(event.flow_style))
        if len(self._open) >= DEPTH_LIMIT:
            raise GuardError(f"nested more than {DEPTH_LIMIT} levels deep", node.start)
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
        self._count += node.size if node.kind == ALIAS else 1
        if self._count > NODE_LIMIT:
            raise GuardError(f"more than {NODE_LIMIT} values, aliases written out", node.start)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        parent.size += node.size
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
    finally:
        loader.dispose()
    return builder.root
