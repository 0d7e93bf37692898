"""The data that an edit should lead to, and whether that is what came of it."""

from __future__ import annotations

import math
from typing import Any

from storyboard.document.loader import BOOL, FLOAT, INT, MERGE, NULL, STR, plain_tag, to_bool, to_float, to_int
from storyboard.document.tree import ALIAS, MAP, SCALAR, SEQ, Node

_READ = {NULL: lambda _: None, BOOL: to_bool, INT: to_int, FLOAT: to_float, STR: str, MERGE: str}
_MISSING = object()


class Changes:
    """What an edit changes: values by the identity of the node that says them, keys added to or taken from mappings."""

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.added: dict[int, dict[Any, Any]] = {}
        self.removed: dict[int, set[Any]] = {}


def data_of(node: Node | None, changes: Changes | None = None) -> Any:
    """The data of a tree with changes made, aliases written out; equal to what the loader makes of the same text."""
    return _read(node, changes or Changes()) if node is not None else None


def _read(node: Node, changes: Changes) -> Any:
    if id(node) in changes.values:
        return changes.values[id(node)]
    if node.kind == ALIAS and node.target is not None:
        return _read(node.target, changes)
    if node.kind == SCALAR:
        return scalar_value(node)
    if node.kind == SEQ:
        return [_read(item, changes) for item in node.items]
    return _read_map(node, changes)


def _read_map(node: Node, changes: Changes) -> dict[Any, Any]:
    merged: dict[Any, Any] = {}
    own: dict[Any, Any] = {}
    for key, value in node.pairs:
        if key.kind == SCALAR and key.key() == MERGE:
            bases = value.content
            for base in [value] if bases.kind == MAP else reversed(bases.items):
                merged |= _read(base, changes)
        else:
            own[_read(key, changes)] = _read(value, changes)
    for key in changes.removed.get(id(node), ()):
        own.pop(key, None)
    return merged | own | changes.added.get(id(node), {})


def scalar_value(node: Node) -> Any:
    """What a scalar says."""
    tag = node.tag
    if tag in (None, "!"):
        tag = plain_tag(node.text) if not node.style and tag is None else STR
    elif tag not in _READ:
        tag = STR
    return _READ[tag or STR](node.text)


def same(left: Any, right: Any, *, loose_ends: bool = False) -> bool:
    """Whether two values are equal in kind and content; `loose_ends` overlooks line breaks at the end of texts."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(
            same(value, right[key], loose_ends=loose_ends) for key, value in left.items()
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(
            same(one, other, loose_ends=loose_ends) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    if isinstance(left, str) and loose_ends:
        return left.rstrip("\n") == right.rstrip("\n")
    return bool(left == right)
