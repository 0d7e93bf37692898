"""What readers of video files have in common: how much of a stranger's file is read, and what is said of a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

CUT_OFF = "the video is cut off"
MIXED = "no video: its parts cannot be told apart"
_PARTS_AT_MOST = 100_000
"""Boxes or elements; a film of fifteen seconds in a piece for each picture and sound has some five thousand."""
_TABLES_AT_MOST = 2 * 1024**2
"""Bytes of tables; those of such a film have some twenty thousand."""


class Damaged(ValueError):
    """No whole video; the text says why."""


class Reader:
    """A file of `size` bytes, of which a bounded part is read."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self.size = size
        self._parts = _PARTS_AT_MOST
        self._tables = _TABLES_AT_MOST

    def head(self, position: int, length: int) -> bytes:
        """The beginning of one more part; shorter where the file ends."""
        self._parts -= 1
        if self._parts < 0:
            raise Damaged("no video: it is in more parts than any has")
        self._stream.seek(position)
        return self._stream.read(length)

    def table(self, start: int, end: int) -> bytes:
        """The content of a part, all of it."""
        self._tables -= end - start
        if self._tables < 0:
            raise Damaged("no video: its tables are larger than those of any")
        self._stream.seek(start)
        data = self._stream.read(end - start)
        if len(data) < end - start:
            raise Damaged(CUT_OFF)
        return data
