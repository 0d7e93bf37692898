"""The same messages over a WebSocket, as the provider's SDKs send them: authentication first, then arrays of tasks."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from uuid import uuid4

from storyboard.sandbox.refusal import Refusal, RefusedError
from storyboard.sandbox.request import check_key, read_tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Deal = Callable[[list[dict[str, object]]], tuple[int, dict[str, object]]]


_LOOK_SECONDS = 0.25
LOGIN_SECONDS = 10.0
_MISSES_AT_MOST = 5
"""Messages without a right key after which a connection ends."""


async def talk(
    receive: Receive,
    send: Send,
    key: str | None,
    deal: Deal,
    *,
    login_seconds: float = LOGIN_SECONDS,
    known: Callable[[], None] = lambda: None,
) -> None:
    """Serve one connection until the client leaves; `deal` answers tasks once the connection has shown its key.

    That has to be within `login_seconds` and a few messages; `known` is called then.

    A job that was asked for while it ran is told of once more when it has ended: the provider's Python SDK waits
    half a minute for that before it asks again.
    """
    await receive()
    await send({"type": "websocket.accept"})
    is_known = False
    asked: set[str] = set()
    watch = asyncio.create_task(_watch(send, asked, deal))
    try:
        async with asyncio.timeout(login_seconds) as patience:
            misses = 0
            while (message := await receive())["type"] == "websocket.receive":
                body = message.get("bytes") or (message.get("text") or "").encode("utf-8", "replace")
                was_known = is_known
                is_known, answer = await asyncio.to_thread(_answer, body, key, is_known, deal)
                if is_known and not was_known:
                    patience.reschedule(None)
                    known()
                asked |= _running(answer)
                await send({"type": "websocket.send", "text": json.dumps(answer)})
                misses += not is_known
                if misses == _MISSES_AT_MOST:
                    await send({"type": "websocket.close", "code": 1008})
                    return
    except TimeoutError:
        await send({"type": "websocket.close", "code": 1008})
    finally:
        watch.cancel()


async def _watch(send: Send, asked: set[str], deal: Deal) -> None:
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if not asked:
            continue
        looked_at = sorted(asked)  # more may be asked for while the answer is made
        tasks: list[dict[str, object]] = [{"taskType": "getResponse", "taskUUID": uuid} for uuid in looked_at]
        try:
            _, answer = await asyncio.to_thread(deal, tasks)
        except Exception:  # noqa: BLE001, S112 - a busy state: it is looked again
            continue
        ended = set(looked_at) - _running(answer)
        asked -= ended
        told = {name: [row for row in _rows(answer, name) if row.get("taskUUID") in ended] for name in answer}
        if any(told.values()):
            await send({"type": "websocket.send", "text": json.dumps(told)})


def _running(answer: dict[str, object]) -> set[str]:
    return {str(row["taskUUID"]) for row in _rows(answer, "data") if row.get("status") == "processing"}


def _answer(body: bytes, key: str | None, known: bool, deal: Deal) -> tuple[bool, dict[str, object]]:
    """Whether the client is known after this message, and what it is told."""
    try:
        tasks = read_tasks(body)
    except RefusedError as refused:
        return known, {"data": [], "errors": [refusal.to_error() for refusal in refused.refusals]}
    shows_key = tasks[0].get("taskType") == "authentication"
    if (shows_key or not known) and (wrong := check_key(key, "", tasks)):
        return known, {"errors": [wrong.to_error({"taskType": "authentication"})]}
    answer: dict[str, object] = {"data": []}
    if shows_key:
        session = tasks[0].get("connectionSessionUUID")
        uuid = session if isinstance(session, str) else f"sandbox-{uuid4()}"
        answer = {"data": [{"taskType": "authentication", "connectionSessionUUID": uuid}]}
        tasks = tasks[1:]
    if tasks:
        try:
            _, dealt = deal(tasks)
        except Exception as error:  # noqa: BLE001 - this message's trouble; the connection goes on
            refusal = Refusal("internalServerError", f"The sandbox failed: {type(error).__name__}: {error}"[:300])
            return True, {**answer, "errors": [refusal.to_error()]}
        answer = {name: [*_rows(answer, name), *_rows(dealt, name)] for name in {**answer, **dealt}}
    return True, answer


def _rows(answer: dict[str, object], name: str) -> list[dict[str, object]]:
    rows = answer.get(name, [])
    return rows if isinstance(rows, list) else []
