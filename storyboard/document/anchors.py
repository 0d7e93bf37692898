"""Anchors whose definition goes away: the first place that repeats them becomes their definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.document.nodes import all_nodes
from storyboard.document.scalars import Spot, writings
from storyboard.document.splices import Splice
from storyboard.document.tree import ALIAS, SCALAR, Node

if TYPE_CHECKING:
    from storyboard.document.layout import Layout

_NAME = re.compile(r"&[^ \t\r\n,\[\]{}]+")


def definitions_moved(layout: Layout, leaving: list[Node]) -> list[Splice]:
    """Definitions in leaving nodes, put in the place of the first alias elsewhere; of scalars only."""
    inside = {id(node) for one in leaving for node in all_nodes(one)}
    given: set[int] = set()
    splices: list[Splice] = []
    for alias in all_nodes(layout.root):
        target = alias.target
        if alias.kind != ALIAS or target is None or id(alias) in inside or id(target) not in inside:
            continue
        if target.kind == SCALAR and id(target) not in given:
            given.add(id(target))
            splices.append(Splice(alias.start, alias.end, _definition(layout, target)))
    return splices


def _definition(layout: Layout, target: Node) -> str:
    if target.style not in ("|", ">"):
        return layout.text[target.start : layout.content_end(target)]
    name = _NAME.search(layout.text, target.start)
    on_one_line = next(writings(target.text, Spot(0, flow=True), None))
    return f"{name[0] if name else ''} {on_one_line.head}"
