"""Edits as proposals: the data that is wanted, and ways of writing it, best first."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from storyboard.document import flow
from storyboard.document.anchors import definitions_moved
from storyboard.document.errors import EditRefused
from storyboard.document.items import NotOwnLine
from storyboard.document.moving import moves
from storyboard.document.nodes import direct_pair, direct_pairs, is_empty, last_scalar, shared_nodes
from storyboard.document.placing import Place, additions, removals, replacements
from storyboard.document.shots import deletions, insertions
from storyboard.document.splices import Splice
from storyboard.document.starting import first_keys, first_shot
from storyboard.document.tree import ALIAS, MAP, SCALAR, SEQ, Node
from storyboard.document.wanted import Changes, Words, data_of, is_data, same, scalar_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storyboard.document.layout import Layout
    from storyboard.document.reading import Reading

SHOTS = "shots"


class End(Enum):
    """What an edit does to the value that ends the text."""

    STAYS = "stays or has something put behind it"
    WRITTEN = "is written anew"
    CHANGES = "is perhaps another one afterwards"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an edit should lead to, and ways of writing it."""

    wanted: Any
    ways: Iterable[list[Splice]]
    line: int
    end: End = End.STAYS
    """What becomes of the value that ends the text."""

    def is_met(self, before: Reading, after: Reading) -> bool:
        """Whether a text says exactly what is wanted."""
        return same(after.data, self.wanted, self._open_texts(before, after))

    def _open_texts(self, before: Reading, after: Reading) -> frozenset[str]:
        """Texts at the end of a file without final newline: libyaml takes the line break of a `|` from them."""
        if after.text.endswith("\n") or self.end is End.WRITTEN:
            return frozenset()
        lasts = [last_scalar(before.root), last_scalar(after.root) if self.end is End.CHANGES else None]
        return frozenset(last.text.rstrip("\n") for last in lasts if last is not None)


def propose_set(layout: Layout, path: Sequence[str | int], value: Any, *, adding: bool = True) -> Proposal:
    """A value put where a path leads; with `adding`, keys that are not there are added."""
    if not path:
        raise EditRefused("no place is named", 1)
    _refuse_odd(value)
    if (layout.root is None or is_empty(layout.root)) and adding:
        return _set_first(layout, path, value)
    parents, place = _walk(layout, path)
    if place is None and adding:
        return _add(layout, parents, path, value)
    if place is None:
        raise EditRefused("the value stands elsewhere, or nowhere", _line(layout, parents[-1]))
    node, line = place.node, _line(layout, place.node)
    value = _nested(path[len(parents) :], value, line)  # a way may end early, at null that becomes a mapping
    _refuse_shared(layout, [*parents, *([node] if node.kind in (MAP, SEQ) else [])], line)
    changes = Changes()
    changes.values[id(node)] = value
    end = End.WRITTEN if last_scalar(layout.root) is node else End.STAYS
    definitions = definitions_moved(layout, [node]) if node.kind in (MAP, SEQ) else []
    ways = (way + definitions for way in replacements(layout, place, value))
    return Proposal(data_of(layout.root, changes), ways, line, end)


def _add(layout: Layout, parents: list[Node], path: Sequence[str | int], value: Any) -> Proposal:
    parent, step = parents[-1], path[len(parents) - 1]
    line = _line(layout, parent)
    _refuse_shared(layout, parents, line)
    if parent.kind != MAP or not isinstance(step, str):
        raise EditRefused("there is no such place", line)
    value = _nested(path[len(parents) :], value, line)
    changes = Changes()
    changes.added[id(parent)] = {step: value}
    wanted = data_of(layout.root, changes)
    if len(parents) > 1 and not parent.pairs:
        place = _walk(layout, path[: len(parents) - 1])[1]
        if place is not None:
            return Proposal(wanted, replacements(layout, place, {step: value}), line)
    return Proposal(wanted, additions(layout, parent, step, value), line)


def _set_first(layout: Layout, path: Sequence[str | int], value: Any) -> Proposal:
    mapping = _nested(path, value, 1)
    return Proposal(mapping, first_keys(layout, mapping), 1)


def propose_trim(layout: Layout, path: Sequence[str | int]) -> Proposal:
    """Spaces and tabs taken off the ends of a text's lines; its words stay."""
    parents, place = _walk(layout, path) if path else ([], None)
    node = place.node if place is not None and len(parents) == len(path) else None
    if node is None or node.kind != SCALAR or not isinstance(scalar_value(node), str):
        raise EditRefused("there is no text, or it stands elsewhere", _line(layout, parents[-1]) if parents else 1)
    line = _line(layout, node)
    _refuse_shared(layout, parents, line)
    changes = Changes()
    changes.values[id(node)] = Words(node.text)
    splices = [Splice(start, end, "") for start, end in layout.ragged_ends(node)]
    return Proposal(data_of(layout.root, changes), [splices], line)


def _nested(steps: Sequence[str | int], value: Any, line: int) -> Any:
    """A value in the mappings that a path needs and that are not there."""
    for step in reversed(steps):
        if not isinstance(step, str):
            raise EditRefused("there is no such place", line)
        value = {step: value}
    return value


def propose_unset(layout: Layout, path: Sequence[str | int]) -> Proposal:
    """A key taken out with its value."""
    parents, place = _walk(layout, path) if path else ([], None)
    if place is None or place.key is None or len(parents) < len(path):
        raise EditRefused("there is no such key", _line(layout, parents[-1]) if parents else 1)
    line = _line(layout, place.key)
    _refuse_shared(layout, parents, line)
    changes = Changes()
    changes.removed[id(place.parent)] = {path[-1]}
    wanted = data_of(layout.root, changes)
    definitions = definitions_moved(layout, [value for _, value in direct_pairs(place.parent, path[-1])])
    ways = (way + definitions for way in removals(layout, place.parent, path[-1]))
    return Proposal(wanted, ways, line, end=End.CHANGES)


def propose_insert(layout: Layout, index: int, mapping: dict[str, Any]) -> Proposal:
    """A new shot before the one at `index`; the list is made where it is missing."""
    _refuse_odd(mapping)
    if layout.root is None or is_empty(layout.root):
        _refuse_index(index, 1, 1)
        return _set_first(layout, [SHOTS], [mapping])
    root = _root(layout)
    pair = direct_pair(root, SHOTS)
    if pair is None:
        _refuse_index(index, 1, 1)
        changes = Changes()
        changes.added[id(root)] = {SHOTS: [mapping]}
        return Proposal(data_of(root, changes), additions(layout, root, SHOTS, [mapping], at_end=True), 1)
    node, line = pair[1], _line(layout, pair[1])
    _refuse_shared(layout, [root, node], line)
    if is_empty(node):
        _refuse_index(index, 1, line)
        changes = Changes()
        changes.values[id(node)] = [mapping]
        return Proposal(data_of(root, changes), first_shot(layout, root, pair, mapping), line)
    if node.kind != SEQ:
        raise EditRefused("`shots` is no list", line)
    _refuse_index(index, len(node.items) + 1, line)
    wanted = data_of(root)
    wanted[SHOTS].insert(index, copy.deepcopy(mapping))
    if node.flow:
        sibling = node.items[max(index - 1, 0)]
        text = flow.mapping_like(layout, sibling, mapping)
        return Proposal(wanted, [flow.put_in(layout, node, index, text)], line)
    return Proposal(wanted, _own_lines(layout, insertions(layout, node, index, mapping)), line)


def propose_delete(layout: Layout, index: int) -> Proposal:
    """A shot taken out."""
    place = _shots(layout, index)
    leaving = place.node.items[index]
    wanted = data_of(layout.root)
    wanted[SHOTS].pop(index)
    definitions = definitions_moved(layout, [leaving])
    if place.node.flow:
        ways: Iterable[list[Splice]] = [flow.take_out(layout, place.node, index)]
    else:
        ways = _own_lines(layout, deletions(layout, place, index))
    return Proposal(wanted, (way + definitions for way in ways), _line(layout, leaving), end=End.CHANGES)


def propose_move(layout: Layout, old: int, new: int) -> Proposal:
    """A shot put elsewhere; `new` is its index in the result."""
    node = _shots(layout, old).node
    line = _line(layout, node.items[old])
    _refuse_index(new, len(node.items), line)
    wanted = data_of(layout.root)
    wanted[SHOTS].insert(new, wanted[SHOTS].pop(old))
    if old == new:
        return Proposal(wanted, [[]], line)
    if node.flow:
        return Proposal(wanted, [flow.moved(layout, node, old, new)], line)
    return Proposal(wanted, _own_lines(layout, moves(layout, node, old, new)), line, end=End.CHANGES)


def _root(layout: Layout) -> Node:
    if layout.root is None or layout.root.kind != MAP:
        raise EditRefused("the document is not a mapping", 1)
    return layout.root


def _walk(layout: Layout, path: Sequence[str | int]) -> tuple[list[Node], Place | None]:
    """The collections on the way, and the value at its end; None where a key or item is missing.

    A way that ends early at nothing (`cast:`) has that as its end.
    """
    parents: list[Node] = [_root(layout)]
    in_flow = False
    for index, step in enumerate(path):
        parent = parents[-1]
        in_flow = in_flow or parent.flow
        key, node = None, None
        if parent.kind == MAP:
            key, node = direct_pair(parent, step) or (None, None)
        elif isinstance(step, int) and 0 <= step < len(parent.items):
            node = parent.items[step]
        if node is None:
            return parents, None
        if index == len(path) - 1 or (node.kind == SCALAR and is_empty(node)):
            return parents, Place(node, key, parent, in_flow)
        if node.kind == ALIAS:
            raise EditRefused(f"the value stands in *{node.text}, which repeats another place", _line(layout, node))
        if node.kind == SCALAR:
            raise EditRefused("there is no mapping or list on the way", _line(layout, node))
        parents.append(node)
    raise AssertionError("a path has a last step")


def _refuse_shared(layout: Layout, nodes: list[Node], line: int) -> None:
    if "*" not in layout.text:
        return
    shared = shared_nodes(_root(layout))
    if any(id(node) in shared for node in nodes):
        raise EditRefused("the value stands in a part that aliases repeat elsewhere", line)


def _refuse_odd(value: Any) -> None:
    if not is_data(value):
        raise EditRefused("only texts, numbers, true, false, null, lists and mappings can be written, not too deep", 1)


def _refuse_index(index: int, count: int, line: int) -> None:
    if not 0 <= index < count:
        raise EditRefused(f"there is no place {index} in this list", line)


def _shots(layout: Layout, index: int) -> Place:
    """The list of shots, in which there is one at `index`."""
    root = _root(layout)
    key, node = direct_pair(root, SHOTS) or (None, None)
    if key is None or node is None or node.kind != SEQ:
        raise EditRefused("there is no list of shots", _line(layout, key or root))
    line = _line(layout, node)
    _refuse_index(index, len(node.items), line)
    _refuse_shared(layout, [root, node], line)
    return Place(node, key, root, root.flow)


def _own_lines(layout: Layout, ways: Iterator[list[Splice]]) -> Iterator[list[Splice]]:
    try:
        yield from ways
    except NotOwnLine as error:
        raise EditRefused(str(error), layout.line_number(error.index)) from None


def _line(layout: Layout, node: Node) -> int:
    return layout.line_number(node.start)
