"""Serves the editor to whoever has the whole address; textual-serve brings the page's terminal and its protocol."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import shlex
import subprocess
import sys
from hmac import compare_digest
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from storyboard import interrupts
from storyboard.sandbox.callers import Callers
from storyboard.sandbox.connections import Connections, Limits, Watched
from storyboard.sandbox.serving import ServingError

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Sequence

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PATIENCE_SECONDS = 3.0
"""How long a page may take to say goodbye, and an editor to end."""
_HEARTBEAT_SECONDS = 15.0
_IDLE_SECONDS = 15.0
_MESSAGE_BYTES = 2 * 1024 * 1024
"""A whole storyboard, pasted, with every character escaped."""
CELLS_AT_MOST = 1000
"""Columns, and rows, of a page's terminal."""
EDITORS = 16
LIMITS = Limits(connections=100)
_OWN_FILES = {"page.css": "text/css", "page.js": "text/javascript"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


class EditorServer(Server):
    """Everything lies below a secret first part of the path: who has not seen the address reaches nothing."""

    def __init__(
        self,
        path: str,
        tell: Callable[[str], None],
        *,
        names: Sequence[str] = (),
        limits: Limits = LIMITS,
        editors: int = EDITORS,
    ) -> None:
        """`path` is what the editor opens; `tell` gets lines for people.

        `names` are what browsers may call this host besides its own names, `HOST` or `HOST:PORT`. At most so many
        `editors` run at once.
        """
        super().__init__(_editor_command(path), title=os.path.basename(os.path.abspath(path)))
        self.templates_path = Path(str(files("storyboard.web")))
        self.key = secrets.token_urlsafe(24)
        self._tell = tell
        self._pages: set[asyncio.Task[Any]] = set()
        self._names = names
        self._limits = limits
        self._editors = editors
        self._callers: Callers | None = None

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as aiohttp calls it
        """Ends the editors; without it they would be waited for."""
        for page in self._pages:
            page.cancel()
        if self._pages:
            await asyncio.wait(self._pages, timeout=3 * _PATIENCE_SECONDS)

    async def _make_app(self) -> web.Application:
        import aiohttp_jinja2
        import jinja2

        app = web.Application(middlewares=[self._guard])
        loader = jinja2.FileSystemLoader(self.templates_path)
        aiohttp_jinja2.setup(app, loader=loader, autoescape=True)
        app.add_routes(
            [
                web.get("/{key}/", self.handle_index),
                web.get("/{key}/ws", self.handle_websocket),
                web.get("/{key}/{file:page\\.(?:css|js)}", self._own_file),
                web.get("/{key}/static/{file:(?:css|js|fonts)/[\\w.-]+}", self._library_file),
            ]
        )
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Lets in who has the key, and no other site's page that has learned it."""
        given = request.path.removeprefix("/").partition("/")[0]
        if not compare_digest(given.encode(errors="replace"), self.key.encode()):
            return _refusal(403, "Open the whole address that storyboard serve has printed.")
        headers = [(name.lower(), value) for name, value in request.headers.items()]
        if self._callers is not None and (why := self._callers.why_not(request.method, headers)) is not None:
            return _refusal(403, why)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page; its addresses are made from the name that the browser knows this server by."""
        import aiohttp_jinja2

        context = {
            "application": {"name": self.title},
            "app_websocket_url": f"ws://{request.host}/{self.key}/ws",
            "font_size": 16,
        }
        return aiohttp_jinja2.render_template("page.html", request, context)

    async def handle_websocket(self, request: web.Request) -> web.StreamResponse:  # type: ignore[override]
        """An editor for this page, as long as the page is open."""

        async def close() -> None:
            await line.close()

        if len(self._pages) >= self._editors:
            return _refusal(503, f"{self._editors} pages are open: close one of them.")
        line = web.WebSocketResponse(
            heartbeat=_HEARTBEAT_SECONDS, timeout=_PATIENCE_SECONDS, max_msg_size=_MESSAGE_BYTES
        )
        width, height = (cells(request.query.get(name)) or usual for name, usual in (("width", 80), ("height", 24)))
        editor = AppService(
            self.command,
            write_bytes=line.send_bytes,
            write_str=line.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        page = asyncio.current_task()
        assert page is not None  # noqa: S101 - every handler is one
        self._pages.add(page)
        try:
            await line.prepare(request)
            await editor.start(width, height)
            await self._process_messages(line, editor)
        except asyncio.CancelledError:
            pass  # the server ends
        finally:
            self._pages.discard(page)
            await _end(editor)
            await line.close()
        return line

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        """What the page says, as long as it is open; what makes no sense is left out."""
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(message.data)
            except (ValueError, RecursionError):
                continue
            match said:
                case ["stdin", str(typed), *_]:
                    await app_service.send_bytes(typed.encode("utf-8", "replace"))
                case ["resize", {"width": width, "height": height}, *_]:
                    columns, rows = cells(width), cells(height)
                    if columns and rows:
                        await app_service.set_terminal_size(columns, rows)
                case ["ping", (str() | int() | float() | None) as mark, *_]:
                    await websocket.send_json(["pong", mark])
                case ["blur", *_]:
                    await app_service.blur()
                case ["focus", *_]:
                    await app_service.focus()

    async def _own_file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        return web.Response(text=(self.templates_path / name).read_text("utf-8"), content_type=_OWN_FILES[name])

    async def _library_file(self, request: web.Request) -> web.StreamResponse:
        """The terminal and its fonts, as textual-serve brings them."""
        file = Path(self.statics_path) / request.match_info["file"]
        return web.FileResponse(file) if file.is_file() else web.Response(status=404)

    def know(self, listener: socket.socket) -> None:
        """Learns by which names this server is called there. Raises ServingError where one of those given is none."""
        try:
            self._callers = Callers(listener, self._names)
        except ValueError as error:
            raise ServingError(str(error)) from None

    def serve_on(self, listener: socket.socket) -> None:
        """Serves until SIGINT, SIGTERM or SIGHUP, then ends its editors; unsaved text is kept.

        Raises ServingError where a name is none.
        """
        self.know(listener)
        _tell_trouble(self._tell)
        interrupts.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        with interrupts.ending_by(lambda _number: loop.call_soon_threadsafe(ended.set)):
            app = await self._make_app()
            runner = _Runner(self._limits, app, access_log=None, shutdown_timeout=0.1, keepalive_timeout=_IDLE_SECONDS)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                await ended.wait()
            finally:
                await runner.cleanup()


class _Runner(web.AppRunner):
    """aiohttp's own, within limits."""

    def __init__(self, limits: Limits, app: web.Application, **options: Any) -> None:
        super().__init__(app, **options)
        self._limits = limits
        self._connections = Connections(limits.connections)

    @property
    def server(self) -> Any:
        """What makes a protocol for each connection."""
        made = super().server
        return made and (lambda: Watched(made(), self._connections, self._limits))


def cells(said: object) -> int | None:
    """Columns or rows of a terminal as a page says them, at most as many as there may be; None for what is no size.

    A terminal of a thousand million columns takes gigabytes.
    """
    try:
        count = round(float(said)) if isinstance(said, (str, int, float)) and not isinstance(said, bool) else 0
    except (ValueError, OverflowError):  # no number, or none that ends
        return None
    return min(count, CELLS_AT_MOST) if count > 0 else None


def _refusal(status: int, words: str) -> web.Response:
    """An answer after which the connection ends."""
    response = web.Response(status=status, text=f"{words}\n", headers=_HEADERS)
    response.force_close()
    return response


async def _end(editor: AppService) -> None:
    """Lets it keep what is not saved; one that hangs is killed, which loses what was typed in the last moment."""
    process = editor._process  # noqa: SLF001 - nothing else tells when it has ended
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await editor.stop()
            if process is not None:
                await process.wait()
    except TimeoutError:
        if process is not None:
            process.kill()


def _editor_command(path: str) -> str:
    """A line of shell that runs the editor in this Python; -P: no module of the current folder is ever loaded."""
    words = [sys.executable, "-P", "-m", "storyboard", "edit", os.path.abspath(path)]
    return f"exec {shlex.join(words)}" if os.name == "posix" else subprocess.list2cmdline(words)


def _tell_trouble(tell: Callable[[str], None]) -> None:
    """What the libraries would log, in a line each: a traceback helps nobody at a terminal."""

    class Telling(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            reason = record.exc_info[1] if record.exc_info else None
            tell(f"serve: {reason or record.getMessage()}".splitlines()[0])

    for name in ("textual-serve", "aiohttp", "asyncio"):
        logger: Any = logging.getLogger(name)
        logger.handlers, logger.propagate = [Telling(logging.WARNING)], False
