"""A shot's frame on a sheet: the first frame itself, or a drawn one that says how near the camera is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from storyboard.preview.paper import FAINT, PAPER, WASH, mm
from storyboard.preview.shapes import rounded_mask
from storyboard.preview.typeset import whole_line

if TYPE_CHECKING:
    from storyboard.preview.boards import BoardShot
    from storyboard.preview.plan import Box
    from storyboard.preview.runs import Colour
    from storyboard.preview.typefaces import Typefaces

_BLUR_SIDE = 120
_LIGHTNESS = 0.62


def draw_picture(canvas: Image.Image, box: Box, picture: Image.Image) -> None:
    """The first frame, whole."""
    fitted = ImageOps.fit(picture, (box.width, box.height), Image.Resampling.LANCZOS)
    canvas.paste(fitted, (box.left, box.top), rounded_mask(box.width, box.height, mm(1)))


def draw_card(
    canvas: Image.Image,
    box: Box,
    shot: BoardShot,
    accent: Colour,
    *,
    typefaces: Typefaces,
    picture: Image.Image | None,
) -> None:
    """A frame nobody has seen yet: where its thirds meet, its corners, its size; behind it the `picture`, blurred."""
    ground = Image.new("RGB", (box.width, box.height), WASH)
    if picture is not None:
        small = ImageOps.fit(picture, (_BLUR_SIDE, max(1, _BLUR_SIDE * box.height // box.width)), Image.Resampling.BOX)
        soft = small.filter(ImageFilter.GaussianBlur(_BLUR_SIDE / 16)).resize(ground.size, Image.Resampling.BICUBIC)
        ground = Image.blend(soft, Image.new("RGB", ground.size, PAPER), _LIGHTNESS)
    pen = ImageDraw.Draw(ground)
    arm = mm(1.3)
    for x in (box.width // 3, box.width * 2 // 3):
        for y in (box.height // 3, box.height * 2 // 3):
            pen.line([(x - arm, y), (x + arm, y)], fill=FAINT, width=2)
            pen.line([(x, y - arm), (x, y + arm)], fill=FAINT, width=2)
    _draw_corners(pen, ground.size, accent)
    canvas.paste(ground, (box.left, box.top), rounded_mask(box.width, box.height, mm(1)))
    if shot.size:
        size = min(mm(4.2), box.height // 5)
        label = whole_line(shot.size, typefaces, width=box.width * 0.8, size=size, heavy=True)
        left = box.left + (box.width - label.width) / 2
        label.paint(canvas, left, box.top + (box.height - label.height) / 2, label.width, accent)


def _draw_corners(pen: ImageDraw.ImageDraw, size: tuple[int, int], accent: Colour) -> None:
    """The marks of a viewfinder, a tenth in from each side."""
    width, height = size
    inset = round(min(size) * 0.1)
    length, stroke = round(min(size) * 0.13), mm(0.5)
    for x, toward_x in ((inset, 1), (width - inset, -1)):
        for y, toward_y in ((inset, 1), (height - inset, -1)):
            pen.line([(x, y), (x + toward_x * length, y)], fill=accent, width=stroke)
            pen.line([(x, y), (x, y + toward_y * length)], fill=accent, width=stroke)
