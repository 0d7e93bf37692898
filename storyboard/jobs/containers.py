"""Whether a video file is whole, from its boxes alone."""

from __future__ import annotations

import os
from typing import IO

from storyboard.disk import open_regular

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_CLUSTER = b"\x1f\x43\xb6\x75"
_UNKNOWN = -1


def damage(path: str | os.PathLike[str], extension: str) -> str | None:
    """What is wrong with a video file of this extension ("mp4", "mov", "webm"); None for a whole one.

    Boxes must end exactly at the end of the file, so that a file cut anywhere is found out.
    """
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if extension == "webm":
            return _webm_damage(stream, size)
        return _boxes_damage(stream, size, must_begin_with_ftyp=extension == "mp4")


def _boxes_damage(stream: IO[bytes], size: int, *, must_begin_with_ftyp: bool) -> str | None:
    kinds: list[bytes] = []
    position = 0
    while position < size:
        stream.seek(position)
        header = stream.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            length = int.from_bytes(header[8:], "big")
        elif length == 0 and len(header) >= 8:
            length = size - position
        kind = header[4:8]
        if len(header) < 8 or length < 8 or not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
            return "no video: its parts cannot be told apart"
        if position + length > size:
            return "the video is cut off"
        kinds.append(kind)
        position += length
    if not kinds or (must_begin_with_ftyp and kinds[0] != b"ftyp"):
        return "no MP4 video"
    if missing := {b"moov", b"mdat"} - set(kinds):
        return f"the video lacks its {b' and '.join(sorted(missing)).decode()}"
    return None


def _webm_damage(stream: IO[bytes], size: int) -> str | None:
    if stream.read(4) != _EBML:
        return "no WebM video"
    length = _length(stream)
    if length is None or length == _UNKNOWN:
        return "no WebM video"
    stream.seek(length, os.SEEK_CUR)
    if stream.read(4) != _SEGMENT:
        return "the video lacks its segment"
    length = _length(stream)
    if length == _UNKNOWN:
        return _live_damage(stream, size)
    return None if length and stream.tell() + length == size else "the video is cut off"


def _live_damage(stream: IO[bytes], size: int) -> str | None:
    """A segment as live streams have it runs to the end of the file; its elements must end there too."""
    clusters = 0
    while (position := stream.tell()) < size:
        first = stream.read(1)[0]
        stream.seek(position)
        name = stream.read(9 - first.bit_length()) if first else b""
        length = _length(stream)
        clusters += name == _CLUSTER
        if length == _UNKNOWN and name == _CLUSTER:
            continue
        if not name or length is None or length == _UNKNOWN or stream.tell() + length > size:
            return "the video is cut off"
        stream.seek(length, os.SEEK_CUR)
    return None if clusters else "the video is cut off"


def _length(stream: IO[bytes]) -> int | None:
    """An EBML length, _UNKNOWN for the one that says so; None where there is none."""
    first = stream.read(1)
    if not first or not first[0]:
        return None
    width = 9 - first[0].bit_length()
    rest = stream.read(width - 1)
    if len(rest) < width - 1:
        return None
    value = int.from_bytes(bytes((first[0] & (0xFF >> width),)) + rest, "big")
    return _UNKNOWN if value == (1 << 7 * width) - 1 else value
