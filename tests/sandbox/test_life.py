"""The life of a job: acknowledged, running, done, refused when it is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.sandbox.twin import ask, data_uri, image_to_video, png, text_to_video

if TYPE_CHECKING:
    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Twin


def test_a_job_runs_for_its_time_and_then_has_a_video(twin: Twin) -> None:
    """Until its time is over a job says how far it is; then it has a video, at no cost but with a simulated one."""
    task = text_to_video()
    uuid = task["taskUUID"]
    twin.post(task)
    head = {"taskType": "videoInference", "taskUUID": uuid}
    assert twin.poll(uuid) == [head | {"status": "processing", "progress": 0}]
    twin.clock.now += 4.75
    assert twin.poll(uuid) == [head | {"status": "processing", "progress": 47}]
    twin.clock.now += 5.25
    (item,) = twin.poll(uuid)
    assert item["status"] == "success"
    assert item["videoUUID"].startswith("sandbox-")
    assert item["videoURL"] == f"http://localhost/sandbox/videos/{item['videoUUID']}.mp4"
    assert 0 <= item["seed"] < 2**31
    assert (item["cost"], item["simulatedCost"]) == (0, 0.784)
    assert twin.poll(uuid) == [item]


@pytest.mark.parametrize(
    ("task", "cost"),
    [
        (text_to_video(width=1440, height=1440), 0.98),
        (text_to_video(width=960, height=960), 0.784),
        (image_to_video(resolution="1080p"), 0.98),
        (image_to_video(resolution=None), 0.784),
    ],
)
def test_simulated_cost_follows_the_resolution(open_twin: OpenTwin, task: dict[str, object], cost: float) -> None:
    """The simulated cost is the price list's, by size or by resolution, for one result."""
    twin = open_twin(job_seconds=0)
    twin.post(task)
    assert twin.poll(str(task["taskUUID"]))[0]["simulatedCost"] == cost


def test_no_simulated_cost_unless_asked(open_twin: OpenTwin) -> None:
    """Without includeCost only the cost of nothing is reported."""
    twin = open_twin(job_seconds=0)
    task = text_to_video(includeCost=None)
    twin.post(task)
    (item,) = twin.poll(task["taskUUID"])
    assert item["cost"] == 0
    assert "simulatedCost" not in item


def test_several_results_come_one_after_the_other(twin: Twin) -> None:
    """N results appear evenly over the job's time, each with its own videoUUID and seed; earlier ones stay."""
    task = text_to_video(numberResults=4)
    uuid = task["taskUUID"]
    twin.post(task)
    seen: list[list[str]] = []
    for moment in (0.0, 2.4, 2.5, 5.0, 7.5, 9.9, 10.0, 99.0):
        twin.clock.now = 1_000_000.0 + moment
        items = twin.poll(uuid)
        seen.append([item["videoUUID"] for item in items if item["status"] == "success"])
        assert ("processing" in {item["status"] for item in items}) == (moment < 10.0)
    assert [len(videos) for videos in seen] == [0, 0, 1, 2, 3, 3, 4, 4]
    assert all(videos == seen[-1][: len(videos)] for videos in seen)
    assert len(set(seen[-1])) == len({item["seed"] for item in twin.poll(uuid)}) == 4


def test_many_polls_in_one_request(twin: Twin) -> None:
    """Each UUID of a batch is answered for itself; an unknown one contributes nothing, a broken one an error."""
    done, running = text_to_video(), text_to_video()
    twin.post(done)
    twin.clock.now += 10
    twin.post(running)
    unknown, broken = str(uuid4()), "no-uuid"
    answer = twin.post(*(ask(uuid) for uuid in (running["taskUUID"], unknown, broken, done["taskUUID"])))
    assert answer.status_code == 200
    assert [item["status"] for item in answer.json()["data"]] == ["processing", "success"]
    assert [error["taskUUID"] for error in answer.json()["errors"]] == ["no-uuid"]


def test_nobody_knows_a_task_that_was_never_sent(twin: Twin) -> None:
    """A poll or a question about an unknown UUID is answered by empty data, not by an error."""
    for kind in ("getResponse", "getTaskDetails"):
        answer = twin.post(ask(str(uuid4()), kind))
        assert (answer.status_code, answer.json()) == (200, {"data": []})


def test_errors_leave_other_tasks_alone(twin: Twin) -> None:
    """A request with a good and a bad task takes the good one: status 200, data and errors."""
    good, bad = text_to_video(), text_to_video(duration=9)
    answer = twin.post(bad, good, {"taskType": "imageInference", "taskUUID": str(uuid4())})
    assert answer.status_code == 200
    assert [item["taskUUID"] for item in answer.json()["data"]] == [good["taskUUID"]]
    assert [error["code"] for error in answer.json()["errors"]] == ["invalidDuration", "invalidTaskType"]


def test_details_hold_request_and_response(twin: Twin) -> None:
    """getTaskDetails gives the task as it was sent, its picture included, and a response once there is one."""
    task = image_to_video({"image": data_uri(png(400, 300)), "frame": 0})
    twin.post(task)
    (record,) = twin.details(task["taskUUID"])
    assert (record["taskUUID"], record["request"], record["response"]) == (task["taskUUID"], [task], None)
    twin.clock.now += 10
    (record,) = twin.details(task["taskUUID"])
    assert record["response"] == {"data": twin.poll(task["taskUUID"])}


def test_a_refused_task_is_not_known(twin: Twin) -> None:
    """What was refused for its content may be sent again under the same UUID."""
    task = text_to_video(duration=9)
    assert twin.post(task).status_code == 400
    assert twin.details(task["taskUUID"]) == []
    assert twin.post(task | {"duration": 7}).status_code == 200


def test_conflict_always(twin: Twin) -> None:
    """By default a UUID is refused for ever; the refusal becomes its last answer, the job itself goes on."""
    task = text_to_video()
    uuid = task["taskUUID"]
    twin.post(task)
    for _ in range(2):
        twin.clock.now += 10
        answer = twin.post(task)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["code"], error["taskUUID"]) == (400, "conflictTaskUUID", uuid)
    assert twin.app.state.charges() == {uuid: 1}
    assert twin.details(uuid)[0]["response"] == {"errors": [error]}
    assert twin.poll(uuid)[0]["status"] == "success"


def test_conflict_only_while_running(open_twin: OpenTwin) -> None:
    """In the other model a job that has ended runs again, is paid again, and makes another video."""
    twin = open_twin(conflict="running")
    task = text_to_video(numberResults=2)
    uuid = task["taskUUID"]
    twin.post(task)
    twin.clock.now += 9.9
    assert twin.post(task).json()["errors"][0]["code"] == "conflictTaskUUID"
    twin.clock.now += 0.1
    first = {item["videoUUID"]: item["videoURL"] for item in twin.poll(uuid)}
    assert twin.post(task).status_code == 200
    assert twin.app.state.charges() == {uuid: 2}
    assert twin.poll(uuid)[0]["status"] == "processing"
    assert twin.details(uuid)[0]["response"] is None
    twin.clock.now += 10
    assert {item["videoUUID"] for item in twin.poll(uuid)}.isdisjoint(first)
    assert all(twin.get(url).status_code == 200 for url in first.values())


def test_a_uuid_twice_in_one_request(twin: Twin) -> None:
    """The second of two equal tasks in one array is a conflict; one is paid."""
    task = text_to_video()
    answer = twin.post(task, task)
    assert (len(answer.json()["data"]), len(answer.json()["errors"])) == (1, 1)
    assert twin.app.state.charges() == {task["taskUUID"]: 1}


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.7, 2.3])
def test_a_job_ends_at_its_end(open_twin: OpenTwin, seconds: float) -> None:
    """At exactly its start plus its time a job is done, though such sums are not exact."""
    twin = open_twin(job_seconds=seconds)
    task = text_to_video(numberResults=3)
    for start in (1_000_000.1, 1_762_345_678.123):
        twin.clock.now = start
        twin.post(task | {"taskUUID": (uuid := str(uuid4()))})
        twin.clock.now = start + seconds
        assert [item["status"] for item in twin.poll(uuid)] == ["success"] * 3


def test_a_clock_set_back(twin: Twin) -> None:
    """A clock that goes back makes a job look young, never broken."""
    task = text_to_video()
    twin.post(task)
    twin.clock.now -= 3600
    assert twin.poll(task["taskUUID"])[0]["progress"] == 0
