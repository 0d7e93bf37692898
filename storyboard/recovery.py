"""Unsaved text kept in the state folder while a storyboard is edited, and found again after a crash."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import weakref
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from storyboard.jobs.holders import is_dead, own_name
from storyboard.jobs.paths import make_state_folder, state_folder
from storyboard.writing import make_private_folder, open_lock, replace_file, sweep

try:
    import fcntl
except ImportError:  # not on this platform: every file is taken for one that was left behind
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = "recovery"
_LARGEST = 4 * 1024 * 1024
_LONGEST_NAME = 500
_own: set[str] = set()
"""Stems of this process's own files: what it has forgotten itself, nobody is editing."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """Unsaved text of an editing session that did not end cleanly."""

    data: bytes
    read: str | None
    """Fingerprint of the file that was being edited, None for one that was not there yet."""
    written_at: float
    """Seconds since 1970."""
    place: Path
    """Where it is kept until `forget`."""


class Recovery:
    """What one editing session keeps; no other session touches it while this one lives."""

    def __init__(self, path: Path) -> None:
        self._path = _real(path)
        self._name = f"{_stem(self._path)}.{os.urandom(4).hex()}.json"
        self._place: Path | None = None
        self._unlock: weakref.finalize[..., Recovery] | None = None

    @property
    def place(self) -> Path:
        """Where it is kept, if anything is. Raises OSError where there is no place for it."""
        if self._place is None:
            self._place = _folder() / self._name
        return self._place

    def keep(self, data: bytes, read: str | None) -> None:
        """Keeps the unsaved text; what was kept before is replaced whole or not at all. Raises OSError."""
        if self._unlock is None:
            self._claim()
        place = self.place
        content = {"path": self._path, "read": read, "text": data.decode(errors="surrogateescape")}
        replace_file(place, json.dumps(content).encode("ascii"), private=True)

    def drop(self) -> None:
        """There is nothing unsaved any more. Raises OSError."""
        if self._unlock is not None:
            self.place.unlink(missing_ok=True)

    def close(self) -> None:
        """A clean end: nothing is left behind. Raises OSError."""
        if self._unlock is None:
            return
        self._unlock()
        self._unlock = None
        _own.discard(self.place.stem)
        forget(self.place)

    def _claim(self) -> None:
        """Holds a lock as long as this process lives, whatever ends it."""
        place = self.place
        make_state_folder(place.parent.parent)
        make_private_folder(place.parent, is_ours=True)
        sweep(place.parent)
        descriptor = open_lock(_lock_of(place))
        self._unlock = weakref.finalize(self, os.close, descriptor)
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a file system without locks: only the name tells then
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(descriptor, own_name().encode())
        _own.add(self.place.stem)


def find(path: Path, besides: Path | None = None) -> Recovered | None:
    """The newest unsaved text that a session of this file left behind, `besides` aside; None where there is none."""
    real = _real(path)
    try:
        files = list(_folder().glob(f"{_stem(real)}.*.json"))
    except OSError:
        return None
    found = [_read(file, real) for file in files if file != besides and not _is_held(file)]
    return max((one for one in found if one is not None), key=lambda one: one.written_at, default=None)


def forget(place: Path) -> None:
    """Deletes what was kept there, because it was saved, taken over or given up. Raises OSError."""
    for file in (place, place.with_suffix(".new"), _lock_of(place)):
        file.unlink(missing_ok=True)


def _read(file: Path, real: str) -> Recovered | None:
    try:
        if file.stat().st_size > _LARGEST:
            return None
        content = json.loads(file.read_text(encoding="ascii"))
        text, read = content["text"], content["read"]
        if content["path"] != real or not isinstance(text, str) or not isinstance(read, str | None):
            return None
        return Recovered(text.encode(errors="surrogateescape"), read, file.stat().st_mtime, file)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_held(file: Path) -> bool:
    """Whether another living process keeps this file, or may: what cannot be known counts as held."""
    if fcntl is None or file.stem in _own:
        return False
    try:
        with _lock_of(file).open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:  # a file system without locks: whose it is stands in the file
                return not is_dead(stream.read(_LONGEST_NAME).decode(errors="replace"))
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _folder() -> Path:
    try:
        return state_folder() / _FOLDER
    except RuntimeError:
        raise FileNotFoundError(errno.ENOENT, "no home folder is known") from None


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _stem(real: str) -> str:
    return sha256(real.encode(errors="surrogateescape")).hexdigest()[:32]


def _lock_of(file: Path) -> Path:
    return file.with_suffix(".lock")
