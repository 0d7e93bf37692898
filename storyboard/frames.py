"""First frames: which kind a reference is, where a path may lead, and whether the model takes the picture."""

from __future__ import annotations

import os
import re
import stat
from threading import Lock
from typing import IO, TYPE_CHECKING, Literal

from storyboard.disk import is_inside, open_to_read, why_not_local, words_of
from storyboard.folders import project_folders
from storyboard.unseen import CONTROL, SEPARATORS, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from storyboard.pictures import Picture
    from storyboard.profiles import FrameLimits

FrameKind = Literal["file", "url", "uuid", "data"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_URL = re.compile(r"https?://[^\s/?#]\S*\Z", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_DATA_URI = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/]+={0,2})\Z")
# Line breaks included; the narrow spaces that screenshots have in their names, and joiners of emoji, are not.
_CONTROL = re.compile(f"[{CONTROL}{SEPARATORS}{SURROGATES}]")
_KNOWN_AT_MOST = 32
_known: dict[Hashable, Picture | str] = {}
"""Pictures by what changes with their file, or what is wrong with them."""
_forgetting = Lock()


class FrameError(ValueError):
    """A first frame, or another file that a storyboard names, that cannot be used; the text says why."""


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
    if (why := why_not_local(reference, os.path.realpath(folder), root)) is not None:
        raise FrameError(why)
    path = os.path.realpath(os.path.join(folder, reference))
    if not is_inside(path, root):
        raise FrameError("the path leads outside the project: keep the file inside it")
    return path


def check_frame(reference: str, folder: str, limits: FrameLimits) -> Picture | None:
    """Looks at a first frame; None for one that only the provider can see (an address or UUID).

    All of a picture is read and, where Pillow is installed, decoded; what was found is remembered until its file
    changes. Raises FrameError with what is wrong.
    """
    kind = frame_kind(reference)
    if kind == "url":
        if not _URL.match(reference) or not reference.isprintable():
            raise FrameError("an address must start with https:// or http://, without spaces or control characters")
        return None
    if kind == "uuid":
        return None
    if kind == "data":
        return _remembered((reference, limits), lambda: _in_data_uri(reference, limits))
    with _open_file(reference, folder) as stream:
        found = os.fstat(stream.fileno())
        if found.st_size > limits.bytes_at_most:
            raise _too_large(f"{found.st_size:,}", limits)
        stamp = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        return _remembered((stamp, limits), lambda: judge(_all_of(stream, limits), limits))


def begin_frame(reference: str, folder: str, limits: FrameLimits, count: int) -> tuple[bytes, Picture]:
    """The first `count` bytes of a local first frame that was looked at; FrameError with what is wrong."""
    picture = check_frame(reference, folder, limits)
    with _open_file(reference, folder) as stream:
        data = stream.read(count)
    if picture is None:
        raise FrameError("not a file: name a PNG or JPEG picture")
    return data, picture


def load_frame(reference: str, folder: str, limits: FrameLimits) -> tuple[bytes, Picture]:
    """All bytes of a local first frame, checked as they are sent; FrameError with what is wrong."""
    with _open_file(reference, folder) as stream:
        data = _all_of(stream, limits)
    return data, judge(data, limits)


def judge(data: bytes, limits: FrameLimits) -> Picture:
    """The picture in these bytes, if it is whole and the model takes it; FrameError with what is wrong."""
    from storyboard.pictures import PictureError, look
    from storyboard.pixels import decode_whole

    try:
        picture = look(data)
    except PictureError as error:
        raise FrameError(str(error)) from None
    short, long = sorted((picture.width, picture.height))
    if short < limits.side_at_least:
        raise FrameError(f"{picture.width}×{picture.height} pixels: each side needs at least {limits.side_at_least}")
    if long > short * limits.ratio_at_most:
        raise FrameError(
            f"{picture.width}×{picture.height} pixels: one side may be at most {limits.ratio_at_most} times the other"
        )
    try:
        decode_whole(data, picture)
    except PictureError as error:
        raise FrameError(str(error)) from None
    return picture


def _remembered(key: Hashable, judged: Callable[[], Picture]) -> Picture:
    """What was found of a picture, so that an editor decodes it once and not with every key."""
    found = _known.get(key)
    if found is None:
        try:
            found = judged()
        except FrameError as error:
            found = str(error)
        with _forgetting:
            while len(_known) >= _KNOWN_AT_MOST:
                del _known[next(iter(_known))]
            _known[key] = found
    if isinstance(found, str):
        raise FrameError(found)
    return found


def _all_of(stream: IO[bytes], limits: FrameLimits) -> bytes:
    data = stream.read(limits.bytes_at_most + 1)
    if len(data) > limits.bytes_at_most:
        raise _too_large(f"over {limits.bytes_at_most:,}", limits)
    return data


def _too_large(count: str, limits: FrameLimits) -> FrameError:
    return FrameError(f"{count} bytes: make it smaller, at most {limits.bytes_at_most / 1e6:.0f} MB")


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


def _in_data_uri(reference: str, limits: FrameLimits) -> Picture:
    from base64 import b64decode

    match = _DATA_URI.match(reference)
    if match is None:
        raise FrameError("a data URI must read data:image/png;base64,… or data:image/jpeg;base64,…")
    try:
        data = b64decode(match[2], validate=True)
    except ValueError:
        raise FrameError("the data URI's base64 is damaged: make it anew") from None
    picture = judge(data, limits)
    if picture.media_type != match[1]:
        raise FrameError(f"the data URI says {match[1]} and holds {picture.media_type}: say {picture.media_type}")
    return picture
