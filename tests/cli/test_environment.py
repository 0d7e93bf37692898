"""The environment: wrong values in every variable, state that cannot be kept, `doctor`."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.folder_names import fault_of_name
from storyboard.jobs.ledger import FILE_NAME
from tests.cli.desk import CLEAN
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk
    from tests.provider import Provider

WRONG = (
    ("RUNWARE_BASE_URL", "api.runware.ai"),
    ("RUNWARE_BASE_URL", "http://api.runware.ai/v1"),
    ("RUNWARE_BASE_URL", "https://"),
    ("RUNWARE_BASE_URL", "https://:8000"),
    ("RUNWARE_BASE_URL", "http://["),
    ("RUNWARE_BASE_URL", "file:///etc/passwd"),
    ("RUNWARE_API_KEY", "two words"),
    ("RUNWARE_API_KEY", "ключ"),
    ("RUNWARE_API_KEY", "new\nline"),
    ("STORYBOARD_HTTP_TIMEOUT", "soon"),
    ("STORYBOARD_HTTP_TIMEOUT", "0"),
    ("STORYBOARD_HTTP_TIMEOUT", "-1"),
    ("STORYBOARD_HTTP_TIMEOUT", "1e999"),
    ("STORYBOARD_POLL_INTERVAL", "nan"),
    ("STORYBOARD_POLL_INTERVAL", "5s"),
)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_values_are_named_before_anything_is_sent(
    desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The variable's name is in the words, a key's value is not; nothing is written down or sent."""
    desk.write("film.yaml")
    monkeypatch.setenv(name, value)
    said = desk.run("submit", "film.yaml", "--yes")
    assert (said.code, said.out) == (6, "")
    assert name in said.err
    assert name != "RUNWARE_API_KEY" or value not in said.err
    assert provider.requests == []
    assert not os.path.exists("../state")
    doctor = desk.run("doctor")
    assert doctor.code == 0
    assert name in doctor.out


def test_state_that_is_no_folder(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the ledger's place: exit code 6, with the variable to set, in every command that needs it."""
    desk.write("film.yaml")
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(desk.folder / "film.yaml"))
    for line in ("submit film.yaml --sandbox", "resume", "jobs", "jobs show a"):
        said = desk.run(*line.split())
        assert said.code == 6
        assert "STORYBOARD_STATE_DIR" in said.err
    assert "STORYBOARD_STATE_DIR" in desk.run("doctor").out


def test_state_that_cannot_be_made(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a ledger nothing is paid: exit code 6, the place and the cause."""
    desk.write("film.yaml")
    monkeypatch.setenv("STORYBOARD_STATE_DIR", "/proc/nowhere")
    said = desk.run("submit", "film.yaml", "--yes")
    assert said.code == 6
    assert "/proc/nowhere" in said.err
    assert provider.requests == []


def test_damaged_ledger(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """A ledger that is none is never replaced: exit code 6, what to do, nothing sent."""
    desk.write("film.yaml")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE_NAME).write_bytes(b"not a database, " * 500)
    for line in ("submit film.yaml --yes", "resume", "jobs"):
        said = desk.run(*line.split())
        assert said.code == 6
        assert FILE_NAME in said.err
        assert "bug" not in said.err
    assert FILE_NAME in desk.run("doctor").out
    assert provider.requests == []
    assert (tmp_path / "state" / FILE_NAME).read_bytes() == b"not a database, " * 500


def test_ledger_of_a_newer_version(desk: Desk, tmp_path: Path) -> None:
    """What a newer version wrote is left alone, exit code 6."""
    (tmp_path / "state").mkdir()
    connection = sqlite3.connect(tmp_path / "state" / FILE_NAME)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    said = desk.run("jobs")
    assert said.code == 6
    assert "newer" in said.err


def test_no_home(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without a home folder is told which variable names one."""

    def no_home(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    desk.write("film.yaml")
    monkeypatch.delenv("STORYBOARD_STATE_DIR")
    monkeypatch.setattr(Path, "home", no_home)
    for line in ("submit film.yaml --sandbox", "resume", "jobs"):
        said = desk.run(*line.split())
        assert said.code == 6
        assert "STORYBOARD_STATE_DIR" in said.err
    assert desk.run("check", "film.yaml").code == 0


def test_current_folder_that_is_gone(desk: Desk) -> None:
    """Words and an exit code, also where there is no place to stand: a folder that is gone is no empty one."""
    said = desk.shell(
        'mkdir gone; cd gone; rmdir ../gone; for c in check "check ." "cost ." "new film" "submit x.yaml"; '
        'do "$S" $c; echo "=$?" >&2; done'
    )
    assert "Traceback" not in said.err
    assert "bug" not in said.err
    assert [line for line in said.err.splitlines() if line.startswith("=")] == ["=2"] * 5
    assert said.err.count("the current folder is gone") == 5
    desk.write("film.yaml", CLEAN)
    desk.write("film.txt", "shot 1, 3, Wide shot of a harbour;")
    lines = (
        "sheet ../film.yaml", "animatic ../film.yaml -o q.mp4", "import ../film.txt -o q.storyboard.yaml",
        "serve x.yaml",
        "merge a b c", "compile x.yaml", "check x.yaml",
    )  # fmt: skip
    for line in lines:
        absolute = line.replace("..", str(desk.folder))
        said = desk.shell(f'mkdir -p gone; cd gone; rmdir ../gone; "$S" {absolute}')
        assert (said.code, said.out) == (2, ""), line
        assert "the current folder is gone: change to one that is there" in said.err, line


def test_the_editor_in_a_current_folder_that_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so at once of a file, and in the folder when a new one is named."""
    (desk.folder / "gone").mkdir()
    monkeypatch.chdir("gone")
    (desk.folder / "gone").rmdir()
    with Terminal("edit", "film.storyboard.yaml") as terminal:
        assert terminal.end() == 2
        assert "the current folder is gone" in terminal.shown
    assert fault_of_name(".", "film") == "this folder is gone"
    assert fault_of_name(str(desk.folder / "gone"), "film") == "this folder is gone"


def test_bug_is_one_line_and_a_report(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback helps nobody at a terminal: it is kept on disk, without values, groups of errors taken apart."""
    desk.write("film.yaml")
    secret = "-".join("s3cr3t")

    def fail(*_: object) -> None:
        raise ExceptionGroup("several", [ValueError(f"the key is {secret}")])

    monkeypatch.setattr("storyboard.cli.check_command.check_input", fail)
    said = desk.run("check", "film.yaml")
    assert said.code == 70
    assert said.err.startswith("storyboard: this is a bug (ValueError); a report lies in ")
    (report,) = (tmp_path / "state").glob("crash-*.txt")
    assert "test_environment.py" in report.read_text()
    assert secret not in report.read_text() + said.err


def test_doctor_says_what_is_set_up(desk: Desk, provider: Provider) -> None:
    """Key, service, ledger and extras, without the key's value, sending nothing."""
    said = desk.run("doctor")
    assert said.code == 0
    assert provider.url in said.out
    assert provider.key not in said.out
    assert [line.split()[0] for line in said.out.splitlines()] == [
        "storyboard", "key", "service", "network", "pace", "ledger", "terminal", "preview", "sandbox", "web", "farm",
    ]  # fmt: skip
    assert provider.requests == []


def test_doctor_says_that_no_ledger_can_be_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the place and the variable to set, before a job is to be written there."""
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(desk.folder / "locked" / "state"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    (line,) = (line for line in desk.run("doctor").out.splitlines() if line.startswith("ledger"))
    assert f"cannot be made: nothing can be written in {desk.folder}" in line
    assert "STORYBOARD_STATE_DIR" in line
