"""Unsaved text after a crash: found again, never destroyed by others, never written over what nobody saw."""

from __future__ import annotations

import errno
import json
import os
import pwd
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from storyboard import recovery
from storyboard.document import DocumentError
from storyboard.document.saving import ChangedOnDisk
from storyboard.session import Session

if TYPE_CHECKING:
    from pathlib import Path

BOARD = "title: Harbour\nshots:\n  - seconds: 3\n    prompt: A hand\n"
# Edits, says so, and waits to be killed.
EDITOR = (
    "import sys, time; from pathlib import Path; from storyboard.session import Session\n"
    "s = Session.open(Path(sys.argv[1])); s.set(('title',), sys.argv[2]); print('go', flush=True); time.sleep(60)\n"
)

# What a file system without locks answers, as NFS without its lock daemon.
WITHOUT_LOCKS = (
    "import errno, fcntl\ndef refuse(*_): raise OSError(errno.ENOLCK, 'No locks available')\nfcntl.flock = refuse\n"
)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder."""
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system does not know, as in a container."""

    def unknown(_: int) -> None:
        raise KeyError

    for name in ("HOME", "STORYBOARD_STATE_DIR", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A storyboard on disk."""
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    return file


def editor(board: Path, title: str, before: str = "") -> subprocess.Popen[bytes]:
    """Another process that edits the storyboard and does not save."""
    process = subprocess.Popen([sys.executable, "-c", before + EDITOR, str(board), title], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a crash or an impatient person does."""
    with process:
        process.send_signal(signal.SIGKILL)


def left_behind(board: Path, title: str) -> None:
    """A session that ended without a word."""
    kill(editor(board, title))


def title_of(found: recovery.Recovered | None) -> str | None:
    """The title in recovered text."""
    return None if found is None else found.data.decode().splitlines()[0].removeprefix("title: ")


def test_text_of_a_living_process_is_its_own(board: Path) -> None:
    """While somebody else edits, nothing is offered, and nothing that others do takes their text away."""
    process = editor(board, "LONG WORK")
    mine = Session.open(board)
    assert mine.recoverable() is None
    mine.set(("title",), "Mine")
    mine.undo()
    mine.reload()
    mine.close()
    kill(process)
    assert title_of(Session.open(board).recoverable()) == "LONG WORK"


def test_text_left_behind_waits_until_somebody_decides(board: Path) -> None:
    """Opening, editing, saving and closing leave it alone; taking it over or giving it up ends it."""
    left_behind(board, "LONG WORK")
    other = Session.open(board)
    other.set(("title",), "Mine")
    other.save()
    other.close()
    again = Session.open(board)
    found = again.recoverable()
    assert title_of(found) == "LONG WORK"
    assert found is not None
    again.give_up(found)
    assert again.recoverable() is None


def test_the_newest_is_offered_first_and_none_is_lost(board: Path) -> None:
    """Two crashes leave two texts."""
    left_behind(board, "First")
    left_behind(board, "Second")
    session = Session.open(board)
    found = session.recoverable()
    assert title_of(found) == "Second"
    assert found is not None
    session.recover(found)
    assert title_of(session.recoverable()) == "First"


def test_recovered_text_is_kept_under_its_new_owner(board: Path) -> None:
    """A second crash after recovering loses nothing either; saving ends it."""
    left_behind(board, "LONG WORK")
    session = Session.open(board)
    found = session.recoverable()
    assert found is not None
    session.recover(found)
    assert title_of(Session.open(board).recoverable()) == "LONG WORK"
    session.save()
    assert Session.open(board).recoverable() is None


def test_recovered_text_is_not_saved_over_a_version_nobody_saw(board: Path) -> None:
    """What another program wrote after the crash counts as changed on disk."""
    left_behind(board, "MINE")
    board.write_text(BOARD.replace("Harbour", "v2"), encoding="utf-8")
    session = Session.open(board)
    found = session.recoverable()
    assert found is not None
    session.recover(found)
    change = session.changed_on_disk()
    assert change is not None
    with pytest.raises(ChangedOnDisk):
        session.save()
    assert "v2" in board.read_text(encoding="utf-8")
    session.save(over=change)
    assert "MINE" in board.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_text_can_be_recovered_where_the_file_cannot_be_read(board: Path, damage: str) -> None:
    """A file that is gone or broken hides nothing."""
    left_behind(board, "LONG WORK")
    if damage == "gone":
        board.unlink()
    else:
        board.write_text("shots: [", encoding="utf-8")
    with pytest.raises(DocumentError):
        Session.open(board)
    found = recovery.find(board)
    assert found is not None
    session = Session.open_recovered(board, found)
    assert session.dirty
    assert session.document.data["title"] == "LONG WORK"
    assert session.changed_on_disk() is not None


def test_undo_after_recovery_gives_the_bytes_on_disk(board: Path) -> None:
    """A byte order mark and line ends included."""
    left_behind(board, "MINE")
    board.write_bytes(b"\xef\xbb\xbf" + BOARD.replace("\n", "\r\n").encode())
    session = Session.open(board)
    found = session.recoverable()
    assert found is not None
    session.recover(found)
    session.undo()
    assert session.document.to_bytes() == board.read_bytes()


def test_text_that_was_saved_after_all_is_not_offered(board: Path) -> None:
    """Killed between writing the file and forgetting the copy: nothing is missing."""
    left_behind(board, "MINE")
    board.write_text(BOARD.replace("Harbour", "MINE"), encoding="utf-8")
    assert Session.open(board).recoverable() is None
    assert recovery.find(board) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[" * 200_000,
        "{}",
        '{"path": 1, "read": null, "text": "x"}',
        '{"path": PATH, "read": 7, "text": "x"}',
        '{"path": PATH, "read": null, "text": null}',
        '{"path": "/elsewhere", "read": null, "text": "x"}',
        "é",
    ],
)
def test_a_broken_copy_is_no_copy(board: Path, state: Path, content: str) -> None:
    """What is not a copy of this file is never offered and never an error."""
    left_behind(board, "MINE")
    (file,) = (state / "recovery").glob("*.json")
    file.write_text(content.replace("PATH", json.dumps(str(board))), encoding="utf-8")
    assert Session.open(board).recoverable() is None


def test_recovered_text_that_does_not_parse_changes_nothing(board: Path, state: Path) -> None:
    """It stays where it is, for a person to look at."""
    left_behind(board, "MINE")
    (file,) = (state / "recovery").glob("*.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"text": "shots: ["}))
    session = Session.open(board)
    found = session.recoverable()
    assert found is not None
    with pytest.raises(DocumentError):
        session.recover(found)
    assert session.document.to_bytes() == BOARD.encode()
    assert file.exists()


def test_a_clean_end_leaves_nothing(board: Path, state: Path) -> None:
    """No copy, no lock."""
    session = Session.open(board)
    session.set(("title",), "x")
    session.save()
    session.close()
    assert list((state / "recovery").iterdir()) == []


def test_copies_are_private(board: Path, state: Path) -> None:
    """Storyboards may be secret: folder and files are readable by their owner alone."""
    old = os.umask(0o022)
    try:
        Session.open(board).set(("title",), "x")
    finally:
        os.umask(old)
    for path in (state, state / "recovery", *(state / "recovery").iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_without_locks_a_living_process_keeps_its_text(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is offered or deleted, not even where it says the same; once the process is dead it is found."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("storyboard.recovery.fcntl.flock", refuse)
    process = editor(board, "LONG WORK", WITHOUT_LOCKS)
    mine = Session.open(board)
    assert mine.recoverable() is None
    mine.set(("title",), "LONG WORK")
    assert mine.recoverable() is None
    mine.undo()
    mine.close()
    kill(process)
    assert title_of(Session.open(board).recoverable()) == "LONG WORK"


def test_a_lock_that_tells_nothing_is_held(board: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose a text is cannot be known: it is left to whoever may have it."""
    left_behind(board, "LONG WORK")
    (lock,) = (state / "recovery").glob("*.lock")
    lock.write_bytes(b"")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("storyboard.recovery.fcntl.flock", refuse)
    assert recovery.find(board) is None
    assert len(list((state / "recovery").glob("*.json"))) == 1


def test_without_a_home_folder_editing_goes_on(board: Path, no_home: None) -> None:
    """Nothing is kept, which is known, and saving works."""
    session = Session.open(board)
    assert session.recoverable() is None
    session.set(("title",), "New")
    assert str(session.file.unkept).endswith("no home folder is known")
    session.save()
    session.close()
    assert "title: New" in board.read_text(encoding="utf-8")
