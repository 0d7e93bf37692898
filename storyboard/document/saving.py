"""Saving: whole or not at all, never over a version that nobody saw."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

from storyboard.disk import open_to_read, refuse_read_only
from storyboard.document.source import SIZE_LIMIT
from storyboard.writing import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
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
    """Puts a storyboard's new content in place as `storyboard.writing.replacing` does, links to it followed.

    Raises OSError, also where a link leads to no file: nobody knows what would be made there.
    """
    target = os.path.realpath(path)
    if os.path.islink(path) and not os.path.lexists(target):
        raise OSError(errno.ENOENT, f"it is a link to {target}, which is not there", os.fspath(path))
    with replacing(target, last_look) as stream:
        stream.write(data)
