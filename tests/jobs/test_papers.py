"""Receipts and notes that anybody may have put into a folder: read with bounds, or taken for none."""

from __future__ import annotations

import json
import os
import resource
import socket
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.disk import open_regular
from storyboard.jobs.papers import PAPER_LIMIT, read_paper
from storyboard.jobs.receipts import read_receipt, source_of, vouched
from tests.jobs.rules import assert_done

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.studio import Studio


def _link_to_a_device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def _pipe(place: Path) -> None:
    os.mkfifo(place)


def _folder(place: Path) -> None:
    place.mkdir()


def _socket(place: Path) -> None:
    # The name of a socket may be no longer than some hundred bytes.
    here = os.open(place.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(f"/proc/self/fd/{here}/{place.name}")
    os.close(here)


def _sparse(place: Path) -> None:
    with place.open("wb") as stream:
        stream.truncate(1 << 40)


def _link_to_itself(place: Path) -> None:
    place.symlink_to(place.name)


def _link_out(place: Path) -> None:
    outside = place.parents[2] / "outside.json"
    outside.write_text('{"video": "x", "job": "y"}')
    place.symlink_to(outside)


NO_FILES = [_link_to_a_device, _pipe, _folder, _socket, _sparse, _link_to_itself, _link_out]

NO_PAPERS: dict[str, bytes] = {
    "deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep enough to be read": b'{"a":' * 200 + b"1" + b"}" * 200,
    "a large number": b'{"seed": 1' + b"0" * 5000 + b"}",
    "a number of many digits": b'{"seed": 1' + b"0" * 4000 + b"}",
    "no number": b'{"cost": NaN}',
    "endless": b'{"cost": -Infinity}',
    "an overflow": b'{"cost": 1e400}',
    "half a character": b'{"video": "\\ud800"}',
    "half a character as bytes": b'{"video": "\xed\xa0\x80"}',
    "half a character as a key": b'{"\\udfff": 1}',
    "another coding": '{"video": "x"}'.encode("utf-16"),
    "no JSON": b"<html>",
    "no object": b"[1]",
    "nothing": b"",
    "too large": b'{"a": "' + b"x" * PAPER_LIMIT + b'"}',
}


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_of_the_project(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Devices, pipes, sockets, folders, files without an end and links out of the project say nothing, at once."""
    (tmp_path / "project" / "renders").mkdir(parents=True)
    place = tmp_path / "project" / "renders" / "film-1.mp4.json"
    make(place)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_paper(place) == {}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


@pytest.mark.parametrize("name", NO_PAPERS)
def test_what_is_no_paper(tmp_path: Path, name: str) -> None:
    """What could not be stored or written again as it is, is none."""
    place = tmp_path / "film-1.mp4.json"
    place.write_bytes(NO_PAPERS[name])
    assert read_paper(place) == {}


@pytest.mark.parametrize("make", [_link_to_a_device, _pipe, _folder, _socket, _link_to_itself])
def test_only_regular_files_are_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Whatever else lies there is an error at once, never a wait or an endless read."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    place = tmp_path / "a" / "b" / "film-1.mp4"
    make(place)
    with pytest.raises(OSError, match=r".+"):
        open_regular(place)


def test_papers(tmp_path: Path) -> None:
    """With a mark of the coding in front as some editors write it, and through a link within the project."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "renders").mkdir()
    (tmp_path / ".git" / "kept").write_bytes(b'\xef\xbb\xbf{"video": "\xc3\xbc \\ud83d\\ude00"}')
    place = tmp_path / "renders" / "film-1.mp4.json"
    place.symlink_to("../.git/kept")
    assert read_receipt(place) == {"video": "ü 😀"}


@pytest.mark.parametrize("source", [None, 3, "a\0b", "a/" * 100_000])
def test_storyboards_that_no_receipt_can_name(source: Any) -> None:
    """Neither a path without an end nor what is none."""
    assert source_of({"storyboard": source}, "/renders") is None


def test_a_video_of_another_size_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a file is what a receipt tells of is seen by its size first."""
    video = tmp_path / "film-1.mp4"
    video.write_bytes(b"x" * 100)
    monkeypatch.setattr("storyboard.jobs.receipts.is_there", lambda path: True)
    monkeypatch.setattr("storyboard.jobs.receipts.measure", lambda path: pytest.fail("it was read"))
    assert vouched(video, {"sha256": "0" * 64, "bytes": 99}) is None


@pytest.mark.parametrize("make", NO_FILES)
@pytest.mark.parametrize("ending", [".mp4.json", ".mp4.part.json", ".mp4"])
def test_a_folder_with_traps(studio: Studio, make: Callable[[Path], None], ending: str) -> None:
    """Submitting, rebuilding and looking go on beside them, quickly; the take has a name of its own."""
    studio.renders.mkdir()
    make(studio.renders / f"film-1{ending}")
    assert_done(studio, studio.submit(studio.board()))
    assert studio.run("jobs", "rebuild").code == 0
    assert studio.run("jobs").code == 0
    assert studio.resume().code == 0
    assert list(studio.provider.paid.values()) == [1]
    assert "Traceback" not in "".join(studio.outputs)


def test_a_receipt_that_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger once it is read than it was when it was opened is none."""
    place = tmp_path / "film-1.mp4.json"
    place.write_text(json.dumps({"a": "x" * PAPER_LIMIT}))
    real = os.fstat

    class Small:
        def __init__(self, descriptor: int) -> None:
            self.st_mode, self.st_size = real(descriptor).st_mode, 10
            self.st_blksize = 4096

    monkeypatch.setattr("storyboard.disk.os.fstat", Small)
    assert read_paper(place) == {}
