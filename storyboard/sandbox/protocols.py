"""uvicorn's protocols within limits, and with a handle on each connection for what HTTP itself cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from storyboard.sandbox.guarding import LOGIN_BYTES
from storyboard.sandbox.request import BYTES_AT_MOST

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from wsproto import events

    from storyboard.sandbox.connections import Connections, Limits

_PONG_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class House:
    """What all connections of a server share."""

    connections: Connections
    limits: Limits
    opened: Callable[[asyncio.Transport], None]
    """Hears of each new one."""
    closed: Callable[[asyncio.Transport], object]
    """Hears of each that is gone."""


def of_house(house: House) -> tuple[type[Http], type[WebSocket]]:
    """The classes for HTTP and for WebSockets whose connections belong to it."""
    return type("HouseHttp", (Http,), {"house": house}), type("HouseWebSocket", (WebSocket,), {"house": house})


class Http(H11Protocol):
    """A request's head and body have to come in time, and its answer has to be read."""

    house: House

    _asking: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _part = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.house.opened(transport)
        if self.house.connections.enter(self, transport.abort):
            self._watch()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._time("")
        self.house.connections.leave(self)
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(self.house.limits.reading, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._time("")
        self._stop_reading()
        self.house.connections.leave(self)
        self.house.closed(self.transport)
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Sets the limit for what the client has to do next."""
        state = self.conn.their_state
        part = {h11.IDLE: "head", h11.SEND_BODY: "body"}.get(state, "")
        if part == "head":
            self.house.connections.wait(self, self.transport.abort)
        else:
            self.house.connections.ask(self)
        self._time("" if state is h11.SWITCHED_PROTOCOL or self.transport.is_closing() else part)

    def _time(self, part: str) -> None:
        if part == self._part and self._asking is not None:
            return
        if self._asking is not None:
            self._asking.cancel()
        self._part, self._asking = part, None
        if part:
            self._asking = self.loop.call_later(getattr(self.house.limits, part), self.transport.abort)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


class WebSocket(WSProtocol):
    """Until it has shown a key, its messages are short."""

    house: House

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.buffer.max_length = LOGIN_BYTES

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.house.connections.enter(self, transport.abort)
        self.house.connections.ask(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.house.connections.leave(self)
        self.house.closed(self.transport)
        super().connection_lost(exc)

    def handle_connect(self, event: events.Request) -> None:
        super().handle_connect(event)
        self.scope["storyboard.known"] = self._know  # type: ignore[typeddict-unknown-key]

    def handle_ping(self, event: events.Ping) -> None:
        # Who asks and does not read the answers would have us keep them all.
        if self.transport.get_write_buffer_size() > _PONG_BYTES:
            self.transport.abort()
        else:
            super().handle_ping(event)

    def _know(self) -> None:
        self.buffer.max_length = BYTES_AT_MOST
