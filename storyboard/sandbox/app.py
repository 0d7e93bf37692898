"""The sandbox as one ASGI callable: `/sandbox/v1` is the API, `/sandbox/videos/…` and `/sandbox/media/…` its files."""

from __future__ import annotations

import asyncio
import re
import time
from functools import partial
from typing import TYPE_CHECKING

from storyboard.packages import failure_in_words
from storyboard.sandbox.courier import Callbacks, Courier
from storyboard.sandbox.delivery import send_bytes, send_file, send_json
from storyboard.sandbox.media import Media
from storyboard.sandbox.messages import Conflict, Desk, suffix_of
from storyboard.sandbox.outbox import KINDS, Outbox
from storyboard.sandbox.pictures import Pictures
from storyboard.sandbox.plan import plan_video
from storyboard.sandbox.refusal import Refusal, RefusedError
from storyboard.sandbox.request import BYTES_AT_MOST, check_key, read_tasks
from storyboard.sandbox.socket import LOGIN_SECONDS, talk
from storyboard.sandbox.state import STATE_FILE, State
from storyboard.sandbox.videos import Videos
from storyboard.writing import make_private_folder

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
_MEDIA = re.compile(r"/media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_HOUR = 3600.0


class Sandbox:
    """The provider's twin on a folder of its own.

    A job takes `job_seconds` by `clock` (seconds since the epoch). `conflict` says how long a taskUUID is refused.
    With a `key`, requests have to carry it; `request.ANY_KEY` stands for any. `origin` is the address of the sandbox's
    root as clients see it, video URLs begin with it; with `origin_by_host` it is taken from a request's Host header
    where that names a host. A WebSocket has `login_seconds` to show its key. `renderer` makes the videos, animatics by
    default. `tell` gets a line for each webhook and upload; `callbacks` says of which tasks there are any: of all in
    the folder, of its own that were sent to it, or of none. With `fill`, addresses to call may hold ${NAME}; they are
    kept as they are, and filled in when they are called. Jobs live in the folder: a sandbox opened on it later, or in
    another process, goes on with them. Raises StateError where the folder's state is unusable, OSError where the
    folder is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        job_seconds: float = 2.0,
        conflict: Conflict = "always",
        key: str | None = None,
        origin: str = "http://localhost/sandbox",
        origin_by_host: bool = False,
        clock: Callable[[], float] = time.time,
        renderer: Renderer | None = None,
        tell: Callable[[str], None] = lambda _line: None,
        login_seconds: float = LOGIN_SECONDS,
        callbacks: Callbacks = "all",
        fill: Callable[[str], str] | None = None,
    ) -> None:
        make_private_folder(folder, STATE_FILE, is_ours=folder.name == "sandbox")
        self.state = State(folder)
        self._pictures = Pictures(folder / "pictures")
        self._media = Media(self.state, self._pictures)
        self._videos = Videos(folder / "videos", renderer)
        taken: set[str] | None = None if callbacks == "all" else set()
        self._desk = Desk(
            self.state, self._pictures, self._media, job_seconds, conflict, clock, taken, with_names=fill is not None
        )
        self._clock = clock
        self._key = key
        self._login_seconds = login_seconds
        self._origin = origin.rstrip("/")
        self._origin_by_host = origin_by_host
        self._sweep()
        self._callbacks = callbacks
        outbox = Outbox(self.state, taken)
        self._courier = Courier(
            outbox, self._file_of, origin=self._origin, clock=clock, tell=tell, fill=fill if fill is not None else str
        )
        if callbacks == "all" and outbox.next_due() is not None:
            self._courier.wake()

    def close(self) -> None:
        """Let go of the folder, after renderings and sendings under way have ended; closing again does nothing."""
        self._courier.close(finishing=self._callbacks == "own")
        self._videos.close()
        self.state.close()

    def send_due(self) -> None:
        """Tell the webhooks and fill the upload endpoints whose time has come, now and in this thread."""
        self._courier.send_due()

    def _sweep(self) -> None:
        try:
            self._videos.sweep()
            self._pictures.sweep(self.state.kept_pictures(), time.time() - _HOUR)
        except OSError:
            return  # what cannot be tidied up hinders nobody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope: http, websocket, lifespan (its shutdown closes the sandbox)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            if not _is_api(scope["path"]):
                await send({"type": "websocket.close", "code": 1008})
                return
            origin = self._origin_for(_headers(scope))
            known = scope.get("storyboard.known", _nobody)
            deal = partial(self._deal, origin=origin)
            await talk(receive, send, self._key, deal, login_seconds=self._login_seconds, known=known)
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
        headers = _headers(scope)
        video, media = _VIDEO.fullmatch(path), _MEDIA.fullmatch(path)
        if _is_api(path):
            if method == "POST":
                await self._serve_api(headers, receive, send)
            else:
                await _send_refusal(send, 405, Refusal("methodNotAllowed", "Use POST here."), allow="POST")
        elif video is None and media is None:
            await _send_refusal(send, 404, Refusal("notFound", "The sandbox has nothing at this address."))
        elif method not in ("GET", "HEAD"):
            await _send_refusal(send, 405, Refusal("methodNotAllowed", "Use GET here."), allow="GET, HEAD")
        elif video is not None:
            await self._serve_video(video[1], video[2], method, headers, send)
        elif media is not None:
            await self._serve_media(media[1], method, send)

    async def _serve_api(self, headers: dict[str, str], receive: Receive, send: Send) -> None:
        body = await _read_body(headers, receive)
        if body is None:
            await _send_refusal(send, 413, Refusal("requestTooLarge", "The body is too large.", most=BYTES_AT_MOST))
            return
        status, answer = await asyncio.to_thread(self._answer, headers, body)
        await send_json(send, status, answer)

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
        return self._deal(tasks, self._origin_for(headers))

    def _deal(self, tasks: list[dict[str, object]], origin: str) -> tuple[int, dict[str, object]]:
        """HTTP status and body for tasks whose sender may send them."""
        answer = self._desk.answer(tasks, origin)
        if self._callbacks != "none" and any(name in task for task in tasks for name in KINDS):
            self._courier.wake()
        return answer.status, answer.to_json()

    def _origin_for(self, headers: dict[str, str]) -> str:
        host = headers.get("host", "")
        return f"http://{host}/sandbox" if self._origin_by_host and _HOST.fullmatch(host) else self._origin

    async def _serve_video(self, video: str, suffix: str, method: str, headers: dict[str, str], send: Send) -> None:
        plan = await asyncio.to_thread(self._plan, video, suffix)
        if isinstance(plan, Refusal):
            await _send_refusal(send, 403 if plan.code == "expired" else 404, plan)
        else:
            await send_file(send, await self._videos.file_of(plan), method=method, headers=headers)

    async def _serve_media(self, uuid: str, method: str, send: Send) -> None:
        found = await asyncio.to_thread(self._media.bytes_of, uuid)
        if found is None:
            await _send_refusal(send, 404, Refusal("notFound", "No such picture is stored here."))
        else:
            await send_bytes(send, *found, method=method)

    def _plan(self, video: str, suffix: str) -> Plan | Refusal:
        """What the video shows, or why there is none to be had by that name."""
        found = self.state.find_video(video)
        if found is None:
            return Refusal("notFound", "No such video.")
        job, place = found
        now = self._clock()
        if place > job.results_ready(now) or job.verdict is not None or suffix_of(job) != suffix:
            return Refusal("notFound", "No such video, or not yet.")
        if job.is_expired(place, now):
            return Refusal("expired", "This address has outlived the ttl of its request.")
        return plan_video(job.request, place, self._find_picture)

    def _file_of(self, uuid: str, place: int) -> Path:
        """The file of a finished video, rendered now if need be."""
        job = self.state.find(uuid)
        if job is None:
            raise FileNotFoundError(uuid)
        return self._videos.file_now(plan_video(job.request, place, self._find_picture))

    def _find_picture(self, image: str) -> str:
        return self._media.find(image) or self._pictures.bring(image)


def _nobody() -> None:
    return


def _is_api(path: str) -> bool:
    return path.removeprefix("/sandbox").removesuffix("/") == "/v1"


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


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
    await send_json(send, status, {"data": [], "errors": [refusal.to_error()]}, allow=allow)


def _words(error: Exception) -> str:
    if isinstance(error, ImportError):
        extra = "They come with the preview extra: pip install 'multishot-storyboard[preview]'."
        return f"Videos need PyAV and Pillow. {failure_in_words(error)}. {extra}"[:400]
    return f"The sandbox failed: {type(error).__name__}: {error}"[:300]
