"""Storyboards into a file: the animatic or the sheet of one, or of several in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.disk import parents_made
from storyboard.preview.animatic import Cut, Scene, render_film
from storyboard.preview.errors import PreviewError
from storyboard.preview.places import prepare_place, refuse_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storyboard.preview.boards import Board

FILM_ENDINGS = {".mp4": "MP4", ".mov": "MOV", ".webm": "WEBM"}
SHEET_ENDINGS = (".png", ".pdf", ".html", ".htm")


@dataclass(frozen=True, slots=True)
class Made:
    """A finished preview, and what is to be said of it."""

    path: Path
    remarks: tuple[str, ...]


def make_animatic(boards: Sequence[Board], target: Path, *, draft: bool = False, force: bool = False) -> Made:
    """The boards one after another as one film, in the size that most seconds of them have.

    `force` replaces whatever stands at `target`. Raises PreviewError, and OSError from the disk.
    """
    refuse_folder(target)
    container = FILM_ENDINGS.get(target.suffix.lower())
    if container is None:
        raise PreviewError(f"{target}: an animatic ends in {', '.join(FILM_ENDINGS)}")
    prepare_place(target, force=force)
    width, height = _usual_size(boards)
    scenes = [
        Scene([Cut(shot.number, shot.seconds, shot.text) for shot in board.shots], board.title, board.first_frame)
        for board in boards
    ]
    with parents_made(target):
        notes = render_film(target, scenes, width=width, height=height, container=container, draft=draft)
    remarks = [*_elsewhere(boards), *notes.sentences()]
    if others := sum((board.width, board.height) != (width, height) for board in boards):
        remarks.append(f"The film is {width}×{height}; {others} of {len(boards)} storyboards have another size.")
    return Made(target, tuple(remarks))


def make_sheet(boards: Sequence[Board], target: Path, *, force: bool = False) -> Made:
    """The boards one after another on paper: a long PNG, the pages of a PDF, or one HTML page.

    `force` replaces whatever stands at `target`. Raises PreviewError, and OSError from the disk.
    """
    refuse_folder(target)
    ending = target.suffix.lower()
    if ending not in SHEET_ENDINGS:
        raise PreviewError(f"{target}: a sheet ends in .png, .pdf or .html")
    prepare_place(target, force=force)
    if ending in (".html", ".htm"):
        from storyboard.preview.web import write_html

        with parents_made(target):
            write_html(boards, target)
        return Made(target, tuple(_elsewhere(boards)))
    from storyboard.preview.sheet import write_sheet

    with parents_made(target):
        notes = write_sheet(boards, target, pages=ending == ".pdf")
    return Made(target, (*_elsewhere(boards), *notes))


def _usual_size(boards: Sequence[Board]) -> tuple[int, int]:
    seconds: Counter[tuple[int, int]] = Counter()
    for board in boards:
        seconds[board.width, board.height] += board.seconds
    return seconds.most_common(1)[0][0]


def _elsewhere(boards: Sequence[Board]) -> list[str]:
    return [
        f"{board.title}: the first frame is {board.first_frame_elsewhere} and is not shown."
        for board in boards
        if board.first_frame_elsewhere
    ]
