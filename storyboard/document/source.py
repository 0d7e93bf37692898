"""Bytes from disk or standard input, and the text in them."""

from __future__ import annotations

import os
import re
import stat
import sys
from bisect import bisect_right
from dataclasses import dataclass, field

from storyboard.disk import here_is_gone, open_to_read, words_of
from storyboard.document.errors import DocumentError

SIZE_LIMIT = 256 * 1024
"""Bytes a document may have."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile(r"\r\n|\n|\r")


def read_bytes(path: str | os.PathLike[str], limit: int = SIZE_LIMIT) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; DocumentError says why there are none."""
    try:
        descriptor = open_to_read(path)
    except FileNotFoundError as error:
        words = words_of(error) if here_is_gone(path) else "look at its name and folder"
        raise DocumentError(f"no such file: {words}") from None
    except (OSError, ValueError) as error:
        raise DocumentError(f"cannot be opened: {words_of(error)}") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise DocumentError("a folder, not a file: name a file in it")
        if not stat.S_ISREG(mode):
            raise DocumentError("not a regular file (a pipe, socket or device); use - to read standard input")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise DocumentError(f"cannot be read: {words_of(error)}") from None
    finally:
        os.close(descriptor)
    return _within(data, limit)


def read_stdin(limit: int = SIZE_LIMIT) -> bytes:
    """Standard input, up to `limit` bytes."""
    return _within(sys.stdin.buffer.read(limit + 1), limit)


def _within(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise DocumentError(f"too large: a file has at most {limit // 1024} KiB")
    return data


@dataclass(slots=True)
class Source:
    """A document's text, with what its bytes had that the text has not."""

    text: str
    bom: bool
    newline: str
    """The line end of the first line, or a line feed where there is none."""
    _starts: list[int] | None = field(default=None, repr=False, compare=False)

    def line_column(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `index` (code points from 0)."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def to_bytes(self) -> bytes:
        """The bytes that the text was decoded from."""
        return (_BOM if self.bom else b"") + self.text.encode()

    def with_text(self, text: str) -> Source:
        """Another text with the same habits; DocumentError where its bytes would be too many to be read again."""
        other = Source(text, self.bom, self.newline)
        if len(text) * 4 > SIZE_LIMIT:
            _within(other.to_bytes(), SIZE_LIMIT)
        return other


def decode(data: bytes) -> Source:
    """The text of strict UTF-8 bytes; DocumentError names other encodings where it can tell."""
    if len(data) > SIZE_LIMIT:
        _within(data, SIZE_LIMIT)
    if data.startswith(_WIDE_BOMS) or b"\0" in data[:4]:
        raise DocumentError("UTF-16 or UTF-32 text: save the file as UTF-8")
    bom = data.startswith(_BOM)
    body = data[len(_BOM) :] if bom else data
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        before = Source(body[: error.start].decode(), bom, "")
        raise DocumentError(
            f"not UTF-8: the byte 0x{body[error.start]:02x} stands here; save the file as UTF-8",
            *before.line_column(len(before.text)),
        ) from None
    if text.startswith("\ufeff"):
        # PyYAML would skip it without counting it, and every place after it would be off by one.
        raise DocumentError("a second byte order mark (U+FEFF) stands at the start: delete it")
    first = _LINE_END.search(text)
    return Source(text, bom, first[0] if first else "\n")
