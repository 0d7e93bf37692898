"""Headless Chromium, driven over its DevTools protocol: keys go in, what the page loads and hears comes out."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import ClientWebSocketResponse

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_PATIENCE = 20.0
_CONTROL = 2


class Page:
    """One page of a browser."""

    def __init__(self, line: ClientWebSocketResponse) -> None:
        self._line = line
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._listener = asyncio.create_task(self._listen())
        self.asked: list[str] = []
        """Every address that the page has asked for."""
        self.heard = ""
        """What came over its sockets, escape sequences included."""
        self.complaints: list[str] = []
        """What the page has written to the console as an error."""

    async def _listen(self) -> None:
        async for message in self._line:
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
                continue
            about, params = said["method"], said["params"]
            if about == "Network.requestWillBeSent":
                self.asked.append(params["request"]["url"])
            elif about == "Network.webSocketCreated":
                self.asked.append(params["url"])
            elif about == "Network.webSocketFrameReceived":
                data = params["response"]["payloadData"]
                binary = params["response"]["opcode"] == 2
                self.heard += base64.b64decode(data).decode("utf-8", "replace") if binary else data
            elif about == "Log.entryAdded" and params["entry"]["level"] == "error":
                self.complaints.append(params["entry"]["text"])

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the protocol and its result."""
        number = len(self._answers) + id(params) % 2**30
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._line.send_json({"id": number, "method": method, "params": params})
        said = await asyncio.wait_for(answer, _PATIENCE)
        assert "error" not in said, said
        return dict(said["result"])

    async def open(self, address: str) -> None:
        """Goes there, listening from the first byte on."""
        for domain in ("Network", "Page", "Log", "Runtime"):
            await self.send(f"{domain}.enable")
        await self.send("Page.navigate", url=address)

    async def value(self, script: str) -> Any:
        """What a piece of JavaScript comes to."""
        said = await self.send("Runtime.evaluate", expression=script, returnByValue=True)
        return said["result"].get("value")

    async def write(self, text: str) -> None:
        """Types a text into what has the focus."""
        await self.send("Input.insertText", text=text)

    async def control(self, letter: str) -> None:
        """Presses a letter with Ctrl."""
        key = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
        for kind in ("rawKeyDown", "keyUp"):
            await self.send("Input.dispatchKeyEvent", type=kind, modifiers=_CONTROL, **key)

    async def picture(self, file: Path) -> None:
        """The page as one sees it, as a PNG."""
        said = await self.send("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(said["data"]))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits until something has happened."""
        async with asyncio.timeout(_PATIENCE):
            while not holds():  # noqa: ASYNC110 - a file may be what changes
                await asyncio.sleep(0.05)


@asynccontextmanager
async def a_page(size: str = "1200,760") -> AsyncIterator[Page]:
    """A page in a browser of its own, with an empty profile."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
        process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *flags,
            f"--user-data-dir={profile}",
            f"--window-size={size}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            place = Path(profile) / "DevToolsActivePort"
            async with asyncio.timeout(_PATIENCE):
                while not place.exists() or not place.read_text():  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.05)
            port = place.read_text().splitlines()[0]
            async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/json/list") as found:
                target = next(one for one in await found.json() if one["type"] == "page")
                async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as line:
                    yield Page(line)
        finally:
            process.terminate()
            await process.wait()
