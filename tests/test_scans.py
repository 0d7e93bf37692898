"""JPEG scans: whoever made the picture, the time to decode it is bounded; honest pictures are decoded whole."""

from __future__ import annotations

import sys
from io import BytesIO
from time import process_time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import storyboard.pixels
from storyboard.checks import check_file
from storyboard.pictures import PictureError, look
from storyboard.pixels import decode_whole, is_slow
from storyboard.preview.errors import PreviewError
from storyboard.preview.picture import decode

if TYPE_CHECKING:
    from pathlib import Path


def scans(size: tuple[int, int], count: int, *, noise: int = 4) -> bytes:
    """A grey progressive JPEG, its last scan said again so often that there are `count`."""
    written = BytesIO()
    Image.effect_noise(size, noise).save(written, "JPEG", progressive=True)
    data = written.getvalue()[:-2]
    last = data[data.rindex(b"\xff\xda") :]
    return data + last * (count - data.count(b"\xff\xda")) + b"\xff\xd9"


def board(folder: Path, data: bytes) -> Path:
    """A storyboard that begins from this picture."""
    (folder / "a.jpg").write_bytes(data)
    file = folder / "film.storyboard.yaml"
    file.write_text("first_frame: a.jpg\nshots:\n  - seconds: 3\n    prompt: A fox trots.\n", encoding="utf-8")
    return file


def test_thousands_of_scans_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    """Everywhere: in the check with its place, in previews."""
    data = scans((1000, 1000), 3000, noise=0)
    begun = process_time()
    found = [one for one in check_file(str(board(tmp_path, data))).diagnostics if one.severity == "error"]
    assert [(one.code, one.path) for one in found] == [("SB113", ("first_frame",))]
    assert "more than 200 scans, which takes long to decode: save it anew as a usual JPEG" in found[0].message
    with pytest.raises(PreviewError, match="more than 200 scans"):
        decode(data, (100, 100))
    assert process_time() - begun < 1


def test_a_slow_picture_is_decoded_by_a_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, seen as by this process, and what is wrong with it comes back in words."""
    data = scans((400, 300), 100)
    here = decode(data, (80, 80))
    monkeypatch.setattr(storyboard.pixels, "_VISITS_AT_ONCE", 1)
    assert is_slow(look(data))
    decode_whole(data, look(data))
    assert decode(data, (80, 80)).tobytes() == here.tobytes()
    cut = data[: data.index(b"\xff\xda") + 30] + b"\xff\xd9"
    with pytest.raises(PictureError, match="a part of its picture is missing: copy it again"):
        decode_whole(cut, look(cut))


def test_a_helper_that_takes_too_long_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check says so and what to do, and so do previews."""
    data = scans((400, 300), 100)
    monkeypatch.setattr(storyboard.pixels, "_VISITS_AT_ONCE", 1)
    monkeypatch.setattr(storyboard.pixels, "_WAIT_AT_MOST", 0.001)
    (found,) = [one for one in check_file(str(board(tmp_path, data))).diagnostics if one.severity == "error"]
    assert (found.code, found.path) == ("SB113", ("first_frame",))
    assert "it takes too long to decode: save it anew as a usual JPEG, or smaller" in found.message
    with pytest.raises(PreviewError, match="takes too long"):
        decode(data, (80, 80))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a processor's seconds there")
def test_a_helper_ends_with_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a processor, so that a busy machine refuses no honest picture."""
    data = scans((3100, 3100), 200, noise=0)
    monkeypatch.setattr(storyboard.pixels, "SECONDS_AT_MOST", 1)
    with pytest.raises(PictureError, match="it takes too long to decode"):
        decode_whole(data, look(data))


def test_scans_that_say_nothing_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few enough to pass, over so many pixels that they take seconds; nobody's picture is as empty."""
    monkeypatch.setattr(storyboard.pixels, "_VISITS_OF_BYTES", (20_000_000, 1_000))
    data = scans((500, 500), 100, noise=0)
    full = scans((500, 500), 100, noise=40)
    decode_whole(full, look(full))
    with pytest.raises(PictureError, match="100 scans with next to nothing in them"):
        decode_whole(data, look(data))
    with pytest.raises(PreviewError, match="next to nothing"):
        decode(data, (80, 80))


def test_exif_in_pieces_without_end_is_refused() -> None:
    """Decoders join them one by one."""
    data = scans((300, 300), 10)
    exif = b"\xff\xe1\xff\xff" + (b"Exif\0\0" + bytes(65_527))
    with pytest.raises(PictureError, match="more than 100 parts of EXIF"):
        look(data[:2] + exif * 101 + data[2:])
    assert look(data[:2] + exif * 2 + data[2:]).scans == 10
