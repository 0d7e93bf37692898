"""What a preview knows of a storyboard, and where it may be put."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from storyboard.checks import check_bytes
from storyboard.preview.boards import read_board
from storyboard.preview.errors import PreviewError
from storyboard.preview.places import default_place, prepare_place
from storyboard.preview.previews import make_animatic, make_sheet
from tests.preview.boards import HOSTILE, board_of, plain_board

if TYPE_CHECKING:
    from pathlib import Path


def test_a_board_says_what_is_sent_and_what_it_costs() -> None:
    """Texts are compiled, times add up, the price is for all takes."""
    board = board_of(
        "aspect_ratio: '9:16'\nresolution: 1080p\ncast: {ana: an old woman}\nlook: Grain.\noutput: {takes: 2}\n"
        "shots:\n  - {seconds: 3, prompt: Close-up of @ana., note: ' hers '}\n  - {seconds: 4, prompt: Rain}\n"
    )
    first, second = board.shots
    assert (board.title, board.width, board.height, board.seconds) == ("film", 1080, 1920, 7)
    assert (first.text, first.size, first.note) == ("Close-up of an old woman. Grain.", "Close-up", "hers")
    assert (second.start, second.text) == (3, "Rain. Grain.")
    assert str(board.price) == "1.96"


@pytest.mark.parametrize("address", ["https://example.com/a.png", "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"])
def test_a_picture_elsewhere_is_not_fetched(address: str) -> None:
    """It is said in words; the board is drawn without it."""
    board = plain_board(more=f"first_frame: {address}\n")
    assert board.first_frame is None
    assert board.first_frame_elsewhere
    assert (board.width, board.height) == (1280, 720)


def test_a_picture_decides_the_shape() -> None:
    """With a first frame the sides are near the picture's, and even."""
    board = board_of(HOSTILE)
    assert board.first_frame is not None
    assert (board.width, board.height) == (1280, 720)


def test_errors_are_not_drawn() -> None:
    """A storyboard with errors has no board."""
    with pytest.raises(PreviewError, match="it has errors"):
        read_board(check_bytes(b"shots: []", "film", "."))


def test_a_preview_replaces_only_its_like(tmp_path: Path) -> None:
    """An earlier animatic or sheet, of any kind, and an empty file are replaced; anything else only by force."""
    boards = [plain_board(2)]
    for name in ("sheet.png", "sheet.pdf", "sheet.html", "film.mp4", "film.mov", "film.webm"):
        target = tmp_path / name
        make = make_sheet if name.startswith("sheet") else partial(make_animatic, draft=True)
        make(boards, target)
        first = target.read_bytes()
        make(boards, target)
        assert target.read_bytes() == first
        target.write_bytes(b"somebody's work")
        with pytest.raises(PreviewError, match="no earlier"):
            make(boards, target)
        assert target.read_bytes() == b"somebody's work"
        make(boards, target, force=True)
        assert target.read_bytes() == first
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize(
    ("name", "words"),
    [("film.storyboard.yaml", "named like a storyboard"), ("", "is a folder"), ("film.storyboard.yml", "storyboard")],
)
def test_places_that_are_no_place(tmp_path: Path, name: str, words: str) -> None:
    """A storyboard or a folder is never replaced, not even by force."""
    with pytest.raises(PreviewError, match=words):
        prepare_place(tmp_path / name, force=True)


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/film.storyboard.yaml", "film"), ("-", "storyboard"), ("film.yml", "film"), (".yaml", ".yaml")],
)
def test_default_names(path: str, name: str) -> None:
    """Previews go to renders/ under the storyboard's name."""
    assert default_place(path, ".sheet.pdf").as_posix() == f"renders/{name}.sheet.pdf"
