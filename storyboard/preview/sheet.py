"""The sheet as one long picture or as pages: storyboards one after another, on white."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.preview.errors import PreviewError, missing_extra
from storyboard.preview.files import SHEET_MARK, written_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PIL import Image

    from storyboard.preview.boards import Board
    from storyboard.preview.paper import Block
    from storyboard.preview.typefaces import Typefaces

PNG_PIXELS_HIGH = 30_000
_PAGES_AT_ONCE = 12
_FRAME_HEIGHTS = (72, 46, 40, 35, 31, 28)
"""Millimetres that a frame may be tall; the first with which a board's shots fit on one page is taken."""
_PICTURE_ROOM = (1200, 1200)


def write_sheet(boards: Sequence[Board], target: Path, *, pages: bool) -> list[str]:
    """Write a PNG, or with `pages` a PDF; gives what is to be told of characters that no font has.

    The same boards give the same bytes on the same machine. Raises PreviewError where Pillow is missing, a first frame
    cannot be decoded, or a PNG would be too long; OSError where `target` cannot be written.
    """
    try:
        from PIL import Image, PngImagePlugin  # noqa: F401 - better known before anything is set
    except ImportError as error:
        raise missing_extra(error) from error
    from storyboard.preview.notes import RenderNotes
    from storyboard.preview.runs import unreadable
    from storyboard.preview.typefaces import Typefaces

    texts = list(_texts(boards))
    typefaces = Typefaces("\n".join(texts))
    with written_whole(target) as part:
        (_write_pdf if pages else _write_png)(part, boards, typefaces)
    return RenderNotes(*unreadable(texts, typefaces)).sentences()


def blocks_of(board: Board, typefaces: Typefaces, *, on_pages: bool) -> list[Block]:
    """Everything that the sheet says of a board, from its head down; on pages, its shots stay on one if they can."""
    from storyboard.preview.cells import Look, rows_of
    from storyboard.preview.headings import Head, sections_below
    from storyboard.preview.paper import BODY, mm, stacked
    from storyboard.preview.picture import decode

    picture = decode(board.first_frame, _PICTURE_ROOM) if board.first_frame is not None else None
    look, head = Look(board, typefaces, picture), Head(board, typefaces)
    tallest, *smaller = (rows_of(look, mm(height)) for height in _FRAME_HEIGHTS[: None if on_pages else 1])
    rows = next((rows for rows in (tallest, *smaller) if stacked([head, *rows]) <= BODY), tallest)
    return [head, *rows, *sections_below(board, typefaces)]


def _write_png(path: Path, boards: Sequence[Board], typefaces: Typefaces) -> None:
    from PIL.PngImagePlugin import PngInfo

    from storyboard.preview.paper import DOTS_AN_INCH, MARGIN, WIDTH, mm, stacked

    blocks: list[Block] = []
    for board in boards:
        if blocks:
            blocks[-1].gap = mm(16)
        blocks += blocks_of(board, typefaces, on_pages=False)
    height = stacked(blocks) + 2 * MARGIN
    if height > PNG_PIXELS_HIGH:
        raise PreviewError(
            f"The sheet would be a picture of {height} pixels in height, {PNG_PIXELS_HIGH} are the most: "
            "name a .pdf or .html instead."
        )
    canvas = _blank((WIDTH, height))
    _paint(canvas, blocks)
    info = PngInfo()
    info.add_text("Software", SHEET_MARK)
    canvas.save(path, "PNG", pnginfo=info, dpi=(DOTS_AN_INCH, DOTS_AN_INCH))


def _write_pdf(path: Path, boards: Sequence[Board], typefaces: Typefaces) -> None:
    # Without dates, the same boards are the same bytes.
    wishes: dict[str, Any] = {
        "producer": SHEET_MARK, "title": SHEET_MARK, "creationDate": None, "modDate": None,
        "quality": 92, "subsampling": 0,
    }  # fmt: skip
    begun = False
    waiting: list[Image.Image] = []

    def write() -> None:
        nonlocal begun
        from storyboard.preview.paper import DOTS_AN_INCH

        first, *others = waiting
        first.save(path, "PDF", save_all=True, append_images=others, append=begun, resolution=DOTS_AN_INCH, **wishes)
        begun = True
        waiting.clear()

    for page in _pages(boards, typefaces):
        waiting.append(page)
        if len(waiting) == _PAGES_AT_ONCE:
            write()
    if waiting:
        write()


def _pages(boards: Sequence[Board], typefaces: Typefaces) -> Iterator[Image.Image]:
    from storyboard.preview.paper import FAINT, HEIGHT, INSIDE, MARGIN, WIDTH, mm, paginate
    from storyboard.preview.typeset import set_line

    for board in boards:
        pages = list(paginate(blocks_of(board, typefaces, on_pages=True)))
        for number, blocks in enumerate(pages, start=1):
            canvas = _blank((WIDTH, HEIGHT))
            _paint(canvas, blocks)
            count = f"{number} / {len(pages)}"
            foot = set_line(count, typefaces, width=INSIDE, size=mm(2.6))
            top = HEIGHT - MARGIN - mm(2)
            foot.paint(canvas, MARGIN + INSIDE - foot.width, top, foot.width, FAINT)
            if number > 1:
                title = set_line(board.title, typefaces, width=INSIDE * 0.8, size=mm(2.6))
                title.paint(canvas, MARGIN, top, title.width, FAINT)
            yield canvas


def _blank(size: tuple[int, int]) -> Image.Image:
    from PIL import Image

    from storyboard.preview.paper import PAPER

    return Image.new("RGB", size, PAPER)


def _paint(canvas: Image.Image, blocks: Sequence[Block]) -> None:
    from storyboard.preview.paper import MARGIN

    top = MARGIN
    for block in blocks:
        block.paint(canvas, top)
        top += block.height + block.gap


def _texts(boards: Sequence[Board]) -> Iterator[str]:
    for board in boards:
        yield from (board.title, board.look, board.negative, *board.cast, *board.cast.values())
        for shot in board.shots:
            yield from (shot.text, shot.note)
