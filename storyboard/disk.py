"""What every room needs of the disk: renames that last, and whether a file is still the one that was read."""

from __future__ import annotations

import os

Stamp = tuple[int, int, int] | None
"""Time of the last change in nanoseconds, bytes, inode; None where there is no file."""


def stamp_of(file: str) -> Stamp:
    """What changes when a file is written."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def fsync_folder(folder: str | os.PathLike[str]) -> None:
    """Makes renames in a folder durable, where the platform can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
