"""The folder: private, enough to go on from, and shared by as many sandboxes as are opened on it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.sandbox import Sandbox
from storyboard.sandbox.state import State, StateError
from tests.sandbox.twin import image_to_video, text_to_video

if TYPE_CHECKING:
    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Twin

PROCESSES = 3
UUIDS = 20


def test_only_the_owner_can_read(twin: Twin, tmp_path: Path) -> None:
    """The folder is 0700, and state and pictures in it are 0600."""
    twin.post(image_to_video())
    folder = tmp_path / "twin"
    assert folder.stat().st_mode & 0o777 == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_new_sandbox_on_the_folder_goes_on(open_twin: OpenTwin) -> None:
    """Jobs keep their start, their length, their results and their charges over a restart."""
    before = open_twin()
    task = text_to_video(numberResults=2)
    before.post(task)
    before.clock.now += 5
    early = before.poll(task["taskUUID"])
    before.app.close()

    after = open_twin(clock=before.clock, job_seconds=1000)
    assert after.poll(task["taskUUID"]) == early
    after.clock.now += 5
    items = after.poll(task["taskUUID"])
    assert items[0] == early[0]
    assert [item["status"] for item in items] == ["success", "success"]
    assert after.get(items[1]["videoURL"]).status_code == 200
    assert after.post(task).json()["errors"][0]["code"] == "conflictTaskUUID"


def test_two_sandboxes_on_one_folder(open_twin: OpenTwin) -> None:
    """What one took, the other knows, refuses, polls and serves; a video is rendered for both."""
    one = open_twin(job_seconds=0)
    two = open_twin(job_seconds=0)
    task = text_to_video()
    one.post(task)
    assert two.post(task).status_code == 400
    assert two.app.state.charges() == {task["taskUUID"]: 1}
    (item,) = two.poll(task["taskUUID"])
    first = one.get(item["videoURL"])
    second = two.get(item["videoURL"])
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert two.renderer.calls == []


def test_the_same_tasks_from_many_threads(twin: Twin) -> None:
    """Equal tasks that arrive at the same time are paid once."""
    task = text_to_video()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: twin.post(task).status_code, range(16)))
    assert sorted(statuses) == [200] + [400] * 15


def test_the_same_tasks_from_many_processes(tmp_path: Path) -> None:
    """Processes that open a new folder together and send the same tasks are acknowledged once a task, in all."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        taken = pool.map(_start_all, [str(tmp_path)] * PROCESSES)
    assert sum(taken) == UUIDS
    state = State(tmp_path)
    assert state.charges() == {f"uuid-{n}": 1 for n in range(UUIDS)}
    state.close()


def _start_all(folder: str) -> int:
    state = State(Path(folder))
    taken = sum(
        state.start(f"uuid-{n}", {}, now=0, job_seconds=1, refusal={}, may_run_again=lambda _: False)
        for n in range(UUIDS)
    )
    state.close()
    return taken


def test_a_file_that_is_no_state(tmp_path: Path) -> None:
    """Something else in the state's place is said so and left alone."""
    target = tmp_path / "state.sqlite3"
    target.write_bytes(b"not a database, and long enough to be looked at" * 50)
    with pytest.raises(StateError, match=r"state\.sqlite3"):
        Sandbox(tmp_path)
    assert target.read_bytes().startswith(b"not a database")


def test_a_state_of_another_version(tmp_path: Path) -> None:
    """A state written by another version is not touched."""
    with sqlite3.connect(tmp_path / "state.sqlite3") as sql:
        sql.execute("PRAGMA user_version = 99")
    sql.close()
    with pytest.raises(StateError, match="version 99"):
        Sandbox(tmp_path)


def test_closing_twice(twin: Twin) -> None:
    """A closed sandbox may be closed again, and answers 500 rather than fall over."""
    twin.app.close()
    twin.app.close()
    answer = twin.post(text_to_video())
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (500, "internalServerError")
