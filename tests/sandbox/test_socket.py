"""The WebSocket: the same answers as over HTTP, once the connection has shown a key."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.sandbox.request import ANY_KEY
from storyboard.sandbox.socket import talk
from tests.sandbox.twin import ask, text_to_video

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Twin

LOGIN = [{"taskType": "authentication", "apiKey": "any"}]


def converse(twin: Twin, *messages: Any, answers: int, after_each: Callable[[], None] = lambda: None) -> list[Any]:
    """What a client hears that sends these messages, one after the other's answer, and leaves after so many answers."""

    async def run() -> list[Any]:
        heard: asyncio.Queue[Any] = asyncio.Queue()
        to_send = [{"type": "websocket.connect"}]
        to_send += [{"type": "websocket.receive", "text": m if isinstance(m, str) else json.dumps(m)} for m in messages]
        got: list[Any] = []

        async def receive() -> Any:
            if to_send:
                if len(to_send) <= len(messages) - 1:
                    got.append(await asyncio.wait_for(heard.get(), 10))
                return to_send.pop(0)
            while len(got) < answers:
                got.append(await asyncio.wait_for(heard.get(), 10))
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send":
                after_each()
                await heard.put(json.loads(message["text"]))

        await twin.app({"type": "websocket", "path": "/sandbox/v1", "headers": []}, receive, send)
        return got

    return asyncio.run(run())


def test_a_session(open_twin: OpenTwin) -> None:
    """Authentication gives a session, a ping a pong, a task its acknowledgement, a question its answer."""
    twin = open_twin(key=ANY_KEY)
    task = text_to_video()
    uuid = task["taskUUID"]
    session, pong, ack, standing = converse(
        twin, LOGIN, [{"taskType": "ping", "ping": True}], [task], [ask(uuid)], answers=4
    )
    assert session["data"][0]["connectionSessionUUID"].startswith("sandbox-")
    assert pong["data"] == [{"taskType": "ping", "pong": True}]
    assert ack["data"] == [{"taskType": "videoInference", "taskUUID": uuid}]
    assert standing["data"][0]["status"] == "processing"


def test_a_session_is_taken_up_again(twin: Twin) -> None:
    """A client that reconnects keeps its session's name."""
    (answer,) = converse(twin, [LOGIN[0] | {"connectionSessionUUID": "mine"}], answers=1)
    assert answer["data"][0]["connectionSessionUUID"] == "mine"


@pytest.mark.parametrize(
    "first", [[ask("x")], [{"taskType": "authentication"}], [{"taskType": "authentication", "apiKey": "no"}]]
)
def test_no_key_no_tasks(open_twin: OpenTwin, first: list[Any]) -> None:
    """Before a right key nothing is dealt with, and a later right key opens the connection."""
    twin = open_twin(key="right")
    task = text_to_video()
    refused, still, session, ack = converse(twin, first, [task], [LOGIN[0] | {"apiKey": "right"}], [task], answers=4)
    for answer in (refused, still):
        assert answer["errors"][0]["taskType"] == "authentication"
    assert session["data"][0]["taskType"] == "authentication"
    assert ack["data"][0]["taskUUID"] == task["taskUUID"]
    assert twin.app.state.charges() == {task["taskUUID"]: 1}


def test_a_job_that_was_asked_for_is_told_of_at_its_end(twin: Twin) -> None:
    """The SDK waits on the line after a question: the end comes by itself, once."""
    task = text_to_video()
    twin.post(task)

    def pass_time() -> None:
        twin.clock.now += 10

    running, ended = converse(twin, [*LOGIN, ask(task["taskUUID"])], answers=2, after_each=pass_time)
    assert running["data"][-1]["status"] == "processing"
    assert ended["data"][0]["status"] == "success"


def test_a_job_asked_for_while_another_is_looked_at_is_told_of_too(twin: Twin) -> None:
    """A slow look at one job does not make the connection forget the next."""
    first, second = text_to_video()["taskUUID"], text_to_video()["taskUUID"]
    twin.post(text_to_video(taskUUID=first), text_to_video(taskUUID=second))
    looks, second_is_asked_for = threading.Event(), threading.Event()
    deals = itertools.count()

    def deal(tasks: list[dict[str, object]]) -> tuple[int, dict[str, object]]:
        answer = twin.app._deal(tasks, "http://localhost")
        if next(deals) == 1:  # after the first question: the connection looks by itself
            looks.set()
            assert second_is_asked_for.wait(30)
        return answer

    async def client(to_send: asyncio.Queue[Any], heard: asyncio.Queue[Any]) -> set[str]:
        """The jobs that the connection says have ended."""
        await to_send.put({"type": "websocket.receive", "text": json.dumps([*LOGIN, ask(first)])})
        await heard.get()
        await asyncio.to_thread(looks.wait, 30)
        await to_send.put({"type": "websocket.receive", "text": json.dumps([ask(second)])})
        await heard.get()
        twin.clock.now += 10
        second_is_asked_for.set()
        ended: set[str] = set()
        while len(ended) < 2:
            ended |= {row["taskUUID"] for row in (await heard.get())["data"] if row["status"] == "success"}
        await to_send.put({"type": "websocket.disconnect", "code": 1000})
        return ended

    async def run() -> set[str]:
        to_send: asyncio.Queue[Any] = asyncio.Queue()
        heard: asyncio.Queue[Any] = asyncio.Queue()

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send":
                await heard.put(json.loads(message["text"]))

        await to_send.put({"type": "websocket.connect"})
        async with asyncio.timeout(60):
            _, ended = await asyncio.gather(talk(to_send.get, send, ANY_KEY, deal), client(to_send, heard))
        return ended

    assert asyncio.run(run()) == {first, second}


def test_nonsense_is_answered(twin: Twin) -> None:
    """What is no array of tasks gets an error, and the connection stays."""
    nonsense, session = converse(twin, "{", LOGIN, answers=2)
    assert nonsense["errors"][0]["code"] == "invalidRequest"
    assert session["data"][0]["taskType"] == "authentication"


def test_a_message_that_fails_ends_no_connection(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told so; later ones are answered, and a job's end is told of, whatever came between."""
    task = text_to_video()
    twin.post(task)
    real, left = twin.app._desk.answer, [sqlite3.OperationalError("disk full"), RecursionError()]
    deals: list[int] = []

    def answer(*given: Any) -> Any:
        deals.append(len(deals))
        if len(deals) in (1, 3):  # a question, and a look that the connection takes by itself
            raise left.pop()
        return real(*given)

    monkeypatch.setattr(type(twin.app._desk), "answer", lambda _desk, *given: answer(*given))

    def pass_time() -> None:
        twin.clock.now += 6

    failed, running, ended = converse(
        twin, [*LOGIN, ask(task["taskUUID"])], [ask(task["taskUUID"])], answers=3, after_each=pass_time
    )
    assert failed["errors"][0]["code"] == "internalServerError"
    assert running["data"][-1]["status"] == "processing"
    assert ended["data"][0]["status"] == "success"
    assert left == []
