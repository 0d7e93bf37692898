"""Videos: rendered once when asked for, whole or in parts, under names that lead nowhere else."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from storyboard.compiler.template import ShotLine
from tests.sandbox.twin import data_uri, image_to_video, jpeg, png, text_to_video

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    import httpx

    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Task, Twin


@pytest.fixture
def ready(open_twin: OpenTwin) -> Twin:
    """A sandbox whose jobs take no time."""
    return open_twin(job_seconds=0)


def urls(twin: Twin, task: Task) -> list[str]:
    """Submit a task and give the addresses of its videos."""
    twin.post(task)
    return [item["videoURL"] for item in twin.poll(task["taskUUID"])]


def test_a_video_shows_the_shots(ready: Twin) -> None:
    """The renderer gets the shots, the size and the banner; nothing is rendered before somebody asks."""
    (url,) = urls(ready, text_to_video())
    assert ready.renderer.calls == []
    answer = ready.get(url)
    assert (answer.status_code, answer.headers["content-type"], len(answer.content)) == (200, "video/mp4", 1000)
    (call,) = ready.renderer.calls
    assert call["cuts"] == [(1, 3, "Wide shot, a keeper climbs"), (2, 4, "Close-up, her hand")]
    assert (call["width"], call["height"], call["container"], call["first_frame"]) == (1280, 720, "MP4", None)
    assert call["banner"] == "SANDBOX - NOT RENDERED BY THE MODEL"


def test_rendered_once_for_equal_pictures(ready: Twin) -> None:
    """Two downloads of two equal tasks cost one rendering; another take is another picture."""
    for url in [*urls(ready, text_to_video()), *urls(ready, text_to_video())] * 2:
        assert ready.get(url).status_code == 200
    assert len(ready.renderer.calls) == 1
    first, second = urls(ready, text_to_video(numberResults=2))
    assert ready.get(first).content != ready.get(second).content


def test_rendered_once_for_downloads_at_the_same_time(ready: Twin) -> None:
    """Downloads that start together share one rendering, and the loop goes on meanwhile."""
    (url,) = urls(ready, text_to_video())

    async def download_together() -> list[httpx.Response]:
        return await asyncio.gather(*(ready.request("GET", url) for _ in range(8)))

    answers = asyncio.run(download_together())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == len(ready.renderer.calls) == 1


@pytest.mark.parametrize(
    ("image", "resolution", "size"),
    [
        (data_uri(png(640, 360)), "720p", (1280, 720)),
        (data_uri(png(640, 360)), "1080p", (1920, 1080)),
        (data_uri(png(300, 400)), "720p", (720, 960)),
        (data_uri(png(500, 500)), "1080p", (1080, 1080)),
        (data_uri(png(750, 300)), "720p", (1280, 512)),
        (data_uri(jpeg(300, 451), "jpeg"), "720p", (720, 1082)),
        ("https://example.org/portrait.png", "720p", (1280, 720)),
    ],
)
def test_the_first_frame_decides_the_shape(ready: Twin, image: str, resolution: str, size: tuple[int, int]) -> None:
    """The video has the picture's shape at the asked resolution, in even sides; 16:9 where the picture is elsewhere."""
    (url,) = urls(ready, image_to_video(image, resolution=resolution))
    ready.get(url)
    (call,) = ready.renderer.calls
    assert (call["width"], call["height"]) == size
    assert (call["first_frame"] is None) == image.startswith("https")


def test_an_uploaded_picture_is_a_first_frame(ready: Twin) -> None:
    """imageUpload gives a UUID that videoInference takes and the video shows."""
    picture = png(400, 300)
    upload = {"taskType": "imageUpload", "taskUUID": text_to_video()["taskUUID"], "image": data_uri(picture)}
    (item,) = ready.post(upload).json()["data"]
    (url,) = urls(ready, image_to_video({"image": item["imageUUID"], "frame": "first"}))
    ready.get(url)
    assert ready.renderer.calls[0]["first_frame"] == picture


def test_an_uploaded_picture_is_looked_at(ready: Twin) -> None:
    """What is no picture cannot be uploaded, and a picture that does not fit cannot become a first frame."""
    upload = {"taskType": "imageUpload", "taskUUID": text_to_video()["taskUUID"]}
    for image in (None, 7, "words", data_uri(b"words")):
        assert ready.post(upload | {"image": image}).json()["errors"][0]["code"] == "invalidImage"
    (item,) = ready.post(upload | {"image": data_uri(png(100, 100))}).json()["data"]
    assert ready.post(image_to_video(item["imageUUID"])).status_code == 400


def test_pictures_stay_out_of_the_state(ready: Twin, tmp_path: Path) -> None:
    """A picture is kept once, as a file of its own, however often it is sent."""
    image = data_uri(png(900, 900) + b"x" * 300_000)
    for _ in range(5):
        assert ready.post(image_to_video(image)).status_code == 200
    (kept,) = (tmp_path / "twin" / "pictures").iterdir()
    assert kept.read_text() == image
    ready.app.close()
    assert (tmp_path / "twin" / "state.sqlite3").stat().st_size < 100_000


@pytest.mark.parametrize(("container", "suffix", "kind"), [("WEBM", "webm", "webm"), ("MOV", "mov", "quicktime")])
def test_other_containers(ready: Twin, container: str, suffix: str, kind: str) -> None:
    """The address ends as the format says, and only that address has the video."""
    (url,) = urls(ready, text_to_video(outputFormat=container))
    assert url.endswith(f".{suffix}")
    assert ready.get(url).headers["content-type"] == f"video/{kind}"
    assert ready.get(url.replace(suffix, "mp4")).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-99", 206, (0, 100)),
        ("bytes=400-", 206, (400, 1000)),
        ("bytes=-100", 206, (900, 1000)),
        ("bytes=-5000", 206, (0, 1000)),
        ("bytes=900-5000", 206, (900, 1000)),
        ("bytes=999-999", 206, (999, 1000)),
        ("bytes=1000-", 416, (0, 0)),
        ("bytes=-0", 416, (0, 0)),
        ("bytes=5-2", 200, (0, 1000)),
        ("bytes=-", 200, (0, 1000)),
        ("bytes=0-1,5-6", 200, (0, 1000)),
        ("lines=0-1", 200, (0, 1000)),
        (f"bytes={'9' * 5000}-", 200, (0, 1000)),
    ],
)
def test_ranges(ready: Twin, asked: str, status: int, span: tuple[int, int]) -> None:
    """One range is served as 206 with its place; one behind the end is 416; what cannot be read is ignored."""
    (url,) = urls(ready, text_to_video())
    whole = ready.get(url).content
    answer = ready.get(url, headers={"Range": asked})
    start, end = span
    assert (answer.status_code, answer.content) == (status, whole[start:end])
    assert answer.headers["content-length"] == str(end - start)
    place = {206: f"bytes {start}-{end - 1}/1000", 416: "bytes */1000", 200: None}[status]
    assert answer.headers.get("content-range") == place


def test_a_download_goes_on_only_with_the_same_file(ready: Twin) -> None:
    """If-Range with the file's ETag gives the rest; with any other, the whole."""
    (url,) = urls(ready, text_to_video())
    etag = ready.get(url).headers["etag"]
    assert ready.get(url, headers={"Range": "bytes=10-", "If-Range": etag}).status_code == 206
    assert ready.get(url, headers={"Range": "bytes=10-", "If-Range": '"other"'}).status_code == 200
    assert ready.get(url, headers={"Range": "bytes=10-", "If-Range": f"W/{etag}"}).status_code == 200


def test_head(ready: Twin) -> None:
    """HEAD says what GET would, without the bytes and without regard to ranges."""
    (url,) = urls(ready, text_to_video())
    head = ready.get(url, method="HEAD", headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == ready.get(url).headers


def test_no_video_before_its_time(twin: Twin) -> None:
    """A video's address, even a guessed one, has nothing until the result is there."""
    task = text_to_video()
    twin.post(task)
    twin.clock.now += 10
    (item,) = twin.poll(task["taskUUID"])
    twin.clock.now -= 1
    assert twin.get(item["videoURL"]).status_code == 404
    assert twin.renderer.calls == []


@pytest.mark.parametrize(
    "name",
    [
        "../state.sqlite3",
        "..%2fstate.sqlite3",
        "%2e%2e/%2e%2e/etc/passwd",
        "sandbox-00000000-0000-0000-0000-000000000000.mp4",
        "sandbox-00000000-0000-0000-0000-000000000000.mp4/../../state.sqlite3",
        "sandbox-..%2f..%2fstate.sqlite3",
        "sandbox-00000000-0000-0000-0000-000000000000.mp4%00",
        "",
    ],
)
def test_names_lead_nowhere_else(ready: Twin, name: str) -> None:
    """Only names that were given out are answered; a path in a name is just a wrong name."""
    answer = ready.get(f"/videos/{name}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "notFound")


def test_animatics_by_default(open_twin: OpenTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a renderer of its own the sandbox asks the animatic room, and only at the first download."""
    calls: list[dict[str, Any]] = []

    def render_animatic(target: Path, **rest: Any) -> None:
        calls.append(rest)
        target.write_bytes(b"animatic")

    room = SimpleNamespace(Cut=ShotLine, render_animatic=render_animatic)
    monkeypatch.setitem(sys.modules, "storyboard.preview.animatic", cast("ModuleType", room))
    twin = open_twin(job_seconds=0, renderer=None)
    (url,) = urls(twin, text_to_video())
    assert twin.get(url).content == b"animatic"
    assert calls[0]["cuts"] == [ShotLine(1, 3, "Wide shot, a keeper climbs"), ShotLine(2, 4, "Close-up, her hand")]
    assert calls[0].keys() == {"cuts", "width", "height", "title", "banner", "first_frame", "container"}


def test_a_renderer_that_fails(open_twin: OpenTwin, tmp_path: Path) -> None:
    """A failed rendering is a 500 with words, leaves nothing behind, and is tried again at the next request."""
    fails = [OSError("disk full"), ModuleNotFoundError("No module named 'av'")]

    def render(target: Path, **_: Any) -> None:
        target.write_bytes(b"half")
        if fails:
            raise fails.pop(0)

    twin = open_twin(job_seconds=0, renderer=render)
    (url,) = urls(twin, text_to_video())
    for words in ("disk full", "multishot-storyboard[preview]"):
        answer = twin.get(url)
        assert answer.status_code == 500
        assert words in answer.json()["errors"][0]["message"]
        assert list((tmp_path / "twin" / "videos").iterdir()) == []
    assert twin.get(url).content == b"half"
