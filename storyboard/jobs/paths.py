"""Where the tool keeps what it must not lose."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600


def state_folder() -> Path:
    """The ledger's folder: STORYBOARD_STATE_DIR, else the platform's folder for state."""
    if named := os.environ.get("STORYBOARD_STATE_DIR"):
        return Path(named).expanduser()
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "storyboard"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "storyboard"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state") / "storyboard"


def make_private_folder(folder: Path, *marks: str) -> None:
    """Makes a folder that only its owner can enter.

    One that is there already is closed too if it is empty or holds one of `marks`: somebody who names a
    folder full of other things does not want it closed to others.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    if os.name != "posix" or folder.stat().st_mode & 0o077 == 0:
        return
    entries = {entry.name for entry in os.scandir(folder)}
    if not entries or entries & set(marks):
        folder.chmod(_PRIVATE_FOLDER)


def make_private_file(path: Path) -> None:
    """Makes an empty file that only its owner can read, unless it is there."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(_PRIVATE_FILE)
