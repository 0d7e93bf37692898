"""The one place where files are made, replaced and moved: fresh files only, and never through a link.

Whoever can put files into a folder, as a repository that was cloned does, can put links there too, under every name
that can be foreseen. So what is written goes to a file that did not exist, under a name that nobody can foresee, and
takes its place in one step; what has to grow over several runs is opened without following links and looked at first.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from typing import IO, TYPE_CHECKING

from storyboard.disk import fsync_folder, open_to_read

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on this platform
    fcntl = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700
_USUAL = 0o666
"""What the umask takes rights from, as for any program."""
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_PLAIN = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_CHUNK = 1 << 20
_BEGINNING, _WHILE_WRITTEN = ".storyboard-", ".tmp"
_MISLED = frozenset((errno.ELOOP, errno.EMLINK, errno.ENXIO))
"""What systems say of a link that is not to be followed, and of a pipe or socket."""

Name = str | os.PathLike[str]


@contextmanager
def replacing(
    path: Name, last_look: Callable[[], None] = lambda: None, *, private: bool = False
) -> Iterator[IO[bytes]]:
    """A stream whose content takes a file's place in one step, durable at the end; its mode and owner are kept.

    A link in its place is replaced and not followed. `private`: only its owner can read it, whatever it was before.
    What is raised within, or by `last_look` when all is written but nothing replaced yet, leaves the old file. Raises
    OSError.
    """
    target = os.fspath(path)
    mode = _PRIVATE if private or _plain_at(target) is not None else _USUAL
    descriptor, temporary = _fresh_beside(target, _WHILE_WRITTEN, mode)
    try:
        with _held(descriptor):
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if not private and (old := _plain_at(target)) is not None:
                _keep_rights(old, temporary)
            last_look()
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    with suppress(OSError):  # the file is whole and in place, whatever its folder allows
        fsync_folder(os.path.dirname(target) or os.curdir)


def replace_file(path: Name, data: bytes, *, private: bool = False) -> None:
    """Puts a file's new content in its place as `replacing` does. Raises OSError."""
    with replacing(path, private=private) as stream:
        stream.write(data)


@contextmanager
def filling(target: Path, ending: str, last_look: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """The path of an empty fresh file, for libraries that write by name; it takes the target's place at the end.

    Nothing is left of it where that fails. Raises OSError, and what `last_look` raises when all is written.
    """
    descriptor, name = _fresh_beside(os.fspath(target), ending, _USUAL)
    os.close(descriptor)
    part = target.with_name(os.path.basename(name))
    try:
        yield part
        _sync(part)
        last_look()
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    with suppress(OSError):
        fsync_folder(target.parent)


def sweep(folder: Name) -> None:
    """Deletes what processes that died have left in a folder while they replaced a file there, as far as can be known.

    Whoever is still writing holds a lock.
    """
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_BEGINNING) and entry.name.endswith(_WHILE_WRITTEN):
                with suppress(OSError):
                    _delete_left(entry.path)


def _delete_left(file: str) -> None:
    descriptor = open_to_read(file, follow=False)
    try:
        if fcntl is not None and _is_ours(os.fstat(descriptor)):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(file)
    finally:
        os.close(descriptor)


@contextmanager
def _held(descriptor: int) -> Iterator[None]:
    """Locks a file for as long as it is not in its place; not where that is not possible."""
    if fcntl is None:
        yield
        return
    held = os.dup(descriptor)
    try:
        with suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(held)


def open_made(path: Name) -> IO[bytes]:
    """A file that this process has just made, to be changed in place. Raises OSError, also where a link is there."""
    return os.fdopen(os.open(path, os.O_RDWR | _NO_LINKS | _PLAIN), "r+b")


def make_file(path: Name, data: bytes = b"", *, private: bool = False, durable: bool = False) -> None:
    """Makes a file that is not there, whole or not at all. Raises FileExistsError, also for a link, and OSError."""
    descriptor = _fresh(path, _PRIVATE if private else _USUAL)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
    except OSError:
        os.unlink(path)
        raise
    if durable:
        with suppress(OSError):
            fsync_folder(os.path.dirname(path) or os.curdir)


def size_to_grow(path: Name) -> int:
    """Bytes of a file that can be gone on with; 0 for one that is missing, no plain file, or not ours alone."""
    try:
        found = os.lstat(path)
    except OSError:
        return 0
    return found.st_size if _is_ours(found) else 0


def open_to_grow(path: Name, size: int) -> IO[bytes]:
    """A file open to go on with from `size` bytes on, what stands behind them cut off; made where it is missing.

    What lies there and is no plain file of ours with this one name (a link, a pipe, a hard link) is taken away, never
    opened for writing; what it led to stays as it is. Raises OSError, also where fewer bytes are there.
    """
    descriptor = None
    try:
        descriptor = os.open(path, os.O_RDWR | _NO_LINKS | _PLAIN | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in _MISLED:
            raise
        os.unlink(path)
    if descriptor is not None and ((_NO_LINKS == 0 and os.path.islink(path)) or not _is_ours(os.fstat(descriptor))):
        os.close(descriptor)
        descriptor = None
        os.unlink(path)
    stream = os.fdopen(_fresh(path, _USUAL) if descriptor is None else descriptor, "r+b")
    try:
        _require_size(stream, size, path)
        stream.truncate(size)
        stream.seek(size)
    except BaseException:
        stream.close()
        raise
    return stream


def _require_size(stream: IO[bytes], size: int, path: Name) -> None:
    if os.fstat(stream.fileno()).st_size < size:
        raise OSError(errno.ESTALE, "it was changed meanwhile", os.fspath(path))


def put_in_place(part: Path, target: Path) -> None:
    """Gives a finished file its name, durable when this returns; a link of that name is replaced. Raises OSError."""
    os.replace(part, target)
    fsync_folder(target.parent)


def move(old: Name, new: Name) -> None:
    """Gives a file, or the link that stands for one, a name that is free. Raises FileExistsError, OSError.

    A second name first, which no system gives to a name that is taken; then the first one goes.
    """
    try:
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        if not _is_other_spelling(os.fspath(old), os.fspath(new)):
            raise
        os.rename(old, new)
    except (OSError, NotImplementedError):  # a disk without such names
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fspath(new)) from None
        os.rename(old, new)
    else:
        try:
            os.unlink(old)
        except OSError:
            os.unlink(new)
            raise


def keep_beside(file: Name, kept: Name) -> None:
    """Gives a file a second name that is free; a copy that only its owner can read, where there are no such names."""
    try:
        os.link(file, kept)
    except FileExistsError:
        raise
    except OSError:
        copy_file(file, kept)


def copy_file(file: Name, copy: Name) -> None:
    """Copies the content of a file to one that is not there, and that only its owner can read. Raises OSError."""
    with open(file, "rb") as source, os.fdopen(_fresh(copy, _PRIVATE), "wb") as stream:
        while chunk := source.read(_CHUNK):
            stream.write(chunk)


def open_lock(path: Name) -> int:
    """A descriptor of a file to lock, made where it is missing; only its owner can read it. Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS | _PLAIN, _PRIVATE)


def make_private_folder(folder: Path, *marks: str, is_ours: bool = False) -> None:
    """Makes a folder that only its owner can enter, with those above it that are missing. Raises OSError.

    One that is there already is closed too if it `is_ours` by its name, is empty, or holds one of `marks`, names that
    may end in `*`: somebody who names a folder full of other things does not want it closed to others.
    """
    missing = [folder]
    while not os.path.lexists(above := missing[-1].parent):
        missing.append(above)
    for one in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(one, _PRIVATE_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), os.fspath(folder))
    if os.name != "posix" or folder.stat().st_mode & 0o077 == 0:
        return
    names = os.listdir(folder)
    if is_ours or not names or any(fnmatchcase(name, mark) for name in names for mark in marks):
        folder.chmod(_PRIVATE_FOLDER)


def make_private_file(path: Path) -> None:
    """Makes an empty file that only its owner can read, unless it is there; a link to one is followed.

    One that is there is not opened: closing it would drop every lock that this process has on it, among them those
    by which SQLite knows that the file is in use. Raises OSError.
    """
    with suppress(FileExistsError):
        make_file(os.path.realpath(path), private=True)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(_PRIVATE)


def _fresh(path: Name, mode: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINKS | _PLAIN, mode)


def _fresh_beside(target: str, ending: str, mode: int) -> tuple[int, str]:
    name = os.path.join(os.path.dirname(target), f"{_BEGINNING}{secrets.token_hex(8)}{ending}")
    return _fresh(name, mode), name


def _sync(file: Path) -> None:
    with open_made(file) as stream:
        os.fsync(stream.fileno())


def _is_ours(found: os.stat_result) -> bool:
    """Whether it is a plain file with one name that belongs to this user; some mounts give root's files to another."""
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        return False
    return os.name != "posix" or os.geteuid() in (0, found.st_uid)


def _plain_at(target: str) -> os.stat_result | None:
    """What is known of a plain file that is to be replaced; None for anything else, whose rights say nothing."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _keep_rights(old: os.stat_result, temporary: str) -> None:
    mode = stat.S_IMODE(old.st_mode)
    if not _same_group(old, temporary):
        mode &= ~0o070 | (mode & 0o007) << 3  # of another group's rights only those stay that all have anyway
    with suppress(PermissionError):  # some mounts know no modes
        os.chmod(temporary, mode)


def _same_group(old: os.stat_result, temporary: str) -> bool:
    """Gives a file its owner and group back, as far as this user may; whether it has the group."""
    for owner in (old.st_uid, -1):  # only root may give files away, but members may set their groups
        with suppress(OSError, AttributeError):
            os.chown(temporary, owner, old.st_gid)
            return True
    return os.stat(temporary).st_gid == old.st_gid


def _is_other_spelling(old: str, new: str) -> bool:
    """Whether both are one entry of a folder that does not tell capitals from small letters."""
    (place, one), (other_place, other) = os.path.split(old), os.path.split(new)
    if place != other_place or one == other or one.casefold() != other.casefold():
        return False
    return other not in os.listdir(place or os.curdir)
