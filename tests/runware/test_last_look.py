"""The last look before a task leaves: where it says no, not a byte of the task is on any socket, on any way."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, nullcontext, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.runware import network, proxies
from storyboard.runware.client import Client, only_while
from storyboard.runware.errors import NotSent, TooLate, Unclear
from tests import proxy
from tests.provider import KEY, Provider
from tests.provider.tasks import text_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARK = "a heron that nobody may see"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
            monkeypatch.delenv(name)
    # Of this machine, nothing goes through a proxy: here it has to, as if it were another one.
    monkeypatch.setattr(proxies, "is_this_machine", lambda host: False)


class _Service:
    """What a service got on each connection until that was closed."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.got: list[bytes] = []
        self._tls = tls
        self._closed = threading.Semaphore(0)

    def handle(self, connection: socket.socket, _: proxy.Seen) -> None:
        stream = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
        data = b""
        with stream, suppress(OSError):
            while piece := stream.recv(1 << 20):
                data += piece
        self.got.append(data)
        self._closed.release()

    def all_of_one(self) -> bytes:
        """All bytes of the next connection that is closed."""
        assert self._closed.acquire(timeout=20)
        return self.got[-1]


def _certificate(folder: Path) -> ssl.SSLContext:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    files = [folder / "key.pem", folder / "cert.pem"]
    subprocess.run(
        [*command.split(), "-keyout", files[0], "-out", files[1]], check=True, capture_output=True, cwd=folder
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    return context


@contextmanager
def _way(kind: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[tuple[str, _Service]]:
    """An address, and what is there, behind the proxy that the kind names."""
    through, _, how = kind.rpartition(" ")
    service = _Service(_certificate(folder) if how == "tls" else None)
    ways: dict[str, Any] = {"http proxy": proxy.http, "socks": proxy.socks}
    was_used = threading.Event()

    def pass_on(connection: socket.socket, seen: proxy.Seen) -> None:
        was_used.set()
        ways[through](connection, seen)

    with (
        proxy.listening(service.handle) as seen,
        proxy.listening(pass_on) if through else nullcontext() as between,
    ):
        if between is not None:
            scheme = "socks5h" if through == "socks" else "http"
            monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{between.port}")
        if how == "tls":
            monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
        yield f"{'https' if how == 'tls' else 'http'}://localhost:{seen.port}/v1", service
        assert between is None or was_used.wait(20), "it went round the proxy"


def _send(url: str, may_go: Callable[[], bool], **more: Any) -> None:
    async def send() -> None:
        async with Client(url, KEY, timeout=20) as client:
            with only_while(may_go):
                await client.send([text_task() | {"positivePrompt": MARK} | more])

    asyncio.run(send())


def _yes(times: int) -> Callable[[], bool]:
    looks = count(1)
    return lambda: next(looks) <= times


KINDS = ["plain", "tls", "http proxy plain", "http proxy tls", "socks plain", "socks tls"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_before_the_headers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """Connected, greeted, encrypted: and then nothing follows."""
    with _way(kind, monkeypatch, tmp_path) as (url, service):
        with pytest.raises(TooLate):
            _send(url, _yes(0))
        if kind != "http proxy plain":  # that proxy connects when it has read a request
            assert service.all_of_one() == b""
        assert service.got in ([], [b""])


@pytest.mark.parametrize("kind", ["plain", "tls", "http proxy plain", "socks plain"])
def test_a_no_between_headers_and_body(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """A sleep after the headers: the service has a request without its task, which it cannot take."""
    with _way(kind, monkeypatch, tmp_path) as (url, service):
        with pytest.raises(TooLate):
            _send(url, _yes(1))
        got = service.all_of_one()
        assert got.endswith(b"\r\n\r\n") or not got
        assert b"videoInference" not in got


@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_a_no_in_the_middle_of_the_body(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    """Of a large task the rest does not follow; that it was not taken is likely, and not certain."""
    rest = "the end of the body"
    with _way(kind, monkeypatch, tmp_path) as (url, service):
        with pytest.raises(Unclear, match="in the middle"):
            _send(url, _yes(4), inputs="x" * 2_000_000, last=rest)
        got = service.all_of_one()
        assert MARK.encode() in got
        assert rest.encode() not in got


@pytest.mark.parametrize("through", ["", "http", "socks"])
def test_a_no_on_a_connection_that_was_used_before(monkeypatch: pytest.MonkeyPatch, through: str) -> None:
    """Another request went over it; the one that is too late leaves nothing on it, and the next one gets a new one."""

    async def send(url: str) -> None:
        async with Client(url, KEY, timeout=20) as client:
            assert (await client.send([text_task()])).items
            with only_while(lambda: False), pytest.raises(TooLate):
                await client.send([text_task()])
            assert (await client.send([text_task()])).items

    ways: dict[str, Any] = {"http": proxy.http, "socks": proxy.socks}
    with Provider() as provider, proxy.listening(ways[through]) if through else nullcontext() as between:
        if between is not None:
            scheme = "socks5h" if through == "socks" else "http"
            monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{between.port}")
        asyncio.run(send(provider.url))
        assert len(provider.requests) == 2
        assert provider.sins == []
        assert between is None or len(between.targets) == 2


def test_a_connection_that_the_service_closed_meanwhile() -> None:
    """It is noticed before a task leaves: a new one is made, and looked at before it is used."""
    looks: list[bool] = []

    def look() -> bool:
        looks.append(True)
        return True

    async def send(provider: Provider) -> None:
        async with Client(provider.url, KEY, timeout=20) as client:
            assert (await client.send([text_task()])).items
            provider.stop()
            provider.start()
            with only_while(look):
                assert (await client.send([text_task()])).items

    with Provider() as provider:
        asyncio.run(send(provider))
        assert len(provider.paid) == 2
    assert looks


def test_what_the_look_raises_comes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger that cannot be read just then is no fault of the proxy."""

    def look() -> bool:
        raise OSError("the disk is gone")

    with Provider() as provider, proxy.listening(proxy.socks) as seen:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{seen.port}")
        with pytest.raises(OSError, match="the disk is gone"):
            _send(provider.url, look)
        assert not provider.requests
        assert seen.targets


def test_nothing_is_looked_at_where_nobody_listens() -> None:
    """What never connected was never about to leave."""
    looks: list[bool] = []

    def look() -> bool:
        looks.append(True)
        return True

    with Provider() as provider, provider.offline(), pytest.raises(NotSent):
        _send(provider.url, look)
    assert not looks


@pytest.mark.skipif(not network._socket_options(), reason="the system cannot be told so")
def test_little_waits_in_the_system() -> None:
    """Where the other side does not read, soon nothing more is looked at: what was, would leave after a sleep."""
    looks: list[bool] = []

    def look() -> bool:
        looks.append(True)
        return True

    async def send(port: int) -> None:
        async with Client(f"http://127.0.0.1:{port}/v1", KEY, timeout=0.3) as client:
            with only_while(look), pytest.raises(Unclear):
                await client.send([{"image": "x" * 20_000_000}])

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        asyncio.run(send(deaf.getsockname()[1]))
    assert len(looks) < 20, "more than a megabyte"
