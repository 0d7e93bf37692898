"""What a page, or whoever reaches the port, may ask of `storyboard serve`: bounded sizes, editors and connections."""

from __future__ import annotations

import asyncio
import json
import math
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from hypothesis import given
from hypothesis import strategies as st

from storyboard.sandbox.connections import Limits
from storyboard.sandbox.serving import ServingError, open_socket
from storyboard.web import serving
from storyboard.web.serving import CELLS_AT_MOST, EditorServer, cells

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("100", 100),
        (" 100 ", 100),
        (99.6, 100),
        ("80.2", 80),
        (999_999_999, CELLS_AT_MOST),
        ("999999999", CELLS_AT_MOST),
        ("1e9", CELLS_AT_MOST),
        (10**400, None),
        (0, None),
        (-5, None),
        ("-1", None),
        (0.4, None),
        (math.nan, None),
        (math.inf, None),
        ("inf", None),
        ("nan", None),
        ("", None),
        (None, None),
        (True, None),
        ([80], None),
        ("9" * 10_000, None),
    ],
)
def test_sizes(said: object, count: int | None) -> None:
    """A number of cells that a screen can show, or none."""
    assert cells(said) == count


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.integers()))
def test_no_size_is_beyond_a_screen(said: object) -> None:
    """Whatever is said."""
    assert cells(said) is None or 1 <= (cells(said) or 0) <= CELLS_AT_MOST


class FakeEditor:
    """Stands for an editor's process: what it was told."""

    told: list[Any]
    _process = None

    def __init__(self, command: str, **_: Any) -> None:
        self.command = command

    async def start(self, width: int, height: int) -> None:
        self.told.append((width, height))

    async def stop(self) -> None:
        self.told.append("stop")

    async def send_bytes(self, data: bytes) -> None:
        self.told.append(data)

    async def set_terminal_size(self, width: int, height: int) -> None:
        self.told.append((width, height))

    async def blur(self) -> None:
        self.told.append("blur")

    async def focus(self) -> None:
        self.told.append("focus")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What editors are told, in place of processes."""
    FakeEditor.told = []
    monkeypatch.setattr(serving, "AppService", FakeEditor)
    return FakeEditor.told


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[str]:
    """The address of a server in this process."""
    server = EditorServer("film.storyboard.yaml", lambda _: None, **options)
    with open_socket("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        server.know(listener)
        serving_on = asyncio.create_task(server._serve(listener))
        try:
            yield f"http://127.0.0.1:{port}/{server.key}/"
        finally:
            serving_on.cancel()
            await asyncio.wait([serving_on])


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("width=120&height=40", (120, 40)),
        ("width=999999999&height=1e300", (CELLS_AT_MOST, CELLS_AT_MOST)),
        ("width=-3&height=nan", (80, 24)),
        ("", (80, 24)),
    ],
)
def test_a_page_asks_for_a_size(told: list[Any], query: str, size: tuple[int, int]) -> None:
    """The first one, in the address."""

    async def ask() -> None:
        async with running() as address, ClientSession() as session, session.ws_connect(f"{address}ws?{query}"):
            pass

    asyncio.run(ask())
    assert told[0] == size


def test_messages_that_make_no_sense(told: list[Any]) -> None:
    """They are left out, and the page goes on; sizes are bounded in messages too."""
    messages = [
        "{", "[]", "{}", "7", "null", '["stdin"]', '["stdin", 7]', '["stdin", "\\ud800"]', '["resize"]',
        '["resize", {"width": 0, "height": -1}]', '["resize", {"width": NaN, "height": Infinity}]',
        '["resize", {"width": 1e9, "height": 99999999999}]', '["resize", "x"]', '["none", 1]', '["ping", [1]]',
        "[" * 100_000, '["focus"]', '["blur"]', '["stdin", "a"]', '["ping", 3]',
    ]  # fmt: skip

    async def ask() -> None:
        async with running() as address, ClientSession() as session, session.ws_connect(f"{address}ws") as line:
            for message in messages:
                await line.send_str(message)
            await line.send_bytes(b"stdin")
            assert json.loads((await line.receive(timeout=60)).data) == ["pong", 3]
            await line.send_str('["stdin", "' + "x" * 3_000_000 + '"]')
            assert (await line.receive(timeout=60)).type in (WSMsgType.CLOSE, WSMsgType.ERROR, WSMsgType.CLOSED)

    asyncio.run(ask())
    assert told == [(80, 24), b"?", (CELLS_AT_MOST, CELLS_AT_MOST), "focus", "blur", b"a", "stop"]


def test_so_many_editors_and_no_more(told: list[Any]) -> None:
    """A page too many is told so; one that is closed makes room."""

    async def ask() -> None:
        async with running(editors=2) as address, ClientSession() as session:
            first = await session.ws_connect(f"{address}ws")
            async with session.ws_connect(f"{address}ws"):
                with pytest.raises(WSServerHandshakeError, match="503"):
                    await session.ws_connect(f"{address}ws")
                await first.close()
                async with session.ws_connect(f"{address}ws"):
                    pass

    asyncio.run(ask())
    assert told.count((80, 24)) == 3


def test_half_open_connections_leave_room(told: list[Any]) -> None:
    """Who asks for nothing makes room for who asks, and is let go after a while in any case."""

    async def ask() -> None:
        limits = Limits(connections=4, head=300)
        async with running(limits=limits) as address, ClientSession() as session:
            there = ("127.0.0.1", int(address.split(":")[2].split("/")[0]))
            lines = [await asyncio.open_connection(*there) for _ in range(20)]
            for _, writer in lines[::2]:
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
            async with session.get(address) as answer:
                assert answer.status == 200
            assert await lines[0][0].read() == b""
            for _, writer in lines:
                writer.close()
        async with running(limits=Limits(connections=4, head=0.1)) as address:
            for begun in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n"):
                reader, writer = await asyncio.open_connection("127.0.0.1", int(address.split(":")[2].split("/")[0]))
                writer.write(begun)
                async with asyncio.timeout(60):
                    assert await reader.read() == b""
                writer.close()

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example:{port}"}, 403),
        ({"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Host": "localhost:{port}", "Origin": "http://localhost:{port}"}, 200),
        ({"Origin": "http://localhost:{port}"}, 403),
        ({"Host": "studio.example:{port}"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
    ],
)
def test_names_that_lead_here(told: list[Any], headers: dict[str, str], status: int) -> None:
    """Even with the whole address, a page whose name was made to lead here gets nothing."""

    async def ask() -> None:
        async with running(names=["studio.example"]) as address, ClientSession() as session:
            port = address.split(":")[2].split("/")[0]
            sent = {name: value.format(port=port) for name, value in headers.items()}
            async with session.get(address, headers=sent) as answer:
                assert answer.status == status

    asyncio.run(ask())


def test_a_name_that_is_none() -> None:
    """Known before anything is served."""
    with open_socket("127.0.0.1", 0) as listener, pytest.raises(ServingError, match="no host name"):
        EditorServer("film.storyboard.yaml", lambda _: None, names=["a b"]).know(listener)
    assert isinstance(listener, socket.socket)
