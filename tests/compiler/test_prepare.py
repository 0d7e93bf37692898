"""From a checked storyboard to one that can be paid: the first frame in it, and its price in decimals."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from storyboard.compiler.prepare import CompileError, prepare
from storyboard.compiler.price import dollars, price
from storyboard.frames import FrameError
from storyboard.profiles import KLING_3_TURBO
from tests.test_frames import png

if TYPE_CHECKING:
    from pathlib import Path

UUID = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
BOARD: dict[str, Any] = {"shots": [{"seconds": 4, "prompt": "a fox"}]}
TEXTS = [(4, "a fox")]


@pytest.mark.parametrize(
    ("resolution", "seconds", "takes", "cost"),
    [
        ("720p", 3, 1, "0.336"),
        ("720p", 5, 1, "0.560"),
        ("720p", 15, 1, "1.680"),
        ("720p", 15, 4, "6.720"),
        ("1080p", 3, 1, "0.42"),
        ("1080p", 15, 1, "2.10"),
        ("1080p", 15, 4, "8.40"),
        ("720p", 7, 3, "2.352"),
    ],
)
def test_prices(resolution: str, seconds: int, takes: int, cost: str) -> None:
    """$0.112 a second at 720p, $0.14 at 1080p, times takes, exactly."""
    assert price(KLING_3_TURBO, resolution, seconds, takes) == Decimal(cost)


def test_sums_of_prices_have_no_rounding() -> None:
    """A thousand takes cost a thousand times one: what binary floats would not give."""
    assert sum(price(KLING_3_TURBO, "720p", 3, 1) for _ in range(1000)) == Decimal(336)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.56", "$0.56"),
        ("0.336", "$0.336"),
        ("0.560", "$0.56"),
        ("8.4", "$8.40"),
        ("0", "$0.00"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_amounts_for_people(amount: str, words: str) -> None:
    """Two places, three where the third is not zero; floats as they read."""
    assert dollars(Decimal(amount)) == dollars(float(amount)) == words


def test_a_prepared_storyboard() -> None:
    """Prompt, price and request of the same storyboard; private keys are left out."""
    board = BOARD | {"x-mine": 1, "output": {"takes": 2}, "resolution": "1080p"}
    board["shots"] = [board["shots"][0] | {"x-mine": 2}]
    prepared = prepare(board, TEXTS, "/nowhere")
    assert prepared.prompt == "shot 1, 4, a fox;"
    assert prepared.price == Decimal("1.12")
    assert (prepared.image, prepared.frame_bytes) == (None, None)
    task = prepared.request(UUID).task()
    assert (task["taskUUID"], task["positivePrompt"], task["numberResults"]) == (UUID, prepared.prompt, 2)


def test_a_local_frame_is_sent_as_data(tmp_path: Path) -> None:
    """A picture's bytes become a data URI, and stay at hand as they were read."""
    data = png(800, 450)
    (tmp_path / "a.png").write_bytes(data)
    prepared = prepare(BOARD | {"first_frame": "a.png"}, TEXTS, str(tmp_path))
    assert prepared.image == "data:image/png;base64," + b64encode(data).decode()
    assert prepared.frame_bytes == data
    assert prepared.request(UUID).task()["resolution"] == "720p"


@pytest.mark.parametrize("reference", ["https://example.com/a.png", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
def test_an_address_is_sent_as_it_is(reference: str) -> None:
    """What only the provider can see goes through untouched."""
    prepared = prepare(BOARD | {"first_frame": reference}, TEXTS, "/nowhere")
    assert (prepared.image, prepared.frame_bytes) == (reference, None)


@pytest.mark.parametrize(
    ("board", "texts", "error"),
    [
        (BOARD, [(5, "a fox")], CompileError),
        (BOARD, [], CompileError),
        (BOARD | {"duration": 5}, TEXTS, CompileError),
        (BOARD, [(4, "a; fox")], CompileError),
        (BOARD, [(4, "")], CompileError),
        (BOARD | {"look": None}, TEXTS, ValidationError),
        (BOARD | {"titel": "x"}, TEXTS, ValidationError),
        (BOARD | {"model": "other"}, TEXTS, ValidationError),
        (BOARD | {"first_frame": "missing.png"}, TEXTS, FrameError),
        (BOARD | {"first_frame": "ftp://example.com/a.png"}, TEXTS, FrameError),
        (BOARD | {"first_frame": "data:image/png;base64,AAAA"}, TEXTS, FrameError),
    ],
)
def test_what_must_not_be_paid_is_not_prepared(
    board: dict[str, Any], texts: list[tuple[int, str]], error: type[Exception]
) -> None:
    """A storyboard that was not checked, or changed since, ends in an error of its kind."""
    with pytest.raises(error):
        prepare(board, texts, "/nowhere")
