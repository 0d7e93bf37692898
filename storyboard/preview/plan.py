"""Where everything on a card stands, for every aspect: boxes in pixels, nothing drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in whole pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond the box."""
        return self.top + self.height

    def split_left(self, width: int, gap: int) -> tuple[Box, Box]:
        """A part of `width` at the left, and the rest after a gap."""
        rest = width + gap
        return Box(self.left, self.top, width, self.height), Box(
            self.left + rest, self.top, self.width - rest, self.height
        )

    def split_top(self, height: int, gap: int) -> tuple[Box, Box]:
        """A part of `height` at the top, and the rest after a gap."""
        rest = height + gap
        return Box(self.left, self.top, self.width, height), Box(
            self.left, self.top + rest, self.width, self.height - rest
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of one card; `unit` is the module, 10 pixels at 720p, that type sizes and gaps are counted in."""

    unit: float
    header: Box
    number: Box
    facts: Box
    text: Box
    picture: Box | None
    timeline: Box
    """The row of blocks; the playhead stands out above and below it by one unit."""

    def px(self, units: float) -> int:
        """Whole pixels, at least one."""
        return max(1, round(units * self.unit))


def plan_card(width: int, height: int, *, picture: bool) -> Plan:
    """The plan for a card of this size in pixels, with or without room for a sharp picture."""
    unit = min(width / 72, height / 72, math.sqrt(width * height) / 96)

    def px(units: float) -> int:
        return max(1, round(units * unit))

    margin = px(5.6)
    inside = Box(margin, px(5), width - 2 * margin, height - px(5) - px(5.2))
    header = Box(inside.left, inside.top, inside.width, px(3.2))
    timeline = Box(inside.left, inside.bottom - px(3.4) - px(4.4), inside.width, px(4.4))
    top, bottom = header.bottom + px(5), timeline.top - px(5)
    main = Box(inside.left, top, inside.width, bottom - top)
    number, facts, text, frame = (_wide if width >= 1.2 * height else _tall)(main, px(1), picture=picture)
    return Plan(unit, header, number, facts, text, frame, timeline)


def _wide(main: Box, unit: int, *, picture: bool) -> tuple[Box, Box, Box, Box | None]:
    """Number and facts at the left of the text; with a picture, above the text and the picture at the right."""
    if not picture:
        side, text = main.split_left(21 * unit, 4 * unit)
        number, facts = side.split_top(17 * unit, 3 * unit)
        return number, facts, text, None
    words, frame = main.split_left(main.width * 44 // 100, 4 * unit)
    head, text = words.split_top(11 * unit, 3 * unit)
    number, facts = head.split_left(11 * unit, 2 * unit)
    return number, facts, text, frame


def _tall(main: Box, unit: int, *, picture: bool) -> tuple[Box, Box, Box, Box | None]:
    """Number with the facts beside it, then the text; a picture stands at the right, and the facts below the number."""
    if not picture:
        head, text = main.split_top(13 * unit, 5 * unit)
        number, facts = head.split_left(13 * unit, 2 * unit)
        return number, facts, text, None
    head, text = main.split_top(main.height * 52 // 100, 4 * unit)
    side, frame = head.split_left(24 * unit, 3 * unit)
    number, facts = side.split_top(13 * unit, 3 * unit)
    return number, facts, text, frame
