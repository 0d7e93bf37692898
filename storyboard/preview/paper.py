"""The paper of a sheet: A4 across at 200 dots an inch, its margins and inks, and blocks stacked on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from storyboard.preview.runs import Colour

DOTS_AN_INCH = 200
PAPER: Colour = (255, 255, 255)
INK: Colour = (24, 27, 33)
MUTED: Colour = (96, 104, 117)
FAINT: Colour = (160, 167, 178)
RULE: Colour = (222, 225, 230)
WASH: Colour = (243, 244, 246)


def mm(millimetres: float) -> int:
    """Pixels on the paper."""
    return round(millimetres * DOTS_AN_INCH / 25.4)


WIDTH, HEIGHT = mm(297), mm(210)
MARGIN = mm(11)
INSIDE = WIDTH - 2 * MARGIN
FOOT = mm(6)
BODY = HEIGHT - 2 * MARGIN - FOOT
"""How tall the blocks of a page may be in all."""


class Block(Protocol):
    """A stretch of a sheet as wide as its inside; heights in pixels."""

    height: int
    gap: int
    """White below it, where another block follows."""
    holds_next: bool
    """Whether it must not be the last on its page."""

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw it at the left margin."""


def stacked(blocks: Sequence[Block]) -> int:
    """How tall the blocks are, one below the other."""
    return sum(block.height + block.gap for block in blocks) - (blocks[-1].gap if blocks else 0)


def paginate(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks of each page in order; what must not stand last goes to the next page with what follows it."""
    page: list[Block] = []
    for group in _groups(blocks):
        if page and stacked([*page, *group]) > BODY:
            yield page
            page = []
        page += group
    if page:
        yield page


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.holds_next:
            yield group
            group = []
    if group:
        yield group
