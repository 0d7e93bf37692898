"""Where the tool keeps what it must not lose."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from storyboard.writing import make_private_folder

_STATE = ("ledger.sqlite3", "crash-????????-??????-??????.txt")
"""By what a state folder is known that somebody named."""


def home_folder() -> Path:
    """The user's home: HOME where it is a path from the root, else what the system knows of this user.

    Raises RuntimeError where none is known. An empty HOME would be the root of the disk, or the current folder.
    """
    if sys.platform == "win32" or os.path.isabs(os.environ.get("HOME", "")):
        return Path.home()
    import pwd

    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        home = ""
    if not os.path.isabs(home):
        raise RuntimeError("no home folder is known")
    return Path(home)


def expanded(path: str) -> str:
    """A path with the home folder in place of `~`; as it is where no home is known, or another user's is meant."""
    first, slash, rest = path.partition("/")
    if first != "~":
        return os.path.expanduser(path)
    try:
        return f"{home_folder()}{slash}{rest}"
    except RuntimeError:
        return path


def required_home(path: str) -> str:
    """A path with the home folder in place of `~`; raises RuntimeError where that home folder is not known."""
    if (found := expanded(path)).startswith("~"):
        raise RuntimeError("no home folder is known")
    return found


def xdg_folder(name: str) -> str | None:
    """What a variable of the XDG Base Directory Specification names; a relative path counts as none, as it says."""
    named = os.environ.get(name, "")
    return named if os.path.isabs(named) else None


def state_folder() -> Path:
    """The ledger's folder: STORYBOARD_STATE_DIR, else the platform's folder for state.

    Raises RuntimeError where that is in a home folder, and that one is not known.
    """
    if named := os.environ.get("STORYBOARD_STATE_DIR"):
        return Path(required_home(named))
    if sys.platform not in ("darwin", "win32") and (base := xdg_folder("XDG_STATE_HOME")):
        return Path(base) / "storyboard"
    home = home_folder()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "storyboard"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "storyboard"
    return home / ".local" / "state" / "storyboard"


def settings_file() -> Path:
    """The user's own settings: STORYBOARD_CONFIG, else `editor.toml` in the platform's folder for configuration.

    Raises RuntimeError where that is in a home folder, and that one is not known.
    """
    if named := os.environ.get("STORYBOARD_CONFIG"):
        return Path(required_home(named))
    base = xdg_folder("XDG_CONFIG_HOME")
    if not base and sys.platform == "darwin":
        return home_folder() / "Library" / "Application Support" / "storyboard" / "editor.toml"
    return Path(base or home_folder() / ".config") / "storyboard" / "editor.toml"


def make_state_folder(folder: Path) -> None:
    """Makes a state folder; the platform's, and one that holds what storyboard keeps, is closed to others.

    Raises OSError.
    """
    try:
        is_ours = "STORYBOARD_STATE_DIR" not in os.environ and folder == state_folder()
    except RuntimeError:
        is_ours = False
    make_private_folder(folder, *_STATE, is_ours=is_ours)
