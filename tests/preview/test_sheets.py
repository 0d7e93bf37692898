"""Sheets as pictures and pages: everything on them, within the paper, the same every time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from storyboard.preview import sheet
from storyboard.preview.errors import PreviewError
from storyboard.preview.headings import TextLine
from storyboard.preview.paper import BODY, HEIGHT, MARGIN, PAPER, WIDTH, paginate, stacked
from storyboard.preview.previews import make_sheet
from storyboard.preview.typefaces import Typefaces
from tests.preview.boards import HOSTILE, board_of, plain_board

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.preview.boards import Board

RATIOS = ("16:9", "1:1", "9:16")


def pages_of(*boards: Board) -> list[Image.Image]:
    """The pages of a PDF, before they are written."""
    return list(sheet._pages(boards, Typefaces("")))


def margins_are_white(image: Image.Image) -> bool:
    """Whether nothing stands in the outer half of the margins."""
    edge = MARGIN // 2
    width, height = image.size
    strips = (
        (0, 0, width, edge),
        (0, height - edge, width, height),
        (0, 0, edge, height),
        (width - edge, 0, width, height),
    )
    return all(image.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), PAPER)] for box in strips)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("shots", [2, 3, 4, 5, 6])
def test_every_board_fits_the_paper(ratio: str, shots: int) -> None:
    """No ink in the margins, whatever the format and the number of shots; short texts stay on one page."""
    (page,) = pages_of(plain_board(shots, more=f"aspect_ratio: '{ratio}'\n"))
    assert page.size == (WIDTH, HEIGHT)
    assert margins_are_white(page)


@pytest.mark.parametrize("text", ["W" * 500, "語" * 500, "﷽" * 500, "a" + "\u0301" * 400, "السلام عليكم " * 38])
def test_wide_texts_stay_inside(text: str) -> None:
    """A text without a space, or of the widest letters, is set smaller rather than cut."""
    for page in pages_of(plain_board(2, prompt=text)):
        assert margins_are_white(page)


def test_a_hostile_board(tmp_path: Path) -> None:
    """It is drawn whole, and what no font has is named."""
    made = make_sheet([board_of(HOSTILE)], tmp_path / "sheet.png")
    with Image.open(made.path) as image:
        image.load()
        assert image.width == WIDTH
        assert margins_are_white(image.convert("RGB"))


def test_long_texts_go_on_on_the_next_page() -> None:
    """A note of a novel's length is begun in its cell and stands whole below, over as many pages as it takes."""
    board = plain_board(2, shot_more=f", note: {'A note that goes on. ' * 900!r}")
    faces = Typefaces("")
    blocks = sheet.blocks_of(board, faces, on_pages=True)
    pages = list(paginate(blocks))
    assert len(pages) > 2
    assert all(stacked(page) <= BODY for page in pages)
    lines = [block for block in blocks if isinstance(block, TextLine)]
    told = " ".join("".join(run.text for run in line.setting.lines[0].runs) for line in lines)
    assert told.count("A note that goes on.") == 2 * 900


def test_no_heading_stands_last() -> None:
    """A heading goes to the next page with what it names."""
    board = plain_board(2, more="cast: {" + ", ".join(f"a{n}: someone" for n in range(60)) + "}\nlook: Grain.\n")
    pages = list(paginate(sheet.blocks_of(board, Typefaces(""), on_pages=True)))
    assert len(pages) > 1
    assert not any(page[-1].holds_next for page in pages)


def test_six_shots_of_usual_length_stay_together() -> None:
    """Frames give way so that the shots of a board stand on one page."""
    text = "Wide shot of a pier at dawn, a keeper walks along it with a lamp. " * 5
    board = plain_board(6, prompt=text.strip(), more="look: Grain.\n")
    first, *_ = paginate(sheet.blocks_of(board, Typefaces(""), on_pages=True))
    assert len(first) >= 3


@pytest.mark.parametrize("ending", ["png", "pdf", "html"])
def test_the_same_boards_are_the_same_bytes(tmp_path: Path, ending: str) -> None:
    """Nothing in the file depends on when, where or under what name it was made."""
    boards = [board_of(HOSTILE), plain_board(3)]
    (tmp_path / "elsewhere").mkdir()
    one = make_sheet(boards, tmp_path / f"one.{ending}").path.read_bytes()
    other = make_sheet(boards, tmp_path / "elsewhere" / f"other.{ending}").path.read_bytes()
    assert one == other
    assert str(tmp_path).encode() not in one


def test_a_pdf_has_a_page_a_board_and_its_size(tmp_path: Path) -> None:
    """A4 across, in points; more boards than are held in memory at once follow in order."""
    data = make_sheet([plain_board(2)] * 14, tmp_path / "sheet.pdf").path.read_bytes()
    boxes = re.findall(rb"/MediaBox \[ ?([^\]]+)\]", data)
    assert re.findall(rb"/Count (\d+)", data)[-1] == b"14"
    for box in boxes:
        _, _, width, height = (float(number) for number in box.split())
        assert (round(width), round(height)) == (842, 595)


def test_a_png_that_would_be_endless_is_refused(tmp_path: Path) -> None:
    """With the endings that would do."""
    with pytest.raises(PreviewError, match=r"\.pdf or \.html"):
        make_sheet([plain_board(2)] * 40, tmp_path / "sheet.png")
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_of_another_kind_is_refused(tmp_path: Path) -> None:
    """In words."""
    with pytest.raises(PreviewError, match=r"\.png, \.pdf or \.html"):
        make_sheet([plain_board(2)], tmp_path / "sheet.docx")
