"""Connections that ask for nothing, or too slowly: they end, and hinder nobody."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from storyboard.sandbox.connections import Connections
from tests.sandbox.twin import ask, text_to_video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVE = """
import sys
from pathlib import Path
from storyboard.sandbox import serving
from storyboard.sandbox.connections import Limits
with serving.open_socket("127.0.0.1", 0) as listener:
    serving.serve(
        listener, Path(sys.argv[1]), job_seconds=0, conflict="always", key=None, plan=None, tell=print,
        ready=lambda: print(serving.address_of(listener), flush=True), limits=Limits(**eval(sys.argv[2])),
    )
"""
LONG = 300.0


@contextmanager
def served(folder: Path, **limits: float) -> Iterator[tuple[str, int]]:
    """Host and port of a sandbox with these limits; those that are not named are long."""
    usual = {"connections": 6, "head": LONG, "body": LONG, "reading": LONG, "login": LONG}
    command = [sys.executable, "-c", SERVE, str(folder / "twin"), repr(usual | limits)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        there = urlsplit(process.stdout.readline().strip())
        try:
            assert there.hostname
            yield there.hostname, there.port or 0
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def request(there: tuple[str, int], body: bytes = b"", length: int | None = None, key: str = "any") -> bytes:
    """A POST with as much of its body as is given."""
    announced = len(body) if length is None else length
    lines = ["POST /sandbox/v1 HTTP/1.1", f"Host: {there[0]}:{there[1]}", "Content-Type: application/json"]
    lines += [f"Authorization: Bearer {key}", f"Content-Length: {announced}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + body


QUESTION = json.dumps([ask(text_to_video()["taskUUID"])]).encode()
UPGRADE = (
    "GET /sandbox/v1 HTTP/1.1\r\nHost: {}:{}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def upgrade(there: tuple[str, int]) -> bytes:
    return UPGRADE.format(*there).encode()


def frame(payload: bytes, length: int | None = None) -> bytes:
    """A client's text message, masked with nothing, or the begin of one that is announced to be longer."""
    announced = len(payload) if length is None else length
    if announced < 126:
        size = bytes([0x80 + announced])
    else:
        size = b"\xfe" + announced.to_bytes(2) if announced < 65536 else b"\xff" + announced.to_bytes(8)
    return b"\x81" + size + bytes(4) + payload


def read_all(line: socket.socket, until: bytes = b"") -> bytes:
    """What comes until the other side ends the connection, or until it has said so."""
    line.settimeout(60)
    got = b""
    try:
        while (not until or until not in got) and (part := line.recv(65536)):
            got += part
    except ConnectionResetError:
        pass
    return got


def is_answered(there: tuple[str, int]) -> bool:
    """Whether an ordinary client gets its answer."""
    with socket.create_connection(there, timeout=60) as line:
        line.sendall(request(there, QUESTION))
        return read_all(line).startswith(b"HTTP/1.1 200")


def test_half_open_connections_leave_room(tmp_path: Path) -> None:
    """However many ask for nothing, or for half a thing, who asks is answered; the oldest of the others goes."""
    with served(tmp_path) as there, ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(there)) for _ in range(40)]
        for number, line in enumerate(lines):
            if number % 2:
                with suppress(OSError):  # it may have gone already
                    line.sendall(b"POST /sandbox/v1 HTTP/1.1\r\nHost: x")
        assert is_answered(there)
        assert read_all(lines[0]) == b""
        assert is_answered(there)


def test_no_more_than_there_is_room_for(tmp_path: Path) -> None:
    """Of connections that are all in the midst of asking, the one too many is refused, and none of the others."""
    with served(tmp_path) as there, ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(there)) for _ in range(6)]
        for line in lines:
            line.sendall(b"GET /sandbox/v1 HTTP/1.1\r\nHost: x\r\n")  # a head that is not whole: still the oldest goes
        for line in lines:
            line.sendall(b"\r\n")
            line.settimeout(60)
            assert line.recv(12) == b"HTTP/1.1 403"
        busy = [stack.enter_context(socket.create_connection(there)) for _ in range(6)]
        for line in busy:
            line.sendall(request(there, b"[", len(QUESTION)))
        for line in busy:
            line.sendall(QUESTION[1:])
            assert read_all(line).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("limit", "begin", "answer"),
    [
        ("head", b"", b""),
        ("head", b"POST /sandbox/v1 HTTP/1.1\r\nHost: x\r\n", b""),
        ("body", "request", b""),
        ("login", "upgrade", b"HTTP/1.1 101"),
    ],
)
def test_what_takes_too_long_ends(tmp_path: Path, limit: str, begin: bytes | str, answer: bytes) -> None:
    """A head, a body, a key that do not come: nobody waits for them."""
    with served(tmp_path, **{limit: 0.2}) as there:
        made = {"request": request(there, b"[", 50_000), "upgrade": upgrade(there)}
        with socket.create_connection(there) as line:
            line.sendall(made[begin] if isinstance(begin, str) else begin)
            # A WebSocket waits for the client's own goodbye after its code, which is 1008.
            assert read_all(line, b"\x03\xf0" if limit == "login" else b"").startswith(answer)
        assert is_answered(there)


def test_an_answer_that_nobody_reads_ends(tmp_path: Path) -> None:
    """A client that asks for much and reads nothing holds no connection for good."""
    many = json.dumps([ask(text_to_video()["taskUUID"], "x" * 60) for _ in range(1000)]).encode()
    with served(tmp_path, reading=0.2) as there, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(there)
        whole = request(there, many).replace(b"Connection: close", b"Connection: keep-alive")
        line.settimeout(60)
        with pytest.raises(ConnectionError):
            line.sendall(whole * 200)  # 20 MB, and the answers would be as much
        assert is_answered(there)


def test_a_websocket_without_a_key_says_little(tmp_path: Path) -> None:
    """A long message is not even read, and wrong keys are not tried for ever; with a key, messages may be long."""
    login = json.dumps([{"taskType": "authentication", "apiKey": "any"}]).encode()
    with served(tmp_path) as there:
        for said in (frame(b" " * 40_000, 70_000_000), frame(QUESTION) * 5):
            with socket.create_connection(there) as line:
                line.sendall(upgrade(there))
                assert read_all(line, b"\r\n\r\n").startswith(b"HTTP/1.1 101")
                line.sendall(said)
                got = read_all(line, b"\x03\xf0" if QUESTION in said else b"\x03\xf1")  # 1008, 1009
                assert got.count(b"missingApiKey") == (5 if QUESTION in said else 0)
        with socket.create_connection(there) as line:
            line.sendall(upgrade(there))
            assert read_all(line, b"\r\n\r\n").startswith(b"HTTP/1.1 101")
            line.sendall(frame(login))
            assert b"connectionSessionUUID" in read_all(line, b"}]}")
            line.sendall(frame(b" " * 100_000 + QUESTION))
            assert b'{"data": []}' in read_all(line, b"}")


def test_who_waits_longest_makes_room() -> None:
    """Only of those that have asked for nothing."""
    ended: list[str] = []
    house = Connections(3)
    for name in "abc":
        assert house.enter(name, lambda name=name: ended.append(name))  # type: ignore[misc]
    house.ask("a")
    assert house.enter("d", lambda: ended.append("d"))
    assert (ended, len(house)) == (["b"], 3)
    house.leave("b")
    for name in "cd":
        house.ask(name)
    assert not house.enter("e", lambda: ended.append("e"))
    house.wait("c", lambda: ended.append("c"))
    house.wait("b", lambda: ended.append("gone"))
    assert house.enter("e", lambda: ended.append("e"))
    assert (ended, len(house)) == (["b", "c"], 3)
