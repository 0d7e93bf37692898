"""A disk that is full, and folders that cannot be written: a clear line, exit 3, nothing lost, and `resume` works."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs import download, ledger
from storyboard.jobs.parts import note_of, part_of
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once

if TYPE_CHECKING:
    from tests.jobs.studio import Studio


def _full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("place", ["video", "receipt", "name", "folder"])
def test_a_full_disk_while_a_video_is_written(studio: Studio, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """The job stays ready and is brought home when there is room; no broken file stands under its name."""
    if place == "video":
        monkeypatch.setattr(download, "_write", _fail_late)
    elif place == "folder":
        monkeypatch.setattr(Path, "mkdir", _mkdir_but_not_renders)
    else:
        monkeypatch.setattr("storyboard.jobs.delivery." + {"receipt": "write_receipt", "name": "allot"}[place], _full)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "ready", "undelivered")
    assert "no space left on device" in ran.line["error"]["message"]
    assert "storyboard resume" in ran.line["error"]["message"]
    assert ("film-1.mp4" in studio.files()) is (place == "receipt")
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


async def _fail_late(part: Any, target: Path, whose: dict[str, Any]) -> None:
    async for chunk in part.chunks:
        part_of(target).write_bytes(chunk[:1000])
        note_of(target).write_text(json.dumps(whose))
        _full()


def _mkdir_but_not_renders(self: Path, *arguments: Any, **options: Any) -> None:
    if self.name == "renders":
        _full()
    os.makedirs(self, exist_ok=True)


@pytest.mark.parametrize("when", ["INSERT OR IGNORE INTO jobs", "sent_at = coalesce", "INSERT INTO results", "COMMIT"])
def test_a_full_disk_under_the_ledger(studio: Studio, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """What cannot be written down is not sent, or is asked for again: one bill, exit 3, and later it is done."""
    real = sqlite3.Connection.execute
    failing = [True]

    class Full(ledger._Connection):
        def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
            if failing[0] and when in sql and (when != "COMMIT" or self.total_changes > 3):
                with self.own_errors():
                    real(self, "ROLLBACK")
                    raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *arguments)

    monkeypatch.setattr(ledger, "_Connection", Full)
    board = studio.board()
    ran = studio.submit(board)
    assert ran.code == 3
    assert "database or disk is full" in ran.err
    failing[0] = False
    assert_done(studio, studio.submit(board))
    assert_paid_once(studio, 1)


def test_the_output_folder_has_become_a_file(studio: Studio) -> None:
    """It is said, the video is kept at the service, and another folder can be named."""
    studio.killed("submit", studio.board(), "--yes", at="after_ready")
    (studio.folder / "renders").write_text("mine")
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (6, "ready", "environment")
    assert "renders" in ran.line["error"]["message"]
    assert "--out" in ran.line["error"]["message"]
    ran = studio.resume("--out", "elsewhere")
    assert_done(studio, ran)
    assert ran.line["takes"][0]["path"] == "elsewhere/film-1.mp4"
    assert (studio.folder / "renders").read_text() == "mine"
    assert_paid_once(studio, 1)


@pytest.mark.parametrize(
    ("at", "left"), [("mid_download", []), ("after_rename", ["film-1.mp4"]), ("after_receipt", ["film-1.mp4"])]
)
def test_another_folder_after_a_death(studio: Studio, at: str, left: list[str]) -> None:
    """What was begun in the old folder is not left there; what was finished there stays."""
    studio.killed("submit", studio.board(takes=2), "--yes", at=at)
    ran = studio.resume("--out", "elsewhere")
    assert_done(studio, ran)
    assert [take["path"] for take in ran.line["takes"]] == ["elsewhere/film-1.mp4", "elsewhere/film-2.mp4"]
    assert [name for name in studio.files() if not name.endswith(".mp4.json")] == left
    assert_paid_once(studio, 1)


def test_the_output_folder_cannot_be_written(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a folder without permission."""
    real = os.open

    def denied(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if str(path).endswith(".part"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", denied)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"]) == (6, "ready")
    assert "permission denied" in ran.line["error"]["message"]
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)
