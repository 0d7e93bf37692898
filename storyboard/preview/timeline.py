"""The row of blocks, one a shot and as wide as its seconds, and the place of the playhead on it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from storyboard.preview.facts import clock
from storyboard.preview.plan import Box
from storyboard.preview.shapes import draw_rounded
from storyboard.preview.typeset import set_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from storyboard.preview.plan import Plan
    from storyboard.preview.runs import Colour
    from storyboard.preview.typefaces import Typefaces


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of the row."""

    block: Colour
    label: Colour
    faint: Colour
    current: Colour
    on_current: Colour


def blocks(row: Box, seconds: Sequence[int], gap: int) -> list[Box]:
    """One box a shot; a cut's place is exactly its share of the row, the gap is taken from the end of each block."""
    total = sum(seconds)
    edges = [row.left + round(row.width * at / total) for at in accumulate(seconds, initial=0)]
    return [
        Box(start, row.top, max(1, end - start - (gap if end < row.right else 0)), row.height)
        for start, end in pairwise(edges)
    ]


def playhead_at(row: Box, bar: int, frame: int, frames: int) -> int:
    """The bar's left column at a frame: at the row's start in the first one, at its end in the last."""
    return row.left + (row.width - bar) * frame // max(1, frames - 1)


def draw_timeline(
    canvas: Image.Image, plan: Plan, shots: Sequence[tuple[int, int]], current: int, *, inks: Inks, typefaces: Typefaces
) -> None:
    """Draw the shots, given as (number, seconds), with the one at place `current` marked, and the times of the cuts."""
    seconds = [length for _, length in shots]
    for place, box in enumerate(blocks(plan.timeline, seconds, plan.px(0.4))):
        fill, ink = (inks.current, inks.on_current) if place == current else (inks.block, inks.label)
        draw_rounded(canvas, box, plan.px(0.5), fill)
        label = set_line(str(shots[place][0]), typefaces, width=box.width, size=plan.px(2), heavy=True)
        left, top = box.left + (box.width - label.width) / 2, box.top + (box.height - label.height) / 2
        label.paint(canvas, left, top, label.width, ink)
    _draw_times(canvas, plan, seconds, current, inks=inks, typefaces=typefaces)


def _draw_times(
    canvas: Image.Image, plan: Plan, seconds: Sequence[int], current: int, *, inks: Inks, typefaces: Typefaces
) -> None:
    """Times under the cuts: the current shot's first, then start and end, then others where they do not touch."""
    times = list(accumulate(seconds, initial=0))
    own = {current, current + 1}
    taken: list[tuple[float, float]] = []
    row = plan.timeline
    for place in sorted(range(len(times)), key=lambda place: (place not in own, place not in {0, len(seconds)})):
        label = set_line(clock(times[place]), typefaces, width=row.width, size=plan.px(1.7))
        middle = row.left + row.width * times[place] / times[-1]
        left = min(max(middle - label.width / 2, row.left), row.right - label.width)
        if any(left < end + plan.unit and start < left + label.width + plan.unit for start, end in taken):
            continue
        taken.append((left, left + label.width))
        label.paint(canvas, left, row.bottom + plan.px(1.1), label.width, inks.label if place in own else inks.faint)
