"""Content codings of answers: gzip and deflate are decoded in bounded steps, all others are refused by name."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from storyboard.runware.errors import Coded, Unclear, Unfit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx

_GZIP = ("gzip", "x-gzip")
_DEFLATE = "deflate"
_MAGIC = b"\x1f\x8b"
_STEP = 1 << 18
"""Bytes that are decoded at once."""
_SLICE = 1 << 12
"""Bytes of input that are decoded at once: what follows a gzip member is copied, so it has to be short."""
_RATIO = 200
_ALLOWANCE = 1 << 20
"""A body may grow to this many bytes, and beyond them to so many times its size. Text of answers is below 20."""
_HEAD = 12
"""Bytes that tell what a body is."""


def coding_of(response: httpx.Response) -> str | None:
    """The coding of an answer's body, "gzip" or "deflate", or what a header names that is neither.

    None for a plain body.
    """
    header = ",".join(response.headers.get_list("Content-Encoding"))
    named = [name for one in header.split(",") if (name := one.strip().lower()) not in ("", "identity")]
    if not named:
        return None
    if len(named) == 1 and (named[0] in _GZIP or named[0] == _DEFLATE):
        return _GZIP[0] if named[0] in _GZIP else _DEFLATE
    return ", ".join(named)[:60].encode("ascii", "replace").decode()


def decoded(chunks: AsyncIterator[bytes], coding: str | None, *, most: int) -> AsyncIterator[bytes]:
    """The body in pieces; of a body that is plain in spite of its header, the body as it is.

    `most` is how many bytes of a coded body may come over the wire. The iterator raises Coded for another coding than
    gzip and deflate, Unfit for what is broken or grows beyond measure, Unclear for what ends early.
    """
    return chunks if coding is None else _decoded(chunks, _Decoder(coding), most)


async def _decoded(chunks: AsyncIterator[bytes], decoder: _Decoder, most: int) -> AsyncIterator[bytes]:
    from httpx import TransportError  # what only reads the ledger comes through here, and loads no HTTP

    came = 0
    try:
        async for chunk in chunks:
            came += len(chunk)
            if came > most:
                raise Unfit(f"it has more than {most} bytes")
            for piece in decoder.pieces(chunk, came):
                yield piece
    except TransportError:
        # A Content-Length of the decoded bytes promises more than comes; the coding itself knows its end.
        if not decoder.is_whole:
            raise
    for piece in decoder.end(came):
        yield piece


def is_gzip(head: bytes) -> bool:
    """Whether a body that is called plain begins as gzip, as no video does."""
    return head.startswith(_MAGIC)


def _is_plain(head: bytes) -> bool:
    """Whether a body begins as an MP4, MOV or WebM, or as JSON."""
    boxes = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
    return head[4:8] in boxes or head.startswith((b"{", b"[", b"\x1aE\xdf\xa3"))


def _is_text(head: bytes) -> bool:
    return all(byte in b"\t\n\r" or 0x20 <= byte < 0x7F for byte in head)


class _Decoder:
    """One coding of one body; of gzip all members, one after another."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._head = b""
        self._decoder: zlib._Decompress | None = None
        """None until the body's beginning tells how it is coded, and for a body that is plain."""
        self._bits = zlib.MAX_WBITS | 16
        self._is_plain = False
        self._made = 0
        self.is_whole = False
        """Whether all that came so far ends where the coding may end."""
        self._between = b""
        """The beginning of what may be another gzip member."""
        self._is_over = False
        """Whether what follows is no more of the coding: it is left out, as gzip itself does."""

    def pieces(self, chunk: bytes, came: int) -> Iterator[bytes]:
        """What the next bytes hold; `came` is how many came in all."""
        if self._decoder is None and not self._is_plain:
            self._head += chunk
            if len(self._head) < _HEAD:
                return
            chunk = self._begun()
        if self._is_plain:
            yield chunk
        else:
            yield from self._decoded(chunk, came)

    def end(self, came: int) -> Iterator[bytes]:
        """What is left. Raises Unclear where more should have come."""
        if self._decoder is None and not self._is_plain:
            head = self._begun()
            yield from [head] if self._is_plain else self._decoded(head, came)
        if not self._is_plain and not self.is_whole:
            raise Unclear(f"the {self._coding} coding ends early")

    def _begun(self) -> bytes:
        """The head, once it is known what it is: for a plain video or JSON under a wrong header, that."""
        head, self._head = self._head, b""
        has_header = head.startswith(_MAGIC)
        if self._coding == _DEFLATE:
            has_header = len(head) > 1 and head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
            self._bits = zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
        self._is_plain = not has_header and _is_plain(head)
        is_known = self._coding in (_GZIP[0], _DEFLATE)
        # A body in Brotli may begin as JSON does, but does not go on so.
        self._is_plain = self._is_plain and (is_known or not head.startswith((b"{", b"[")) or _is_text(head))
        if not self._is_plain and not is_known:
            both = ", two codings at once" if self._coding.count(",") == 1 else ""
            raise Coded(f"`{self._coding}`{both}, which Storyboard does not decode (it decodes gzip and deflate)")
        if not self._is_plain:
            self._decoder = zlib.decompressobj(self._bits)
        return head

    def _decoded(self, chunk: bytes, came: int) -> Iterator[bytes]:
        for begin in range(0, len(chunk), _SLICE):
            rest = self._joined(chunk[begin : begin + _SLICE])
            more = bool(rest)
            while more and self._decoder is not None:
                try:
                    piece = self._decoder.decompress(rest, _STEP)
                except zlib.error:
                    raise Unfit(f"its {self._coding} coding is broken") from None
                self._made += len(piece)
                if self._made > max(_ALLOWANCE, _RATIO * came):
                    raise Unfit("it grows beyond measure when it is decoded")
                if piece:
                    yield piece
                if self._decoder.eof:
                    self.is_whole = True
                    rest = self._joined(self._decoder.unused_data)
                    more = bool(rest)
                else:
                    rest = self._decoder.unconsumed_tail
                    more = bool(rest) or len(piece) == _STEP

    def _joined(self, data: bytes) -> bytes:
        """What of these bytes is to be decoded: after a whole gzip only another one, else nothing any more."""
        if self._is_over or not self.is_whole:
            return b"" if self._is_over else data
        data, self._between = self._between + data, b""
        if self._coding == _GZIP[0] and len(data) < len(_MAGIC) and _MAGIC.startswith(data):
            self._between = data
            return b""
        if self._coding != _GZIP[0] or not data.startswith(_MAGIC):
            self._is_over = True
            return b""
        self._decoder, self.is_whole = zlib.decompressobj(self._bits), False
        return data
