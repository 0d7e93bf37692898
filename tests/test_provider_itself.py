"""The provider does what it says: a client that passes against it has met every rule and every fault."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.provider import KEY, Fault, Outcome, Provider
from tests.provider.cases import RIGHT, WRONG
from tests.provider.plain_client import ask, post
from tests.provider.rules import Row
from tests.provider.tasks import name, shots, text_task


@pytest.fixture(name="http", scope="module")
def _http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture(name="shared", scope="module")
def _shared() -> Iterator[Provider]:
    """One provider for tests that look at nothing but their own task."""
    with Provider() as provider:
        yield provider


@pytest.mark.parametrize("task", RIGHT)
def test_right_tasks_are_acknowledged_and_charged(http: httpx.Client, shared: Provider, task: Row) -> None:
    """The acknowledgement holds type and UUID; one charge a task."""
    answer = post(http, shared, task)
    assert (answer.status_code, answer.json()) == (
        200,
        {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]},
    )
    assert shared.paid[task["taskUUID"]] == 1


@pytest.mark.parametrize(("task", "code"), WRONG)
def test_wrong_tasks_are_refused_and_free(http: httpx.Client, shared: Provider, task: Row, code: str) -> None:
    """HTTP 400, an error of that task, no charge."""
    before = shared.charged_usd
    answer = post(http, shared, task)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.json()["data"], error["code"]) == (400, [], code)
    assert error.get("taskUUID") == task.get("taskUUID")
    assert {"code", "message", "parameter", "taskType", "documentation"} <= set(error)
    assert shared.charged_usd == before


def test_the_key_must_be_right(http: httpx.Client) -> None:
    """Without it nothing is charged; the header and the authentication task both carry it."""
    with Provider() as provider:
        task = text_task()
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY}):
            answer = http.post(provider.url, json=[task], headers=headers)
            assert answer.status_code == 401
            (error,) = answer.json()["errors"]
            assert (error["code"], error["taskType"]) == ("invalidApiKey", "authentication")
        assert not provider.paid
        assert provider.sins == []
        http.post(provider.url, json=[{"taskType": "authentication", "apiKey": KEY}, task])
        assert provider.paid == {task["taskUUID"]: 1}
        assert provider.sins == ["the key stands in the body"]


@pytest.mark.parametrize("body", [b"{}", b"[]", b"nonsense", b"[1]", b'[{"a":NaN}]', b'[{"a":1,"a":1}]', b"\xff", b""])
def test_the_body_must_be_an_array_of_tasks(http: httpx.Client, shared: Provider, body: bytes) -> None:
    """Anything else is HTTP 400 without a task, and a sin."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    answer = http.post(shared.url, content=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalidRequestBody")
    assert "the body is not an array" in shared.sins[-1]


def test_sins_are_recorded(http: httpx.Client) -> None:
    """What no right client does stands in `sins`, one line each."""
    with Provider() as provider:
        key = {"Authorization": f"Bearer {KEY}"}
        task, other = text_task(), text_task()
        post(http, provider, task, other)
        post(http, provider, task | {"outputQuality": 90})
        ask(http, provider, *(name() for _ in range(101)))
        ask(http, provider, other["taskUUID"], other["taskUUID"])
        http.post(provider.url, content=json.dumps([text_task()]), headers=key | {"Content-Type": "text/plain"})
        http.get(provider.url, headers=key)
        http.get(f"{provider.origin}/v2?key={KEY}")
        assert [sin.replace(task["taskUUID"], "U") for sin in provider.sins] == [
            "2 paid tasks in one POST",
            "U was sent again with a different task",
            "a poll of 101 tasks",
            "one POST names a taskUUID twice",
            "wrong content type: text/plain",
            "GET on the endpoint",
            "wrong content type: None",
            "GET /v2: there is nothing",
        ]
        assert provider.notes == [f"{task['taskUUID']} was sent again without a poll before"]
        assert KEY not in str(provider.requests)


def test_always_refuses_a_known_uuid(http: httpx.Client) -> None:
    """The replay of a finished job is refused, and getTaskDetails then holds the refusal."""
    with Provider(conflict="always") as provider:
        task = text_task()
        post(http, provider, task)
        provider.advance(60)
        before = ask(http, provider, task["taskUUID"], how="getTaskDetails").json()["data"][0]
        assert before["request"] == [task]
        assert before["response"]["data"][0]["status"] == "success"
        again = post(http, provider, task)
        assert (again.status_code, again.json()["errors"][0]["code"]) == (400, "conflictTaskUUID")
        after = ask(http, provider, task["taskUUID"], how="getTaskDetails").json()["data"][0]
        assert after["response"]["errors"][0]["code"] == "conflictTaskUUID"
        assert ask(http, provider, task["taskUUID"]).json()["data"][0]["status"] == "success"
        assert provider.paid[task["taskUUID"]] == 1


def test_running_bills_the_replay_of_a_finished_job(http: httpx.Client) -> None:
    """Refused while it runs; afterwards the same UUID is another run with other videos and another bill."""
    with Provider(conflict="running", job_seconds=30) as provider:
        task = text_task()
        post(http, provider, task)
        assert post(http, provider, task).status_code == 400
        provider.advance(31)
        first = provider.videos(task["taskUUID"])
        assert post(http, provider, task).status_code == 200
        assert provider.paid[task["taskUUID"]] == 2
        assert str(provider.charged_usd) == "1.568"
        assert provider.videos(task["taskUUID"]) != first
        assert ask(http, provider, task["taskUUID"]).json()["data"][0]["status"] == "processing"


def test_results_come_one_after_another(http: httpx.Client) -> None:
    """Progress first, then more and more results with videos of their own and a row for the rest."""
    with Provider(job_seconds=100, result_gap=10) as provider:
        task = text_task(numberResults=3, width=1920, height=1080)
        uuid = task["taskUUID"]
        post(http, provider, task)
        assert str(provider.charged_usd) == "2.94"
        provider.advance(60)
        (row,) = ask(http, provider, uuid).json()["data"]
        assert row == {"taskType": "videoInference", "taskUUID": uuid, "status": "processing", "progress": 50}
        provider.advance(41)
        assert [row["status"] for row in ask(http, provider, uuid).json()["data"]] == ["success", "processing"]
        provider.show_rest = False
        assert [row["status"] for row in ask(http, provider, uuid).json()["data"]] == ["success"]
        provider.advance(20)
        rows = ask(http, provider, uuid).json()["data"]
        assert [row["videoUUID"] for row in rows] == provider.videos(uuid)
        assert len({row["seed"] for row in rows}) == 3
        assert {row["cost"] for row in rows} == {0.98}


def test_failures_stand_in_errors_or_in_data(http: httpx.Client) -> None:
    """A script by prompt, by number or by result decides; the rest succeeds."""
    outcomes = [
        Outcome(prompt="storm", code="providerContentPolicyViolation"),
        Outcome(nth=2, code="inferenceError", where="data", takes=(2,)),
        Outcome(nth=3, code="taskFailed", single=True),
    ]
    with Provider(job_seconds=0, outcomes=outcomes, mixed_status=400) as provider:
        storm = text_task(**shots("a storm"))
        half, single = text_task(numberResults=2), text_task(numberResults=3)
        for task in (storm, half, single):
            post(http, provider, task)
        answer = ask(http, provider, storm["taskUUID"])
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["code"], error["status"]) == (400, "providerContentPolicyViolation", "error")
        good, bad = ask(http, provider, half["taskUUID"]).json()["data"]
        assert (good["status"], bad["status"], bad["error"]["code"]) == ("success", "error", "inferenceError")
        assert len(ask(http, provider, single["taskUUID"]).json()["errors"]) == 1


def test_unknown_tasks(http: httpx.Client) -> None:
    """A poll says nothing and details say not found; both can be the other way round."""
    with Provider() as provider:
        known, unknown = text_task(), name()
        post(http, provider, known)
        assert ask(http, provider, unknown).json() == {"data": []}
        both = ask(http, provider, known["taskUUID"], unknown).json()
        assert [row["taskUUID"] for row in both["data"]] == [known["taskUUID"]]
        answer = ask(http, provider, unknown, how="getTaskDetails")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "taskNotFound")
        provider.unknown_poll, provider.unknown_details = "error", "empty"
        assert ask(http, provider, unknown).json()["errors"][0]["taskUUID"] == unknown
        assert ask(http, provider, unknown, how="getTaskDetails").json() == {"data": []}


def test_details_before_the_end(http: httpx.Client) -> None:
    """A running task has its request and no response yet, or the acknowledgement."""
    with Provider(job_seconds=60) as provider:
        task = text_task()
        post(http, provider, task)
        (row,) = ask(http, provider, task["taskUUID"], how="getTaskDetails").json()["data"]
        assert (row["taskType"], row["request"], row["response"]) == ("getTaskDetails", [task], None)
        provider.running_details = "ack"
        (row,) = ask(http, provider, task["taskUUID"], how="getTaskDetails").json()["data"]
        assert row["response"] == {"data": [{"taskType": "videoInference", "taskUUID": task["taskUUID"]}]}


def test_offline_refuses_connections_and_keeps_its_state(http: httpx.Client) -> None:
    """Nobody answers meanwhile; afterwards the same port knows the same jobs."""
    with Provider() as provider:
        task = text_task()
        post(http, provider, task)
        with provider.offline(), pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as other:
            ask(other, provider, task["taskUUID"])
        with httpx.Client(trust_env=False) as other:
            assert ask(other, provider, task["taskUUID"]).json()["data"]


def test_large_and_chunked_bodies(http: httpx.Client) -> None:
    """Bodies of many megabytes with a length, and bodies in chunks, arrive whole; one connection serves all."""
    with Provider() as provider:
        task = text_task(note="x" * 20_000_000)
        assert post(http, provider, task).json()["errors"][0]["code"] == "unsupportedParameter"
        body = json.dumps([text_task()]).encode()
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        pieces = (body[at : at + 50] for at in range(0, len(body), 50))
        assert http.post(provider.url, content=pieces, headers=headers).status_code == 200
        with socket.create_connection((provider.host, provider.port)) as sock:
            sock.sendall(b"POST /v1 HTTP/1.1\r\nContent-Length: 200000000\r\n\r\n")
            assert sock.recv(100).startswith(b"HTTP/1.1 413")


def test_many_clients_at_once_and_nothing_left_over() -> None:
    """Every task is charged once, whoever sends it when; after the end no thread is left, not even of a stall."""
    threads = threading.active_count()
    with Provider(faults=[Fault(on="poll", kind="stall", count=None)]) as provider:
        tasks = [text_task() for _ in range(40)]

        def send() -> None:
            with httpx.Client(trust_env=False) as http:
                for task in tasks:
                    post(http, provider, task)

        senders = [threading.Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert provider.paid == {task["taskUUID"]: 1 for task in tasks}
        assert provider.count("submit") == 160
        with socket.create_connection((provider.host, provider.port)) as waiting:
            body = json.dumps([{"taskType": "getResponse", "taskUUID": name()}]).encode()
            head = f"POST /v1 HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/json\r\n"
            waiting.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            while not provider.count("poll"):
                time.sleep(0.01)
            provider.stop()
            assert waiting.recv(100) == b""
    assert threading.active_count() == threads


def test_as_a_process(http: httpx.Client) -> None:
    """It prints its URL, takes rules and faults as options, shows its state, and ends on SIGTERM."""
    fault = '{"on": "submit", "kind": "500", "when": "after"}'
    command = [sys.executable, "-m", "tests.provider", "--job-seconds", "0", "--fault", fault, "--conflict", "running"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        task = text_task()
        headers = {"Authorization": f"Bearer {KEY}"}
        assert http.post(url, json=[task], headers=headers).status_code == 500
        state = http.get(url.removesuffix("/v1") + "/_state").json()
        assert (state["paid"], state["charged_usd"], state["counts"]) == ({task["taskUUID"]: 1}, "0.784", {"submit": 1})
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
