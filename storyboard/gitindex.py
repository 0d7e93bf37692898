"""Which storyboards git tracks, read from its index: https://git-scm.com/docs/index-format, versions 2 to 4."""

from __future__ import annotations

import os
import re
import stat
from functools import lru_cache

from storyboard.disk import open_to_read

_BYTES_AT_MOST = 64 * 1024 * 1024
_PATH_AT_MOST = 4096
"""Bytes of a path, as systems have them; longer ones would make version 4 slower than the file is long."""
_STORYBOARD = re.compile(rb"\.storyboard\.ya?ml\Z", re.IGNORECASE)
_WORTH_READING = re.compile(rb"\.storyboard\.ya?m|\0\0\xe0\0", re.IGNORECASE)
"""The end of a storyboard's name, or the mode of a submodule."""
_SUBMODULE = 0o160000


def tracked_in(index: str) -> frozenset[str]:
    """Storyboards and submodules in an index and the folders around them, with a character for each byte.

    Paths go from the root of the work tree. Empty where there is no index that can be read.
    """
    try:
        found = os.stat(index)
    except (OSError, ValueError):
        return frozenset()
    if not stat.S_ISREG(found.st_mode) or found.st_size > _BYTES_AT_MOST:
        return frozenset()
    return _tracked(index, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8)
def _tracked(index: str, _changed: int, _size: int) -> frozenset[str]:
    try:
        with os.fdopen(open_to_read(index), "rb") as file:
            data = file.read(_BYTES_AT_MOST)
    except OSError:
        return frozenset()
    version = int.from_bytes(data[4:8])
    if data[:4] != b"DIRC" or version not in (2, 3, 4) or not _WORTH_READING.search(data):
        return frozenset()
    found: set[str] = set()
    try:
        for path in _paths(data, version, hash_bytes=_hash_bytes(os.path.dirname(index))):
            parts = path.decode("latin-1").split("/")
            found.update("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    except (ValueError, IndexError):
        return frozenset()  # cut off or damaged: as if there were none
    return frozenset(found)


def _paths(data: bytes, version: int, *, hash_bytes: int) -> list[bytes]:
    """The paths of storyboards and submodules; raises ValueError or IndexError for what is no index."""
    found, at, path = [], 12, b""
    for _ in range(int.from_bytes(data[8:12])):
        mode = int.from_bytes(data[at + 24 : at + 28])
        flags = at + 40 + hash_bytes
        name = flags + (4 if data[flags] & 0x40 else 2)
        if version == 4:
            name, gone = _number(data, name)
            path = path[: len(path) - gone]
        else:
            path = b""
        end = data.index(b"\0", name)
        path += data[name:end]
        if len(path) > _PATH_AT_MOST:
            raise ValueError("a path that no system has")
        at = end + 1 if version == 4 else at + (end - at) // 8 * 8 + 8
        if mode == _SUBMODULE or _STORYBOARD.search(path):
            found.append(path)
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Where a number of variable length ends, and the number."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1 << 7) | data[at] & 0x7F
    return at + 1, value


def _hash_bytes(git: str) -> int:
    """Bytes of a hash: repositories may use SHA-256."""
    try:
        with os.fdopen(open_to_read(os.path.join(git, "config")), "rb") as file:
            return 32 if re.search(rb"objectformat\s*=\s*\"?sha256", file.read(65536), re.IGNORECASE) else 20
    except OSError:
        return 20
