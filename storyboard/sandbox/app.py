"""The sandbox as one ASGI callable: `POST /sandbox/v1` is the API, `GET /sandbox/videos/NAME` the videos."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import TYPE_CHECKING

from storyboard.sandbox.delivery import send_file
from storyboard.sandbox.messages import Conflict, Desk
from storyboard.sandbox.pictures import Pictures
from storyboard.sandbox.plan import plan_video
from storyboard.sandbox.refusal import Refusal, RefusedError
from storyboard.sandbox.request import BYTES_AT_MOST, check_key, read_tasks
from storyboard.sandbox.state import State
from storyboard.sandbox.videos import SUFFIXES, Videos

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from pathlib import Path
    from typing import Any

    from storyboard.sandbox.delivery import Send
    from storyboard.sandbox.plan import Plan
    from storyboard.sandbox.videos import Renderer

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_VIDEO = re.compile(r"/videos/(sandbox-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.[a-z0-9]{3,4})")


class Sandbox:
    """The provider's twin on a folder of its own.

    A job takes `job_seconds` by `clock` (seconds since the epoch). `conflict` says how long a taskUUID is refused.
    With a `key`, requests have to carry it. `origin` is the address of the sandbox's root as clients see it: video
    URLs begin with it. `renderer` makes the videos, animatics by default. Jobs live in the folder: a sandbox opened
    on it later, or in another process, goes on with them. Raises StateError where the folder's state is unusable.
    """

    def __init__(
        self,
        folder: Path,
        *,
        job_seconds: float = 2.0,
        conflict: Conflict = "always",
        key: str | None = None,
        origin: str = "http://localhost/sandbox",
        clock: Callable[[], float] = time.time,
        renderer: Renderer | None = None,
    ) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.state = State(folder)
        self._pictures = Pictures(folder / "pictures")
        self._videos = Videos(folder / "videos", renderer)
        self._desk = Desk(self.state, self._pictures, job_seconds, conflict, origin.rstrip("/"), clock)
        self._clock = clock
        self._key = key

    def close(self) -> None:
        """Let go of the folder, after renderings under way have ended; closing again does nothing."""
        self._videos.close()
        self.state.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope: http, lifespan (its shutdown closes the sandbox); websockets are turned away."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._serve_safely(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await asyncio.to_thread(self.close)
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve_safely(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._serve(scope, receive, send_noting)
        except Exception as error:
            # Half an answer cannot be taken back: only a broken connection tells the client.
            if started:
                raise
            await _send_refusal(send, 500, Refusal("internalServerError", _words(error)))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"].removeprefix("/sandbox"), scope["method"]
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        video = _VIDEO.fullmatch(path)
        if path.removesuffix("/") == "/v1":
            if method == "POST":
                await self._serve_api(headers, receive, send)
            else:
                await _send_refusal(send, 405, Refusal("methodNotAllowed", "Use POST here."), allow="POST")
        elif video is None:
            await _send_refusal(send, 404, Refusal("notFound", "The sandbox has nothing at this address."))
        elif method in ("GET", "HEAD"):
            await self._serve_video(video[1], video[2], method, headers, send)
        else:
            await _send_refusal(send, 405, Refusal("methodNotAllowed", "Use GET here."), allow="GET, HEAD")

    async def _serve_api(self, headers: dict[str, str], receive: Receive, send: Send) -> None:
        body = await _read_body(headers, receive)
        if body is None:
            await _send_refusal(send, 413, Refusal("requestTooLarge", "The body is too large.", most=BYTES_AT_MOST))
            return
        status, answer = await asyncio.to_thread(self._answer, headers, body)
        await _send_json(send, status, answer)

    def _answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, object]]:
        tasks: list[dict[str, object]] = []
        unreadable: list[dict[str, object]] = []
        try:
            tasks = read_tasks(body)
        except RefusedError as refused:
            unreadable = [refusal.to_error() for refusal in refused.refusals]
        if wrong := check_key(self._key, headers.get("authorization", ""), tasks):
            return 401, {"errors": [wrong.to_error({"taskType": "authentication"})]}
        if unreadable:
            return 400, {"data": [], "errors": unreadable}
        answer = self._desk.answer(tasks)
        return answer.status, answer.to_json()

    async def _serve_video(self, video: str, suffix: str, method: str, headers: dict[str, str], send: Send) -> None:
        plan = await asyncio.to_thread(self._plan, video, suffix)
        if plan is None:
            await _send_refusal(send, 404, Refusal("notFound", "No such video, or not yet."))
        else:
            await send_file(send, await self._videos.file_of(plan), method=method, headers=headers)

    def _plan(self, video: str, suffix: str) -> Plan | None:
        """What the video shows, or None where there is none by that name, or it is still in the making."""
        found = self.state.find_video(video)
        if found is None:
            return None
        job, place = found
        plan = plan_video(job.request, place, self._find_picture)
        return plan if place <= job.results_ready(self._clock()) and SUFFIXES[plan.container] == suffix else None

    def _find_picture(self, image: str) -> str:
        return self._pictures.bring(self.state.find_upload(image) or image)


async def _read_body(headers: dict[str, str], receive: Receive) -> bytes | None:
    """The request's body, or None as soon as it is known to be too large."""
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and (len(announced) > 18 or int(announced) > BYTES_AT_MOST):
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""  # a cut-off body must not pass for a whole one
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BYTES_AT_MOST:
            return None
    return bytes(body)


async def _send_refusal(send: Send, status: int, refusal: Refusal, *, allow: str = "") -> None:
    await _send_json(send, status, {"data": [], "errors": [refusal.to_error()]}, allow=allow)


async def _send_json(send: Send, status: int, answer: dict[str, object], *, allow: str = "") -> None:
    body = json.dumps(answer).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if allow:
        headers.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _words(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"Videos need the preview extra: pip install 'multishot-storyboard[preview]' ({error})."[:300]
    return f"The sandbox failed: {type(error).__name__}: {error}"[:300]
