"""Anchors whose definition goes away: the first place that repeats them becomes their definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.document.nodes import all_nodes
from storyboard.document.proposal import UNWRITABLE
from storyboard.document.scalars import Spot, writings
from storyboard.document.splices import Splice
from storyboard.document.tree import ALIAS, SCALAR, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.document.layout import Layout

_NAME = re.compile(r"&[^ \t\r\n,\[\]{}]+")


def definitions_moved(layout: Layout, leaving: list[Node]) -> list[list[Splice]]:
    """Ways of putting definitions in leaving nodes in the place of the first alias elsewhere; of scalars only."""
    moved = list(_first_aliases(layout, leaving))
    as_it_stands = [Splice(alias.start, alias.end, _definition(layout, alias)) for alias in moved]
    on_one_line = [Splice(alias.start, alias.end, _on_one_line(layout, alias)) for alias in moved]
    return [as_it_stands, on_one_line] if moved else [[]]


def _first_aliases(layout: Layout, leaving: list[Node]) -> Iterator[Node]:
    """The first alias outside of each scalar in leaving nodes that others repeat."""
    inside = {id(node) for one in leaving for node in all_nodes(one)}
    given: set[int] = set()
    for alias in all_nodes(layout.root):
        target = alias.target
        if alias.kind != ALIAS or target is None or id(alias) in inside or id(target) not in inside:
            continue
        if target.kind == SCALAR and id(target) not in given:
            given.add(id(target))
            yield alias


def _definition(layout: Layout, alias: Node) -> str:
    target = alias.content
    text = layout.text[target.start : layout.content_end(target)]
    return text if "\n" not in text and "\r" not in text else _on_one_line(layout, alias)


def _on_one_line(layout: Layout, alias: Node) -> str:
    target = alias.content
    name = _NAME.search(layout.text, target.start)
    value = next(writings(target.value, Spot(0, flow=True), None))
    return f"{name[0] if name else ''} {value.head}"


def with_definitions(layout: Layout, leaving: list[Node], ways: Iterable[list[Splice]]) -> Iterator[list[Splice]]:
    """Each way with what leaving nodes define put where it is repeated first."""
    definitions = definitions_moved(layout, leaving)
    for way in ways:
        for moved in definitions:
            yield way + moved


def why_defined(layout: Layout) -> str:
    """Why nothing can be taken out, in words: perhaps because an alias needs it."""
    if "*" in layout.text:
        return "it defines an anchor (&) that is repeated elsewhere (*): change that place first"
    return UNWRITABLE
