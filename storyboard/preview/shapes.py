"""Rectangles with smooth round corners, which Pillow by itself draws with steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from storyboard.preview.plan import Box
    from storyboard.preview.runs import Colour

_FINER = 4


def rounded_mask(width: int, height: int, radius: int, *, outline: float = 0.0) -> Image.Image:
    """A mask of a rectangle with round corners, filled, or only its edge of `outline` pixels."""
    mask = Image.new("L", (width * _FINER, height * _FINER))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1),
        radius * _FINER,
        fill=0 if outline else 255,
        outline=255,
        width=max(1, round(outline * _FINER)),
    )
    return mask.resize((width, height), Image.Resampling.BOX)


def draw_rounded(canvas: Image.Image, box: Box, radius: int, colour: Colour, *, outline: float = 0.0) -> None:
    """Draw such a rectangle on the canvas."""
    canvas.paste(colour, (box.left, box.top), rounded_mask(box.width, box.height, radius, outline=outline))
