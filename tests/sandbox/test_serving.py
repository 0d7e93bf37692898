"""`storyboard sandbox` on a real socket: the whole life of a job, every kind of fault, and how it ends."""

from __future__ import annotations

import http.client
import json
import shlex
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from storyboard.cli.main import main
from storyboard.jobs.containers import damage
from storyboard.sandbox.faults import DOWNLOAD, KINDS, STATUSES, TRANSPORT
from tests.docs.blocks import ROOT, blocks
from tests.sandbox.served import Served
from tests.sandbox.twin import ask, text_to_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.twin import Task

GONE = (ConnectionResetError, http.client.RemoteDisconnected, http.client.IncompleteRead)


def uuid_for(on: str, kind: str) -> str:
    """A taskUUID of its own for each fault of the plan below."""
    return str(UUID(bytes=sha256(f"{on}/{kind}".encode()).digest()[:16], version=4))


def task_for(on: str, kind: str) -> Task:
    """A task that meets one fault of the plan below."""
    return text_to_video(taskUUID=uuid_for(on, kind), positivePrompt="shot 1, 3, A lamp on a hook;", duration=3)


def _plan() -> str:
    lines = ["faults:", f"  - {{on: details, kind: 500, uuid: '{uuid_for('details', '500')}'}}"]
    for on, kinds in (("submit", KINDS), ("poll", KINDS), ("download", (*STATUSES, *TRANSPORT, *DOWNLOAD))):
        for kind in kinds:
            if (kind in DOWNLOAD and on != "download") or (kind in ("fail", "forget") and on != "submit"):
                continue
            more = "".join(
                (
                    ", seconds: 0.3" if kind in ("slow", "drip", "stall") else "",
                    ", seconds: 0" if kind == "forget" else "",
                    ", retry_after: 7" if kind == "429" else "",
                    ", retry_after: 7, retry_as_date: true" if kind == "503" else "",
                    ", scoped: true" if kind == "404" else "",
                    ", when: after" if on == "submit" and kind == "reset" else "",
                    ", code: contentPolicyViolation, message: no" if kind == "fail" else "",
                )
            )
            lines.append(f'  - {{on: {on}, kind: "{kind}", uuid: "{uuid_for(on, kind)}"{more}}}')
    return "\n".join(lines)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One sandbox for all of these tests, which meets every kind of fault once and ends in peace."""
    with Served(tmp_path_factory.mktemp("served"), "--job-seconds", "0", plan=_plan()) as server:
        yield server
    assert server.code == 0
    assert "Traceback" not in server.words()


def charges(served: Served, uuid: str) -> int:
    """How often a task was taken."""
    with closing(sqlite3.connect(served.folder / "state/sandbox-server/state.sqlite3")) as sql:
        return int(sql.execute("SELECT count(*) FROM tasks WHERE uuid = ?", (uuid,)).fetchone()[0])


def test_the_life_of_a_job(served: Served) -> None:
    """Acknowledged, done, its video whole and plainly the sandbox's; sent again it is a conflict."""
    task = text_to_video(numberResults=2, positivePrompt="shot 1, 3, A lamp;", duration=3)
    assert served.post(task).json == {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]}
    items = served.post(ask(task["taskUUID"])).json["data"]
    assert [item["status"] for item in items] == ["success", "success"]
    for place, item in enumerate(items):
        assert item["videoURL"].startswith(f"{served.url.removesuffix('/v1')}/videos/sandbox-")
        video = served.folder / f"video-{place}.mp4"
        video.write_bytes(served.get(item["videoURL"]).body)
        assert damage(str(video), "mp4") is None
    assert served.post(task).json["errors"][0]["code"] == "conflictTaskUUID"


def test_the_page_shows_what_is_answered(served: Served) -> None:
    """The call in docs/sandbox.md, from its address on, and the answer below it."""
    (block,) = [one for one in blocks(ROOT / "docs" / "sandbox.md") if one.language == "console"]
    call, answer = block.text.split("$ curl ", 1)[1].rsplit("\n", 2)[:2]
    _, address, _, kind, _, key, _, body = shlex.split(call)
    assert kind == "Content-Type: application/json"
    assert urlsplit(address).path == urlsplit(served.url).path
    assert served.post(*json.loads(body), key=key.removeprefix("Authorization: Bearer ")).json == json.loads(answer)


def test_a_key_is_needed(served: Served) -> None:
    """None is a 401, as at the provider; as a first task it will do."""
    assert served.post(ask(uuid_for("x", "y")), key="").json["errors"][0]["code"] == "missingApiKey"
    login = {"taskType": "authentication", "apiKey": "any"}
    assert served.post(login, ask(uuid_for("x", "y")), key="").status == 200


def meet(served: Served, on: str, kind: str, **how: Any) -> Any:
    """Make the request that meets the fault, after what has to come before it."""
    task = task_for(on, kind)
    if on == "submit":
        return served.post(task, **how)
    assert served.post(task).status == 200
    if on == "poll":
        return served.post(ask(task["taskUUID"]), **how)
    (item,) = served.post(ask(task["taskUUID"])).json["data"]
    return served.get(item["videoURL"], **how)


@pytest.mark.parametrize("on", ["submit", "poll", "download"])
@pytest.mark.parametrize("kind", STATUSES)
def test_statuses(served: Served, on: str, kind: str) -> None:
    """The status is what the plan says, once; with Retry-After in seconds or as a date, as JSON or as a page."""
    reply = meet(served, on, kind)
    assert reply.status == int(kind)
    if kind == "429":
        assert reply.headers["retry-after"] == "7"
    if kind == "503":
        assert parsedate_to_datetime(reply.headers["retry-after"]).year >= 2024
        assert reply.body.startswith(b"<!DOCTYPE html>")
    elif on != "download":
        assert reply.json["errors"][0]["code"]
        assert reply.json["errors"][0].get("taskUUID") == (uuid_for(on, kind) if kind == "404" else None)
    if on == "submit":
        assert charges(served, uuid_for(on, kind)) == 0
        assert served.post(task_for(on, kind)).status == 200


@pytest.mark.parametrize("on", ["submit", "poll", "download"])
@pytest.mark.parametrize("kind", ["reset", "stall", "cut"])
def test_broken_lines(served: Served, on: str, kind: str) -> None:
    """The client sees the connection break, and the next request is served."""
    with pytest.raises(GONE):
        meet(served, on, kind)
    assert charges(served, uuid_for(on, kind)) == (0 if (on, kind) in {("submit", "stall"), ("submit", "cut")} else 1)
    assert served.post(ask(uuid_for(on, kind))).status == 200


@pytest.mark.parametrize("kind", ["slow", "drip"])
@pytest.mark.parametrize("on", ["submit", "poll", "download"])
def test_slow_lines_tell_the_truth(served: Served, on: str, kind: str) -> None:
    """What comes late or in drops comes whole."""
    reply = meet(served, on, kind)
    assert reply.status == 200
    assert reply.body[4:8] == b"ftyp" if on == "download" else reply.json["data"][0]["taskUUID"] == uuid_for(on, kind)


@pytest.mark.parametrize("on", ["submit", "poll"])
def test_strange_shapes(served: Served, on: str) -> None:
    """Each shape of an answer is what its name says."""
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        _ = meet(served, on, "truncated").json
    assert meet(served, on, "empty").json == {"data": []}
    assert meet(served, on, "html").body.startswith(b"<!DOCTYPE html>")
    assert "taskUUID" not in meet(served, on, "missing_uuid").json["data"][0]
    first, second = meet(served, on, "repeated").json["data"]
    assert first == second
    assert "telemetry" in meet(served, on, "extra").json["data"][0]
    assert charges(served, uuid_for(on, "empty")) == (on == "poll")


def test_rows_in_another_order_and_in_part(served: Served) -> None:
    """A batch is answered backwards, or for its first half only with errors about the others."""
    for kind in ("reordered", "partial"):
        own = task_for("poll", kind)
        other = text_to_video()
        served.post(own, other)
        answer = served.post(ask(own["taskUUID"]), ask(other["taskUUID"])).json
        named = [row["taskUUID"] for row in answer["data"]]
        if kind == "reordered":
            assert named == [other["taskUUID"], own["taskUUID"]]
        else:
            assert named == [own["taskUUID"]]
            assert answer["errors"][0] | {"message": ""} == {
                "code": "taskUUIDNotFound",
                "message": "",
                "taskUUID": other["taskUUID"],
            }


def test_a_job_that_fails(served: Served) -> None:
    """It is taken and paid, and ends with the plan's error for good."""
    assert meet(served, "submit", "fail").status == 200
    uuid = uuid_for("submit", "fail")
    for _ in range(2):
        answer = served.post(ask(uuid)).json
        assert answer["data"] == []
        (error,) = answer["errors"]
        assert (error["code"], error["message"], error["taskUUID"]) == ("contentPolicyViolation", "no", uuid)
        assert error["status"] == "error"
    assert charges(served, uuid) == 1


def test_a_job_that_is_forgotten(served: Served) -> None:
    """Nobody knows it any more; sent again it is taken as new, and paid again."""
    meet(served, "submit", "forget")
    uuid = uuid_for("submit", "forget")
    assert served.post(ask(uuid)).json == {"data": []}
    assert served.post(ask(uuid, "getTaskDetails")).json == {"data": []}
    assert served.post(task_for("submit", "forget")).status == 200
    assert charges(served, uuid) == 2
    assert served.post(ask(uuid)).json["data"][0]["status"] == "success"


def test_downloads_that_lie(served: Served) -> None:
    """A wrong length, an ignored Range, an address that has expired."""
    lying = meet(served, "download", "wrong_length")
    (item,) = served.post(ask(uuid_for("download", "wrong_length"))).json["data"]
    assert lying.body == served.get(item["videoURL"]).body[:-64]
    assert meet(served, "download", "expired").status == 403
    whole = meet(served, "download", "range_ignored", headers={"Range": "bytes=10-19"})
    assert whole.status == 200
    (item,) = served.post(ask(uuid_for("download", "range_ignored"))).json["data"]
    part = served.get(item["videoURL"], {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole.body[10:20])


def test_faults_are_told(served: Served) -> None:
    """Whoever runs the server sees which fault was met, and what it listens for."""
    assert "only for programs on this machine" in served.words()
    assert served.post(ask(uuid_for("details", "500"), "getTaskDetails")).status == 500
    assert "500 on details" in served.words()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_jobs_outlive_the_server(tmp_path: Path, number: signal.Signals) -> None:
    """An interrupt ends it with 0 and few words, even while somebody waits; started again it knows its jobs."""
    task = text_to_video()
    with Served(tmp_path, "--job-seconds", "0", plan="faults: [{on: poll, kind: stall, count: all}]") as first:
        first.post(task)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(first.post, ask(task["taskUUID"]))
            while "stall on poll" not in first.words():
                time.sleep(0.02)
            assert first.stop(number) == 0
            assert waiting.exception() is not None or waiting.result().status == 500
        assert "Traceback" not in first.words()
    with Served(tmp_path, "--job-seconds", "0") as second:
        assert second.post(ask(task["taskUUID"])).json["data"][0]["status"] == "success"
        assert second.post(task).status == 400


def test_this_program_pays_once_through_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`submit` against the served sandbox: lost answers, full queues and cut downloads end in one bill and a video."""
    plan = """
    faults:
      - {on: submit, kind: reset, when: after}
      - {on: submit, kind: 429, nth: 2, retry_after: 0}
      - {on: poll, kind: truncated, nth: 2}
      - {on: poll, kind: 500, nth: 3}
      - {on: download, kind: cut}
    """
    board = tmp_path / "film.yaml"
    board.write_text("shots:\n  - {seconds: 3, prompt: Wide shot of a pier at dawn.}\n", encoding="utf-8")
    with Served(tmp_path / "sandbox", "--job-seconds", "0.2", plan=plan) as server:
        monkeypatch.chdir(tmp_path)
        for name, value in {
            "STORYBOARD_STATE_DIR": str(tmp_path / "ledger"),
            "STORYBOARD_POLL_INTERVAL": "0.1",
            "RUNWARE_BASE_URL": server.url,
            "RUNWARE_API_KEY": "any",
        }.items():
            monkeypatch.setenv(name, value)
        assert main(["submit", "film.yaml", "--yes"]) == 0
    assert capsys.readouterr().out == "renders/film-1.mp4\n"
    assert damage("renders/film-1.mp4", "mp4") is None
    assert [line for line in server.words().splitlines() if line.startswith("fault 1")] == ["fault 1: reset on submit"]
    with closing(sqlite3.connect(tmp_path / "sandbox/state/sandbox-server/state.sqlite3")) as sql:
        assert sql.execute("SELECT count(*) FROM tasks").fetchone()[0] == 1
