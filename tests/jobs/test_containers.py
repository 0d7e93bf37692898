"""A video that is cut anywhere is found out, and one that is whole is not."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyboard.jobs.containers import damage
from storyboard.jobs.download import is_whole
from tests.provider.media import video

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = ("mp4", "mov", "webm")


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


FTYP, MOOV, MDAT = _box(b"ftyp", b"isom"), _box(b"moov", b"m" * 20), _box(b"mdat", b"d" * 50)

WEBM = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67"
CLUSTER, BLOCK = b"\x1f\x43\xb6\x75", b"\xa3\x82xy"


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_truncation_is_accepted(tmp_path: Path, ending: str) -> None:
    """0 of all shorter lengths of a good file pass, nor does the file with anything behind it."""
    data = video("name", ending, 400, 5)
    path = tmp_path / f"film.{ending}"
    path.write_bytes(data)
    assert damage(path, ending) is None
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert damage(path, ending) is not None, size
        assert not is_whole(path, None)
    path.write_bytes(data + b"x")
    assert damage(path, ending) is not None


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (FTYP + MOOV + MDAT, True),
        (FTYP + MDAT + MOOV, True),
        (FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 66) + b"d" * 50, True),
        (FTYP + MOOV + struct.pack(">I4s", 0, b"mdat") + b"d" * 50, True),
        (FTYP + _box(b"\xa9too", b"x") + MOOV + MDAT, True),
        (MOOV + MDAT, False),
        (FTYP + MOOV, False),
        (FTYP + MDAT, False),
        (FTYP, False),
        (b"", False),
        (FTYP + MOOV + MDAT + b"\0\0\0\7free", False),
        (FTYP + MOOV + MDAT + b"\0\0\0\x08\x01\x02\x03\x04", False),
        (FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 5) + b"d" * 50, False),
        (FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 2**63), False),
        (b"<!DOCTYPE html><html><body>We will be right back</body></html>", False),
    ],
)
def test_boxes(tmp_path: Path, data: bytes, good: bool) -> None:
    """Large sizes and sizes to the end are read; what is missing, overlong or no box at all is refused."""
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    assert (damage(path, "mp4") is None) is good


@pytest.mark.parametrize(
    ("segment", "good"),
    [
        (b"\xff" + CLUSTER + b"\x83abc", True),
        (b"\xff" + CLUSTER + b"\xff" + BLOCK + BLOCK, True),
        (b"\x01" + b"\xff" * 7 + CLUSTER + b"\xff" + BLOCK, True),
        (b"\xff" + CLUSTER + b"\x83ab", False),
        (b"\xff" + CLUSTER + b"\xff" + BLOCK + BLOCK[:-1], False),
        (b"\xff" + CLUSTER, False),
        (b"\xff" + BLOCK + b"\xff", False),
        (b"\xff" + BLOCK, False),
        (b"\xff", False),
        (b"\x80", False),
        (b"", False),
    ],
)
def test_live_webm(tmp_path: Path, segment: bytes, good: bool) -> None:
    """A segment without a length must hold clusters, and its elements must end where the file ends."""
    path = tmp_path / "film.webm"
    path.write_bytes(WEBM + segment)
    assert (damage(path, "webm") is None) is good


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.binary(max_size=60), head=st.sampled_from([b"", FTYP, WEBM[:4], WEBM]))
def test_nonsense_is_refused_and_never_raises(tmp_path: Path, data: bytes, head: bytes) -> None:
    """Any bytes get an answer; without moov and mdat no MP4 or MOV passes."""
    path = tmp_path / "film"
    path.write_bytes(head + data)
    for ending in ("mp4", "mov"):
        assert damage(path, ending) is not None
    damage(path, "webm")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """No file is no whole video."""
    assert not is_whole(tmp_path / "film.mp4", None)
