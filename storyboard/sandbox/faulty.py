"""A sandbox behind a fault plan: an ASGI callable around another, that spoils what the plan says."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import TYPE_CHECKING, Protocol

from storyboard.sandbox.request import BYTES_AT_MOST
from storyboard.sandbox.spoiled import Response, spoil

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping, Sequence
    from typing import Any

    from storyboard.sandbox.faults import Fault, FaultPlan, On
    from storyboard.sandbox.state import State

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

_VIDEO = re.compile(r"(?:/sandbox)?/videos/(sandbox-[0-9a-f-]{36})\.[a-z0-9]{3,4}")
_SORTS: dict[object, On] = {
    "videoInference": "submit",
    "getResponse": "poll",
    "getTaskDetails": "details",
    "imageUpload": "upload",
    "mediaStorage": "upload",
}
_DRIP_BYTES = 16
_DRIP_SECONDS = 0.2


class Line(Protocol):
    """The connection below a request, for what HTTP itself cannot say."""

    def reset(self) -> None:
        """End it so that the client sees a reset."""

    def write_and_close(self, data: bytes) -> None:
        """Send raw bytes, then end it in order."""


class Faulty:
    """`app` with the faults of `plan`; `line_of` finds the connection of a request, `tell` gets a line a fault."""

    def __init__(
        self,
        app: App,
        state: State,
        plan: FaultPlan,
        *,
        line_of: Callable[[Scope], Line],
        tell: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._app = app
        self._state = state
        self._plan = plan
        self._line_of = line_of
        self._tell = tell
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        sort = self._sort(scope, body)
        met = self._plan.meet(*sort) if sort is not None and body is not None else None
        again = _replayed(body, receive)
        if sort is None or met is None:
            await self._app(scope, again, send)
            return
        number, fault = met
        self._tell(f"fault {number}: {fault.kind} on {fault.on}")
        await self._act(fault, sort[1], scope, again, send)

    async def _act(self, fault: Fault, uuids: Sequence[str], scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "range_ignored":
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() != b"range"]}
        needs_file = fault.on == "download" and fault.kind in {"cut", "wrong_length", "range_ignored", "slow", "drip"}
        answer = await _capture(self._app, scope, receive) if fault.is_after or needs_file else None
        if fault.kind == "fail":
            self._decide(uuids, verdict={"code": fault.code, "message": fault.message})
        elif fault.kind == "forget":
            self._decide(uuids, forget_at=self._clock() + (fault.seconds or 0.0))
        await self._deliver(fault, spoil(fault, answer, uuids), scope, receive, send)

    def _decide(self, uuids: Sequence[str], **fate: Any) -> None:
        for uuid in uuids:
            self._state.decide(uuid, **fate)

    async def _deliver(self, fault: Fault, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case "reset":
                self._line_of(scope).reset()
            case "stall":
                await _wait_for_end(receive, fault.seconds)
                self._line_of(scope).reset()
            case "cut":
                await self._hang_up_after(_raw(response, len(response.body), half=True), scope, receive)
            case "wrong_length":
                length = max(0, len(response.body) + fault.bytes)
                await self._hang_up_after(_raw(response, length), scope, receive)
            case "drip":
                await _drip(response, fault.seconds, send)
            case _:
                if fault.kind == "slow":
                    await asyncio.sleep(fault.seconds if fault.seconds is not None else 5.0)
                await _send(response, send)

    async def _hang_up_after(self, data: bytes, scope: Scope, receive: Receive) -> None:
        self._line_of(scope).write_and_close(data)
        # The server must see that the client is gone, else it would answer in our place.
        await _wait_for_end(receive, 30.0)

    def _sort(self, scope: Scope, body: bytes | None) -> tuple[On, list[str]] | None:
        """What sort of request it is, and the UUIDs it is about; None for what no fault is about."""
        video = _VIDEO.fullmatch(scope["path"])
        if video is not None:
            found = self._state.find_video(video[1])
            return "download", [video[1], *([found[0].uuid] if found else [])]
        try:
            tasks = json.loads(body or b"")
        except (ValueError, RecursionError):
            return None
        named = [task for task in tasks if isinstance(task, dict)] if isinstance(tasks, list) else []
        sorts = [(_SORTS.get(task.get("taskType") or ""), task.get("taskUUID")) for task in named]
        first = next((sort for sort, _ in sorts if sort is not None), None)
        uuids = [uuid for _, uuid in sorts if isinstance(uuid, str)]
        return None if first is None else (first, uuids)


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body; None where it is too large or the client left."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if message["type"] == "http.disconnect" or len(body) > BYTES_AT_MOST:
            return None
    return bytes(body)


def _replayed(body: bytes | None, receive: Receive) -> Receive:
    """`receive` as if nobody had read the body yet."""
    waiting: list[Message] = [{"type": "http.disconnect"}]
    if body is not None:
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


async def _capture(app: App, scope: Scope, receive: Receive) -> Response:
    """What the app answers, kept back."""
    start: Message = {"status": 500, "headers": []}
    body = bytearray()

    async def keep(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    headers.pop("content-length", None)
    return Response(start["status"], bytes(body), headers)


async def _send(response: Response, send: Send) -> None:
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.body})


async def _drip(response: Response, seconds: float | None, send: Send) -> None:
    """A few bytes at a time, for so many seconds in all or until all is sent, then the rest."""
    await send(_start(response))
    left, sent = seconds if seconds is not None else 5.0, 0
    while left > 0 and sent < len(response.body):
        piece = response.body[sent : sent + _DRIP_BYTES]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        sent += len(piece)
        await asyncio.sleep(_DRIP_SECONDS)
        left -= _DRIP_SECONDS
    await send({"type": "http.response.body", "body": response.body[sent:]})


def _start(response: Response) -> Message:
    fields = {**response.headers, "content-length": str(len(response.body))}
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()]
    return {"type": "http.response.start", "status": response.status, "headers": headers}


def _raw(response: Response, length: int, *, half: bool = False) -> bytes:
    fields = {**response.headers, "content-length": str(length), "connection": "close"}
    head = f"HTTP/1.1 {response.status} Sandbox\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    body = response.body[: len(response.body) // 2] if half else response.body
    return head.encode("latin-1") + b"\r\n" + body


async def _wait_for_end(receive: Receive, seconds: float | None) -> None:
    """Wait until the client leaves, or so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
