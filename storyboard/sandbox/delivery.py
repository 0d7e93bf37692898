"""A file sent over HTTP, whole or the one part that was asked for (RFC 9110, section 14)."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
    from pathlib import Path
    from typing import Any

    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_CHUNK = 256 * 1024
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)
_TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime"}


class Part(NamedTuple):
    """What of a file answers a request: the HTTP status, and bytes from `start` up to but not including `end`."""

    status: int
    start: int
    end: int


def choose_part(size: int, etag: str, headers: Mapping[str, str]) -> Part:
    """The part that the headers `range` and `if-range` ask for; the whole where they ask for nothing we serve."""
    whole = Part(200, 0, size)
    asked = _ONE_RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or asked[0].endswith("=-") or headers.get("if-range", etag).strip() != etag:
        return whole
    if not asked[1]:
        length = int(asked[2])
        return Part(206, max(0, size - length), size) if length and size else Part(416, 0, 0)
    start = int(asked[1])
    end = min(int(asked[2]) + 1, size) if asked[2] else size
    if asked[2] and int(asked[2]) < start:
        return whole
    return Part(206, start, end) if start < size else Part(416, 0, 0)


async def send_file(send: Send, path: Path, *, method: str, headers: Mapping[str, str]) -> None:
    """Answer a GET or HEAD with the file; `headers` are the request's, in lower case."""
    with _open(path) as file:
        facts = os.fstat(file.fileno())
        # Another process may put its own rendering in this one's place: time and size tell them apart.
        etag = f'"{path.stem[:16]}-{facts.st_size:x}-{facts.st_mtime_ns:x}"'
        is_get = method == "GET"
        part = choose_part(facts.st_size, etag, headers if is_get else {})
        await send(
            {
                "type": "http.response.start",
                "status": part.status,
                "headers": _headers(path, part, facts.st_size, etag),
            }
        )
        for chunk in _chunks(file, part) if is_get else ():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def send_bytes(send: Send, data: bytes, kind: str, *, method: str) -> None:
    """Answer a GET or HEAD with these bytes of a media type."""
    fields = {"content-type": kind, "content-length": str(len(data)), "x-content-type-options": "nosniff"}
    headers = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": data if method == "GET" else b""})


async def send_json(send: Send, status: int, answer: object, *, allow: str = "") -> None:
    """Answer with JSON; `allow` names the methods that there are instead."""
    body = json.dumps(answer).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if allow:
        headers.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(path: Path, part: Part, size: int, etag: str) -> list[tuple[bytes, bytes]]:
    fields = {
        "content-type": _TYPES[path.suffix],
        "content-length": str(part.end - part.start),
        "accept-ranges": "bytes",
        "etag": etag,
    }
    if part.status == 206:
        fields["content-range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    elif part.status == 416:
        fields["content-range"] = f"bytes */{size}"
    return [(name.encode(), value.encode()) for name, value in fields.items()]


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _chunks(file: BinaryIO, part: Part) -> Iterator[bytes]:
    file.seek(part.start)
    left = part.end - part.start
    while left and (chunk := file.read(min(_CHUNK, left))):
        left -= len(chunk)
        yield chunk
