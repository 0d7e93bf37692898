"""Saving: whole or not at all, never over a version that nobody saw."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from hashlib import sha256
from typing import TYPE_CHECKING

from storyboard.disk import fsync_folder

if TYPE_CHECKING:
    from pathlib import Path


class ChangedOnDisk(Exception):
    """The file is not what was read: `theirs` is what it holds now (None: it is gone), `mine` what was to be saved."""

    def __init__(self, path: Path, theirs: bytes | None, mine: bytes) -> None:
        super().__init__(f"{path} was changed by another program since it was opened; nothing was written")
        self.theirs = theirs
        self.mine = mine


def fingerprint(data: bytes) -> str:
    """What tells versions of a file apart."""
    return sha256(data).hexdigest()


def current(path: Path) -> bytes | None:
    """What a file holds now, None where it is gone."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def save(path: Path, data: bytes, *, read: str | None) -> bool:
    """Writes a file whose fingerprint was `read` when it was opened, None for one that must not be there yet.

    Whether anything was written: nothing is where the file holds the same already.
    Raises ChangedOnDisk, and OSError where the disk refuses; then the old file is as it was.
    """
    theirs = current(path)
    if theirs == data:
        return False
    if (fingerprint(theirs) if theirs is not None else None) != read:
        raise ChangedOnDisk(path, theirs, data)
    replace_file(path, data)
    return True


def replace_file(path: Path, data: bytes) -> None:
    """Puts a file's new content in place in one step, durable when this returns; mode, owner and links are kept."""
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)[:100]}.", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _keep_rights(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    fsync_folder(folder)


def _keep_rights(target: str, temporary: str) -> None:
    try:
        old = os.stat(target)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        return
    with contextlib.suppress(OSError, AttributeError):  # only root may give files away
        os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))
