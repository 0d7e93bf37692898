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
