"""What every room needs of the disk: reading without waiting, renames that last, and what its errors say."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASSING = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EINTR, errno.EMFILE, errno.ENFILE))

Stamp = tuple[int, int, int] | None
"""Time of the last change in nanoseconds, bytes, inode; None where there is no file."""


def stamp_of(file: str) -> Stamp:
    """What changes when a file is written."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def open_to_read(path: str | os.PathLike[str]) -> int:
    """A descriptor to read a file from, at once also where the path is a pipe that nobody writes to; raises OSError."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or leads into it; both absolute, with their links resolved."""
    return path == folder or path.startswith(os.path.join(folder, ""))


@contextmanager
def parents_made(file: str | os.PathLike[str]) -> Iterator[None]:
    """Makes the folders above a file where they are missing; where what is done within fails, they go again.

    Raises OSError where a folder cannot be made. A folder in which something was put meanwhile stays.
    """
    missing = []
    place = os.path.dirname(os.path.abspath(file))
    while not os.path.lexists(place):
        missing.append(place)
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), place)
    made = []
    try:
        for folder in reversed(missing):
            with suppress(FileExistsError):
                os.mkdir(folder)
                made.append(folder)
        yield
    except BaseException:
        with suppress(OSError):
            for folder in reversed(made):
                os.rmdir(folder)
        raise


def words_of(error: Exception) -> str:
    """What the system says, in small letters, without number and path."""
    return str(getattr(error, "strerror", None) or error).lower()


def may_pass(error: OSError) -> bool:
    """Whether what the system says goes by itself, or by what others do: no space, too many files, a disk's fault."""
    return error.errno in _PASSING


def require_descriptors(count: int = 8) -> None:
    """Raises OSError where fewer files than `count` can be opened now: an event loop that finds none fails in noise."""
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(count))
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        words = f"{os.strerror(error.errno)}: allow more, as with `ulimit -n 256`, and run it again"
        raise OSError(error.errno, words) from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def fsync_folder(folder: str | os.PathLike[str]) -> None:
    """Makes renames in a folder durable, where the platform can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
