"""The sandbox on a real socket, by uvicorn, until it is interrupted."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
import time
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from storyboard import interrupts
from storyboard.sandbox.app import Sandbox
from storyboard.sandbox.callers import Callers
from storyboard.sandbox.connections import Connections, Limits
from storyboard.sandbox.courier import is_here
from storyboard.sandbox.faults import FaultPlan
from storyboard.sandbox.faulty import Faulty
from storyboard.sandbox.guarding import Guarded
from storyboard.sandbox.request import ANY_KEY, BYTES_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from storyboard.sandbox.faulty import Scope
    from storyboard.sandbox.messages import Conflict

_PATIENCE_SECONDS = 1
USUAL = Limits()
_NO_LINGER = struct.pack("ii", 1, 0)


class ServingError(Exception):
    """Nothing can be served; the text says why and what to do about it."""


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 finds a free one. Raises ServingError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=256)
    except (OSError, UnicodeError) as error:
        # create_server puts the address into the error's words, which say it already.
        known = isinstance(error, OSError) and not isinstance(error, socket.gaierror) and error.errno
        reason = (os.strerror(known) if known else str(getattr(error, "strerror", None) or error)).lower()
        raise ServingError(
            f"nothing can listen on {host} port {port}: {reason}; name another --host or --port"
        ) from None


def address_of(listener: socket.socket) -> str:
    """The API's address as programs on this machine write it."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what others bound to
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/sandbox/v1"


def is_only_here(listener: socket.socket) -> bool:
    """Whether only programs on this machine can reach it."""
    return is_here(listener.getsockname()[0])


def serve(
    listener: socket.socket,
    folder: Path,
    *,
    job_seconds: float,
    conflict: Conflict,
    key: str | None,
    plan: FaultPlan | None,
    ready: Callable[[], None],
    tell: Callable[[str], None],
    names: Sequence[str] = (),
    limits: Limits = USUAL,
) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; jobs under way go on by the clock and are there when it is started again.

    With `key` None any key will do, but there has to be one. `names` are what clients may call this host besides its
    own names, `HOST` or `HOST:PORT`. `ready` is called when all is open, `tell` gets lines for people. Raises
    ServingError where a name is none, StateError or OSError where the folder cannot be used.
    """
    try:
        callers = Callers(listener, names)
    except ValueError as error:
        raise ServingError(str(error)) from None
    import uvicorn

    from storyboard.sandbox.protocols import House, of_house

    class _Server(uvicorn.Server):
        """uvicorn's own, without its signal handlers: they would hear what the caller wants ignored."""

        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield

    lines: dict[tuple[Any, ...], _Line] = {}
    house = House(
        Connections(limits.connections),
        limits,
        opened=lambda transport: lines.update({_peer(transport): _Line(transport)}),
        closed=lambda transport: lines.pop(_peer(transport), None),
    )
    http, web_socket = of_house(house)
    taken_key = ANY_KEY if key is None else key
    app = Sandbox(
        folder,
        job_seconds=job_seconds,
        conflict=conflict,
        key=taken_key,
        origin=address_of(listener).removesuffix("/v1"),
        origin_by_host=True,
        login_seconds=limits.login,
        tell=tell,
    )
    shown = Faulty(
        app, app.state, plan or FaultPlan(), line_of=lambda scope: _line(lines, scope), tell=tell, clock=time.time
    )
    config = uvicorn.Config(
        Guarded(shown if plan is not None else app, callers, taken_key),
        http=http,
        ws=web_socket,
        ws_max_size=BYTES_AT_MOST,
        ws_per_message_deflate=False,
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
    )
    server = _Server(config)

    def end(_number: int) -> None:
        server.should_exit = True

    with interrupts.ending_by(end):
        ready()
        asyncio.run(server.serve(sockets=[listener]))
        app.close()


class _Line:
    """One connection, as faults need it."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        sock = self._transport.get_extra_info("socket")
        if sock is not None:
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()

    def write_and_close(self, data: bytes) -> None:
        self._transport.write(data)
        self._transport.close()


class _NoLine:
    """A connection that is gone already."""

    def reset(self) -> None:
        return

    def write_and_close(self, data: bytes) -> None:
        del data


def _line(lines: dict[tuple[Any, ...], _Line], scope: Scope) -> _Line | _NoLine:
    return lines.get(tuple(scope.get("client") or ()), _NoLine())


def _peer(transport: asyncio.BaseTransport) -> tuple[Any, ...]:
    return tuple((transport.get_extra_info("peername") or ())[:2])


def host_words(host: str) -> str:
    """What an address to listen on means for others, where it is not this machine's own."""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    return "EVERY NETWORK OF THIS MACHINE" if everywhere else host
