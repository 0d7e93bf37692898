"""Stretches of text in one face and one direction: how wide and tall they are, and how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from PIL import Image, ImageDraw

from storyboard.preview.clusters import (
    code_label,
    code_points_needed,
    drawn_form,
    is_hidden,
    is_silent,
    is_space,
    split_clusters,
)
from storyboard.preview.direction import in_visual_order, is_right_to_left, levels
from storyboard.preview.typefaces import Face, Typefaces, built_in_face

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Colour = tuple[int, int, int]

REFERENCE_SIZE = 100
"""Pixels an em at which text is measured once, to be scaled to any size."""
_BOX_WIDTH = 0.92
_BOX_TALL, _BOX_DEEP = 0.84, 0.16


@dataclass(frozen=True, slots=True)
class Run:
    """Text that one face draws in one go; without a face, each character is shown as its code in a box."""

    text: str
    face: Face | None
    right_to_left: bool

    @property
    def direction(self) -> Literal["rtl", "ltr"] | None:
        """What Pillow is told; None where it could not follow."""
        if self.face is None or not self.face.shapes:
            return None
        return "rtl" if self.right_to_left else "ltr"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far text reaches to the right of its start, above its baseline and below it, in ems."""

    width: float
    above: float
    below: float


@dataclass(frozen=True, slots=True)
class Brush:
    """Where to draw, in what size (pixels an em) and colour."""

    canvas: Image.Image
    size: int
    fill: Colour


def readable_clusters(text: str, typefaces: Typefaces) -> list[str]:
    """The text in clusters; one that no font has as a whole falls into its characters, without what joined them."""
    clusters: list[str] = []
    for cluster in split_clusters(text):
        if len(cluster) > 1 and face_of(cluster, typefaces) is None:
            clusters += _fallen_apart(cluster, typefaces)
        else:
            clusters.append(cluster)
    return clusters


def face_of(cluster: str, typefaces: Typefaces) -> Face | None:
    """The face for a cluster; None for what is shown as its code."""
    if is_space(cluster):
        return typefaces.regular
    return None if is_hidden(cluster) else typefaces.for_cluster(cluster)


def unreadable(texts: Iterable[str], typefaces: Typefaces) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Characters shown as their code: those that no font has, and those that draw nothing by nature."""
    clusters = {cluster for text in texts for cluster in readable_clusters(text, typefaces)}
    boxed = sorted(cluster for cluster in clusters if face_of(cluster, typefaces) is None)
    return tuple(each for each in boxed if not is_hidden(each)), tuple(each for each in boxed if is_hidden(each))


def visual_runs(
    clusters: Sequence[str], typefaces: Typefaces, *, right_to_left: bool, heavy: bool = False
) -> list[Run]:
    """The clusters of one line as runs from left to right; `heavy` asks for the bold face where it has the glyphs."""
    parts = [
        (_own_face(cluster, typefaces, heavy=heavy), level, cluster)
        for cluster, level in zip(clusters, levels(clusters, right_to_left=right_to_left), strict=True)
        if not is_silent(cluster)
    ]
    runs: list[Run] = []
    run_levels: list[int] = []
    for (face, level), group in groupby(parts, lambda part: part[:2]):
        text = "".join(_glyph_text(cluster, face) for _, _, cluster in group)
        runs.append(Run(_unshaped(text, level) if face and not face.shapes else text, face, bool(level % 2)))
        run_levels.append(level)
    return in_visual_order(runs, run_levels)


def measure(runs: Sequence[Run]) -> Extent:
    """How much room the runs take, in ems."""
    width = above = below = 0.0
    for run in runs:
        extent = _extent(run)
        width += extent.width
        above, below = max(above, extent.above), max(below, extent.below)
    return Extent(width, above, below)


def advance(run: Run, size: int) -> float:
    """How many pixels the run takes at exactly this size; hinting keeps that from being quite in proportion."""
    if run.face is None:
        return len(run.text) * _BOX_WIDTH * size
    font = run.face.at(size)
    scale = size / run.face.strike if run.face.strike else 1.0
    return font.getlength(run.text, direction=run.direction) * scale


def overhang(run: Run, size: int) -> float:
    """How many pixels of ink stand beyond the run's advance: italics, and marks that a font cannot place."""
    if run.face is None or run.face.strike:
        return 0.0
    right = run.face.at(size).getbbox(run.text, anchor="ls", direction=run.direction)[2]
    return max(0.0, right - advance(run, size))


def draw(brush: Brush, runs: Sequence[Run], left: float, baseline: float) -> None:
    """Draw the runs from `left` onwards, sitting on `baseline`, both in pixels."""
    size = brush.size
    for run in runs:
        if run.face is None:
            _draw_codes(brush, run.text, left, baseline)
        elif run.face.strike:
            _draw_pictures(brush, run, left, baseline)
        else:
            ImageDraw.Draw(brush.canvas).text(
                (left, baseline), run.text, fill=brush.fill, font=run.face.at(size), anchor="ls",
                direction=run.direction, embedded_color=run.face.tables.colour,
            )  # fmt: skip
        left += advance(run, size)


def runs_of(text: str, clusters: Sequence[str], typefaces: Typefaces) -> list[Run]:
    """Runs of a word, measured by itself: its own first letter gives the direction."""
    return visual_runs(clusters, typefaces, right_to_left=is_right_to_left(text))


def _fallen_apart(cluster: str, typefaces: Typefaces) -> list[str]:
    """The first character with all that its face can add to it, then the others; joiners have nothing left to join."""
    face = typefaces.for_cluster(cluster[0])
    apart = [character for character in cluster if code_points_needed(character)]
    if face is None or not apart:
        return apart or list(cluster)
    together = [character for character in apart if face.draws(character) and category(character)[0] == "M"]
    return [cluster[0] + "".join(together), *(each for each in apart[1:] if each not in together)]


def _glyph_text(cluster: str, face: Face | None) -> str:
    if face is None:
        return cluster
    return " " if is_space(cluster) else drawn_form(cluster)


def _own_face(cluster: str, typefaces: Typefaces, *, heavy: bool) -> Face | None:
    if heavy and not is_hidden(cluster) and typefaces.bold.draws(cluster):
        return typefaces.bold
    return face_of(cluster, typefaces)


def _unshaped(text: str, level: int) -> str:
    """What can be drawn letter by letter: no joiners, and right-to-left text turned by hand."""
    plain = "".join(character for character in text if character not in "\u200c\u200d\ufe0e\ufe0f")
    return plain[::-1] if level % 2 else plain


@lru_cache(maxsize=4096)
def _extent(run: Run) -> Extent:
    if run.face is None:
        return Extent(len(run.text) * _BOX_WIDTH, _BOX_TALL, _BOX_DEEP)
    measured_at = run.face.strike or REFERENCE_SIZE
    font = run.face.at(measured_at)
    width = font.getlength(run.text, direction=run.direction)
    _, top, _, bottom = font.getbbox(run.text, anchor="ls", direction=run.direction)
    return Extent(width / measured_at, -top / measured_at, bottom / measured_at)


def _draw_pictures(brush: Brush, run: Run, left: float, baseline: float) -> None:
    if run.face is None:
        return
    font = run.face.at(brush.size)
    _, top, right, bottom = (int(edge) for edge in font.getbbox(run.text, anchor="ls", direction=run.direction))
    if right <= 0 or bottom <= top:
        return
    picture = Image.new("RGBA", (right, bottom - top))
    ImageDraw.Draw(picture).text(
        (0, -top), run.text, font=font, anchor="ls", direction=run.direction, embedded_color=True
    )
    scale = brush.size / (run.face.strike or brush.size)
    small = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.BOX
    )
    brush.canvas.paste(small, (round(left), round(baseline + top * scale)), small)


def _draw_codes(brush: Brush, text: str, left: float, baseline: float) -> None:
    """A box with the code's digits in two rows for each character."""
    pen, size, fill = ImageDraw.Draw(brush.canvas), brush.size, brush.fill
    inset = 0.05 * size
    for place, character in enumerate(text):
        digits = code_label(character).removeprefix("U+")
        half = (len(digits) + 1) // 2
        x = left + place * _BOX_WIDTH * size
        box = (
            x + inset,
            baseline - (_BOX_TALL - 0.05) * size,
            x + _BOX_WIDTH * size - inset,
            baseline + (_BOX_DEEP - 0.05) * size,
        )
        pen.rounded_rectangle(box, radius=0.1 * size, outline=fill, width=max(1, size // 24))
        font = built_in_face().at(round(size * (0.36 if half == 2 else 0.28)))
        for row, part in enumerate((digits[:half], digits[half:])):
            middle = ((box[0] + box[2]) / 2, box[1] + (box[3] - box[1]) * (0.3 if row == 0 else 0.7))
            pen.text(middle, part, fill=fill, font=font, anchor="mm")
