"""Nothing that comes in is trusted: keys, bodies, methods, addresses."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyboard.sandbox.request import BYTES_AT_MOST
from tests.sandbox.twin import ask, image_to_video, text_to_video

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from tests.sandbox.conftest import OpenTwin
    from tests.sandbox.twin import Twin

KEY = "secret-of-the-test"
BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("headers", "tasks", "code"),
    [
        ({}, [], "missingApiKey"),
        ({"Authorization": KEY}, [], "missingApiKey"),
        ({"Authorization": "Bearer other"}, [], "invalidApiKey"),
        ({}, [{"taskType": "authentication", "apiKey": "other"}], "invalidApiKey"),
        ({}, [{"taskType": "authentication", "apiKey": 7}], "invalidApiKey"),
        ({}, [{"taskType": "authentication"}], "missingApiKey"),
        (BEARER, [], None),
        ({}, [{"taskType": "authentication", "apiKey": KEY}], None),
    ],
)
def test_the_key(open_twin: OpenTwin, headers: dict[str, str], tasks: list[object], code: str | None) -> None:
    """With a key set, only a request that carries it in header or first task is dealt with; others get 401."""
    twin = open_twin(key=KEY)
    task = text_to_video()
    answer = twin.post(*tasks, task, headers=headers)
    if code is None:
        assert (answer.status_code, len(answer.json()["data"])) == (200, 1)
        return
    assert answer.status_code == 401
    (error,) = answer.json()["errors"]
    assert (error["code"], error["parameter"], error["taskType"]) == (code, "apiKey", "authentication")
    assert twin.app.state.charges() == {}


def test_no_key_needed_by_default(twin: Twin) -> None:
    """Without a key set, any key or none will do."""
    assert twin.post(text_to_video(), headers={"Authorization": "Bearer anything"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b"{}",
        b"[]",
        b"[7]",
        b"[[]]",
        b'[{"taskType": "getResponse"}, null]',
        b"\xff\xfe\x00",
        b'[{"a": NaN}]',
        b'[{"a": 1e999}]',
        b'[{"a": "\\ud800"}]',
        b'[{"\\udfff": 1}]',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'[{"a":' + b"[" * 100 + b"]" * 100 + b"}]",
        b'[{"a":' + b"9" * 10_000 + b"}]",
        json.dumps([{}] * 1001).encode(),
        json.dumps([{"a": [[]] * 300_000}]).encode(),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_bodies_that_are_no_tasks(twin: Twin, body: bytes) -> None:
    """A body that is no array of task objects, or a monstrous one, is a 400 with words."""
    answer = twin.post_bytes(body)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["code"] == "invalidRequest"
    assert error["message"]


def test_one_broken_task_stops_the_whole_request(twin: Twin) -> None:
    """Where one element is no object, the good tasks beside it are not started."""
    assert twin.post(text_to_video(), "words").status_code == 400
    assert twin.app.state.charges() == {}


def test_announced_size(twin: Twin) -> None:
    """A body announced as too large is refused before it is read."""
    answer = asyncio.run(twin.request("POST", "/v1", content=b"[]", headers={"Content-Length": str(BYTES_AT_MOST + 1)}))
    assert (answer.status_code, answer.json()["errors"][0]["max"]) == (413, BYTES_AT_MOST)


def test_unannounced_size(twin: Twin) -> None:
    """A body that turns out too large is refused as soon as it does."""
    piece = bytes(10_000_000)
    sent: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        sent.append(len(piece))
        return {"type": "http.request", "body": piece, "more_body": True}

    messages = _call(twin, receive)
    assert messages[0]["status"] == 413
    assert sum(sent) == 90_000_000


def test_a_client_that_leaves(twin: Twin) -> None:
    """A body cut off by the client is not dealt with, even if what came makes sense."""
    parts: Iterator[MutableMapping[str, Any]] = iter(
        [
            {"type": "http.request", "body": json.dumps([text_to_video()]).encode(), "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> MutableMapping[str, Any]:
        return next(parts)

    _call(twin, receive)
    assert twin.app.state.charges() == {}


def _call(twin: Twin, receive: Any) -> list[MutableMapping[str, Any]]:
    messages: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    scope = {"type": "http", "method": "POST", "path": "/sandbox/v1", "headers": []}
    asyncio.run(twin.app(scope, receive, send))
    return messages


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "http://localhost/v1", 200),
        ("POST", "/v1/", 200),
        ("GET", "/v1", 405),
        ("DELETE", "/videos/sandbox-00000000-0000-0000-0000-000000000000.mp4", 405),
        ("GET", "/", 404),
        ("POST", "/v2", 404),
        ("GET", "/state.sqlite3", 404),
    ],
)
def test_addresses_and_methods(twin: Twin, method: str, path: str, status: int) -> None:
    """The API answers at its two addresses; everything else is a JSON error."""
    content = json.dumps([ask(text_to_video()["taskUUID"])]).encode()
    answer = asyncio.run(twin.request(method, path, content=content))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert ("allow" in answer.headers) == (status == 405)


def test_lifespan_closes(twin: Twin) -> None:
    """A server's start and stop are answered, and the stop lets go of the folder."""
    events = iter(["lifespan.startup", "lifespan.shutdown"])
    answers: list[str] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": next(events)}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message["type"])

    asyncio.run(twin.app({"type": "lifespan"}, receive, send))
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert twin.post(text_to_video()).status_code == 500


def test_websockets_elsewhere_are_turned_away(twin: Twin) -> None:
    """There is a WebSocket at the API's address only, and saying so is no error."""
    answers: list[str] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message["type"])

    asyncio.run(twin.app({"type": "websocket", "path": "/sandbox", "headers": []}, receive, send))
    assert answers == ["websocket.close"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
kinds = st.sampled_from(["videoInference", "getResponse", "getTaskDetails", "imageUpload", "authentication"])
objects = st.dictionaries(st.sampled_from(["taskType", "taskUUID", "image", "apiKey"]) | st.text(), values, max_size=5)
near_tasks = st.builds(
    lambda task, name, value: task | {name: value},
    st.builds(text_to_video) | st.builds(image_to_video),
    st.sampled_from([*text_to_video(), *image_to_video(), "safety", "ttl", "webhookURL"]),
    values,
)
near_frames = st.builds(lambda frames: image_to_video(inputs={"frameImages": frames}), values | st.lists(values))
tasks = values | st.builds(lambda task, kind: task | {"taskType": kind}, objects, kinds) | near_tasks | near_frames


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tasks, max_size=3))
def test_no_array_breaks_it(twin: Twin, array: list[object]) -> None:
    """Whatever JSON array comes, the answer is a JSON object with data or errors, and never a 500."""
    answer = twin.post_bytes(json.dumps(array).encode())
    assert answer.status_code in (200, 400)
    body = answer.json()
    assert body["data"] or body.get("errors") or answer.status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("studio.local:8778", "http://studio.local:8778/sandbox"),
        ("[fe80::1]:8778", "http://[fe80::1]:8778/sandbox"),
        ("evil.example/x?y#", "http://localhost/sandbox"),
        ("a b", "http://localhost/sandbox"),
        ("user@evil", "http://localhost/sandbox"),
    ],
)
def test_addresses_by_the_clients_own_name_for_us(open_twin: OpenTwin, host: str, origin: str) -> None:
    """Where a sandbox is reached by many names, its addresses begin with the one that the client used, if it is one."""
    twin = open_twin(job_seconds=0, origin_by_host=True)
    task = text_to_video()
    twin.post(task)
    answer = asyncio.run(twin.request("POST", "/v1", json=[ask(task["taskUUID"])], headers={"Host": host}))
    assert answer.json()["data"][0]["videoURL"].startswith(origin + "/videos/sandbox-")
