"""Text set into a box in the largest type in which all of it fits, and drawn there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.preview.direction import is_right_to_left
from storyboard.preview.runs import (
    Brush,
    Colour,
    Extent,
    Run,
    advance,
    draw,
    measure,
    overhang,
    readable_clusters,
    visual_runs,
)
from storyboard.preview.wrap import Column, ascent, balanced_lines, largest_size, line_height, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from storyboard.preview.reading import Part
    from storyboard.preview.typefaces import Typefaces


_INSET = 0.9
_PARAGRAPH_GAP = 0.5
_BAR = 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its runs from left to right."""

    runs: tuple[Run, ...]
    extent: Extent
    right_to_left: bool
    inset: float = 0.0
    """How far from the side it starts, in ems."""
    above: float = 0.0
    """The gap to the line before, in ems."""
    spoken: bool = False

    def width_at(self, size: int) -> float:
        """Pixels at exactly this type size."""
        return sum(advance(run, size) for run in self.runs) + (overhang(self.runs[-1], size) if self.runs else 0.0)


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines, and the type size in pixels an em in which they fit their box."""

    lines: tuple[Line, ...]
    size: int

    @property
    def height(self) -> float:
        """Of all lines together, in pixels."""
        return sum(line_height(line.extent) + line.above for line in self.lines) * self.size

    @property
    def width(self) -> float:
        """Of the longest line, in pixels."""
        return max((line.width_at(self.size) + line.inset * self.size for line in self.lines), default=0.0)

    def paint(
        self, canvas: Image.Image, left: float, top: float, width: float, fill: Colour, *, spoken: Colour | None = None
    ) -> None:
        """Draw the lines downwards from `top`; those written from right to left end at `left` plus `width`.

        With a colour for what is `spoken`, its lines are drawn in it, and a rule of it stands at their side.
        """
        bars: list[tuple[float, float, float]] = []
        for line in self.lines:
            inset = line.inset * self.size
            top += line.above * self.size
            start = left + width - inset - line.width_at(self.size) if line.right_to_left else left + inset
            brush = Brush(canvas, self.size, spoken if spoken and line.spoken else fill)
            draw(brush, line.runs, start, top + ascent(line.extent) * self.size)
            bottom = top + line_height(line.extent) * self.size
            if line.spoken:
                bars.append((left + width if line.right_to_left else left, top, bottom))
            top = bottom
        if spoken:
            _draw_bars(canvas, bars, spoken, max(2, round(_BAR * self.size)))


def fit_parts(
    parts: Sequence[Part], typefaces: Typefaces, *, width: int, height: int, largest: int, comfortable: int
) -> Setting:
    """A text in parts set in a box of so many pixels, in type of `largest` pixels or as much smaller as it takes.

    Each part begins a line, what is spoken is set in. Words are broken only where keeping them whole would push the
    type below `comfortable` pixels.
    """
    content = _column(parts, typefaces)
    size = largest_size(content, width, height, range(min(comfortable, largest), largest + 1), breaking=False)
    breaking = size is None
    if size is None:
        size = largest_size(content, width, height, range(1, largest + 1), breaking=True) or 1
    while True:
        setting = Setting(tuple(_lines(parts, content, typefaces, width / size, breaking=breaking)), size)
        # Hinting makes small type a little wider than the measure says: only the real size proves the fit.
        if size == 1 or (setting.width <= width and setting.height <= height):
            return setting
        size -= 1
        breaking = breaking or content.height(width / size, breaking=False) is None


def set_parts(parts: Sequence[Part], typefaces: Typefaces, *, width: float, size: int) -> Setting:
    """A text in parts set `width` pixels wide in type of `size` pixels, as tall as it comes."""
    content = _column(parts, typefaces)
    em_width = width / size
    breaking = content.height(em_width, breaking=False) is None
    setting = Setting(tuple(_lines(parts, content, typefaces, em_width, breaking=breaking)), size)
    while setting.width > width and em_width > 2 * _INSET:
        # Hinting makes small type a little wider than the measure says.
        em_width *= 0.97
        breaking = breaking or content.height(em_width, breaking=False) is None
        setting = Setting(tuple(_lines(parts, content, typefaces, em_width, breaking=breaking)), size)
    return setting


def set_line(text: str, typefaces: Typefaces, *, width: float, size: int, heavy: bool = False) -> Setting:
    """One line of `size` pixels; what does not fit `width` pixels gives way to an ellipsis."""
    clusters = readable_clusters(" ".join(text.split()), typefaces)
    right_to_left = is_right_to_left(text)
    setting = Setting((_line(clusters, typefaces, right_to_left, heavy=heavy),), size)
    ellipsis = "…" if typefaces.regular.draws("…") else "..."
    while clusters and setting.width > width:
        clusters = clusters[:-1]
        setting = Setting((_line([*clusters, *ellipsis], typefaces, right_to_left, heavy=heavy),), size)
    return setting


def whole_line(text: str, typefaces: Typefaces, *, width: float, size: int, heavy: bool = False) -> Setting:
    """One line of `size` pixels, or of as much smaller type as it takes to fit `width` pixels whole."""
    setting = set_line(text, typefaces, width=math.inf, size=size, heavy=heavy)
    while setting.width > width and setting.size > 1:
        setting = Setting(setting.lines, setting.size - 1)
    return setting


def _column(parts: Sequence[Part], typefaces: Typefaces) -> Column:
    insets = tuple((paragraph(part.text, typefaces), _INSET if part.spoken else 0.0) for part in parts)
    return Column(insets, _PARAGRAPH_GAP)


def _lines(
    parts: Sequence[Part], content: Column, typefaces: Typefaces, width: float, *, breaking: bool
) -> Iterator[Line]:
    for place, (part, (words, inset)) in enumerate(zip(parts, content.paragraphs, strict=True)):
        right_to_left = is_right_to_left(part.text)
        for row, clusters in enumerate(balanced_lines(words, width - inset, breaking=breaking)):
            line = _line(clusters, typefaces, right_to_left)
            above = content.gap if place and not row else 0.0
            yield replace(line, inset=inset, above=above, spoken=part.spoken)


def _draw_bars(canvas: Image.Image, bars: Sequence[tuple[float, float, float]], colour: Colour, width: int) -> None:
    """Rules beside spoken lines, given as (side, top, bottom); lines that follow one another share one."""
    joined: list[list[float]] = []
    for side, top, bottom in bars:
        if joined and joined[-1][0] == side and abs(joined[-1][2] - top) < 1:
            joined[-1][2] = bottom
        else:
            joined.append([side, top, bottom])
    for side, top, bottom in joined:
        trim = (bottom - top) * 0.04 + 1
        left = side if side < canvas.width / 2 else side - width
        canvas.paste(colour, (round(left), round(top + trim), round(left) + width, round(bottom - trim)))


def _line(clusters: Sequence[str], typefaces: Typefaces, right_to_left: bool, *, heavy: bool = False) -> Line:
    runs = tuple(visual_runs(clusters, typefaces, right_to_left=right_to_left, heavy=heavy))
    return Line(runs, measure(runs), right_to_left)
