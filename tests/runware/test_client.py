"""The client on a real socket: what has left this machine and what has not, and where the key goes."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from storyboard.own_key import holds_key
from storyboard.runware.client import Client
from storyboard.runware.errors import NotSent, Refused, ServiceError, Unclear, Unfit
from storyboard.runware.videos import VideoHost, is_allowed
from tests.provider import KEY, Fault, Provider
from tests.provider.tasks import text_task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.runware.messages import Reply


@pytest.fixture(name="provider")
def _provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


def _send(url: str, *tasks: dict[str, Any], timeout: float = 20, whole: float = 80, key: str = KEY) -> Reply:
    """What comes back; `whole` is the most seconds that a whole answer may take."""

    async def send() -> Reply:
        async with Client(url, key, timeout=timeout) as client:
            client._longest = whole
            return await client.send(tasks or [text_task()])

    return asyncio.run(send())


def test_a_task_is_acknowledged(provider: Provider) -> None:
    """One POST of an array, with the key in the header and nowhere else."""
    task = text_task()
    reply = _send(provider.url, task)
    assert [item.uuid for item in reply.items] == [task["taskUUID"]]
    assert (provider.sins, provider.seen("submit")[0].with_key) == ([], True)


def test_nobody_listens(provider: Provider) -> None:
    """No connection, so nothing was sent."""
    with provider.offline(), pytest.raises(NotSent):
        _send(provider.url)


@pytest.mark.parametrize(
    "url",
    [
        "https://no such host/v1",
        "http://[::1/v1",
        "gopher://localhost/v1",
        "http://api.runware.ai/v1",
        "http://localhost:99999/v1",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    """Nothing was sent either."""
    with pytest.raises(NotSent):
        _send(url)


@pytest.mark.parametrize("kind", ["reset", "stall", "slow", "cut", "truncated", "html_200", "500", "504_html"])
def test_bytes_have_left(provider: Provider, kind: Any) -> None:
    """Whatever happens after the connection was made leaves it unclear whether the task was taken."""
    provider.add_faults(Fault(on="submit", kind=kind, when="after", seconds=2.5 if kind == "slow" else None))
    with pytest.raises(Unclear):
        _send(provider.url, timeout=1)
    provider.wait_for_charge()
    assert sum(provider.paid.values()) == 1


def test_an_answer_that_drips_without_end(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte in time, and the whole not: it is given up."""
    provider.add_faults(Fault(on="submit", kind="drip", seconds=10))
    with pytest.raises(Unclear, match="slowly"):
        _send(provider.url, whole=1)


def test_redirects_are_not_followed(provider: Provider) -> None:
    """A paid task, and the key, go to the address that was named and to no other."""
    provider.add_faults(Fault(on="submit", kind="redirect", count=None))
    with pytest.raises(Refused, match="307"):
        _send(provider.url)
    assert len(provider.requests) == 1


@pytest.mark.parametrize("key", [KEY, "short"])
def test_an_answer_with_the_key_in_it(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """A real key is taken out of what the service says; a word that is as short as any is left alone."""
    body = json.dumps({"errors": [{"code": "c", "message": f"<{key}>", "taskUUID": "u"}]}).encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def ask() -> Reply:
        async with Client("http://localhost/v1", key, app=app) as client:
            return await client.send([text_task()])

    assert asyncio.run(ask()).problems[0].message == ("<[key]>" if key == KEY else "<short>")


def _said_by_a_service(body: bytes, key: str = KEY) -> Reply:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def ask() -> Reply:
        async with Client("http://localhost/v1", key, app=app) as client:
            return await client.send([text_task()])

    return asyncio.run(ask())


def _json_escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04X}" for letter in text)


SPELLINGS = {
    "plain": KEY,
    "escaped": _json_escaped(KEY),
    "partly escaped": KEY[:9] + _json_escaped(KEY[9:]),
    "escaped twice": _json_escaped(KEY).replace("\\", "\\\\"),
    "large": KEY.upper(),
    "percent": "".join(f"%{ord(letter):02x}" for letter in KEY),
    "HTML": "".join(f"&#{ord(letter)};" for letter in KEY),
    "hex": KEY.encode().hex(),
    "base64": b64encode(KEY.encode()).decode(),
    "base64 of a header": b64encode(f"Bearer {KEY}".encode()).decode(),
    "spaced": " ".join(KEY),
    "unseen letters between": "\u200b".join(KEY),
    "quoted": f"Bearer '{KEY}'",
    "half of it": KEY[: len(KEY) // 2 + 2],
    "the other half": KEY[len(KEY) // 2 - 2 :],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_key_in_every_spelling(spelling: str) -> None:
    """It is taken out where text enters, after it was decoded: of words, codes, names and addresses alike."""
    key = SPELLINGS[spelling]
    rows = [
        f'{{"taskUUID": "u{key}", "videoUUID": "v{key}", "videoURL": "https://h/{key}.mp4", "status": "s{key}"}}',
        f'{{"taskUUID": "u", "code": "c{key}", "message": "long {"x" * 1990}{key}", "allowedValues": ["{key}"]}}',
    ]
    reply = _said_by_a_service(f'{{"data": [{rows[0]}], "errors": [{rows[1]}]}}'.encode())
    said = repr(reply)
    assert reply.items
    assert reply.problems
    assert not holds_key(said, KEY)
    assert "5d1f0c7a93" not in said


def test_the_key_spread_over_fields() -> None:
    """Its pieces side by side would be the whole again."""
    third = len(KEY) // 3 + 1
    row = {"taskUUID": "u", "code": KEY[:third], "message": KEY[third : 2 * third], "taskType": KEY[2 * third :]}
    (problem,) = _said_by_a_service(json.dumps({"errors": [row]}).encode()).problems
    assert KEY not in f"{problem.code}{problem.message}{problem.task_type}"
    assert "0c7a93e2" not in f"{problem.code}{problem.message}{problem.task_type}"


def test_the_key_in_what_is_no_json() -> None:
    """A summary of a page is text of the service as well; so are words of errors of the library."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(413, stream=httpx.ByteStream(f"no {KEY} here".encode()))

    async def send(handler: Any) -> str:
        with pytest.raises(ServiceError) as raised:
            async with Client("https://h.example/v1", KEY, transport=httpx.MockTransport(handler)) as client:
                await client.send([text_task()])
        return str(raised.value)

    for handler in (fail, answer):
        assert KEY not in asyncio.run(send(handler))


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://vm.runware.ai/video/x.mp4", True),
        ("http://127.0.0.1:8000/x.mp4", True),
        ("http://127.8.9.1/x.mp4", True),
        ("http://[::1]:8000/x.mp4", True),
        ("http://localhost/x.mp4", True),
        ("http://vm.runware.ai/video/x.mp4", False),
        ("http://127.0.0.1.example.org/x.mp4", False),
        ("http://localhost.example.org/x.mp4", False),
        ("file:///etc/passwd", False),
        ("ftp://127.0.0.1/x", False),
        ("", False),
        ("x.mp4", False),
        ("http://[", False),
        ("https://h:99999/x.mp4", False),
        ("https://a..b/x.mp4", False),
        ("https://" + "a" * 64 + ".example/x.mp4", False),
        ("https://h.example./x.mp4", True),
    ],
)
def test_where_videos_may_come_from(url: str, allowed: bool) -> None:
    """https from anywhere, plain http from this machine."""
    assert is_allowed(url) is allowed


@pytest.mark.parametrize(
    "url", ["http://[", "https://no such host/x.mp4", "https://", "https://a..b/x", "https://h:99999/x"]
)
def test_addresses_of_videos_that_are_none(url: str) -> None:
    """One of the room's errors, whatever the service gives as an address."""

    async def fetch() -> None:
        async with VideoHost("http://localhost", timeout=0.3) as host, host.fetch(url):
            pass

    with pytest.raises((ServiceError, Unfit)):
        asyncio.run(fetch())


def test_a_host_that_is_not_found_is_said_in_words() -> None:
    """Without the number that the system gives it."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known")

    async def send() -> None:
        async with Client("https://nowhere.invalid/v1", KEY, transport=httpx.MockTransport(fail)) as client:
            await client.send([text_task()])

    with pytest.raises(NotSent, match=r"^Name or service not known$"):
        asyncio.run(send())
