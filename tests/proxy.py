"""Proxies on real sockets: one of HTTP with CONNECT, one of SOCKS 5; both say what went through them."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handler = Callable[[socket.socket, "Seen"], None]


@dataclass
class Seen:
    """Where a proxy listens and what it was asked."""

    port: int
    targets: list[str] = field(default_factory=list)
    """HOST:PORT of each connection that was wanted."""
    heads: list[bytes] = field(default_factory=list)
    """What each client sent first."""


@contextmanager
def listening(handle: Handler) -> Iterator[Seen]:
    """A server on this machine that hands each connection to a function, until the end of `with`."""

    class _Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                handle(self.request, seen)

    class _Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with _Server(("127.0.0.1", 0), _Handler) as server:
        seen = Seen(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


def http(connection: socket.socket, seen: Seen) -> None:
    """An HTTP proxy: tunnels with CONNECT, and passes plain requests on."""
    head = _head(connection)
    seen.heads.append(head)
    method, target, *_ = head.split(b" ", 2)
    if method == b"CONNECT":
        host, _, port = target.decode().rpartition(":")
        seen.targets.append(f"{host}:{port}")
        with socket.create_connection((host, int(port)), 10) as other:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            _join(connection, other)
        return
    authority, _, path = target.removeprefix(b"http://").partition(b"/")
    host, _, port = authority.decode().rpartition(":")
    seen.targets.append(f"{host}:{port}")
    with socket.create_connection((host, int(port)), 10) as other:
        # One request a connection: a second one would begin with an address that the service does not take.
        other.sendall(head.replace(target, b"/" + path, 1).replace(b"Connection: keep-alive", b"Connection: close", 1))
        _join(connection, other)


def socks(connection: socket.socket, seen: Seen) -> None:
    """A SOCKS 5 proxy that takes everybody; it looks names up itself."""
    count = _exactly(connection, 2)[1]
    methods = _exactly(connection, count)
    seen.heads.append(methods)
    if 2 in methods:
        connection.sendall(b"\x05\x02")
        name = _exactly(connection, _exactly(connection, 2)[1])
        seen.heads.append(name + b":" + _exactly(connection, _exactly(connection, 1)[0]))
        connection.sendall(b"\x01\x00")
    else:
        connection.sendall(b"\x05\x00")
    open_way(connection, seen)


def open_way(connection: socket.socket, seen: Seen) -> None:
    """The rest of SOCKS 5, once the methods are agreed: connects, and passes bytes both ways."""
    kind = _exactly(connection, 4)[3]
    if kind == 3:
        host = _exactly(connection, _exactly(connection, 1)[0]).decode()
    else:
        family, length = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
        host = socket.inet_ntop(family, _exactly(connection, length))
    port = int.from_bytes(_exactly(connection, 2))
    seen.targets.append(f"{host}:{port}")
    with socket.create_connection((host, port), 10) as other:
        connection.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        _join(connection, other)


def socks_without_login(connection: socket.socket, seen: Seen) -> None:
    """A SOCKS 5 proxy as of `ssh -D`: it takes those alone that offer to come without a login, and hangs up else."""
    methods = _exactly(connection, _exactly(connection, 2)[1])
    seen.heads.append(methods)
    if 0 in methods:
        connection.sendall(b"\x05\x00")
        open_way(connection, seen)


def saying(answer: bytes) -> Handler:
    """A server that reads what comes first, gives this answer and hangs up."""

    def handle(connection: socket.socket, seen: Seen) -> None:
        seen.heads.append(connection.recv(65_536))
        connection.sendall(answer)

    return handle


def silent(connection: socket.socket, seen: Seen) -> None:
    """A server that never says a word, until its client hangs up."""
    seen.heads.append(connection.recv(65_536))
    while connection.recv(65_536):
        pass


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65_536)
        if not piece:
            raise OSError("hung up")
        head += piece
    return head


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise OSError("hung up")
        data += piece
    return data


def _join(one: socket.socket, other: socket.socket) -> None:
    """Passes bytes both ways until both sides have ended."""

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=pump, args=(one, other), daemon=True)
    thread.start()
    pump(other, one)
    thread.join(10)
