"""Where an edit's path leads, and what forbids an edit there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.errors import EditRefused
from storyboard.document.nodes import direct_pair, is_empty, shared_nodes
from storyboard.document.placing import Place
from storyboard.document.tree import ALIAS, MAP, SCALAR, Node
from storyboard.document.wanted import is_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.document.layout import Layout


def walk(layout: Layout, path: Sequence[str | int]) -> tuple[list[Node], Place | None]:
    """The collections on the way, and the value at its end; None where a key or item is missing.

    A way that ends early at nothing (`cast:`) has that as its end. EditRefused where an alias or a scalar stands on it.
    """
    parents: list[Node] = [root_of(layout)]
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
            raise EditRefused(f"the value stands in *{node.text}, which repeats another place", line_of(layout, node))
        if node.kind == SCALAR:
            raise EditRefused("there is no mapping or list on the way", line_of(layout, node))
        parents.append(node)
    raise AssertionError("a path has a last step")


def root_of(layout: Layout) -> Node:
    """The mapping that the document is; EditRefused where it is something else."""
    if layout.root is None or layout.root.kind != MAP:
        raise EditRefused("the document is not a mapping", 1)
    return layout.root


def line_of(layout: Layout, node: Node) -> int:
    """The line, from 1, on which a node begins."""
    return layout.line_number(node.start)


def refuse_shared(layout: Layout, nodes: list[Node], line: int) -> None:
    """Raises EditRefused where an alias repeats any of these collections: the edit would change that place, too."""
    if "*" not in layout.text:
        return
    shared = shared_nodes(root_of(layout))
    if any(id(node) in shared for node in nodes):
        raise EditRefused("the value stands in a part that aliases repeat elsewhere", line)


def refuse_odd(value: Any) -> None:
    """Raises EditRefused for a value that YAML cannot say."""
    if not is_data(value):
        raise EditRefused("only texts, numbers, true, false, null, lists and mappings can be written, not too deep", 1)


def refuse_index(index: int, count: int, line: int) -> None:
    """Raises EditRefused for an index, from 0, that a list of so many places does not have."""
    if not 0 <= index < count:
        raise EditRefused(f"there is no place {index} in this list", line)
