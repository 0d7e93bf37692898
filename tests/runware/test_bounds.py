"""Answers without an end, on real sockets: every exchange ends in bounded time and memory, and in the right error."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
import time
from contextlib import suppress
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs.download import download
from storyboard.runware import client as client_module
from storyboard.runware import network as network_module
from storyboard.runware import videos
from storyboard.runware.client import Client
from storyboard.runware.errors import Elsewhere, NotSent, Paced, Refused, Unclear, Unfit
from storyboard.runware.messages import parse_reply
from storyboard.runware.videos import VideoHost
from tests import proxy
from tests.provider import KEY
from tests.provider.media import video
from tests.provider.tasks import text_task

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable
    from pathlib import Path

    from storyboard.runware.messages import Reply

UUID = "11111111-1111-4111-8111-111111111111"
QUESTION = {"taskType": "getResponse", "taskUUID": UUID}
DETAILS = {"taskType": "getTaskDetails", "taskUUID": UUID}
OK = b"HTTP/1.1 200 OK\r\n"
SHORT = 0.4
"""Seconds of the limits that these tests want to see passed."""
HANG = 60
"""Seconds after which an exchange is taken for one without an end."""
VIDEO = video("film", "mp4", 50_000, 3)


def _saying(first: bytes, more: Iterable[bytes] = (), pause: float = 0.01) -> proxy.Handler:
    """A server that says this to every request, a piece at a time, until its client hangs up."""

    def handle(connection: socket.socket, seen: proxy.Seen) -> None:
        seen.heads.append(_request(connection))
        with suppress(OSError):
            connection.sendall(first)
            for piece in more:
                connection.sendall(piece)
                if pause:
                    time.sleep(pause)

    return handle


def _request(connection: socket.socket) -> bytes:
    """A whole request: where a part of it is left unread, the connection's end is a reset."""
    request = b""
    while piece := connection.recv(65_536):
        request += piece
        head, ended, body = request.partition(b"\r\n\r\n")
        if ended and (not head.startswith(b"POST") or body.endswith(b"]")):
            break
    return request


def _asked(handle: proxy.Handler, *tasks: dict[str, Any], longest: float = SHORT, url: str = "") -> Reply:
    async def ask(port: int) -> Reply:
        async with Client(url or f"http://127.0.0.1:{port}/v1", KEY, timeout=20) as client:
            client._longest = longest
            return await asyncio.wait_for(client.send(tasks or [text_task()]), HANG)

    with proxy.listening(handle) as seen:
        return asyncio.run(ask(seen.port))


ENDLESS = {
    "header byte by byte": (OK + b"X-Slow: ", repeat(b"a")),
    "header line by line": (OK, repeat(b"X-More: x\r\n")),
    "no status line": (b"", repeat(b"H")),
    "interim answers": (b"", repeat(b"HTTP/1.1 102 Processing\r\n\r\n")),
    "early hints": (b"", repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")),
    "body byte by byte": (OK + b"Content-Length: 99999\r\n\r\n{", repeat(b" ")),
    "body until the end": (OK + b"\r\n{", repeat(b" ")),
    "small chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n", repeat(b"1\r\n \r\n")),
    "extension of a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", repeat(b"a")),
    "trailers": (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", repeat(b"X-T: x\r\n")),
    "coded": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"), repeat(b"\0")),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_end(kind: str) -> None:
    """Each byte in time and the whole never: one limit ends it, and whether the task was taken stays unclear."""
    with pytest.raises(Unclear, match="too slowly"):
        _asked(_saying(*ENDLESS[kind]))


@pytest.mark.parametrize(
    "kind", ["header line by line", "interim answers", "body until the end", "small chunks", "trailers"]
)
def test_a_flood(kind: str) -> None:
    """As fast as it goes: it ends as well, by its size or by the same limit."""
    first, more = ENDLESS[kind]
    flood = b"".join(piece for piece, _ in zip(more, range(2000), strict=False))
    with pytest.raises(Unclear):
        _asked(_saying(first, repeat(flood), pause=0), longest=2)


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_video_without_end(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Of a video the way to its first byte has a limit, and then its rate."""
    monkeypatch.setattr(videos, "_WINDOW", SHORT)

    async def fetch(port: int) -> None:
        url = f"http://127.0.0.1:{port}/v.mp4"
        async with VideoHost(url, timeout=20) as host:
            host._longest = host._window = SHORT
            async with host.fetch(url) as part:
                async for _ in part.chunks:
                    pass

    with proxy.listening(_saying(*ENDLESS[kind])) as seen, pytest.raises(Unclear, match="slow"):
        asyncio.run(asyncio.wait_for(fetch(seen.port), HANG))


@pytest.mark.parametrize("kind", ["header byte by byte", "interim answers", "no status line"])
def test_a_proxy_without_end(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A proxy that drips its answer to CONNECT is given up before anything of the task was sent."""
    monkeypatch.setattr(network_module, "_GREETING", SHORT)
    first, more = ENDLESS[kind]
    with proxy.listening(_saying(first.replace(b"200 OK", b"200"), more)) as seen:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{seen.port}")
        with pytest.raises(NotSent, match="no answer in time"):
            _asked(proxy.silent, url="https://runware.invalid/v1", longest=HANG)


def test_a_handshake_without_end() -> None:
    """A host that takes the connection and says nothing of TLS: nothing was sent."""

    async def ask(port: int) -> None:
        async with Client(f"https://127.0.0.1:{port}/v1", KEY, timeout=SHORT) as client:
            await asyncio.wait_for(client.send([text_task()]), HANG)

    with proxy.listening(proxy.silent) as seen, pytest.raises(NotSent):
        asyncio.run(ask(seen.port))


@pytest.mark.parametrize(
    "location", ["https://xn--n3h.com/x", "http://[", "//", "https://a..b/", "\x80", "x" * 60_000, "ftp://h:99999999/"]
)
def test_redirects_to_what_is_no_address(location: str) -> None:
    """A paid task is not sent on, and a video is no video; neither is a bug."""
    answer = b"HTTP/1.1 307 No\r\nLocation: " + location.encode("latin-1") + b"\r\nContent-Length: 0\r\n\r\n"
    with pytest.raises(Elsewhere):
        _asked(_saying(answer), longest=HANG)

    async def fetch(port: int) -> None:
        url = f"http://127.0.0.1:{port}/v.mp4"
        async with VideoHost(url, timeout=20) as host, host.fetch(url):
            pass

    with proxy.listening(_saying(answer)) as seen, pytest.raises((Unfit, NotSent, Unclear)):
        asyncio.run(asyncio.wait_for(fetch(seen.port), HANG))


def _body(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""])
    return head.encode() + body


def test_how_large_an_answer_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many questions, so much; of a question less may be asked, of a task that was sent nothing is known."""
    monkeypatch.setattr(client_module, "_ALLOWANCE", 1000)
    monkeypatch.setattr(client_module, "_FOR_A_TASK", 100)
    large = _body(b'{"data": [{"taskUUID": "%s"}], "x": "%s"}' % (UUID.encode(), b"x" * 1500))
    with pytest.raises(Refused, match="answerTooLarge"):
        _asked(_saying(large), QUESTION, longest=HANG)
    with pytest.raises(Unclear, match="more than"):
        _asked(_saying(large), text_task(), longest=HANG)
    assert _asked(_saying(large), *[QUESTION] * 20, longest=HANG).items
    with pytest.raises(Refused, match="beside pictures"):
        _asked(_saying(large), DETAILS, longest=HANG)
    coded = _body(gzip.compress(b'{"data": []%s}' % (b" " * 1500)), "Content-Encoding: gzip")
    with pytest.raises(Refused, match="answerTooLarge"):
        _asked(_saying(coded), QUESTION, longest=HANG)


@pytest.mark.parametrize("slash", ["/", r"\/"])
def test_details_with_a_picture(slash: str) -> None:
    """They repeat the first frame, which may be large: what stands around it is read."""
    picture = f"data:image{slash}png;base64,{'iVBORw0KGgo' * 100_000}{slash * 99_000}=="
    request = f'{{"inputs": {{"frameImages": [{{"image": "{picture}", "frame": "first"}}]}}}}'
    response = f'{{"data": [{{"taskUUID": "{UUID}", "videoUUID": "v", "videoURL": "https://h/v"}}]}}'
    row = f'{{"taskType": "getTaskDetails", "taskUUID": "{UUID}", "request": {request}, "response": {response}}}'
    reply = _asked(_saying(_body(f'{{"data": [{row}]}}'.encode())), DETAILS, longest=HANG)
    assert [item.video_uuid for item in reply.records[UUID].items] == ["v"]


@pytest.mark.parametrize("piece", [b"{}", b"[]", b"0", b'"x"', b'{"taskUUID":"%s"}' % UUID.encode()])
def test_how_much_an_answer_may_hold(piece: bytes) -> None:
    """Small values take many times their bytes of memory."""
    many = _body(b'{"data": [' + b",".join([piece] * 30_000) + b"]}")
    for task in (QUESTION, DETAILS):
        with pytest.raises(Refused, match="answerTooLarge"):
            _asked(_saying(many), task, longest=HANG)


def test_how_many_rows_count() -> None:
    """The first about each task; another task's are not crowded out."""
    rows = [{"taskUUID": UUID, "videoUUID": str(number), "videoURL": "https://h/v"} for number in range(3000)]
    errors = [{"taskUUID": UUID, "code": str(number)} for number in range(3000)]
    other = {"taskUUID": UUID.replace("1", "2"), "status": "processing"}
    reply = parse_reply(json.dumps({"data": [*rows, other], "errors": errors}).encode())
    assert reply is not None
    assert (len(reply.items), len(reply.problems)) == (65, 0)
    assert reply.items[-1].uuid == other["taskUUID"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"data": [{"taskUUID": "' + UUID.encode() + b'", "seed": ' + b"9" * 50_000 + b"}]}",
        b'{"data": [{"taskUUID": "' + UUID.encode() + b'", "cost": 1e999999, "progress": -1e99, "seed": 1e25}]}',
        b'{"errors": [{"message": "' + b"m" * 500_000 + b'", "code": "' + b"c" * 90_000 + b'"}]}',
        b'{"data": [], "data": {"taskUUID": "x"}, ' + b", ".join(b'"%d": 0' % n for n in range(9000)) + b"}",
        b"\xff\xfe" * 1000,
    ],
    ids=["deep", "long number", "huge numbers", "long texts", "many keys", "no text"],
)
def test_strange_answers(body: bytes) -> None:
    """None is a bug; what is kept of them is short."""
    said: object = None
    try:
        said = _asked(_saying(_body(body)), QUESTION, longest=HANG)
    except (Unclear, Refused) as error:
        said = error
    assert len(repr(said)) < 5000


def test_an_address_is_whole_or_none() -> None:
    """Signed ones are long; half of one is worth nothing."""
    for length, is_there in ((5000, True), (9000, False), (200_000, False)):
        url = "https://h/" + "x" * length
        reply = parse_reply(json.dumps({"data": [{"taskUUID": UUID, "videoUUID": "v", "videoURL": url}]}).encode())
        assert reply is not None
        assert reply.items[0].url == (url if is_there else None)


@pytest.mark.parametrize("header", ["9" * 60_000, "1e9", "Fri, 31 Dec 9999 23:59:59 GMT", "-1", "nan", "inf", "1_0"])
def test_times_to_wait_that_are_none(header: str) -> None:
    """An hour at most, whatever is said."""
    answer = _body(b"", f"Retry-After: {header}", status="429 No")
    with pytest.raises(Paced) as paced:
        _asked(_saying(answer), QUESTION, longest=HANG)
    assert paced.value.seconds is None or 0 <= paced.value.seconds <= 3600


def test_cookies_are_not_kept() -> None:
    """They would make each question longer than the last."""
    answer = _body(b'{"data": []}', "Connection: close", *(f"Set-Cookie: c{n}={'x' * 50}" for n in range(99)))

    async def ask(port: int) -> None:
        async with Client(f"http://127.0.0.1:{port}/v1", KEY, timeout=20) as client:
            for _ in range(2):
                await client.send([QUESTION])

    with proxy.listening(_saying(answer)) as seen:
        asyncio.run(ask(seen.port))
    assert len(seen.heads) == 2
    assert not any(b"cookie" in head.lower() for head in seen.heads)


def _part_of(answer: bytes, start: int = 0, etag: str | None = None) -> tuple[bytes, int | None, str | None]:
    async def fetch(port: int) -> tuple[bytes, int | None, str | None]:
        url = f"http://127.0.0.1:{port}/v.mp4"
        async with VideoHost(url, timeout=5) as host, host.fetch(url, start, etag) as part:
            return b"".join([chunk async for chunk in part.chunks]), part.total, part.etag

    with proxy.listening(_saying(answer)) as seen:
        return asyncio.run(asyncio.wait_for(fetch(seen.port), HANG))


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: " + "9" * 5000],
        ["Content-Length: -1"],
        ["Content-Length: 1", "Content-Length: 2"],
        ["Content-Range: bytes 0-9/" + "9" * 5000],
        ["Content-Range: bytes " + "0" * 50_000],
        ["X: " + "x" * 200_000],
    ],
)
def test_headers_of_a_video_that_lie(headers: list[str]) -> None:
    """One of the room's errors, or a video without a stated length."""
    answer = "\r\n".join(["HTTP/1.1 206 OK" if "Range" in headers[0] else "HTTP/1.1 200 OK", *headers, "", "x"])
    with suppress(Unfit, Unclear):
        assert _part_of(answer.encode())[1] is None


def test_a_mark_that_is_too_long() -> None:
    """It is neither written down nor sent back."""
    assert _part_of(_body(b"x", f'ETag: "{"e" * 50_000}"')) == (b"x", 1, None)
    assert _part_of(_body(b"x", f'ETag: "{"e" * 500}"'))[2] is not None


def test_a_slow_video_goes_on_where_it_was_given_up(tmp_path: Path) -> None:
    """What came of it stays on disk; the next try asks for the rest alone."""
    head = b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: %d\r\n\r\n' % len(VIDEO)
    slowly = (VIDEO[place : place + 1] for place in range(20_000, len(VIDEO)))
    ranges: list[bytes] = []

    def serve(connection: socket.socket, seen: proxy.Seen) -> None:
        asked = _request(connection)
        begin = asked.lower().partition(b"range: bytes=")[2].partition(b"-")[0]
        ranges.append(begin)
        if begin:
            start = int(begin)
            stated = f"Content-Range: bytes {start}-{len(VIDEO) - 1}/{len(VIDEO)}"
            connection.sendall(_body(VIDEO[start:], 'ETag: "a"', stated, status="206 Partial"))
            return
        _saying(head + VIDEO[:20_000], slowly)(_Told(connection), seen)  # type: ignore[arg-type]

    async def fetch(port: int) -> None:
        url = f"http://127.0.0.1:{port}/v.mp4"
        async with VideoHost(url, timeout=20) as host:
            host._window = SHORT
            with pytest.raises(Unclear, match="slower than 2 KiB a second"):
                await download(host, url, tmp_path / "film.mp4")
            await download(host, url, tmp_path / "film.mp4")

    with proxy.listening(serve) as seen:
        asyncio.run(asyncio.wait_for(fetch(seen.port), HANG))
    assert (tmp_path / "film.mp4").read_bytes() == VIDEO
    assert (ranges[0], int(ranges[1]) >= 20_000) == (b"", True)


class _Told:
    """A connection whose request was read."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.sendall = connection.sendall

    def recv(self, size: int) -> bytes:
        return b""


@pytest.mark.parametrize(
    ("rate", "chunk", "arrives"),
    [(20_000, 1000, True), (5000, 65_536, True), (2100, 100, True), (1900, 100, False), (10, 1, False), (1e6, 1, True)],
)
def test_how_slow_a_video_may_come(monkeypatch: pytest.MonkeyPatch, rate: float, chunk: int, arrives: bool) -> None:
    """By a clock of its own: whatever comes above the least rate arrives, what comes below is given up."""
    now = [0.0]
    monkeypatch.setattr(videos, "monotonic", lambda: now[0])

    async def come() -> Any:
        for _ in range(3_000_000 // chunk if chunk > 1 else 30_000):
            now[0] += chunk / rate
            yield b"x" * chunk

    async def count() -> int:
        async with VideoHost("https://service.example") as host:
            return sum([len(piece) async for piece in host._paced(come())])

    if arrives:
        assert asyncio.run(count()) >= 30_000
    else:
        with pytest.raises(videos._TooSlow, match="slower"):
            asyncio.run(count())
        assert now[0] < 60 / (1 - rate / 2048) + 1


def test_how_long_a_video_may_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try ends after two hours even above the least rate: nothing goes on for ever."""
    now = [0.0]
    monkeypatch.setattr(videos, "monotonic", lambda: now[0])

    async def come() -> Any:
        while True:
            now[0] += 1
            yield b"x" * 3000

    async def take() -> None:
        async with VideoHost("https://service.example") as host:
            async for _ in host._paced(come()):
                pass

    with pytest.raises(videos._TooSlow, match="too slowly"):
        asyncio.run(take())
    assert now[0] == pytest.approx(7200, abs=1)


CHILD = """
import asyncio, pathlib, sys
from storyboard.runware.client import Client
from storyboard.runware.errors import ServiceError
def peak():  # of this program alone: `getrusage` counts what was there before it was started as well
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
url, task = sys.argv[1], {"taskType": sys.argv[2], "taskUUID": "u"}
async def ask():
    async with Client(url, "k" * 32, timeout=20) as client:
        client._longest = 1.5
        before = peak()
        try:
            await client.send([task])
        except ServiceError:
            pass
        print(peak() - before)
asyncio.run(ask())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells no peak of one program")
@pytest.mark.parametrize("kind", ["bomb", "two codings", "chunks of one byte", "rows", "endless"])
def test_memory_of_a_hostile_answer(kind: str) -> None:
    """The peak of a process that asks one question, in KiB above what it was before."""
    bomb = gzip.compress(b" " * 50_000_000)
    handle = {
        "bomb": _saying(_body(bomb, "Content-Encoding: gzip")),
        "two codings": _saying(_body(gzip.compress(bomb), "Content-Encoding: gzip, gzip")),
        "chunks of one byte": _saying(
            OK + b"Transfer-Encoding: chunked\r\n\r\n", repeat(b"1\r\n \r\n" * 5000), pause=0
        ),
        "rows": _saying(_body(b'{"data": [' + b",".join([b'{"taskUUID":"u"}'] * 2_000_000) + b"]}")),
        "endless": _saying(OK + b"\r\n{", repeat(b" " * 65_536), pause=0),
    }[kind]
    with proxy.listening(handle) as seen:
        words = [sys.executable, "-c", CHILD, f"http://127.0.0.1:{seen.port}/v1", "getResponse"]
        grown = int(subprocess.run(words, check=True, capture_output=True, timeout=HANG).stdout)
    assert grown < 20_000
