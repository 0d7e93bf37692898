"""What stands before a served sandbox: pages of other sites get nothing, and no body is read for who has no key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from storyboard.sandbox.delivery import send_json
from storyboard.sandbox.refusal import Refusal
from storyboard.sandbox.request import check_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from storyboard.sandbox.callers import Callers

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGIN_BYTES = 16 * 1024
"""How much of a body, or of a WebSocket's message, is read of who has not shown a key yet."""
_FOR_NO_PAGE = ((b"cross-origin-resource-policy", b"same-origin"), (b"x-content-type-options", b"nosniff"))


class Guarded:
    """Passes on to `app` what it may see; the same for HTTP and WebSockets."""

    def __init__(self, app: App, callers: Callers, key: str) -> None:
        self._app = app
        self._callers = callers
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        why = self._callers.why_not(scope.get("method", "GET"), headers)
        if scope["type"] == "websocket":
            if why is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        if why is not None:
            await _refuse(send, 403, Refusal("forbiddenOrigin", why))
        elif scope["method"] != "POST":
            await self._app(scope, receive, _for_no_page(send))
        elif not _is_json(headers):
            words = "The body has to be JSON, and the header Content-Type has to say so: application/json."
            await _refuse(send, 415, Refusal("unsupportedMediaType", words))
        else:
            again, refusal = await self._let_in(headers, receive)
            if refusal is None:
                await self._app(scope, again, _for_no_page(send))
            else:
                await send_json(_closing(send), 401, {"errors": [refusal.to_error({"taskType": "authentication"})]})

    async def _let_in(self, headers: list[tuple[str, str]], receive: Receive) -> tuple[Receive, Refusal | None]:
        """The body from its beginning, or what is wrong with the key; a short body is for the sandbox to judge."""
        authorization = next((value for name, value in headers if name == "authorization"), "")
        if check_key(self._key, authorization, []) is None:
            return receive, None
        read: list[Message] = []
        size, more = 0, True
        while more and size <= LOGIN_BYTES:
            message = await receive()
            read.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        refusal = None
        if size > LOGIN_BYTES:
            first = first_task(b"".join(message.get("body", b"") for message in read)[:LOGIN_BYTES])
            refusal = check_key(self._key, authorization, [first] if first else [])
        read.reverse()

        async def again() -> Message:
            return read.pop() if read else await receive()

        return again, refusal


def first_task(beginning: bytes) -> dict[str, object] | None:
    """The first task of an array whose beginning this is, where it is whole."""
    text = beginning.decode("utf-8", "replace").lstrip()
    try:
        task, _ = json.JSONDecoder().raw_decode(text[1:].lstrip())
    except (ValueError, RecursionError):
        return None
    return task if text.startswith("[") and isinstance(task, dict) else None


def _is_json(headers: list[tuple[str, str]]) -> bool:
    """Whether the body is said, once, to be JSON; a page can send anything else to any port without being asked."""
    kinds = [value for name, value in headers if name == "content-type"]
    return len(kinds) == 1 and kinds[0].partition(";")[0].strip().lower() == "application/json"


async def _refuse(send: Send, status: int, refusal: Refusal) -> None:
    await send_json(_closing(send), status, {"data": [], "errors": [refusal.to_error()]})


def _closing(send: Send) -> Send:
    """As `send`, for an answer after which the connection ends: what the client would still send is not read."""
    return _with_headers(send, (b"connection", b"close"), *_FOR_NO_PAGE)


def _for_no_page(send: Send) -> Send:
    return _with_headers(send, *_FOR_NO_PAGE)


def _with_headers(send: Send, *more: tuple[bytes, bytes]) -> Send:
    async def send_with(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            message = {**message, "headers": [*message["headers"], *(one for one in more if one[0] not in given)]}
        await send(message)

    return send_with
