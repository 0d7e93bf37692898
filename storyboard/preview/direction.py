"""The order in which a line's parts stand when some of it is written from right to left (UAX 9 without embeddings)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar
from unicodedata import bidirectional

if TYPE_CHECKING:
    from collections.abc import Sequence

_Part = TypeVar("_Part")
_NUMBERS = frozenset(("EN", "AN"))


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    for character in text:
        kind = bidirectional(character)
        if kind in {"R", "AL", "L"}:
            return kind != "L"
    return False


def levels(clusters: Sequence[str], *, right_to_left: bool) -> list[int]:
    """One level a cluster: even runs to the right, odd to the left, numbers in right-to-left text one deeper."""
    base = int(right_to_left)
    kinds = _settle_neutrals(_settle_weak([_kind(cluster) for cluster in clusters], base), base)
    result = [_level(kind, base) for kind in kinds]
    for place in range(len(clusters) - 1, -1, -1):
        if bidirectional(clusters[place][0]) != "WS":
            break
        result[place] = base
    return result


def in_visual_order(parts: Sequence[_Part], part_levels: Sequence[int]) -> list[_Part]:
    """The parts of a line, each with its level, from left to right."""
    order = list(range(len(parts)))
    for level in range(max(part_levels, default=0), 0, -1):
        turned: list[int] = []
        for deep, group in groupby(order, [part_level >= level for part_level in part_levels].__getitem__):
            run = list(group)
            turned += reversed(run) if deep else run
        order = turned
    return [parts[place] for place in order]


def _kind(cluster: str) -> str:
    kind = bidirectional(cluster[0]) or "L"
    return kind if kind in {"L", "R", "AL", "EN", "AN", "ES", "ET", "CS", "NSM"} else "ON"


def _settle_weak(kinds: list[str], base: int) -> list[str]:
    """Digits, their separators and orphaned marks, by what stands before and after them (rules W1 to W7)."""
    strong = before = "R" if base else "L"
    settled: list[str] = []
    for place, found in enumerate(kinds):
        kind = before if found == "NSM" else found
        if kind == "EN" and strong == "AL":
            kind = "AN"
        following = kinds[place + 1] if place + 1 < len(kinds) else ""
        if (kind in {"ES", "CS"} and before == following == "EN") or (kind == "ET" and "EN" in {before, following}):
            kind = "EN"
        if kind in {"L", "R", "AL"}:
            strong = kind
        settled.append(kind)
        before = kind
    strong = "R" if base else "L"
    for place, kind in enumerate(settled):
        if kind in {"L", "R", "AL"}:
            strong = settled[place] = "R" if kind == "AL" else kind
        elif kind == "EN" and strong == "L":
            settled[place] = "L"
        elif kind not in _NUMBERS:
            settled[place] = "ON"
    return settled


def _settle_neutrals(kinds: list[str], base: int) -> list[str]:
    """Spaces and signs take the direction of both neighbours, or of the paragraph where these differ (N1, N2)."""
    outside = "R" if base else "L"
    before = outside
    settled: list[str] = []
    place = 0
    for kind, group in groupby(kinds):
        run = list(group)
        place += len(run)
        if kind == "ON":
            following = kinds[place] if place < len(kinds) else outside
            following = "R" if following in _NUMBERS else following
            run = [before if before == following else outside] * len(run)
        else:
            before = "R" if kind in _NUMBERS else kind
        settled += run
    return settled


def _level(kind: str, base: int) -> int:
    if kind == "R":
        return 1
    if kind in _NUMBERS:
        return 2
    return 2 * base
