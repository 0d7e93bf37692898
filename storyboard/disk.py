"""What every room needs of the disk: reading without waiting, renames that last, and what its errors say."""

from __future__ import annotations

import errno
import os
import shlex
import stat
import struct
import sys
from contextlib import contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on this platform
    fcntl = None

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType
    from typing import BinaryIO

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


def open_regular(path: str | os.PathLike[str], *, most: int | None = None, follow: bool = True) -> BinaryIO:
    """A file to read, at once whatever lies at the path. Raises OSError for all but a regular file of `most` bytes.

    A link to such a file is followed, unless links are not to be.
    """
    descriptor = open_to_read(path, follow=follow)
    try:
        _refuse_unfit(path, os.fstat(descriptor), most)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_unfit(path: str | os.PathLike[str], found: os.stat_result, most: int | None) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "no regular file", os.fspath(path))
    if most is not None and found.st_size > most:
        raise OSError(errno.EFBIG, f"larger than {most:,} bytes", os.fspath(path))


class ReadOnly(PermissionError):
    """A file that must not be replaced without a person's word; the text says why."""

    def __init__(self, path: str | os.PathLike[str], why: str) -> None:
        super().__init__(errno.EACCES, why, os.fspath(path))


_BSD = {"i": "uchg,noschg", "a": "uappnd,nosappnd"}


class Lock(Enum):
    """What keeps a file from being written by this user; the value says it in words."""

    MODE = "it is read-only"
    OWNER = "it is read-only: it belongs to another user"
    FOLDER = "it is read-only: its folder cannot be written to"
    STICKY = "it is read-only: it belongs to another user, and so does its folder, which keeps its files (mode +t)"
    FILE_SYSTEM = "it is read-only: so is its file system"
    IMMUTABLE = "it is read-only: its attributes say so (immutable)"
    APPEND_ONLY = "it is read-only: its attributes let it only grow (append-only)"
    SYSTEM = "it is read-only: the system does not let this user write it"

    @property
    def lets_replace(self) -> bool:
        """Whether another file can be put in its place all the same."""
        return self in (Lock.MODE, Lock.OWNER)


def lock_of(path: str | os.PathLike[str]) -> Lock | None:
    """Why a file that is there is not to be replaced; None for one that may be, and where there is none.

    A file that has no right to be written for any user is locked on purpose: that holds for root too, and although
    replacing a file asks only for rights on its folder.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    denied = not _may(path, os.W_OK)
    if denied and hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
        return Lock.FILE_SYSTEM
    user = os.geteuid() if os.name == "posix" else found.st_uid
    if (lock := _attribute(path, found) or _lock_of_folder(path, found, user)) is not None:
        return lock
    if not denied and found.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return None
    if user not in (0, found.st_uid):
        return Lock.OWNER
    return Lock.SYSTEM if found.st_mode & stat.S_IWUSR else Lock.MODE


def why_read_only(path: str | os.PathLike[str]) -> str | None:
    """What `lock_of` finds, in words."""
    lock = lock_of(path)
    if lock is Lock.MODE:
        with suppress(OSError, ValueError):
            return f"{lock.value} (mode {stat.S_IMODE(os.stat(path).st_mode):o})"
    return lock.value if lock is not None else None


def reported(name: str) -> str:
    """A path at the beginning of a line for people: with `./` where the name itself could begin an order or an option.

    `::error file=…` is an order to a build service, and `-x`, `~x` or `# x` is no name to a shell.
    """
    first = name[:1]
    is_plain = first.isalnum() or first in "_./\\" or (first > "\x7f" and first.isprintable())
    return name if is_plain or name == "-" else f"./{name}"


def typed(name: str) -> str:
    """A name as it is typed into a shell."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)


def unlocking(name: str) -> str:
    """What to do about a read-only file before it can be written."""
    lock = lock_of(name)
    if lock in (None, Lock.MODE):
        return f"make it writable if it is meant to change: chmod u+w {typed(name)}"
    if lock is Lock.FOLDER:
        return "make that writable first, if it is meant to change"
    if lock in (Lock.IMMUTABLE, Lock.APPEND_ONLY):
        attribute = "i" if lock is Lock.IMMUTABLE else "a"
        command = f"chattr -{attribute}" if sys.platform == "linux" else f"chflags no{_BSD[attribute]}"
        return f"take that attribute off, as root, if it is meant to change: {command} {typed(name)}"
    return "copy it to a place of your own, and change the copy"


def _attribute(path: str | os.PathLike[str], found: os.stat_result) -> Lock | None:
    """What a file's attributes forbid, where the system has some; root is held to them as well."""
    flags = getattr(found, "st_flags", None)
    if flags is not None:
        immutable, append_only = stat.UF_IMMUTABLE | stat.SF_IMMUTABLE, stat.UF_APPEND | stat.SF_APPEND
    elif sys.platform == "linux" and stat.S_ISREG(found.st_mode):
        flags, immutable, append_only = _linux_flags(path), 0x10, 0x20
    else:
        return None
    return Lock.IMMUTABLE if flags & immutable else Lock.APPEND_ONLY if flags & append_only else None


def _linux_flags(path: str | os.PathLike[str]) -> int:
    """As lsattr shows them; 0 where they are not known."""
    if fcntl is None:
        return 0
    size = struct.calcsize("l")
    try:
        descriptor = open_to_read(path)
        try:
            answer = fcntl.ioctl(descriptor, 0x80006601 | size << 16, bytes(8))  # FS_IOC_GETFLAGS
        finally:
            os.close(descriptor)
    except OSError:
        return 0
    return int.from_bytes(answer[:4], sys.byteorder)


def _lock_of_folder(path: str | os.PathLike[str], found: os.stat_result, user: int) -> Lock | None:
    """A folder such as /tmp lets only a file's owner, its own owner and root replace it."""
    try:
        folder = os.stat(os.path.dirname(os.path.realpath(path)))
    except OSError:
        return Lock.FOLDER
    if not is_replaceable(path):
        return Lock.FOLDER
    kept = folder.st_mode & stat.S_ISVTX and user not in (0, found.st_uid, folder.st_uid)
    return Lock.STICKY if kept else None


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


def is_of_other_machine(path: str) -> bool:
    r"""Whether a path by its letters alone leads to another machine or a device, as `\\host\share` does on Windows.

    To be asked before a stranger's path is looked at in any other way: looking sends this user's name there.
    """
    return os.path.splitdrive(path)[0].startswith(("\\\\", "//"))


_DEVICES = frozenset(("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$")) | {
    f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"
}


def why_not_local(reference: str, folder: str, root: str, paths: ModuleType = os.path) -> str | None:
    """Why a path in a stranger's file, relative to `folder`, may not even be looked at; None where it may.

    Only its letters are compared. `paths` is ntpath on Windows; elsewhere looking at a path does nothing, and a path
    may lead back into `root` over links.
    """
    if paths.sep != "\\":
        return None
    drive, rest = paths.splitdrive(reference)
    if any(_is_device(part) for part in rest.replace("/", "\\").split("\\")):
        return "a part of the path is a device's name on Windows: rename it"
    if ":" in rest:
        return "a path cannot hold a colon"
    path = paths.normcase(paths.normpath(paths.join(folder, reference)))
    inside = paths.normcase(paths.normpath(root))
    if drive.startswith(("\\\\", "//")) or (path != inside and not path.startswith(paths.join(inside, ""))):
        return "the path leads outside the project: keep the file inside it"
    return None


def _is_device(part: str) -> bool:
    return part.partition(".")[0].partition(":")[0].rstrip(" ").upper() in _DEVICES


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
    if fcntl is None:
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


def why_not_replaced(error: OSError) -> str:
    """Why the system did not put a file's new version in its place, in words, with a next step where one is known."""
    if error.errno == errno.EBUSY:
        return "it is mounted by itself, as containers do with single files, and cannot be replaced: mount its folder"
    if error.errno == errno.EPERM:
        return f"{words_of(error)}: its attributes or its folder's forbid it, whatever its mode says"
    return words_of(error)


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
