"""Responses on their way: whole, late, in drips, cut off, reset, or never."""

import socket
import struct
import threading
from collections.abc import Callable

from .wire import Manner, Response

DRIPS = 20


def deliver(sock: socket.socket, response: Response, *, keep_alive: bool, closing: threading.Event) -> bool:
    """Send `response` in its manner; whether the connection can serve another request."""
    return MANNERS[response.manner](sock, response, keep_alive, closing)


def _whole(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    honest = response.length in (None, len(response.body))
    sock.sendall(response.head(keep_alive=keep_alive and honest) + response.payload)
    return keep_alive and honest


def _late(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    if _client_leaves(sock, response.seconds):
        return False
    return _whole(sock, response, keep_alive, closing)


def _drip(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    sock.sendall(response.head(keep_alive=keep_alive))
    body = response.payload
    size = max(1, -(-len(body) // DRIPS))
    for start in range(0, len(body), size):
        if closing.wait((response.seconds or 0.0) / DRIPS):
            return False
        sock.sendall(body[start : start + size])
    return keep_alive


def _cut(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    _first_half(sock, response)
    return False


def _reset(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    _arm_reset(sock)
    return False


def _reset_halfway(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    _first_half(sock, response)
    # A reset overtakes what is still buffered: give the client a moment to read its half.
    closing.wait(0.05)
    _arm_reset(sock)
    return False


def _silent(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    _client_leaves(sock, response.seconds)
    return False


def _silent_halfway(sock: socket.socket, response: Response, keep_alive: bool, closing: threading.Event) -> bool:
    _first_half(sock, response)
    _client_leaves(sock, response.seconds)
    return False


def _first_half(sock: socket.socket, response: Response) -> None:
    sock.sendall(response.head(keep_alive=True) + response.payload[: len(response.payload) // 2])


def _arm_reset(sock: socket.socket) -> None:
    """Make the coming close send RST in place of FIN."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _client_leaves(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until the client closes the connection (or the server is stopped), at most `seconds`; whether it did."""
    sock.settimeout(seconds)
    try:
        sock.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return False
    else:
        return True
    finally:
        sock.settimeout(None)


MANNERS: dict[Manner, Callable[[socket.socket, Response, bool, threading.Event], bool]] = {
    Manner.WHOLE: _whole,
    Manner.LATE: _late,
    Manner.DRIP: _drip,
    Manner.CUT: _cut,
    Manner.RESET: _reset,
    Manner.RESET_HALFWAY: _reset_halfway,
    Manner.SILENT: _silent,
    Manner.SILENT_HALFWAY: _silent_halfway,
}
