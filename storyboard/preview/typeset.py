"""Text set into a box in the largest type in which all of it fits, and drawn there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.preview.direction import is_right_to_left
from storyboard.preview.runs import Brush, Colour, Extent, Run, advance, draw, measure, readable_clusters, visual_runs
from storyboard.preview.wrap import ascent, balanced_lines, largest_size, line_height, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from storyboard.preview.typefaces import Typefaces


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its runs from left to right."""

    runs: tuple[Run, ...]
    extent: Extent
    right_to_left: bool

    def width_at(self, size: int) -> float:
        """Pixels at exactly this type size."""
        return sum(advance(run, size) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines, and the type size in pixels an em in which they fit their box."""

    lines: tuple[Line, ...]
    size: int

    @property
    def height(self) -> float:
        """Of all lines together, in pixels."""
        return sum(line_height(line.extent) for line in self.lines) * self.size

    @property
    def width(self) -> float:
        """Of the longest line, in pixels."""
        return max((line.width_at(self.size) for line in self.lines), default=0.0)

    def paint(self, canvas: Image.Image, left: float, top: float, width: float, fill: Colour) -> None:
        """Draw the lines downwards from `top`; those written from right to left end at `left` plus `width`."""
        brush = Brush(canvas, self.size, fill)
        for line in self.lines:
            start = left + width - line.width_at(self.size) if line.right_to_left else left
            draw(brush, line.runs, start, top + ascent(line.extent) * self.size)
            top += line_height(line.extent) * self.size


def fit(text: str, typefaces: Typefaces, *, width: int, height: int, largest: int, comfortable: int) -> Setting:
    """
    Set the text in a box of `width` by `height` pixels, in type of `largest` pixels or as much smaller as it takes.

    Words are broken only where keeping them whole would push the type below `comfortable` pixels.
    """
    content = paragraph(text, typefaces)
    right_to_left = is_right_to_left(text)
    size = largest_size(content, width, height, range(min(comfortable, largest), largest + 1), breaking=False)
    breaking = size is None
    if size is None:
        size = largest_size(content, width, height, range(1, largest + 1), breaking=True) or 1
    while True:
        lines = balanced_lines(content, width / size, breaking=breaking)
        setting = Setting(tuple(_line(clusters, typefaces, right_to_left) for clusters in lines), size)
        # Hinting makes small type a little wider than the measure says: only the real size proves the fit.
        if size == 1 or (setting.width <= width and setting.height <= height):
            return setting
        size -= 1
        breaking = breaking or content.lines(width / size, breaking=False) is None


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


def _line(clusters: Sequence[str], typefaces: Typefaces, right_to_left: bool, *, heavy: bool = False) -> Line:
    runs = tuple(visual_runs(clusters, typefaces, right_to_left=right_to_left, heavy=heavy))
    return Line(runs, measure(runs), right_to_left)
