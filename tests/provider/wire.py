"""HTTP/1.1 on a socket: one request read, one response as bytes."""

import socket
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from typing import BinaryIO

LARGEST_BODY = 100 * 1024 * 1024
LONGEST_LINE = 64 * 1024


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    keep_alive: bool

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


class Manner(Enum):
    """How a response goes over the wire."""

    WHOLE = auto()
    LATE = auto()
    DRIP = auto()
    CUT = auto()
    RESET = auto()
    RESET_HALFWAY = auto()
    SILENT = auto()
    SILENT_HALFWAY = auto()


@dataclass
class Response:
    """What is answered, and in which manner."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    seconds: float | None = None
    """LATE, DRIP, SILENT: how long."""
    length: int | None = None
    """A Content-Length that lies."""
    without_body: bool = False
    """The answer to HEAD."""

    def head(self, *, keep_alive: bool) -> bytes:
        """The status line and headers."""
        length = len(self.body) if self.length is None else self.length
        fields = {"Content-Length": str(length), "Connection": "keep-alive" if keep_alive else "close"} | self.headers
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", *(f"{k}: {v}" for k, v in fields.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def payload(self) -> bytes:
        """The bytes that follow the head."""
        return b"" if self.without_body else self.body


class BadRequest(Exception):
    """The bytes are no request that this server takes."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def read_request(reader: BinaryIO, sock: socket.socket) -> Request | None:
    """The next request; None when the client has gone. Raises BadRequest."""
    line = reader.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadRequest(400, "not an HTTP/1.1 request line")
    headers = _read_headers(reader)
    if headers.get("expect", "").lower() == "100-continue":
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = _read_body(reader, headers)
    if body is None:
        return None
    keep_alive = words[2] == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    return Request(words[0], words[1], headers, body, keep_alive)


def _read_headers(reader: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(101):
        line = reader.readline(LONGEST_LINE)
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or name != name.strip():
            raise BadRequest(400, "not a header line")
        key = name.lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    raise BadRequest(431, "too many headers")


def _read_body(reader: BinaryIO, headers: dict[str, str]) -> bytes | None:
    """The body; None when the client left in the middle of it."""
    length = headers.get("content-length")
    if "transfer-encoding" in headers:
        if length is not None or headers["transfer-encoding"].lower() != "chunked":
            raise BadRequest(400, "chunked, and nothing else, or a Content-Length")
        return _read_chunks(reader)
    if length is None:
        return b""
    if not (length.isascii() and length.isdigit()):
        raise BadRequest(400, "Content-Length is no number")
    return _read_exactly(reader, int(length))


def _read_exactly(reader: BinaryIO, size: int) -> bytes | None:
    if size > LARGEST_BODY:
        raise BadRequest(413, "the body is too large")
    data = reader.read(size)
    return data if len(data) == size else None


def _read_chunks(reader: BinaryIO) -> bytes | None:
    body = bytearray()
    while True:
        try:
            size = int(reader.readline(LONGEST_LINE).partition(b";")[0], 16)
        except ValueError as why:
            raise BadRequest(400, "a chunk without a size") from why
        if size == 0:
            _read_headers(reader)
            return bytes(body)
        if len(body) + size > LARGEST_BODY:
            raise BadRequest(413, "the body is too large")
        part = _read_exactly(reader, size)
        if part is None:
            return None
        body += part
        reader.readline(LONGEST_LINE)
