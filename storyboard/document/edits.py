"""Edits as proposals: the data that is wanted, and ways of writing it, best first."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.document.flow_items import flow_deletions, flow_insertions, flow_moves
from storyboard.document.items import NotOwnLine
from storyboard.document.layout import Layout, anchored_collections, direct_pair
from storyboard.document.placing import Splice, additions, removals, replacements
from storyboard.document.scalars import flow_text
from storyboard.document.shots import deletions, insertions, lines_of_mapping, moves, with_anchors_moved
from storyboard.document.tree import ALIAS, MAP, SEQ, Node
from storyboard.document.wanted import Changes, data_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHOTS = "shots"


class EditRefused(ValueError):
    """An edit that cannot be made without touching anything else; nothing was changed."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an edit should lead to, and ways of writing it."""

    wanted: Any
    ways: Iterable[list[Splice]]
    line: int


def propose_set(layout: Layout, path: Sequence[str | int], value: Any) -> Proposal:
    """A value put where a path leads; a key that is not there is added."""
    parents, node, key = _walk(layout, path)
    line = _line(layout, node or parents[-1])
    _refuse_shared(layout, [*parents, *([node] if node is not None and node.kind in (MAP, SEQ) else [])], line)
    changes = Changes()
    if node is None:
        parent, step = parents[-1], path[len(parents) - 1]
        if parent.kind != MAP or not isinstance(step, str):
            raise EditRefused("there is no such place", line)
        for inner in reversed(path[len(parents) :]):
            value = {inner: value}
        changes.added[id(parent)] = {step: value}
        return Proposal(_wanted(layout, changes), additions(layout, parent, step, value), line)
    target = node
    changes.values[id(target)] = value
    flow = any(parent.flow for parent in parents)
    spot = layout.spot(parents[-1], key, in_flow=flow)
    return Proposal(_wanted(layout, changes), replacements(layout, node, spot, value), line)


def propose_unset(layout: Layout, path: Sequence[str | int]) -> Proposal:
    """A key taken out with its value."""
    parents, node, key = _walk(layout, path)
    line = _line(layout, key or parents[-1])
    if node is None or key is None or not isinstance(path[-1], str):
        raise EditRefused("there is no such key", line)
    _refuse_shared(layout, parents, line)
    changes = Changes()
    changes.removed[id(parents[-1])] = {path[-1]}
    return Proposal(_wanted(layout, changes), removals(layout, parents[-1], path[-1]), line)


def propose_insert(layout: Layout, index: int, mapping: dict[str, Any]) -> Proposal:
    """A new shot before the one at `index`; the list is made where it is missing."""
    root = _root(layout)
    pair = direct_pair(root, SHOTS)
    data = data_of(root)
    if pair is None:
        data[SHOTS] = [mapping]
        return Proposal(data, _new_list(layout, root, mapping), 1)
    node = pair[1]
    line = _line(layout, node)
    if node.kind == SEQ and node.items:
        _refuse_shared(layout, [root, node], line)
        _refuse_index(index, len(node.items) + 1, line)
        data[SHOTS].insert(index, mapping)
        inserted = flow_insertions if node.flow else insertions
        return Proposal(data, _own_lines(inserted(layout, node, index, mapping), layout), line)
    if data[SHOTS] not in (None, []):
        raise EditRefused("`shots` is no list", line)
    data[SHOTS] = [mapping]
    return Proposal(data, _first_shot(layout, root, pair, mapping), line)


def propose_delete(layout: Layout, index: int) -> Proposal:
    """A shot taken out."""
    key, node, data = _shots(layout, index)
    data[SHOTS].pop(index)
    if node.flow:
        ways: Iterable[list[Splice]] = flow_deletions(layout, node, index)
    else:
        ways = _own_lines(deletions(layout, node, index, key), layout)
    with_anchors = (with_anchors_moved(layout, node, index, splices) for splices in ways)
    return Proposal(data, with_anchors, _line(layout, node.items[index]))


def propose_move(layout: Layout, old: int, new: int) -> Proposal:
    """A shot put elsewhere; `new` is its index in the result."""
    _, node, data = _shots(layout, old)
    line = _line(layout, node.items[old])
    _refuse_index(new, len(node.items), line)
    data[SHOTS].insert(new, data[SHOTS].pop(old))
    moved = flow_moves if node.flow else moves
    return Proposal(data, _own_lines(moved(layout, node, old, new), layout), line)


def _wanted(layout: Layout, changes: Changes) -> Any:
    return copy.deepcopy(data_of(layout.root, changes))


def _root(layout: Layout) -> Node:
    if layout.root is None or layout.root.kind != MAP:
        raise EditRefused("the document is not a mapping", 1)
    return layout.root


def _walk(layout: Layout, path: Sequence[str | int]) -> tuple[list[Node], Node | None, Node | None]:
    """The collections on the way, the node at the end and its key; None where the way ends early."""
    if not path:
        raise EditRefused("no place is named", 1)
    parents: list[Node] = [_root(layout)]
    for index, step in enumerate(path):
        parent = parents[-1]
        key, node = None, None
        if parent.kind == MAP:
            key, node = direct_pair(parent, step) or (None, None)
        elif parent.kind == SEQ and isinstance(step, int) and 0 <= step < len(parent.items):
            node = parent.items[step]
        if node is None or index == len(path) - 1:
            return parents, node, key
        if node.kind == ALIAS:
            raise EditRefused(f"the value stands in *{node.text}, which repeats another place", _line(layout, node))
        if node.kind not in (MAP, SEQ):
            raise EditRefused("there is no mapping or list on the way", _line(layout, node))
        parents.append(node)
    raise AssertionError("a path has a last step")


def _refuse_shared(layout: Layout, nodes: list[Node], line: int) -> None:
    shared = anchored_collections(_root(layout))
    if any(id(node) in shared for node in nodes):
        raise EditRefused("the value stands in a part that aliases repeat elsewhere", line)


def _refuse_index(index: int, count: int, line: int) -> None:
    if not 0 <= index < count:
        raise EditRefused(f"there is no place {index} in this list", line)


def _shots(layout: Layout, index: int) -> tuple[Node, Node, dict[str, Any]]:
    root = _root(layout)
    pair = direct_pair(root, SHOTS)
    if pair is None or pair[1].kind != SEQ:
        raise EditRefused("there is no list of shots", 1 if pair is None else _line(layout, pair[1]))
    _refuse_index(index, len(pair[1].items), _line(layout, pair[1]))
    _refuse_shared(layout, [root, pair[1]], _line(layout, pair[1]))
    return pair[0], pair[1], data_of(root)


def _own_lines(ways: Iterator[list[Splice]], layout: Layout) -> Iterator[list[Splice]]:
    try:
        yield from ways
    except NotOwnLine as error:
        raise EditRefused(str(error), layout.text.count("\n", 0, error.index) + 1) from None


def _new_list(layout: Layout, root: Node, mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """A list of one shot under a key of its own, at the end of the mapping."""
    if root.flow or not root.pairs:
        yield from additions(layout, root, SHOTS, [mapping])
        return
    column = layout.map_column(root)
    last = root.pairs[-1]
    end = layout.line_end(max(layout.content_end(last[1]), last[0].end))
    for lines in _shot_lines(layout, mapping, column):
        text = layout.newline.join([" " * column + SHOTS + ":", *lines])
        yield [Splice(end, end, layout.newline + text)]


def _first_shot(layout: Layout, root: Node, pair: tuple[Node, Node], mapping: dict[str, Any]) -> Iterator[list[Splice]]:
    """The first item of a list that is empty or null so far."""
    key, node = pair
    if root.flow:
        yield [Splice(node.start, node.end, ("" if node.end > node.start else " ") + flow_text([mapping]))]
        return
    colon = layout.text.index(":", key.end) + 1
    end = layout.line_end(max(node.end, colon)) if node.end > node.start else layout.line_end(colon)
    for lines in _shot_lines(layout, mapping, layout.map_column(root)):
        added = Splice(end, end, layout.newline + layout.newline.join(lines))
        if node.end > node.start:
            yield [Splice(colon, node.end, ""), added]
        else:
            yield [added]


def _shot_lines(layout: Layout, mapping: dict[str, Any], column: int) -> Iterator[list[str]]:
    dash = column + layout.step()
    yield from lines_of_mapping(layout, None, mapping, dash, dash + 2)


def _line(layout: Layout, node: Node) -> int:
    return layout.text.count("\n", 0, node.start) + 1
