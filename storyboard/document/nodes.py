"""Questions about a tree's nodes that need no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.document.loader import NULL, plain_tag
from storyboard.document.tree import ALIAS, SCALAR, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

Pair = tuple[Node, Node]


def children(node: Node) -> list[Node]:
    """The nodes directly in a collection, keys among them, in the order of the text."""
    return node.items or [part for pair in node.pairs for part in pair]


def all_nodes(root: Node | None) -> Iterator[Node]:
    """A node and everything in it, in the order of the text; an alias is one node."""
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        yield node
        if node.kind != SCALAR:
            stack += reversed(children(node))


def direct_pair(node: Node, step: str | int) -> Pair | None:
    """The pair of a mapping with this key, the last of equal ones; merged keys are not the mapping's own."""
    return next(reversed(direct_pairs(node, step)), None)


def direct_pairs(node: Node, step: str | int) -> list[Pair]:
    """All pairs of a mapping with this key: more than one where it is given twice."""
    return [(key, value) for key, value in node.pairs if _is_key(key.content, step)]


def _is_key(key: Node, step: str | int) -> bool:
    if isinstance(step, str) and key.text != step:
        return False
    found = key.value
    return found == step and type(found) is type(step) and not key.merges


def is_empty(node: Node) -> bool:
    """Whether a node is null as if nothing stood there, `{}` or `[]`."""
    if node.kind == SCALAR:
        return not node.style and node.tag is None and plain_tag(node.text) == NULL
    return node.kind != ALIAS and not children(node)


def shared_nodes(root: Node) -> set[int]:
    """Identities of collections that aliases repeat, and of everything in them."""
    repeated = [node.target for node in all_nodes(root) if node.kind == ALIAS]
    return {id(inner) for target in repeated if target and target.kind != SCALAR for inner in all_nodes(target)}


def last_scalar(root: Node | None) -> Node | None:
    """The scalar that ends the document, None where it ends with something else."""
    node = root
    while node is not None and node.kind not in (SCALAR, ALIAS):
        node = next(reversed(children(node)), None)
    return node if node is not None and node.kind == SCALAR else None
