"""First frames: which kind a reference is, where a path may lead, and what the picture's header says."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Literal

from storyboard.disk import is_inside, open_to_read, words_of
from storyboard.folders import project_folders
from storyboard.unseen import CONTROL, SEPARATORS, SURROGATES

if TYPE_CHECKING:
    from storyboard.profiles import FrameLimits

FrameKind = Literal["file", "url", "uuid", "data"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_URL = re.compile(r"https?://[^\s/?#]+[^\s]*\Z", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_DATA_URI = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/]+={0,2})\Z")
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# Start-of-frame markers hold the size; C4, C8 and CC are tables and extensions between them.
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset((0x01, *range(0xD0, 0xD8)))
_JPEG_STEPS = 20_000
"""Segments and filling bytes before a JPEG's size; a picture of 50 MB has no use for more."""
# Line breaks included; the narrow spaces that screenshots have in their names, and joiners of emoji, are not.
_CONTROL = re.compile(f"[{CONTROL}{SEPARATORS}{SURROGATES}]")


class FrameError(ValueError):
    """A first frame, or another file that a storyboard names, that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture's header says; sides in pixels."""

    media_type: str
    width: int
    height: int


def frame_kind(reference: str) -> FrameKind:
    """Whether a reference is an address, a Runware image UUID, a data URI or the path of a file."""
    if reference.startswith("data:"):
        return "data"
    if _SCHEME.match(reference):
        return "url"
    return "uuid" if _UUID.match(reference) else "file"


def project_root(folder: str) -> str:
    """The git work tree that `folder` lies in, else the folder itself; links resolved."""
    return project_folders(folder)[-1]


def resolve_inside(reference: str, folder: str) -> str:
    """The real path of a file that a storyboard in `folder` names; FrameError where it leaves the project."""
    if _CONTROL.search(reference):
        raise FrameError("a path cannot hold control characters or line breaks")
    root = project_root(folder)
    path = os.path.realpath(os.path.join(folder, reference))
    if not is_inside(path, root):
        raise FrameError("the path leads outside the project: keep the file inside it")
    return path


def check_frame(reference: str, folder: str, limits: FrameLimits) -> Picture | None:
    """Looks at a first frame; None for one that only the provider can see (an address or UUID).

    Reads no more of a file than its header. Raises FrameError with what is wrong.
    """
    kind = frame_kind(reference)
    if kind == "url":
        if not _URL.match(reference) or not reference.isprintable():
            raise FrameError("an address must start with https:// or http://, without spaces or control characters")
        return None
    if kind == "uuid":
        return None
    if kind == "data":
        media_type, data = _data_uri(reference)
        picture = _fit(BytesIO(data), len(data), limits)
        if picture.media_type != media_type:
            raise FrameError(f"the data URI says {media_type} and holds {picture.media_type}: say {picture.media_type}")
        return picture
    return begin_frame(reference, folder, limits, 0)[1]


def begin_frame(reference: str, folder: str, limits: FrameLimits, count: int) -> tuple[bytes, Picture]:
    """The first `count` bytes of a local first frame, checked by its header; FrameError with what is wrong."""
    with _open_file(reference, folder) as stream:
        picture = _fit(stream, os.fstat(stream.fileno()).st_size, limits)
        stream.seek(0)
        return stream.read(count), picture


def load_frame(reference: str, folder: str, limits: FrameLimits) -> tuple[bytes, Picture]:
    """All bytes of a local first frame, checked as they are sent; FrameError with what is wrong."""
    with _open_file(reference, folder) as stream:
        data = stream.read(limits.bytes_at_most + 1)
    return data, _fit(BytesIO(data), len(data), limits)


def picture_header(stream: IO[bytes]) -> Picture:
    """Kind and size of a PNG or JPEG from its header bytes; FrameError for anything else."""
    start = stream.read(8)
    if start == _PNG:
        header = stream.read(25)
        if len(header) < 16 or header[4:8] != b"IHDR":
            raise FrameError("a damaged PNG, its header is missing: save it anew")
        return Picture("image/png", int.from_bytes(header[8:12], "big"), int.from_bytes(header[12:16], "big"))
    if start[:3] == _JPEG:
        stream.seek(2)
        return _jpeg_header(stream)
    raise FrameError("neither a PNG nor a JPEG picture: save it as one of them")


def _jpeg_header(stream: IO[bytes]) -> Picture:
    marker = b""
    for _ in range(_JPEG_STEPS):
        # Any number of bytes 0xFF may stand before a marker.
        marker = marker[1:] + stream.read(1) if marker == b"\xff\xff" else stream.read(2)
        if marker == b"\xff\xff":
            continue
        if len(marker) < 2 or marker[0] != 0xFF:
            break
        if marker[1] in _JPEG_BARE:
            continue
        length = int.from_bytes(stream.read(2), "big")
        if length < 2 or marker[1] in (0xD9, 0xDA):
            break
        if marker[1] in _JPEG_SIZES:
            frame = stream.read(5)
            if len(frame) == 5:
                return Picture("image/jpeg", int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
            break
        stream.seek(length - 2, os.SEEK_CUR)
    raise FrameError("a damaged JPEG, its size cannot be found: save it anew")


def _open_file(reference: str, folder: str) -> IO[bytes]:
    path = resolve_inside(reference, folder)
    try:
        descriptor = open_to_read(path)
    except FileNotFoundError:
        raise FrameError("no such file: the path starts at the storyboard's folder") from None
    except OSError as error:
        raise FrameError(f"cannot be opened: {words_of(error)}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FrameError("not a file: name a PNG or JPEG picture")
    return os.fdopen(descriptor, "rb")


def _data_uri(reference: str) -> tuple[str, bytes]:
    from base64 import b64decode

    match = _DATA_URI.match(reference)
    if match is None:
        raise FrameError("a data URI must read data:image/png;base64,… or data:image/jpeg;base64,…")
    try:
        return match[1], b64decode(match[2], validate=True)
    except ValueError:
        raise FrameError("the data URI's base64 is damaged: make it anew") from None


def _fit(stream: IO[bytes], size: int, limits: FrameLimits) -> Picture:
    if size > limits.bytes_at_most:
        over = f"over {limits.bytes_at_most:,}" if size == limits.bytes_at_most + 1 else f"{size:,}"
        raise FrameError(f"{over} bytes: make it smaller, at most {limits.bytes_at_most / 1e6:.0f} MB")
    picture = picture_header(stream)
    short, long = sorted((picture.width, picture.height))
    if short < limits.side_at_least:
        raise FrameError(f"{picture.width}×{picture.height} pixels: each side needs at least {limits.side_at_least}")
    if long > short * limits.ratio_at_most:
        raise FrameError(
            f"{picture.width}×{picture.height} pixels: one side may be at most {limits.ratio_at_most} times the other"
        )
    return picture
