"""Parts of videos: what may be gone on with, and when a file is the whole of what was announced."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

import pytest

from storyboard import writing
from storyboard.jobs.download import SIZE_LIMIT, Fetched, download
from storyboard.jobs.parts import part_of, reserve
from storyboard.runware.errors import Unclear, Unfit
from storyboard.runware.videos import Part, VideoHost
from tests.provider.media import LIVE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


class Host:
    """Gives what it was made with, and remembers what it was asked."""

    def __init__(
        self, data: bytes, *, etag: str | None = '"one"', total: int | None = None, dies: bool = False
    ) -> None:
        self.data = data
        self.etag = etag
        self.total = total
        self.dies = dies
        self.asked: list[tuple[int, str | None]] = []

    @asynccontextmanager
    async def fetch(self, url: str, start: int = 0, etag: str | None = None) -> AsyncIterator[Part]:
        """The data from `start` on, where the mark is its own, else from the beginning."""
        self.asked.append((start, etag))
        begin = start if etag is not None and etag == self.etag else 0
        total = len(self.data) if self.total is None else self.total
        yield Part(begin, total, self.etag, self._chunks(self.data[begin:]))

    async def _chunks(self, data: bytes) -> AsyncIterator[bytes]:
        for place in range(0, len(data), 40):
            yield data[place : place + 40]
        if self.dies:
            raise Unclear("gone")


def _download(host: Host, target: Path) -> Fetched:
    return asyncio.run(download(cast("VideoHost", host), "https://h/v.webm", target))


def test_fewer_bytes_than_announced(tmp_path: Path) -> None:
    """A file that looks whole, and is shorter than the host said, is not taken."""
    with pytest.raises(Unfit, match="bytes instead of"):
        _download(Host(LIVE[:-8], total=len(LIVE)), tmp_path / "v.webm")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [LIVE[:-8], b"<html>"])
def test_a_name_is_kept_over_an_unfit_answer(tmp_path: Path, data: bytes) -> None:
    """What was fetched is dropped; the part that keeps the name from others, and the note of whose it is, stay."""
    target = tmp_path / "v.webm"
    reserve(target, {"video": "mine"})
    with pytest.raises(Unfit):
        _download(Host(data, total=len(LIVE)), target)
    assert part_of(target).read_bytes() == b""
    with pytest.raises(FileExistsError):
        reserve(target, {"video": "another"})
    assert _download(Host(LIVE), target) == Fetched(sha256(LIVE).hexdigest(), len(LIVE))
    assert list(tmp_path.iterdir()) == [target]


def test_more_bytes_than_any_video_has(tmp_path: Path) -> None:
    """It is not even begun."""
    with pytest.raises(Unfit, match="larger"):
        _download(Host(LIVE, total=SIZE_LIMIT + 1), tmp_path / "v.webm")
    assert list(tmp_path.iterdir()) == []


def test_going_on(tmp_path: Path) -> None:
    """A part is gone on with under its mark, and what was there already is not asked for again."""
    target = tmp_path / "v.webm"
    with pytest.raises(Unclear):
        _download(Host(LIVE[:120], dies=True), target)
    host = Host(LIVE)
    fetched = _download(host, target)
    assert host.asked == [(120, '"one"')]
    assert (target.read_bytes(), fetched) == (LIVE, Fetched(sha256(LIVE).hexdigest(), len(LIVE)))
    assert [path.name for path in tmp_path.iterdir()] == ["v.webm"]


@pytest.mark.parametrize("etag", [None, 'W/"weak"', "bare", '"ü"', '"a\r\nb"'])
def test_a_mark_that_promises_nothing(tmp_path: Path, etag: Any) -> None:
    """Without a strong mark nothing is gone on with: the file is fetched from the start."""
    target = tmp_path / "v.webm"
    (tmp_path / "v.webm.part").write_bytes(b"x" * 100)
    (tmp_path / "v.webm.part.json").write_text(json.dumps({"etag": etag}))
    host = Host(LIVE)
    _download(host, target)
    assert (host.asked, target.read_bytes()) == ([(0, None)], LIVE)


@pytest.mark.parametrize("note", ["", "[]", "{", "5", '{"etag": 5}'])
def test_a_note_that_is_none(tmp_path: Path, note: str) -> None:
    """Nor is anything gone on with beside a note that cannot be read."""
    (tmp_path / "v.webm.part").write_bytes(b"x" * 100)
    (tmp_path / "v.webm.part.json").write_text(note)
    _download(Host(LIVE), tmp_path / "v.webm")
    assert (tmp_path / "v.webm").read_bytes() == LIVE


def test_old_bytes_never_stand_under_a_new_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever the process dies: a part beside a mark holds only bytes of that mark's file."""
    target, part = tmp_path / "v.webm", tmp_path / "v.webm.part"
    part.write_bytes(b"old" * 100)
    (tmp_path / "v.webm.part.json").write_text(json.dumps({"etag": '"old"'}))
    sizes: list[int] = []
    real = writing.replace_file

    def watched(place: Path, data: bytes) -> None:
        sizes.append(part.stat().st_size)
        real(place, data)

    monkeypatch.setattr("storyboard.jobs.download.replace_file", watched)
    _download(Host(LIVE), target)
    assert sizes == [0]
