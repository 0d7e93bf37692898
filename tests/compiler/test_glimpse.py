"""The request to look at: the same as the one that is sent, but for the picture's bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.compiler.glimpse import glimpse
from storyboard.compiler.prepare import CompileError, prepare
from storyboard.frames import FrameError
from tests.compiler.test_prepare import BOARD, TEXTS, UUID
from tests.test_frames import jpeg, png

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://example.com/frame.png"
FRAMED = {**BOARD, "first_frame": "frame.png", "negative_prompt": "fog"}


@pytest.mark.parametrize("data", [BOARD, {**BOARD, "first_frame": ADDRESS}, {**BOARD, "first_frame": UUID}])
def test_without_a_local_picture_it_is_the_request(data: dict[str, object]) -> None:
    """Key for key."""
    assert glimpse(data, TEXTS, "/nowhere", UUID) == prepare(data, TEXTS, "/nowhere").request(UUID).task()


@pytest.mark.parametrize("header", [png(800, 450), jpeg(800, 450)], ids=["png", "jpeg"])
@pytest.mark.parametrize("size", [60, 359, 360, 361, 5000])
def test_of_a_local_picture_it_has_the_beginning(tmp_path: Path, header: bytes, size: int) -> None:
    """As it would be sent, as far as it goes; all of a tiny one."""
    (tmp_path / "frame.png").write_bytes(header.ljust(size, b"\x9a"))
    sent = prepare(FRAMED, TEXTS, str(tmp_path)).request(UUID).task()
    seen = glimpse(FRAMED, TEXTS, str(tmp_path), UUID)
    whole, begun = (task.pop("inputs")["frameImages"][0]["image"] for task in (sent, seen))
    assert seen == sent
    assert whole.startswith(begun)
    assert len(begun) > 480 or begun == whole


def test_no_more_of_a_picture_is_read_than_that(tmp_path: Path) -> None:
    """A picture of the largest size costs nothing; one that is larger is refused by its size alone."""
    file = tmp_path / "frame.png"
    file.write_bytes(png(800, 450))
    with file.open("r+b") as stream:
        stream.truncate(50_000_000)
    image = glimpse(FRAMED, TEXTS, str(tmp_path), UUID)["inputs"]["frameImages"][0]["image"]
    assert len(image) < 600
    with file.open("r+b") as stream:
        stream.truncate(50_000_001)
    with pytest.raises(FrameError, match="at most 50 MB"):
        glimpse(FRAMED, TEXTS, str(tmp_path), UUID)


def test_what_cannot_be_sent_has_no_glimpse(tmp_path: Path) -> None:
    """Other seconds than the file's, a picture that is none."""
    with pytest.raises(CompileError, match="not those of the file"):
        glimpse(BOARD, [(5, "a fox")], str(tmp_path), UUID)
    (tmp_path / "frame.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(FrameError, match="neither a PNG nor a JPEG"):
        glimpse(FRAMED, TEXTS, str(tmp_path), UUID)
