"""What stands around the shots of a sheet: the head with the timing, and cast, look and notes below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import ImageDraw

from storyboard.preview.cells import TEXT_SIZE, is_shortened
from storyboard.preview.facts import ACCENTS, facts_of, sections_of
from storyboard.preview.paper import INK, INSIDE, MARGIN, MUTED, PAPER, RULE, mm
from storyboard.preview.plan import Box
from storyboard.preview.reading import Part
from storyboard.preview.shapes import draw_rounded
from storyboard.preview.timeline import blocks as timeline_blocks
from storyboard.preview.typeset import Setting, fit_parts, set_line, set_parts, whole_line
from storyboard.preview.wrap import line_height

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from storyboard.preview.boards import Board
    from storyboard.preview.paper import Block
    from storyboard.preview.typefaces import Typefaces

_TITLE = mm(8)
_STRIP = mm(5)
_LABEL = mm(34)


class Head:
    """Title, facts, and the shots' seconds as a strip."""

    gap = mm(6)
    holds_next = True

    def __init__(self, board: Board, typefaces: Typefaces) -> None:
        self._board, self._faces = board, typefaces
        heavy = whole_line(board.title, typefaces, width=INSIDE, size=_TITLE, heavy=True)
        # A long title is set in lines of its own rather than in type that nobody can read.
        self._title = heavy if heavy.size > _TITLE * 0.62 else self._in_lines(board.title)
        self.height = round(self._title.height) + mm(8) + _STRIP

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw the head with its top at this height."""
        self._title.paint(canvas, MARGIN, top - 0.25 * self._title.size, INSIDE, INK)
        at = top + round(self._title.height)
        model = set_line(self._board.model, self._faces, width=INSIDE / 3, size=mm(3))
        model.paint(canvas, MARGIN + INSIDE - model.width, at, model.width, MUTED)
        dot = "  ·  " if self._faces.regular.draws("·") else "  -  "
        facts = whole_line(
            dot.join(facts_of(self._board)), self._faces, width=INSIDE - model.width - mm(6), size=mm(3.3)
        )
        facts.paint(canvas, MARGIN, at, facts.width, MUTED)
        self._paint_strip(canvas, at + mm(8))

    def _paint_strip(self, canvas: Image.Image, top: int) -> None:
        row = Box(MARGIN, top, INSIDE, _STRIP)
        shots = self._board.shots
        for shot, box in zip(shots, timeline_blocks(row, [shot.seconds for shot in shots], mm(0.7)), strict=True):
            draw_rounded(canvas, box, mm(0.8), ACCENTS[(shot.number - 1) % len(ACCENTS)])
            for words, heavy, at_end in ((str(shot.number), True, False), (f"{shot.seconds} s", False, True)):
                label = whole_line(words, self._faces, width=box.width / 2 - mm(2), size=mm(2.9), heavy=heavy)
                left = box.right - mm(2) - label.width if at_end else box.left + mm(2)
                label.paint(canvas, left, top + (_STRIP - label.height) / 2, label.width, PAPER)

    def _in_lines(self, title: str) -> Setting:
        parts = [Part(title, spoken=False)]
        return fit_parts(parts, self._faces, width=INSIDE, height=mm(16), largest=mm(5.5), comfortable=mm(3))


@dataclass(slots=True)
class Heading:
    """The name of what follows, with a rule above it."""

    words: str
    typefaces: Typefaces
    height: int = mm(7)
    gap: int = mm(0.5)
    holds_next: bool = True

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw it with its rule at this height."""
        ImageDraw.Draw(canvas).line([(MARGIN, top), (MARGIN + INSIDE, top)], fill=RULE, width=2)
        line = set_line(self.words, self.typefaces, width=INSIDE, size=mm(3.2), heavy=True)
        line.paint(canvas, MARGIN, top + mm(2), line.width, INK)


@dataclass(slots=True)
class TextLine:
    """One line of a longer text, so that the text can go on on the next page; the first has a label beside it."""

    setting: Setting
    typefaces: Typefaces
    label: str
    gap: int = 0
    holds_next: bool = False
    height: int = field(init=False)

    def __post_init__(self) -> None:
        self.height = round(line_height(self.setting.lines[0].extent) * self.setting.size)

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw label and line."""
        self.setting.paint(canvas, MARGIN + _LABEL, top, INSIDE - _LABEL, INK)
        if self.label:
            label = whole_line(self.label, self.typefaces, width=_LABEL - mm(3), size=TEXT_SIZE, heavy=True)
            label.paint(canvas, MARGIN, top + (TEXT_SIZE - label.size), label.width, MUTED)


def sections_below(board: Board, typefaces: Typefaces) -> Iterator[Block]:
    """Cast, look, what should not be seen, and the notes that were too long for their cells."""
    notes = [(f"shot {shot.number}", shot.note) for shot in board.shots if is_shortened(shot.note)]
    for words, rows in [*sections_of(board), *([("Notes", notes)] if notes else [])]:
        yield Heading(words, typefaces)
        for label, text in rows:
            yield from _text_lines(label, text, typefaces)


def _text_lines(label: str, text: str, typefaces: Typefaces) -> Iterator[TextLine]:
    setting = set_parts([Part(text, spoken=False)], typefaces, width=INSIDE - _LABEL, size=TEXT_SIZE)
    for place, line in enumerate(setting.lines):
        block = TextLine(Setting((line,), setting.size), typefaces, "" if place else label)
        if place == len(setting.lines) - 1:
            block.gap = mm(2)
        yield block
