"""A socket that listens, and one thread for each connection; nothing of it is left after `stop`."""

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable
from typing import BinaryIO

from .delivery import deliver
from .wire import BadRequest, Request, Response, read_request

PATIENCE = 10.0


class Server:
    """Serves `answer` on a port that stays the same over stops and starts."""

    def __init__(self, host: str, port: int, answer: Callable[[Request], Response]) -> None:
        self.host = host
        self.port = port
        self._answer = answer
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._accepting: threading.Thread | None = None
        self._wake: socket.socket | None = None

    def start(self) -> None:
        """Listen; a port of 0 becomes the one that was found."""
        self._closing.clear()
        listener = socket.create_server((self.host, self.port), backlog=256)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._wake, waker = socket.socketpair()
        self._accepting = threading.Thread(
            target=self._accept, args=(listener, waker), name="provider-accept", daemon=True
        )
        self._accepting.start()

    def stop(self) -> None:
        """Close every socket and wait for every thread."""
        if self._accepting is None or self._wake is None:
            return
        self._closing.set()
        self._wake.close()
        self._join(self._accepting)
        self._accepting = None
        with self._lock:
            open_now = dict(self._connections)
            for sock in open_now.values():
                _hang_up(sock)
        for thread in open_now:
            self._join(thread)

    def wait_for_quiet(self) -> None:
        """Until all that clients sent before they died is worked on, and no connection is left."""
        with self._lock:
            open_now = list(self._connections)
        for thread in open_now:
            thread.join(PATIENCE)

    def _join(self, thread: threading.Thread) -> None:
        thread.join(PATIENCE)
        if thread.is_alive():
            raise RuntimeError(f"{thread.name} does not end")

    def _accept(self, listener: socket.socket, waker: socket.socket) -> None:
        with listener, waker, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(waker, selectors.EVENT_READ)
            while not self._closing.is_set():
                if any(key.fileobj is listener for key, _ in selector.select()):
                    self._take_one(listener)

    def _take_one(self, listener: socket.socket) -> None:
        try:
            sock, _ = listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        sock.setblocking(True)
        thread = threading.Thread(target=self._serve, args=(sock,), name="provider-connection", daemon=True)
        with self._lock:
            # The finished ones stay in the book until here, so that `stop` can wait for the very last of them.
            self._connections = {old: its for old, its in self._connections.items() if old.is_alive()}
            self._connections[thread] = sock
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        """Answer one connection's requests until either side has had enough."""
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with sock.makefile("rb") as reader:
                while not self._closing.is_set() and self._serve_one(sock, reader):
                    pass
        except OSError:
            # The client may leave whenever it likes.
            pass
        finally:
            with self._lock:
                sock.close()

    def _serve_one(self, sock: socket.socket, reader: BinaryIO) -> bool:
        try:
            request = read_request(reader, sock)
        except BadRequest as why:
            sock.sendall(Response(why.status, str(why).encode()).head(keep_alive=False) + str(why).encode())
            return False
        if request is None:
            return False
        response = self._answer(request)
        response.without_body = request.method == "HEAD"
        return deliver(sock, response, keep_alive=request.keep_alive, closing=self._closing)


def _hang_up(sock: socket.socket) -> None:
    """Wake the thread that reads from this socket; it closes it."""
    # The client may have been faster.
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
