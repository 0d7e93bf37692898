"""Saving: whole or not at all, never over a version that nobody saw."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from storyboard.disk import fsync_folder, open_to_read, refuse_read_only
from storyboard.document.source import SIZE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class ChangedOnDisk(Exception):
    """The file is not what was read: `theirs` is what it holds now (None: it is gone), `mine` what was to be saved."""

    def __init__(self, path: Path, theirs: bytes | None, mine: bytes) -> None:
        super().__init__(f"{path} was changed by another program since it was opened; nothing was written")
        self.theirs = theirs
        self.mine = mine


def fingerprint(data: bytes | None) -> str | None:
    """What tells versions of a file apart; None where there is no file."""
    return None if data is None else sha256(data).hexdigest()


def current(path: Path) -> bytes | None:
    """What a file holds now, None where it is gone.

    Raises OSError where it cannot be read, is no file any more, or has more than `SIZE_LIMIT` bytes.
    """
    try:
        descriptor = open_to_read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no regular file any more", os.fspath(path))
        data = stream.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise OSError(errno.EFBIG, "the file on disk is larger by now than a storyboard may be", os.fspath(path))
    return data


def save(path: Path, data: bytes, *, read: str | None, even_read_only: bool = False) -> bool:
    """Writes a file whose fingerprint was `read` when it was opened, None for one that must not be there yet.

    Whether anything was written: nothing is where the file holds the same already.
    Raises ChangedOnDisk, ReadOnly unless that is allowed, and OSError where the disk refuses; then the old file is
    as it was.
    """
    if current(path) == data:
        return False

    def unseen() -> None:
        theirs = current(path)
        if fingerprint(theirs) != read:
            raise ChangedOnDisk(path, theirs, data)
        if not even_read_only:
            refuse_read_only(path)

    unseen()
    replace_file(path, data, last_look=unseen)
    return True


def replace_file(path: Path, data: bytes, last_look: Callable[[], None] = lambda: None) -> None:
    """Puts a file's new content in place as `replacing` does.

    `last_look` is called when all is written but nothing replaced yet; what it raises leaves the old file.
    """
    with replacing(path, last_look) as stream:
        stream.write(data)


@contextlib.contextmanager
def replacing(path: Path, last_look: Callable[[], None] = lambda: None) -> Iterator[IO[bytes]]:
    """A stream whose content takes a file's place in one step, durable at the end; mode, owner and links are kept.

    What is raised within, or by `last_look`, leaves the old file.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    descriptor, temporary = tempfile.mkstemp(prefix=".storyboard-", suffix=".tmp", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _keep_rights(target, temporary)
        last_look()
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    with contextlib.suppress(OSError):  # the file is whole and in place, whatever its folder allows
        fsync_folder(folder)


def _keep_rights(target: str, temporary: str) -> None:
    try:
        old = os.stat(target)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    else:
        mode = stat.S_IMODE(old.st_mode)
        if not _same_group(old, temporary):
            mode &= ~0o070 | (mode & 0o007) << 3  # of another group's rights only those stay that all have anyway
    with contextlib.suppress(PermissionError):  # some mounts know no modes
        os.chmod(temporary, mode)


def _same_group(old: os.stat_result, temporary: str) -> bool:
    """Gives a file its owner and group back, as far as this user may; whether it has the group."""
    for owner in (old.st_uid, -1):  # only root may give files away, but members may set their groups
        with contextlib.suppress(OSError, AttributeError):
            os.chown(temporary, owner, old.st_gid)
            return True
    return os.stat(temporary).st_gid == old.st_gid
