"""Where videos may come from: nowhere nearer than the service is, whatever it or the names say."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

import httpx
import pytest

from storyboard.runware.errors import ServiceError, Unfit
from storyboard.runware.reach import Reach, is_this_machine, reach_of, reach_of_host
from storyboard.runware.videos import VideoHost
from tests import proxy

PUBLIC = "https://api.runware.ai/v1"
HERE = [
    "127.0.0.1",
    "127.9.8.7",
    "localhost",
    "LocalHost.",
    "video.localhost",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "169.254.169.254",
    "[fe80::1]",
]
PRIVATE = ["10.0.0.5", "192.168.1.1", "172.16.0.1", "100.64.0.1", "167772165", "[fd00::1]", "[::ffff:10.0.0.5]"]


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        *((host, Reach.HERE) for host in HERE),
        *((host, Reach.PRIVATE) for host in PRIVATE),
        ("8.8.8.8", Reach.PUBLIC),
        ("134744072", Reach.PUBLIC),
        ("[2606:4700::1]", Reach.PUBLIC),
        ("[::ffff:8.8.8.8]", Reach.PUBLIC),
        ("vm.runware.ai", None),
        ("localhost.example", None),
        ("127.0.0.1.example", None),
        ("1st.example", None),
        ("", None),
    ],
)
def test_the_reach_of_a_host(host: str, reach: Reach | None) -> None:
    """Every way to write an address, and the names that are this machine's by rule."""
    assert reach_of_host(host.strip("[]")) is reach


def test_what_goes_round_proxies() -> None:
    """Names and loopback addresses of this machine, and no others."""
    assert all(map(is_this_machine, ("localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1")))
    assert not any(map(is_this_machine, ("10.0.0.1", "169.254.1.1", "example", "localhost.example", "0.0.0.0", "")))


def _refusal(service: str, url: str) -> str | None:
    async def look() -> None:
        async with VideoHost(service) as host:
            await host._refuse_unsafe(url)

    try:
        asyncio.run(look())
    except Unfit as error:
        return str(error)
    return None


@pytest.mark.parametrize("host", HERE + PRIVATE)
def test_a_public_service_points_here(host: str) -> None:
    """By https no more than by http: nothing is connected to."""
    for scheme in ("http", "https"):
        assert _refusal("https://8.8.8.8/v1", f"{scheme}://{host}:9/v.mp4") is not None
        assert _refusal("https://8.8.8.8/v1", f"{scheme}://me:pw@{host}/v.mp4") is not None


@pytest.mark.parametrize(
    ("service", "url", "allowed"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:9/v.mp4", True),
        ("http://localhost:8080/v1", "http://[::1]:9/v.mp4", True),
        ("http://localhost:8080/v1", "https://10.0.0.5/v.mp4", True),
        ("http://localhost:8080/v1", "https://vm.runware.ai/v.mp4", True),
        ("http://localhost:8080/v1", "http://10.0.0.5/v.mp4", False),
        ("https://10.0.0.5/v1", "https://10.0.0.6/v.mp4", True),
        ("https://10.0.0.5/v1", "http://10.0.0.6/v.mp4", False),
        ("https://10.0.0.5/v1", "https://127.0.0.1/v.mp4", False),
        ("https://10.0.0.5/v1", "https://169.254.169.254/v.mp4", False),
        ("https://10.0.0.5/v1", "https://8.8.8.8/v.mp4", True),
        ("https://8.8.8.8/v1", "https://8.8.4.4/v.mp4", True),
    ],
)
def test_as_near_as_the_service(service: str, url: str, allowed: bool) -> None:
    """A service of a private network may serve from there, one on this machine from anywhere."""
    assert (_refusal(service, url) is None) is allowed


@pytest.fixture(name="names")
def _names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names and the addresses that they are looked up as."""
    names: dict[str, str] = {}
    plain = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return plain(names.get(name, host), port, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def test_a_name_that_leads_here(names: dict[str, str]) -> None:
    """Who was connected to is looked at, and not a byte is said; of a service that is here too it is fetched."""
    names |= {"video.example": "127.0.0.1", "far.example": "8.8.8.8", "near.example": "127.0.0.1"}
    said: list[bytes] = []

    def listen(connection: socket.socket, _: proxy.Seen) -> None:
        said.append(b"")
        with suppress(OSError):
            said[-1] = connection.recv(100)

    async def fetch(service: str, port: int) -> None:
        async with VideoHost(service, timeout=20) as host, host.fetch(f"https://video.example:{port}/v.mp4"):
            pass

    with proxy.listening(listen) as seen:
        with pytest.raises(Unfit, match="one of this machine, and the service is not there"):
            asyncio.run(fetch("https://far.example/v1", seen.port))
        with pytest.raises(ServiceError):  # which speaks no TLS
            asyncio.run(fetch("https://near.example/v1", seen.port))
    assert said[0] == b""
    assert said[-1] != b""


def test_the_nearest_of_several_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is as near as the nearest that it stands for; one that is not found is nobody's."""

    async def look_up(*_: Any, **__: Any) -> Any:
        return [(0, 0, 0, "", ("8.8.8.8", 0)), (0, 0, 0, "", ("fe80::1%eth0", 0, 0, 0)), (0, 0, 0, "", ("10.0.0.1", 0))]

    async def reach() -> Reach:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
        return await reach_of("service.example")

    assert asyncio.run(reach()) is Reach.HERE
    assert asyncio.run(reach_of("nowhere.invalid")) is Reach.PUBLIC


@pytest.mark.parametrize("target", ["https://127.0.0.1/x", "https://10.0.0.5/x", "https://localhost/x", "//[::1]/x"])
def test_each_hop_of_a_redirect(target: str) -> None:
    """A host that is far away may not send on to one that is near."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": target})

    async def fetch() -> None:
        async with VideoHost("https://8.8.8.8/v1") as host:
            host._http._transport = httpx.MockTransport(answer)
            async with host.fetch("https://8.8.4.4/v.mp4"):
                pass

    with pytest.raises(Unfit, match="and the service is not there"):
        asyncio.run(fetch())
    assert asked == ["https://8.8.4.4/v.mp4"]
