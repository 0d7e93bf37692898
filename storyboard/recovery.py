"""Unsaved text kept in the state folder while a storyboard is edited, and found again after a crash."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from storyboard.jobs.paths import make_private_file, make_private_folder, state_folder

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = "recovery"


@dataclass(frozen=True, slots=True)
class Recovered:
    """Unsaved text of an editing session that did not end cleanly."""

    data: bytes
    read: str | None
    """Fingerprint of the file that was being edited, None for one that was not there yet."""
    written_at: float
    """Seconds since 1970."""


class Recovery:
    """One storyboard's recovery file."""

    def __init__(self, path: Path) -> None:
        real = os.path.realpath(path)
        name = sha256(real.encode(errors="surrogateescape")).hexdigest()[:32]
        self._folder = state_folder() / _FOLDER
        self._file = self._folder / f"{name}.json"
        self._path = real

    def keep(self, data: bytes, read: str | None) -> None:
        """Keeps the unsaved text; what was kept before is replaced whole or not at all."""
        make_private_folder(self._folder)
        temporary = self._file.with_suffix(f".{os.getpid()}")
        make_private_file(temporary)
        content = {"path": self._path, "read": read, "pid": os.getpid(), "text": data.decode(errors="surrogateescape")}
        temporary.write_text(json.dumps(content), encoding="ascii")
        temporary.replace(self._file)

    def drop(self) -> None:
        """The text was saved or given up: nothing is left to recover."""
        self._file.unlink(missing_ok=True)

    def find(self) -> Recovered | None:
        """What an earlier session left; None where it left nothing, or is still alive."""
        try:
            content = json.loads(self._file.read_text(encoding="ascii"))
            data = str(content["text"]).encode(errors="surrogateescape")
            pid, read = int(content["pid"]), content["read"]
            written_at = self._file.stat().st_mtime
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if pid != os.getpid() and _is_alive(pid):
            return None
        return Recovered(data, read if isinstance(read, str) else None, written_at)


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
