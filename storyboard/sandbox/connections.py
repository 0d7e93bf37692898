"""Connections to a server: so many at once, and for each a limit of time until it has asked for something."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections there may be, and how long what takes; times in seconds."""

    connections: int = 100
    head: float = 10.0
    """Until a request's head is whole, from the connection's begin or the last answer."""
    body: float = 60.0
    """Until a request's body is whole, from its head."""
    reading: float = 60.0
    """How long a client may read nothing of an answer."""
    login: float = 10.0
    """Until a WebSocket has shown its key."""


class Connections:
    """Those that are open. Where there is no room, the one that has waited longest without asking makes room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: set[object] = set()
        self._silent: dict[object, Callable[[], None]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, one: object, end: Callable[[], None]) -> bool:
        """Takes a connection in, which `end` would end at once; False where there is no room."""
        if len(self._open) >= self._most:
            if not self._silent:
                return False
            oldest = next(iter(self._silent))
            end_oldest = self._silent[oldest]
            self.leave(oldest)
            end_oldest()
        self._open.add(one)
        self._silent[one] = end
        return True

    def ask(self, one: object) -> None:
        """Notes that a connection has asked for something."""
        self._silent.pop(one, None)

    def wait(self, one: object, end: Callable[[], None]) -> None:
        """Notes that a connection has its answer, and nothing more to ask so far."""
        if one in self._open:
            self._silent[one] = end

    def leave(self, one: object) -> None:
        """Notes that a connection has ended; again does nothing."""
        self._open.discard(one)
        self._silent.pop(one, None)


class Watched(asyncio.Protocol):
    """Another protocol behind limits: a connection that does not send a whole head in time ends."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections, limits: Limits) -> None:
        self._inner = inner
        self._connections = connections
        self._limits = limits
        self._head: bytearray | None = bytearray()
        self._asking: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Lets the connection in, or ends it where there is no room."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a listening socket
        self._transport = transport
        self._inner.connection_made(transport)
        if not self._connections.enter(self, transport.abort):
            transport.abort()
            return
        self._asking = asyncio.get_running_loop().call_later(self._limits.head, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Looks for the end of the first head, then passes everything on."""
        if self._head is not None:
            self._head += data[:_HEAD_BYTES]
            if b"\r\n\r\n" in self._head or b"\n\n" in self._head or len(self._head) >= _HEAD_BYTES:
                self._head = None
                self._connections.ask(self)
                if self._asking is not None:
                    self._asking.cancel()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Passes it on."""
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        """A client that reads nothing for too long is gone."""
        self._inner.pause_writing()
        if self._transport is not None and self._reading is None:
            self._reading = asyncio.get_running_loop().call_later(self._limits.reading, self._transport.abort)

    def resume_writing(self) -> None:
        """Passes it on."""
        self._inner.resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Lets the connection go."""
        for timer in (self._asking, self._reading):
            if timer is not None:
                timer.cancel()
        self._connections.leave(self)
        self._inner.connection_lost(exc)
