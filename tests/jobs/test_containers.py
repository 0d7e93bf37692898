"""A video that is cut anywhere is found out, and so is a file without pictures; one that is whole is not."""

from __future__ import annotations

import os
import re
import signal
import struct
import sys
from fractions import Fraction
from time import process_time
from typing import TYPE_CHECKING, Any

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyboard.jobs.boxes import Damaged
from storyboard.jobs.containers import damage, is_cut, look
from storyboard.jobs.download import is_there, is_whole
from storyboard.preview.first_picture import first_picture
from tests.provider.media import BLOCK, CLUSTER, EBML_HEADER, LIVE, TRACKS, box, element, moov, video, video_of_before

if TYPE_CHECKING:
    from pathlib import Path

ENDINGS = ("mp4", "mov", "webm")
FTYP, MDAT = box(b"ftyp", b"isom"), box(b"mdat", b"d" * 50)
START = len(FTYP) + len(moov(3, 0)) + 8
MOOV = moov(3, START)
SEGMENT, INFO = "18538067", element("1549a966", element("2ad7b1", (10**6).to_bytes(3)))


def _write(folder: Path, data: bytes, ending: str = "mp4") -> Path:
    path = folder / f"film.{ending}"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_truncation_is_accepted(tmp_path: Path, ending: str) -> None:
    """0 of all shorter lengths of a good file pass, nor does the file with anything behind it."""
    data = video("name", ending, 40, 5)
    path = _write(tmp_path, data, ending)
    assert look(path, ending).seconds == 5
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert damage(path, ending) is not None, size
    assert not is_whole(path, None)
    assert not is_there(path)
    path.write_bytes(data + b"x")
    assert damage(path, ending) is not None


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (FTYP + MOOV + MDAT, True),
        (FTYP + MDAT + moov(3, len(FTYP) + 8), True),
        (FTYP + moov(3, START + 8) + struct.pack(">I4sQ", 1, b"mdat", 66) + b"d" * 50, True),
        (FTYP + MOOV + struct.pack(">I4s", 0, b"mdat") + b"d" * 50, True),
        (FTYP + box(b"\xa9too", b"x") + moov(3, START + 9) + MDAT, True),
        (FTYP + MOOV + MDAT + box(b"free", b""), True),
        (MOOV + MDAT, False),
        (FTYP + MOOV, False),
        (FTYP + MDAT, False),
        (FTYP, False),
        (b"", False),
        (FTYP + MOOV + MDAT + b"\0\0\0\7free", False),
        (FTYP + MOOV + MDAT + b"\0\0\0\x08\x01\x02\x03\x04", False),
        (FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 5) + b"d" * 50, False),
        (FTYP + MOOV + struct.pack(">I4sQ", 1, b"mdat", 2**63), False),
        (FTYP + box(b"moov", b"m" * 20) + MDAT, False),
        (FTYP + MOOV.replace(b"vide", b"soun") + MDAT, False),
        (FTYP + MOOV + struct.pack(">I4s", 0, b"mdat") + b"d" * 9, False),
        (FTYP + MOOV + box(b"mdat", b"d" * 9), False),
        (FTYP + moov(3, 8) + MDAT, False),
        (FTYP + moov(3, 2**32 - 1) + MDAT, False),
        (b"<!DOCTYPE html><html><body>We will be right back</body></html>", False),
    ],
)
def test_boxes(tmp_path: Path, data: bytes, good: bool) -> None:
    """Large sizes and sizes to the end are read; what is missing, overlong or no box, or has no picture, is refused."""
    assert (damage(_write(tmp_path, data), "mp4") is None) is good


def test_the_smallest_file_that_has_the_usual_parts(tmp_path: Path) -> None:
    """Parts alone, without a track, are no video; they were one for earlier versions, which a digest may vouch for."""
    path = _write(tmp_path, box(b"ftyp", b"isom") + box(b"moov", b"") + box(b"mdat", b""))
    assert damage(path, "mp4") == "no video: it has no track of pictures"
    path.write_bytes(video_of_before("name", "mp4", 400, 3))
    assert not is_whole(path, None)
    assert is_there(path)


@pytest.mark.parametrize("table", [b"stts", b"stsc", b"stsz", b"stco"])
@pytest.mark.parametrize("count", [0, 2, 1000, 2**32 - 1])
def test_tables_that_do_not_fit(tmp_path: Path, table: bytes, count: int) -> None:
    """A table that counts more than it has, or other than the others do, makes no whole video."""
    place = MOOV.index(table) + (12 if table == b"stsz" else 8)
    data = FTYP + MOOV[:place] + struct.pack(">I", count) + MOOV[place + 4 :] + MDAT
    with pytest.raises(Damaged):
        look(_write(tmp_path, data), "mp4")


@pytest.mark.parametrize("movflags", ["", "faststart", "frag_every_frame", "dash+delay_moov"])
def test_films_as_encoders_write_them(tmp_path: Path, movflags: str) -> None:
    """Tables before or after the pictures, and films in pieces; cut between two of its pieces, one is too short."""
    path = tmp_path / "film.mp4"
    _encode(path, "libx264", {"movflags": movflags} if movflags else {})
    seen = look(path, "mp4")
    assert seen.seconds == pytest.approx(2, abs=0.1)
    data = path.read_bytes()
    assert first_picture(path, "mp4") == "drawn"
    if "frag" in movflags:
        pieces = [found.start() - 4 for found in re.finditer(b"moof", data)]
        cut = look(_write(tmp_path, data[: pieces[len(pieces) // 2]]), "mp4")
        assert not cut.says_its_end
        assert cut.seconds < 1.5


@pytest.mark.parametrize(("ending", "codec"), [("mov", "libx264"), ("webm", "libvpx-vp9")])
def test_other_kinds_as_encoders_write_them(tmp_path: Path, ending: str, codec: str) -> None:
    """MOV and WebM."""
    path = tmp_path / f"film.{ending}"
    _encode(path, codec, {})
    assert look(path, ending).seconds == pytest.approx(2, abs=0.1)
    assert first_picture(path, ending) == "drawn"


def _encode(path: Path, codec: str, options: dict[str, str]) -> None:
    """Two seconds of grey, with sound."""
    sound = "libopus" if path.suffix == ".webm" else "aac"
    with av.open(str(path), "w", options=options) as file:
        stream: Any = file.add_stream(codec, rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        other: Any = file.add_stream(sound, rate=48000)
        other.layout = "stereo"
        for number in range(20):
            frame = av.VideoFrame(64, 64, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 9]) * plane.buffer_size)
            frame.pts, frame.time_base = number, Fraction(1, 10)
            file.mux(stream.encode(frame))
        for number in range(100):
            tone = av.AudioFrame(format="fltp", layout="stereo", samples=960)
            tone.sample_rate, tone.pts = 48000, number * 960
            for channel in tone.planes:
                channel.update(bytes(channel.buffer_size))
            file.mux(other.encode(tone))
        file.mux(stream.encode(None))
        file.mux(other.encode(None))


@pytest.mark.parametrize(
    ("data", "good"),
    [
        (LIVE, True),
        (LIVE[: -len(BLOCK)], True),
        (LIVE[:-1], False),
        (EBML_HEADER + element(SEGMENT, INFO + TRACKS + CLUSTER), True),
        (EBML_HEADER + element(SEGMENT, INFO + CLUSTER), False),
        (EBML_HEADER + element(SEGMENT, INFO + TRACKS), False),
        (
            EBML_HEADER + element(SEGMENT, TRACKS.replace(b"\x83\x01" + b"\0" * 6 + b"\x01\x01", b"\x83") + CLUSTER),
            False,
        ),
        (EBML_HEADER + element(SEGMENT, INFO + TRACKS + CLUSTER)[:-1], False),
        (EBML_HEADER + bytes.fromhex("18538067ff") + TRACKS, False),
        (EBML_HEADER + bytes.fromhex("18538067ff"), False),
        (EBML_HEADER + bytes.fromhex("1853806780"), False),
        (EBML_HEADER, False),
        (EBML_HEADER + element(SEGMENT, INFO + TRACKS + element("1f43b675", b"\xa3\xff\x81\0\0\0xy")), False),
    ],
)
def test_webm(tmp_path: Path, data: bytes, good: bool) -> None:
    """It has a track of pictures and one of them; its parts end where the file ends, also where it says no length."""
    assert (damage(_write(tmp_path, data, "webm"), "webm") is None) is good


def test_what_a_stream_says_of_its_end(tmp_path: Path) -> None:
    """Where a stream is cut between two blocks only who sends it can tell; how long it plays its blocks say."""
    assert look(_write(tmp_path, LIVE, "webm"), "webm").says_its_end is False
    late = BLOCK.replace(b"\x81\0\0", b"\x81\x0b\xb8")
    assert look(_write(tmp_path, LIVE + late, "webm"), "webm").seconds == 3.0


def _nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        data = box(b"trak", data)
    return data


_TFHD, _TRUN = box(b"tfhd", struct.pack(">II", 0, 1)), box(b"trun", struct.pack(">II", 0, 2**32 - 1))

HOSTILE = {
    "many boxes": FTYP + box(b"free", b"") * 200_000 + MOOV + MDAT,
    "many tracks": FTYP + box(b"moov", box(b"trak", b"") * 200_000) + MDAT,
    "deep boxes": FTYP + box(b"moov", _nested(5_000)) + MDAT,
    "large tables": FTYP + MOOV + box(b"moof", box(b"traf", _TFHD, box(b"trun", bytes(3_000_000)))) + MDAT,
    "many samples": FTYP + MOOV + box(b"moof", box(b"traf", _TFHD, *[_TRUN] * 20_000)) + MDAT,
    "sizes to the end": (FTYP + struct.pack(">I4s", 0, b"moov")) * 20_000,
    "many elements": EBML_HEADER + bytes.fromhex("18538067ff") + TRACKS + b"\xec\x80" * 500_000 + CLUSTER,
    "many clusters": EBML_HEADER + bytes.fromhex("18538067ff") + TRACKS + bytes.fromhex("1f43b67580") * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_structure_takes_little_time(tmp_path: Path, name: str) -> None:
    """Parts and tables are bounded in number and size, whatever the file says of them."""
    ending = "webm" if HOSTILE[name].startswith(EBML_HEADER) else "mp4"
    path = _write(tmp_path, HOSTILE[name], ending)
    begin = process_time()
    damage(path, ending)
    with path.open("rb") as stream:
        is_cut(stream, ending)
    assert process_time() - begin < 2.0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.binary(max_size=60), head=st.sampled_from([b"", FTYP, FTYP + MOOV, EBML_HEADER[:4], EBML_HEADER]))
def test_nonsense_is_refused_and_never_raises(tmp_path: Path, data: bytes, head: bytes) -> None:
    """Any bytes get an answer; without their data no MP4 or MOV passes."""
    path = tmp_path / "film"
    path.write_bytes(head + data)
    for ending in ("mp4", "mov"):
        assert damage(path, ending) is not None
    damage(path, "webm")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(ending=st.sampled_from(ENDINGS), data=st.data())
def test_any_change_gets_an_answer(tmp_path: Path, ending: str, data: Any) -> None:
    """A file with some bytes changed is whole or is not; no change ends in an error of another kind."""
    good = bytearray(video("name", ending, 40, 3))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    damage(_write(tmp_path, bytes(good), ending), ending)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """No file is no whole video."""
    assert not is_whole(tmp_path / "film.mp4", None)


@pytest.mark.parametrize("sha256", [None, "0" * 64])
def test_what_is_no_file(tmp_path: Path, sha256: str | None) -> None:
    """A pipe that nobody writes to, a device, a folder, a file of terabytes: no video, and known at once."""
    pipe, device, folder, large = (tmp_path / f"{name}.mp4" for name in ("pipe", "device", "folder", "large"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    folder.mkdir()
    with large.open("wb") as stream:
        stream.truncate(1 << 40)
    for path in (pipe, device, folder, large):
        assert not is_whole(path, sha256)
        assert not is_there(path)


def test_pictures_that_cannot_be_decoded(tmp_path: Path) -> None:
    """A film whose tables are right and whose pictures are noise; and the next one is drawn all the same."""
    good = video("name", "mp4", 40, 3)
    assert first_picture(_write(tmp_path, good[:-49] + b"\0\0\0\x06" + b"\xff" * 45), "mp4") == "broken"
    assert first_picture(_write(tmp_path, b"hello"), "mp4") == "broken"
    assert first_picture(_write(tmp_path, good), "mp4") == "drawn"


def test_a_decoder_that_hangs_or_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ended after a while, and begun anew for the next video; where none can be begun, nothing is said."""
    from storyboard.preview import first_picture as module

    path = _write(tmp_path, video("name", "mp4", 40, 3))
    helper = module._Helper()
    monkeypatch.setattr(module, "SECONDS_AT_MOST", 0.2)
    assert helper.ask(str(path), "mov") in ("drawn", "slow")
    assert helper._process is None or helper._process.poll() is None
    if helper._process is None:
        helper._process = helper._begun()
    process = helper._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    assert helper.ask(str(path), "mov") == "slow"
    assert process.poll() is not None
    monkeypatch.setattr(module, "SECONDS_AT_MOST", 20.0)
    assert helper.ask(str(path), "mov") == "drawn"
    helper.end()
    monkeypatch.setattr(sys, "executable", "")
    assert module._Helper().ask(str(path), "mov") == "unknown"
    monkeypatch.setattr(module, "is_missing", lambda _: True)
    assert first_picture(path, "mp4") == "unknown"
