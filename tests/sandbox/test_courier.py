"""Webhooks and upload endpoints: called on this machine, once a video, and nowhere else."""

from __future__ import annotations

import json
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.sandbox.courier import NotHereError, send_here
from storyboard.sandbox.outbox import TRIES_AT_MOST, Outbox
from tests.sandbox.twin import ask, text_to_video

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.sandbox.conftest import OpenTwin


class Receiver(ThreadingHTTPServer):
    """Keeps every request, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.got: list[tuple[str, str, str, bytes]] = []
        self.arrived = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.command, self.path, self.headers["content-type"], body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://example.com/")
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.arrived.set()

    do_PUT = do_POST  # noqa: N815 - the name that http.server looks for

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody on this machine who gets what is sent."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_each_video_is_told_of_and_sent_once(open_twin: OpenTwin, receiver: Receiver) -> None:
    """A POST with the result and a PUT with the file's very bytes for each of two results, when it is ready."""
    said: list[str] = []
    twin = open_twin(tell=said.append)
    task = text_to_video(
        numberResults=2, webhookURL=f"{receiver.url}/hook?token=s3cret", uploadEndpoint=f"{receiver.url}/put"
    )
    twin.post(task)
    twin.app.send_due()
    assert receiver.got == []
    twin.clock.now += 10
    for _ in range(3):
        twin.app.send_due()
    items = twin.poll(task["taskUUID"])
    hooks = [
        json.loads(body)
        for method, path, kind, body in receiver.got
        if (method, path) == ("POST", "/hook?token=s3cret")
    ]
    assert hooks == [{"data": [item]} for item in items]
    files = [body for method, path, _, body in receiver.got if (method, path) == ("PUT", "/put")]
    assert files == [twin.get(item["videoURL"]).content for item in items]
    assert len(receiver.got) == len(said) == 4
    assert "s3cret" not in "".join(said)


def test_a_failure_is_told_of_once(open_twin: OpenTwin, receiver: Receiver) -> None:
    """A POST of the error at the job's end, as getResponse gives it, however many results there were to be; no file."""
    said: list[str] = []
    twin = open_twin(tell=said.append)
    task = text_to_video(numberResults=3, webhookURL=f"{receiver.url}/hook", uploadEndpoint=f"{receiver.url}/put")
    twin.post(task)
    twin.app.state.decide(task["taskUUID"], verdict={"code": "contentPolicyViolation", "message": "No gulls."})
    twin.clock.now += 1.9
    twin.app.send_due()
    assert receiver.got == []
    twin.clock.now += 10
    for _ in range(3):
        twin.app.send_due()
    ((method, path, _, body),) = receiver.got
    assert (method, path) == ("POST", "/hook")
    assert json.loads(body) == twin.post(ask(task["taskUUID"])).json()
    assert json.loads(body)["errors"][0]["code"] == "contentPolicyViolation"
    assert said == [f"webhook of {task['taskUUID']} to 127.0.0.1:{receiver.server_port}: HTTP 204"]


def test_the_courier_comes_by_itself(open_twin: OpenTwin, receiver: Receiver) -> None:
    """Nobody has to ask: a job that is done is told of."""
    twin = open_twin(job_seconds=0)
    twin.post(text_to_video(webhookURL=f"{receiver.url}/hook"))
    assert receiver.arrived.wait(10)


def test_what_is_due_outlives_the_process(open_twin: OpenTwin, receiver: Receiver) -> None:
    """A sandbox that was closed before a job's end tells of it when it is opened again."""
    twin = open_twin()
    twin.post(text_to_video(webhookURL=f"{receiver.url}/hook"))
    twin.app.close()
    later = open_twin()
    later.clock.now += 10
    later.app.send_due()
    assert len(receiver.got) == 1


def test_a_refusal_is_tried_again_a_few_times(open_twin: OpenTwin, receiver: Receiver) -> None:
    """Anything but 2xx, redirects included, is tried again later, and at last given up."""
    twin = open_twin(job_seconds=0)
    receiver.status = 307
    twin.post(text_to_video(webhookURL=f"{receiver.url}/hook"))
    assert receiver.arrived.wait(10)
    for _ in range(20):
        twin.clock.now += 8
        twin.app.send_due()
    assert len(receiver.got) == TRIES_AT_MOST


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "http://10.0.0.1/", "https://192.168.1.1:9/x", "http://127.0.0.1.nip.io/"]
)
def test_nothing_leaves_this_machine(open_twin: OpenTwin, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other machines are never called, not even looked up; the job is none the worse for it."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: pytest.fail("looked up"))
    monkeypatch.setattr("socket.create_connection", lambda *_: pytest.fail("connected"))
    said: list[str] = []
    twin = open_twin(job_seconds=0, tell=said.append)
    with pytest.raises(NotHereError):
        send_here("POST", url, b"", "text/plain")
    task = text_to_video(webhookURL=url, uploadEndpoint=url)
    assert twin.post(task).status_code == 200
    for _ in range(50):
        twin.app.send_due()
        if len(said) == 2:
            break
    assert all("not sent" in line for line in said)


def test_what_cannot_be_drawn_stops_no_other(open_twin: OpenTwin, receiver: Receiver) -> None:
    """The failure of one sending is that one's: it is told, given up in the end, and the rest goes on."""
    said: list[str] = []

    def draw(target: Path, *, cuts: object, title: str, **rest: object) -> None:
        if "no frame" in str(cuts):
            raise RuntimeError("cannot be drawn")
        target.write_bytes(b"film")

    twin = open_twin(job_seconds=0, renderer=draw, tell=said.append)
    receiver.status = 503  # tried again, so that there is always something to come back to
    for words in ("no frame", "a lamp", "no frame again", "a pier"):
        prompt = f"shot 1, 3, Wide shot of {words};"
        twin.post(text_to_video(positivePrompt=prompt, duration=3, uploadEndpoint=f"{receiver.url}/put"))
    assert receiver.arrived.wait(10)
    for _ in range(20):
        twin.clock.now += 8
        twin.app.send_due()
    assert len(receiver.got) == 2 * TRIES_AT_MOST
    assert sum("RuntimeError: cannot be drawn" in line for line in said) == 2 * TRIES_AT_MOST


@pytest.mark.parametrize("broken", ["tell", "due", "settle"])
def test_the_courier_outlives_its_troubles(
    open_twin: OpenTwin, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """A terminal that is gone, a state that is busy for a moment: what is sent later is sent."""
    left = [OSError("no space"), RecursionError(), sqlite3.OperationalError("locked")]
    monkeypatch.setattr("storyboard.sandbox.courier._LOOK_AGAIN", 0.01)

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def once(*args: Any, **options: Any) -> Any:
            if left:
                raise left.pop()
            return real(*args, **options)

        return once

    if broken != "tell":
        monkeypatch.setattr(Outbox, broken, failing(getattr(Outbox, broken)))
    twin = open_twin(job_seconds=0, tell=failing(lambda _: None) if broken == "tell" else lambda _: None)
    for _ in range(5):
        receiver.arrived.clear()
        twin.post(text_to_video(webhookURL=f"{receiver.url}/hook"))
        assert receiver.arrived.wait(10)
    assert left == []


def test_a_dead_receiver_hinders_nobody(open_twin: OpenTwin) -> None:
    """Where nobody listens, or the address is nonsense, the job is a success and the courier lives on."""
    twin = open_twin(job_seconds=0)
    for url in ("http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://[::1]:1/"):
        task = text_to_video(webhookURL=url)
        assert twin.post(task).status_code == 200
        twin.app.send_due()
        assert twin.poll(task["taskUUID"])[0]["status"] == "success"
