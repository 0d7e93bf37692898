"""Where the tool keeps what it must not lose, whatever the environment says of a home folder."""

from __future__ import annotations

import errno
import fcntl
import pwd
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from storyboard.disk import has_locks
from storyboard.jobs.ledger_errors import from_sqlite
from storyboard.jobs.paths import expanded, state_folder
from storyboard.preview.typefaces import font_folders
from storyboard.tui import preferences


@pytest.fixture(autouse=True)
def _no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "STORYBOARD_STATE_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


def known_home(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """What the system knows of this user."""
    monkeypatch.setattr(pwd, "getpwuid", lambda _: SimpleNamespace(pw_dir=home))


@pytest.mark.skipif(sys.platform == "darwin", reason="other folders")
@pytest.mark.parametrize("home", [None, "", "films", "./", "~"])
def test_a_home_that_is_no_path_is_none(monkeypatch: pytest.MonkeyPatch, home: str | None) -> None:
    """Not the root of the disk, nor whatever folder this runs in: the one that the system knows."""
    if home is not None:
        monkeypatch.setenv("HOME", home)
    known_home(monkeypatch, "/home/keeper")
    assert state_folder() == Path("/home/keeper/.local/state/storyboard")
    assert expanded("~/films") == "/home/keeper/films"
    assert expanded("~") == "/home/keeper"
    assert expanded("a/~") == "a/~"


@pytest.mark.parametrize("home", ["", "relative"])
def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """No folder is made up; a folder that is named is enough."""
    monkeypatch.setenv("HOME", "")
    known_home(monkeypatch, home)
    with pytest.raises(RuntimeError, match="no home folder is known"):
        state_folder()
    assert expanded("~/films") == "~/films"
    monkeypatch.setenv("STORYBOARD_STATE_DIR", "/srv/state")
    assert state_folder() == Path("/srv/state")


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="other folders")
@pytest.mark.parametrize("base", ["relstate", "~/st", "./", ""])
def test_a_relative_xdg_folder_counts_as_none(monkeypatch: pytest.MonkeyPatch, base: str) -> None:
    """As its specification says: a ledger in each current folder would pay twice."""
    monkeypatch.setenv("HOME", "/home/keeper")
    monkeypatch.setenv("XDG_STATE_HOME", base)
    monkeypatch.setenv("XDG_CONFIG_HOME", base)
    monkeypatch.delenv("STORYBOARD_CONFIG", raising=False)
    assert state_folder() == Path("/home/keeper/.local/state/storyboard")
    assert preferences.place() == Path("/home/keeper/.config/storyboard/editor.toml")
    fonts = font_folders({"HOME": "/home/keeper", "XDG_DATA_HOME": base, "XDG_DATA_DIRS": base}, "linux")
    assert all(folder.is_absolute() for folder in fonts)
    monkeypatch.setenv("XDG_STATE_HOME", "/srv/xdg")
    assert state_folder() == Path("/srv/xdg/storyboard")


@pytest.mark.parametrize("named", ["~/x", "~", "~nobody-of-this-name/x"])
def test_a_home_that_is_not_known_names_no_folder(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """A folder called `~` would be made in the current one."""
    monkeypatch.setenv("HOME", "")
    known_home(monkeypatch, "")
    monkeypatch.setenv("STORYBOARD_STATE_DIR", named)
    monkeypatch.setenv("STORYBOARD_CONFIG", named)
    for place in (state_folder, preferences.place):
        with pytest.raises(RuntimeError, match="no home folder is known"):
            place()


def test_a_disk_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it locked; it is not, and waiting does not help."""
    locked = sqlite3.OperationalError("database is locked")
    assert has_locks(tmp_path)
    assert "is locked" in str(from_sqlite(locked, tmp_path / "ledger.sqlite3"))

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", refuse)
    assert not has_locks(tmp_path)
    words = str(from_sqlite(locked, tmp_path / "ledger.sqlite3"))
    assert "knows no locks" in words
    assert "STORYBOARD_STATE_DIR" in words
    assert list(tmp_path.iterdir()) == []
