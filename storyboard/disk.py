"""What every room needs of the disk: reading without waiting, renames that last, and what its errors say."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASSING = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN, errno.EINTR, errno.EMFILE, errno.ENFILE))

_MISNAMED = frozenset((errno.ENOTDIR, errno.ENAMETOOLONG, errno.EISDIR, errno.EINVAL, errno.ELOOP))

Stamp = tuple[int, int, int, int] | None
"""Times of the last change in nanoseconds, of content and of rights, bytes, inode; None where there is no file."""


def stamp_of(file: str) -> Stamp:
    """What changes when a file is written, or gets other rights."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def open_to_read(path: str | os.PathLike[str], *, follow: bool = True) -> int:
    """A descriptor to read a file from, at once also where the path is a pipe that nobody writes to.

    Raises OSError, also where the path is a link and links are not to be followed.
    """
    flags = 0 if follow else getattr(os, "O_NOFOLLOW", 0)
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | flags)


class ReadOnly(PermissionError):
    """A file that must not be replaced without a person's word; the text says why."""

    def __init__(self, path: str | os.PathLike[str], why: str) -> None:
        super().__init__(errno.EACCES, why, os.fspath(path))


def why_read_only(path: str | os.PathLike[str]) -> str | None:
    """Why a file that is there is not to be replaced, in words; None for one that may be, and where there is none.

    A file that has no right to be written for any user is locked on purpose: that holds for root too, and although
    replacing a file asks only for rights on its folder.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    if not found.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return f"it is read-only (mode {stat.S_IMODE(found.st_mode):o})"
    if not _may(path, os.W_OK):
        if hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
            return "it is read-only: so is its file system"
        theirs = os.name == "posix" and found.st_uid != os.geteuid()
        return "it is read-only: it belongs to another user" if theirs else "it is read-only"
    return None if is_replaceable(path) else "it is read-only: its folder cannot be written to"


def is_replaceable(path: str | os.PathLike[str]) -> bool:
    """Whether the folder of a file, its links followed, lets this user put another in its place."""
    return _may(os.path.dirname(os.path.realpath(path)), os.W_OK | os.X_OK)


def refuse_read_only(path: str | os.PathLike[str]) -> None:
    """Raises ReadOnly for a file that is not to be replaced."""
    if (why := why_read_only(path)) is not None:
        raise ReadOnly(path, why)


def _may(path: str | os.PathLike[str], mode: int) -> bool:
    """What the system would allow this process, with the rights that it has now."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


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


def has_locks(folder: str | os.PathLike[str]) -> bool:
    """Whether files in a folder can be locked; some network file systems know no locks. True where that is not known.

    Tried on a file of its own: closing a descriptor drops every lock that a process has on its file.
    """
    try:
        import fcntl
    except ImportError:
        return True
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                return error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
    except OSError:
        pass
    return True


HERE_IS_GONE = "the current folder is gone: change to one that is there"


def here_is_gone(path: str | os.PathLike[str] = os.curdir) -> bool:
    """Whether the current folder was deleted, which looks like an empty one, and a path begins in it."""
    try:
        return not os.path.isabs(path) and not os.getcwd()
    except OSError:
        return True


def is_misnamed(error: OSError) -> bool:
    """Whether it is the path that is wrong, so that running it again ends in the same way."""
    return error.errno in _MISNAMED or _is_of_here(error)


def _is_of_here(error: Exception) -> bool:
    return isinstance(error, FileNotFoundError) and here_is_gone(error.filename or os.curdir)


def words_of(error: Exception) -> str:
    """What the system says, in small letters, without number and path."""
    if _is_of_here(error):
        return HERE_IS_GONE
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
