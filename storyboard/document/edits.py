"""Values set, trimmed and taken out, and keys renamed, as proposals; EditRefused where none can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.anchors import why_defined, with_definitions
from storyboard.document.errors import EditRefused
from storyboard.document.inplace import in_place
from storyboard.document.nodes import direct_pairs, is_empty, last_scalar
from storyboard.document.paths import line_of, refuse_odd, refuse_shared, walk
from storyboard.document.placing import additions, removals, replacements
from storyboard.document.proposal import End, Proposal
from storyboard.document.scalars import Spot, writings
from storyboard.document.splices import Splice
from storyboard.document.starting import first_keys
from storyboard.document.tree import MAP, SCALAR, SEQ, Node
from storyboard.document.wanted import Changes, Words, data_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.document.layout import Layout
    from storyboard.document.placing import Place


def propose_set(layout: Layout, path: Sequence[str | int], value: Any, *, adding: bool = True) -> Proposal:
    """A value put where a path leads; with `adding`, keys that are not there are added."""
    if not path:
        raise EditRefused("no place is named", 1)
    refuse_odd(value)
    if (layout.root is None or is_empty(layout.root)) and adding:
        return set_first(layout, path, value)
    parents, place = walk(layout, path)
    if place is None and adding:
        return _add(layout, parents, path, value)
    if place is None:
        raise EditRefused("the value stands elsewhere, or nowhere", line_of(layout, parents[-1]))
    node, line = place.node, line_of(layout, place.node)
    value = _nested(path[len(parents) :], value, line)  # a way may end early, at null that becomes a mapping
    refuse_shared(layout, [*parents, *([node] if node.kind in (MAP, SEQ) else [])], line)
    changes = Changes()
    changes.values[id(node)] = value
    try:
        wanted = data_of(layout.root, changes)
    except TypeError:
        raise EditRefused("the value is repeated as a key, which takes no list or mapping", line) from None
    end = End.WRITTEN if last_scalar(layout.root) is node else End.STAYS
    ways = replacements(layout, place, value)
    if node.kind in (MAP, SEQ):
        ways = with_definitions(layout, [node], ways)
    return Proposal(wanted, ways, line, end)


def _add(layout: Layout, parents: list[Node], path: Sequence[str | int], value: Any) -> Proposal:
    parent, step = parents[-1], path[len(parents) - 1]
    line = line_of(layout, parent)
    refuse_shared(layout, parents, line)
    if parent.kind != MAP or not isinstance(step, str):
        stands = "a list stands where the path leads to a key" if parent.kind == SEQ else "there is no such place"
        raise EditRefused(stands, line)
    if len(path) > len(parents) and parent.child(step) is not None:
        raise EditRefused(f"`{step}` is merged in from another place: change it there", line)
    value = _nested(path[len(parents) :], value, line)
    changes = Changes()
    changes.added[id(parent)] = {step: value}
    wanted = data_of(layout.root, changes)
    if len(parents) > 1 and not parent.pairs:
        place = walk(layout, path[: len(parents) - 1])[1]
        if place is not None:
            return Proposal(wanted, replacements(layout, place, {step: value}), line)
    return Proposal(wanted, additions(layout, parent, step, value), line)


def set_first(layout: Layout, path: Sequence[str | int], value: Any) -> Proposal:
    """The first key of a document that says nothing yet."""
    mapping = _nested(path, value, 1)
    return Proposal(mapping, first_keys(layout, mapping), 1)


def propose_trim(layout: Layout, path: Sequence[str | int]) -> Proposal:
    """Spaces and tabs taken off the ends of a text's lines; its words stay."""
    parents, place = walk(layout, path) if path else ([], None)
    node = place.node if place is not None and len(parents) == len(path) else None
    if node is None or node.kind != SCALAR or not isinstance(node.value, str):
        raise EditRefused("there is no text, or it stands elsewhere", line_of(layout, parents[-1]) if parents else 1)
    line = line_of(layout, node)
    refuse_shared(layout, parents, line)
    changes = Changes()
    changes.values[id(node)] = Words(node.text)
    splices = [Splice(start, end, "") for start, end in layout.ragged_ends(node)]
    return Proposal(data_of(layout.root, changes), [splices], line)


def propose_unset(layout: Layout, path: Sequence[str | int]) -> Proposal:
    """A key taken out with its value."""
    place, _, line = _key_at(layout, path)
    changes = Changes()
    changes.removed[id(place.parent)] = {path[-1]}
    if place.parent.merged_child(path[-1]) is not None:
        raise EditRefused(f"`{path[-1]}` is merged in from another place too, and would still be there", line)
    wanted = data_of(layout.root, changes)
    leaving = [value for _, value in direct_pairs(place.parent, path[-1])]
    ways = with_definitions(layout, leaving, removals(layout, place.parent, path[-1]))
    return Proposal(wanted, ways, line, End.CHANGES, why_defined(layout))


def propose_rename(layout: Layout, path: Sequence[str | int], name: str) -> Proposal:
    """A key called otherwise; its place, its value and what is said about it stay."""
    place, key, line = _key_at(layout, path)
    if place.parent.child(name) is not None:
        raise EditRefused(f"there is a key `{name}` already", line)
    changes = Changes()
    changes.values[id(key)] = name
    wanted = data_of(layout.root, changes)
    return Proposal(wanted, _key_ways(layout, key, name), line)


def _key_ways(layout: Layout, key: Node, name: str) -> Iterator[list[Splice]]:
    if key.style in ("'", '"') and (name[:1] == key.text[:1] or name[-1:] == key.text[-1:]):
        yield from in_place(layout, key, name, 0, flow=True)
    for way in writings(name, Spot(0, flow=True), None):
        yield [Splice(key.start, key.end, way.head)]


def _key_at(layout: Layout, path: Sequence[str | int]) -> tuple[Place, Node, int]:
    """The value at a path with its key, which no alias repeats, and the key's line."""
    parents, place = walk(layout, path) if path else ([], None)
    if place is None or place.key is None or len(parents) < len(path):
        raise EditRefused("there is no such key", line_of(layout, parents[-1]) if parents else 1)
    line = line_of(layout, place.key)
    refuse_shared(layout, parents, line)
    return place, place.key, line


def _nested(steps: Sequence[str | int], value: Any, line: int) -> Any:
    """A value in the mappings that a path needs and that are not there."""
    for step in reversed(steps):
        if not isinstance(step, str):
            raise EditRefused("there is no such place", line)
        value = {step: value}
    return value
