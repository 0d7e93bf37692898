"""Whole shots inserted, deleted and moved, as proposals; EditRefused where none can be made."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from storyboard.document import flow
from storyboard.document.anchors import why_defined, with_definitions
from storyboard.document.edits import set_first
from storyboard.document.errors import EditRefused
from storyboard.document.items import NotOwnLine
from storyboard.document.lines import ends_line
from storyboard.document.moving import moves
from storyboard.document.nodes import direct_pair, is_empty
from storyboard.document.paths import line_of, refuse_index, refuse_odd, refuse_shared, root_of
from storyboard.document.placing import Place, additions
from storyboard.document.proposal import UNWRITABLE, End, Proposal
from storyboard.document.shots import deletions, insertions
from storyboard.document.starting import first_shot
from storyboard.document.tree import SEQ
from storyboard.document.wanted import Changes, data_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.document.layout import Layout
    from storyboard.document.splices import Splice

SHOTS = "shots"


def propose_insert(layout: Layout, index: int, mapping: dict[str, Any]) -> Proposal:
    """A new shot before the one at `index`; the list is made where it is missing."""
    refuse_odd(mapping)
    if not isinstance(mapping, dict):
        raise EditRefused("a shot is a mapping", 1)
    if layout.root is None or is_empty(layout.root):
        refuse_index(index, 1, 1)
        return set_first(layout, [SHOTS], [mapping])
    root = root_of(layout)
    pair = direct_pair(root, SHOTS)
    if pair is None:
        if root.child(SHOTS) is not None:
            raise EditRefused("`shots` is merged in from another place: change it there", 1)
        refuse_index(index, 1, 1)
        changes = Changes()
        changes.added[id(root)] = {SHOTS: [mapping]}
        return Proposal(data_of(root, changes), additions(layout, root, SHOTS, [mapping], at_end=True), 1)
    node, line = pair[1], line_of(layout, pair[1])
    refuse_shared(layout, [root, node], line)
    if is_empty(node):
        refuse_index(index, 1, line)
        changes = Changes()
        changes.values[id(node)] = [mapping]
        return Proposal(data_of(root, changes), first_shot(layout, root, pair, mapping), line)
    if node.kind != SEQ:
        raise EditRefused("`shots` is no list", line)
    refuse_index(index, len(node.items) + 1, line)
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
    if place.node.flow:
        ways: Iterable[list[Splice]] = [flow.take_out(layout, place.node, index)]
    else:
        ways = _own_lines(layout, deletions(layout, place, index))
    ways = with_definitions(layout, [leaving], ways)
    return Proposal(wanted, ways, line_of(layout, leaving), End.CHANGES, why_defined(layout))


def propose_move(layout: Layout, old: int, new: int) -> Proposal:
    """A shot put elsewhere; `new` is its index in the result."""
    node = _shots(layout, old).node
    line = line_of(layout, node.items[old])
    refuse_index(new, len(node.items), line)
    wanted = data_of(layout.root)
    wanted[SHOTS].insert(new, wanted[SHOTS].pop(old))
    if old == new:
        return Proposal(wanted, [[]], line)
    reason = UNWRITABLE
    if "*" in layout.text:
        reason = "an anchor (&) would come to stand below what repeats it (*)"
    elif not ends_line(layout.text):
        reason = "a text that ends with line breaks would end the file, which has none at its end: add one first"
    if node.flow:
        return Proposal(wanted, [flow.moved(layout, node, old, new)], line, reason=reason)
    return Proposal(wanted, _own_lines(layout, moves(layout, node, old, new)), line, End.CHANGES, reason)


def _shots(layout: Layout, index: int) -> Place:
    """The list of shots, in which there is one at `index`."""
    root = root_of(layout)
    key, node = direct_pair(root, SHOTS) or (None, None)
    if key is None or node is None or node.kind != SEQ:
        raise EditRefused("there is no list of shots", line_of(layout, key or root))
    line = line_of(layout, node)
    refuse_index(index, len(node.items), line)
    refuse_shared(layout, [root, node], line)
    return Place(node, key, root, root.flow)


def _own_lines(layout: Layout, ways: Iterator[list[Splice]]) -> Iterator[list[Splice]]:
    try:
        yield from ways
    except NotOwnLine as error:
        raise EditRefused(str(error), layout.line_number(error.index)) from None
