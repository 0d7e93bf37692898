"""Uploads before they are used, and addresses that end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from storyboard.sandbox.sweeping import sweep_videos
from tests.sandbox.twin import data_uri, image_to_video, png, text_to_video

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Task, Twin

PICTURE = png(640, 360)


def media(operation: object, **more: object) -> Task:
    """A task about stored media."""
    return {"taskType": "mediaStorage", "taskUUID": str(uuid4()), "operation": operation, **more}


def upload(twin: Twin, picture: str = data_uri(PICTURE)) -> Task:
    """Stores a picture; the row that is answered."""
    task = media("upload", media=picture)
    (row,) = twin.post(task).json()["data"]
    assert (row["taskType"], row["taskUUID"], row["operation"]) == ("mediaStorage", task["taskUUID"], "upload")
    return dict(row)


def test_what_is_stored_can_be_fetched_and_is_a_first_frame(open_twin: OpenTwin) -> None:
    """A stored picture comes back byte for byte, and is drawn by its UUID as by its address."""
    twin = open_twin(job_seconds=0)
    row = upload(twin)
    answer = twin.get(row["mediaURL"])
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/png")
    for reference in (row["mediaUUID"], row["mediaURL"]):
        task = image_to_video(reference)
        assert twin.post(task).status_code == 200
        assert twin.get(twin.poll(task["taskUUID"])[0]["videoURL"]).status_code == 200
    # The same picture is the same video: the second job finds it drawn.
    (call,) = twin.renderer.calls
    assert call["first_frame"] == PICTURE


def test_what_is_deleted_is_gone(twin: Twin) -> None:
    """After a delete the address is a 404, and a second delete is refused."""
    row = upload(twin)
    (done,) = twin.post(media("delete", media=row["mediaUUID"])).json()["data"]
    assert (done["operation"], done["mediaUUID"]) == ("delete", row["mediaUUID"])
    assert twin.get(row["mediaURL"]).status_code == 404
    assert twin.post(media("delete", media=row["mediaUUID"])).json()["errors"][0]["code"] == "invalidMedia"


@pytest.mark.parametrize(
    ("task", "code"),
    [
        (media("upload"), "missingMedia"),
        (media("upload", media=7), "invalidMedia"),
        (media("upload", media="not base64!"), "invalidMedia"),
        (media("upload", media=data_uri(b"<svg onload=alert(1)>")), "invalidMedia"),
        (media("move", media=data_uri(PICTURE)), "invalidOperation"),
        ({"taskType": "mediaStorage", "taskUUID": str(uuid4()), "media": "x"}, "missingOperation"),
        (media("upload", media=data_uri(PICTURE), extra=1), "unsupportedParameter"),
    ],
)
def test_what_cannot_be_stored_is_refused(twin: Twin, task: Task, code: str) -> None:
    """Each mistake has the provider's kind of code."""
    assert code in [error["code"] for error in twin.post(task).json()["errors"]]


def test_an_address_ends_with_its_ttl(twin: Twin) -> None:
    """A video can be fetched until `ttl` seconds after it was ready, then never again; the job is still a success."""
    task = text_to_video(ttl=60, numberResults=2)
    twin.post(task)
    twin.clock.now += 10
    first, second = (item["videoURL"] for item in twin.poll(task["taskUUID"]))
    twin.clock.now += 54.9
    assert twin.get(first).status_code == 200
    twin.clock.now += 0.1
    assert [twin.get(url).status_code for url in (first, second)] == [403, 200]
    twin.clock.now += 5
    answer = twin.get(second)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "expired")
    assert [item["status"] for item in twin.poll(task["taskUUID"])] == ["success", "success"]


def test_without_ttl_an_address_stays(twin: Twin) -> None:
    """Nothing ends that was not asked to."""
    task = text_to_video()
    twin.post(task)
    twin.clock.now += 10**7
    assert twin.get(twin.poll(task["taskUUID"])[0]["videoURL"]).status_code == 200


def test_old_videos_and_parts_are_swept(tmp_path: Path) -> None:
    """What is older than a week goes, so do parts that nobody writes any more, and the oldest above the size."""
    ages = {"old.mp4": 8 * 86_400, "part-dead.mp4": 7200, "part-live.mp4": 10, "a.mp4": 300, "b.mp4": 200, "c.mp4": 100}
    for name, age in ages.items():
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    assert sorted(sweep_videos(tmp_path, now=1_000_000, bytes_at_most=300)) == ["a.mp4", "old.mp4", "part-dead.mp4"]
    assert sorted(os.listdir(tmp_path)) == ["b.mp4", "c.mp4", "part-live.mp4"]


def test_a_swept_video_is_drawn_again(open_twin: OpenTwin, tmp_path: Path) -> None:
    """A job outlives its file."""
    twin = open_twin(job_seconds=0)
    task = image_to_video()
    twin.post(task)
    url = twin.poll(task["taskUUID"])[0]["videoURL"]
    before = twin.get(url).content
    for folder in ("videos", "pictures"):
        for file in (tmp_path / "twin" / folder).iterdir():
            os.utime(file, (0, 0))
    again = open_twin(job_seconds=0)
    assert list((tmp_path / "twin" / "videos").iterdir()) == []
    assert again.get(url).content == before
    assert len(again.renderer.calls) == 1
