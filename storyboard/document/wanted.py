"""The data that an edit should lead to, and whether that is what came of it."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

from storyboard.document.tree import ALIAS, DEPTH_LIMIT, MAP, SCALAR, SEQ, Node


@dataclass(frozen=True, slots=True)
class Words:
    """Wanted in the place of a text: any text of the same words, whatever white space stands between them."""

    text: str


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
        return copy.deepcopy(changes.values[id(node)])
    if node.kind == SCALAR:
        return node.value
    if node.kind == ALIAS and node.target is not None:
        return _read(node.target, changes)
    if node.kind == SEQ:
        return [_read(item, changes) for item in node.items]
    return _read_map(node, changes)


def _read_map(node: Node, changes: Changes) -> dict[Any, Any]:
    merged: dict[Any, Any] = {}
    own: dict[Any, Any] = {}
    for key, value in node.pairs:
        if key.merges:
            bases = value.content
            for base in [value] if bases.kind == MAP else reversed(bases.items):
                merged |= _read(base, changes)
        else:
            own[_read(key, changes)] = _read(value, changes)
    for key in changes.removed.get(id(node), ()):
        own.pop(key, None)
    if id(node) in changes.added:
        own |= copy.deepcopy(changes.added[id(node)])
    return merged | own if merged else own


def is_data(value: Any, levels: int = DEPTH_LIMIT) -> bool:
    """Whether a value is made of what YAML can say: dicts, lists, texts, numbers, booleans and null, not too deep."""
    if isinstance(value, dict):
        inner = [*value, *value.values()]
    elif isinstance(value, list):
        inner = value
    else:
        return value is None or type(value) in (str, int, float, bool)
    return levels > 0 and all(is_data(one, levels - 1) for one in inner)


def same(found: Any, wanted: Any, gains: str | None = None, loses: str | None = None) -> bool:
    """Whether a value is the wanted one in kind and content.

    The text `gains` may have gained line breaks at its end, the text `loses` lost them.
    """
    if type(found) is not type(wanted):
        return isinstance(wanted, Words) and isinstance(found, str) and found.split() == wanted.text.split()
    if isinstance(found, dict):
        return found.keys() == wanted.keys() and all(
            same(value, wanted[key], gains, loses) for key, value in found.items()
        )
    if isinstance(found, list):
        return len(found) == len(wanted) and all(
            same(one, other, gains, loses) for one, other in zip(found, wanted, strict=True)
        )
    if isinstance(found, float) and math.isnan(found):
        return math.isnan(wanted)
    if found != wanted and isinstance(found, str):
        body = found.rstrip("\n")
        return body == wanted.rstrip("\n") and body == (gains if len(found) > len(wanted) else loses)
    return bool(found == wanted)
