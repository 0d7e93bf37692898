"""Videos that are not what was ordered: asked for again within bounds, kept where there is no other, never lost."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

from storyboard.jobs.download import Odd, download
from storyboard.runware.videos import Part, VideoHost
from tests.jobs.rules import assert_done, assert_paid_once
from tests.provider import media
from tests.provider.media import LIVE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.jobs.studio import Studio

Served = list["Callable[[bytes, int], bytes] | None"]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    """What is made of each download, from its bytes and seconds, the last one for all that follow; None: as it is."""
    turns: Served = []

    def video(name: str, ending: str, size: int, seconds: int) -> bytes:
        change = turns[0] if turns else None
        if len(turns) > 1:
            turns.pop(0)
        data = media.video(name, ending, size, seconds)
        return change(data, seconds) if change is not None else data

    monkeypatch.setattr("tests.provider.downloads.video", video)
    return turns


def _shorter(data: bytes, seconds: int) -> bytes:
    return data.replace((seconds * 1000).to_bytes(4, "big"), (1000).to_bytes(4, "big"))


def _noise(data: bytes, seconds: int) -> bytes:
    return data.replace(bytes.fromhex("6588843a2780"), b"\xff" * 6)


def _without_track(data: bytes, seconds: int) -> bytes:
    return data.replace(b"trak", b"free")


def test_a_film_of_another_length_is_kept(studio: Studio, served: Served) -> None:
    """What comes twice is all that there is: it is paid for, on disk, and its receipt and the report say so."""
    served.append(_shorter)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (0, "done", "oddLength"), ran
    assert ran.line["error"]["message"] == "film-1.mp4 plays 1.0 s instead of 3: so it came twice"
    assert (studio.renders / "film-1.mp4").is_file()
    assert json.loads((studio.renders / "film-1.mp4.json").read_text())["seconds"] == 1.0
    assert studio.provider.count("download") == 2
    shown = studio.run("jobs")
    assert shown.code == 0
    assert studio.resume().err == "nothing to resume\n"
    ran = studio.run("submit", "film.storyboard.yaml", "--yes")
    assert (ran.code, "plays 1.0 s" in ran.err) == (0, True), ran
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("change", [_shorter, _noise, _without_track])
def test_a_film_that_is_right_the_second_time(studio: Studio, served: Served, change: Any) -> None:
    """A fresh address gives the video that was ordered: nothing is to be said."""
    served.extend([change, None])
    assert_done(studio, studio.submit(studio.board()))
    assert "seconds" not in json.loads((studio.renders / "film-1.mp4.json").read_text())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("change", [_noise, _without_track])
def test_what_is_no_video(studio: Studio, served: Served, change: Any) -> None:
    """It is not kept, however often it comes, nor asked for without an end; the job waits for a later run."""
    served.append(change)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "ready", "undelivered"), ran
    assert [name for name in studio.files() if name.endswith(".mp4")] == []
    assert studio.provider.count("download") <= 6
    served[:] = [None]
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


class Host:
    """Gives a stream, and says nothing of where it ends."""

    @asynccontextmanager
    async def fetch(self, url: str, start: int = 0, etag: str | None = None) -> AsyncIterator[Part]:
        """All of it."""
        yield Part(0, None, None, self._chunks(), ends=False)

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield LIVE


def test_an_end_that_nobody_tells(tmp_path: Path) -> None:
    """Neither the host nor the file says where it ends: it may be cut, unless the same bytes come twice."""
    host = cast("VideoHost", Host())
    with pytest.raises(Odd, match="neither the host nor the video says where it ends") as caught:
        asyncio.run(download(host, "https://h/v.webm", tmp_path / "v.webm"))
    assert list(tmp_path.iterdir()) == []
    before = frozenset((caught.value.sha256,))
    asyncio.run(download(host, "https://h/v.webm", tmp_path / "v.webm", came_before=before))
    assert (tmp_path / "v.webm").read_bytes() == LIVE
