"""`storyboard serve`: the editor in a browser, for who has the address and for nobody else."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import socket
import subprocess
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from storyboard.cli import serve_command
from storyboard.cli.main import main
from tests.cli.desk import BOARD, COMMAND
from tests.tui.studio import NO_CRAFT
from tests.web.browser import CHROMIUM, a_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from aiohttp import ClientWebSocketResponse

WORD, LOST = "Zephyr", "Neverland"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A storyboard of two shots."""
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    (tmp_path / ".storyboard.toml").write_text(NO_CRAFT, encoding="utf-8")
    return file


@contextmanager
def started(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    with subprocess.Popen(
        [COMMAND, "serve", path.name, "--port", "0"],
        cwd=path.parent,
        env=os.environ | {"STORYBOARD_STATE_DIR": str(path.parent / "state")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def served(path: Path) -> Iterator[str]:
    """A server's address; ended as by Ctrl-C, it has to end in order and to say nothing of bugs."""
    with started(path) as (process, address):
        yield address
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "")
        assert err == "serve: open this address in a browser on this machine; Ctrl-C ends it\n"


async def until_heard(line: ClientWebSocketResponse, words: bytes) -> None:
    """Reads what an editor draws."""
    heard = b""
    async with asyncio.timeout(60):
        while words not in heard:
            heard += (await line.receive()).data


@asynccontextmanager
async def a_word_typed(address: str) -> AsyncIterator[ClientWebSocketResponse]:
    """An editor without a browser, with a word in it that is not saved."""
    async with ClientSession() as session, session.ws_connect(f"{address}ws?width=100&height=30") as line:
        await until_heard(line, b"nothing wrong")
        await line.send_json(["stdin", LOST])
        await until_heard(line, b"unsaved")
        yield line


def kept(film: Path) -> str:
    """What lies in the state folder."""
    return "".join(path.read_text("utf-8") for path in (film.parent / "state").rglob("*") if path.is_file())


def editors_of(film: Path) -> list[str]:
    """The processes that have this file open."""
    said = subprocess.run(["ps", "-eww", "-o", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in said.splitlines() if line.endswith(f"edit {film}")]


def test_a_word_is_typed_and_saved_in_a_browser(film: Path) -> None:
    """Opened, typed, saved: the file has it. Closed with a word unsaved: that is offered. No other server is asked."""
    if CHROMIUM is None:
        pytest.skip("THE EDITOR IS NOT TESTED IN A BROWSER: there is no chromium here")

    async def sit(address: str) -> None:
        async with a_page() as page:
            await page.open(address)
            await page.until(lambda: "nothing wrong" in page.heard)
            await page.write(WORD)
            await page.control("s")
            await page.until(lambda: WORD in film.read_text(encoding="utf-8"))
            await page.write(LOST)
            await page.until(lambda: "unsaved" in page.heard)
            assert {urlsplit(one).netloc for one in page.asked} == {urlsplit(address).netloc}
            assert page.complaints == []
        async with a_page() as page:
            await page.open(address)
            await page.until(lambda: "Unsaved" in page.heard)

    with served(film) as address:
        asyncio.run(sit(address))
    assert film.read_text(encoding="utf-8") == BOARD.replace("Gulls.", f"Gulls.{WORD}")


def test_without_the_address_nothing_is_reached(film: Path) -> None:
    """Another account of this machine finds a port and no more; nor does a page of another server that learned all."""

    async def knock(address: str) -> None:
        there = urlsplit(address)
        root = f"http://{there.netloc}"
        async with ClientSession() as session:
            for path in ("/", "/ws", "/static/js/textual.js", f"/{'x' * 32}/", f"/{'x' * 32}/ws", f"/{'é' * 16}/"):
                async with session.get(root + path) as answer:
                    assert answer.status == 403
            async with session.options(f"{root}/") as answer:
                assert answer.status == 403
            for path in ("static/fonts/..%2f..%2fserver.py", "static/../server.py", "static/js/none.js", "page.html"):
                async with session.get(address + path) as answer:
                    assert answer.status == 404
            async with session.get(address) as answer:
                assert answer.status == 200
                assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["Referrer-Policy"] == "no-referrer"
            for origin in ("http://evil.example", f"http://{there.hostname}:1", "null"):
                with pytest.raises(WSServerHandshakeError, match="403"):
                    await session.ws_connect(f"{address}ws", headers={"Origin": origin})

    with served(film) as address:
        asyncio.run(knock(address))


def test_keys_of_a_page_are_obeyed_in_their_order(film: Path) -> None:
    """Many in one message, and what is no key: typed as by one who waits, and nothing else."""

    async def type_it(address: str) -> None:
        async with ClientSession() as session, session.ws_connect(f"{address}ws?width=100&height=30") as line:
            await until_heard(line, b"nothing wrong")
            await line.send_json(["resize", {"width": 0, "height": -1}])
            for noise in ("\x1b[97;1:3u\x1b[1;1:3A", "\x1b[1114112u", "\x1b]11;rgb:1/1/1\x1b\\", "\x1b7\x1bд"):
                await line.send_json(["stdin", noise])
            await line.send_json(["stdin", "Wide shto\x7f\x7fot\x1b[D\x1b[D\x1b[Dx\x13"])
            async with asyncio.timeout(20):
                while "Wide sxhot" not in film.read_text("utf-8"):
                    await line.receive()

    with served(film) as address:
        asyncio.run(type_it(address))


def test_the_editor_ends_with_the_server(film: Path) -> None:
    """Ctrl-C with a page open: both end, and what was typed is kept."""

    async def stay() -> None:
        with started(film) as (process, address):
            async with a_word_typed(address) as line:
                process.send_signal(signal.SIGINT)
                async for _ in line:  # as a browser does, until the server says goodbye
                    pass
                assert await asyncio.to_thread(process.wait, 20) == 0

    asyncio.run(stay())
    assert LOST in kept(film)
    assert editors_of(film) == []
    assert film.read_text(encoding="utf-8") == BOARD


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGHUP], ids=["killed", "hung up"])
def test_no_editor_outlives_a_server_that_had_no_time(film: Path, signal_number: int) -> None:
    """Killed, or its terminal closed: the editor notices, keeps what was typed, and ends."""

    async def stay() -> None:
        with started(film) as (process, address):
            async with a_word_typed(address):
                assert editors_of(film) != []
                process.send_signal(signal_number)
                async with asyncio.timeout(60):
                    while editors_of(film):  # noqa: ASYNC110 - nobody tells
                        await asyncio.sleep(0.05)

    asyncio.run(stay())
    assert LOST in kept(film)
    assert list((film.parent / "state").glob("crash-*")) == []


def test_a_page_is_a_terminal_like_others(film: Path) -> None:
    """A paste makes no key, in how many pieces it comes; Alt with a digit makes one."""

    async def stay() -> None:
        with served(film) as address:
            async with a_word_typed(address) as line:
                for piece in ("\x1b[200~one\x1b", "\x13\x11", "two\x1b[201~"):
                    await line.send_json(["stdin", piece])
                    await asyncio.sleep(0.3)  # longer than Textual waits for the rest of an escape
                await until_heard(line, b"two")
                await line.send_json(["stdin", "\x1b2"])
                await until_heard(line, b"Shot 2")

    asyncio.run(stay())
    assert film.read_text(encoding="utf-8") == BOARD
    assert "two" in kept(film)


def test_beyond_this_machine_it_warns(capsys: pytest.CaptureFixture[str]) -> None:
    """Who opens it to a network reads what that means before anybody connects."""

    class Listener:
        def getsockname(self) -> tuple[str, int]:
            return "0.0.0.0", 8779

    serve_command._greet(Listener(), "KEY")  # type: ignore[arg-type]
    said = capsys.readouterr()
    assert said.out == "http://127.0.0.1:8779/KEY/\n"
    assert "EVERY NETWORK OF THIS MACHINE, NOT ENCRYPTED" in said.err
    assert "pay with this environment's key" in said.err


def test_what_cannot_be_served_is_said_in_a_line(
    film: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing file, a port that is taken, a package that is not there."""
    assert main(["serve", "none.yaml"]) == 1
    assert capsys.readouterr().err == "storyboard: none.yaml: no such file; storyboard new none.yaml makes one\n"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", str(film), "--port", port]) == 2
    assert "name another --host or --port" in capsys.readouterr().err
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["serve", str(film)]) == 2
    missing = "storyboard: serving needs textual-serve: pip install 'multishot-storyboard[web]'\n"
    assert capsys.readouterr().err == missing
