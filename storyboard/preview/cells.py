"""The shots of a sheet: rows of cells, each with its facts, frame, text and note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.preview.drawn import draw_card, draw_picture
from storyboard.preview.facts import ACCENTS, clock, columns_of, counted
from storyboard.preview.paper import BODY, FAINT, INK, INSIDE, MARGIN, MUTED, mm
from storyboard.preview.plan import Box
from storyboard.preview.reading import Part, parts_of
from storyboard.preview.typeset import fit_parts, set_line, set_parts, whole_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from storyboard.preview.boards import Board, BoardShot
    from storyboard.preview.typefaces import Typefaces
    from storyboard.preview.typeset import Setting

TEXT_SIZE = mm(2.75)
NOTE_CHARACTERS = 320
"""Longer notes are begun in the cell and told whole below the shots."""
_GAP = mm(7)
_FACTS = mm(7.5)
_TEXT_AT_MOST = BODY - mm(85)
_NOTE_AT_MOST = mm(30)
_LEAST_BESIDE = mm(34)


@dataclass(frozen=True, slots=True)
class Look:
    """What all cells of a board share."""

    board: Board
    typefaces: Typefaces
    picture: Image.Image | None


@dataclass(slots=True)
class Row:
    """Shots side by side."""

    cells: Sequence[Cell]
    gap: int = mm(6)
    holds_next: bool = False
    height: int = field(init=False)

    def __post_init__(self) -> None:
        self.height = max(cell.height for cell in self.cells)

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw the cells."""
        for cell in self.cells:
            cell.paint(canvas, top)


def rows_of(look: Look, frame_at_most: int) -> list[Row]:
    """All shots of the board in rows that suit its format; no frame is taller than so many pixels."""
    shots = look.board.shots
    columns = columns_of(look.board)
    width = (INSIDE - (columns - 1) * _GAP) // columns
    cells = [
        Cell(look, shot, MARGIN + place % columns * (width + _GAP), width, frame_at_most)
        for place, shot in enumerate(shots)
    ]
    return [Row(cells[start : start + columns]) for start in range(0, len(cells), columns)]


class Cell:
    """One shot at a place of its row; the text stands below the frame, or beside it where the frame is narrow."""

    def __init__(self, look: Look, shot: BoardShot, left: int, width: int, frame_at_most: int) -> None:
        self._look, self._shot, self._left = look, shot, left
        board = look.board
        is_roomy = width > INSIDE * 0.4
        self._size = mm(3.3) if is_roomy else TEXT_SIZE
        frame_height = min(mm(72) if is_roomy else mm(50), width * board.height // board.width, frame_at_most)
        frame_width = frame_height * board.width // board.height
        beside = width - frame_width - mm(5)
        self._beside = beside >= max(_LEAST_BESIDE, width * 0.38)
        self._frame = Box(left, _FACTS, frame_width, frame_height)
        text_left, text_width = (left + frame_width + mm(5), beside) if self._beside else (left, width)
        self._text_box = Box(text_left, _FACTS if self._beside else self._frame.bottom + mm(2.5), text_width, 0)
        self._width = width
        self._text = self._set(parts_of(shot.text), text_width, _TEXT_AT_MOST)
        note = shortened(shot.note)
        self._note = self._set([Part(f"Note: {note}", spoken=True)], text_width, _NOTE_AT_MOST) if note else None
        below = self._text_box.top + round(self._text.height)
        if self._note:
            below += mm(2.2) + round(self._note.height)
        self.height = max(below, self._frame.bottom) if self._beside else below

    def paint(self, canvas: Image.Image, top: int) -> None:
        """Draw the cell with its top at this height."""
        accent = ACCENTS[(self._shot.number - 1) % len(ACCENTS)]
        faces = self._look.typefaces
        self._paint_facts(canvas, top)
        frame = Box(self._frame.left, top + self._frame.top, self._frame.width, self._frame.height)
        if self._look.picture is not None and self._shot.number == 1:
            draw_picture(canvas, frame, self._look.picture)
        else:
            draw_card(canvas, frame, self._shot, accent, typefaces=faces, picture=self._look.picture)
        box = self._text_box
        at = top + box.top - (round(0.3 * self._size) if self._beside else 0)
        self._text.paint(canvas, box.left, at, box.width, INK, spoken=accent)
        if self._note:
            at += round(self._text.height) + mm(2.2)
            self._note.paint(canvas, box.left, at, box.width, MUTED, spoken=MUTED)

    def _paint_facts(self, canvas: Image.Image, top: int) -> None:
        shot, faces = self._shot, self._look.typefaces
        accent = ACCENTS[(shot.number - 1) % len(ACCENTS)]
        number = set_line(str(shot.number), faces, width=self._width, size=mm(5.6), heavy=True)
        baseline = top + mm(5.6)
        number.paint(canvas, self._left, baseline - 1.04 * number.size, number.width, accent)
        dash = "–" if faces.regular.draws("–") else "-"
        times = f"{clock(shot.start)} {dash} {clock(shot.start + shot.seconds)}"
        span = set_line(times, faces, width=self._width, size=mm(2.6))
        facts_width = self._width if self._beside else max(self._frame.width, mm(48))
        span_left = self._left + facts_width - span.width
        span.paint(canvas, span_left, baseline - 1.04 * span.size, span.width, FAINT)
        left = self._left + number.width + mm(2)
        length = set_line(counted(shot.seconds, "second"), faces, width=self._width, size=mm(3.1), heavy=True)
        length.paint(canvas, left, baseline - 1.04 * length.size, length.width, INK)
        left += length.width + mm(2.5)
        # A drawn frame says its size itself.
        is_shown = shot.number == 1 and self._look.picture is not None
        if is_shown and shot.size and (room := span_left - mm(2.5) - left) > mm(8):
            size = whole_line(shot.size, faces, width=room, size=mm(2.8))
            size.paint(canvas, left, baseline - 1.04 * size.size, size.width, MUTED)

    def _set(self, parts: Sequence[Part], width: int, at_most: int) -> Setting:
        """The text in the sheet's type, or in smaller type where it would be taller than a cell may be."""
        setting = set_parts(parts, self._look.typefaces, width=width, size=self._size)
        if setting.height <= at_most:
            return setting
        faces = self._look.typefaces
        return fit_parts(parts, faces, width=width, height=at_most, largest=self._size, comfortable=mm(1.6))


def is_shortened(note: str) -> bool:
    """Whether the note is too long for its cell."""
    return len(" ".join(note.split())) > NOTE_CHARACTERS


def shortened(note: str) -> str:
    """A note as it stands in its cell."""
    folded = " ".join(note.split())
    if not is_shortened(note):
        return folded
    return f"{folded[:NOTE_CHARACTERS].rstrip()} … (whole below the shots)"
