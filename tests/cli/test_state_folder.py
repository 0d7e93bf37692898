"""A state folder that cannot be looked into is not an empty one: no command says that nothing was paid."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs import ledger
from tests.cli.desk import BOARD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

COMMANDS = (
    ("resume",),
    ("resume", "abc"),
    ("jobs",),
    ("jobs", "totals"),
    ("jobs", "show", "abc"),
    ("jobs", "forget", "abc"),
    ("jobs", "rebuild"),
    ("submit", "film.storyboard.yaml", "--dry-run"),
    ("submit", "film.storyboard.yaml", "--yes"),
)


@pytest.fixture(params=["below a file", "too long", "closed"])
def shut(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A storyboard, a key, and a state folder of which nothing can be known."""
    monkeypatch.setenv("RUNWARE_API_KEY", "a-key-of-nothing")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    desk.write("film.storyboard.yaml", BOARD)
    if request.param == "closed":
        _close(tmp_path / "state", monkeypatch)
    else:
        inner = "film.storyboard.yaml/x" if request.param == "below a file" else "x" * 300
        monkeypatch.setenv("STORYBOARD_STATE_DIR", os.path.join(desk.folder, inner))
    return desk


def _close(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `chmod 000` does for a person who is not root."""
    lstat = os.lstat

    def denied(path: object, *_: object, **__: object) -> object:
        if str(path).startswith(str(folder) + os.sep):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return lstat(path)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "lstat", denied)
    monkeypatch.setattr(ledger, "make_private_file", denied)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_it_is_said(shut: Desk, command: tuple[str, ...]) -> None:
    """Exit code 6 and the variable's name, where a person has to act."""
    ran = shut.run(*command)
    assert (ran.code, ran.out) == (6, "")
    assert "the ledger cannot be opened" in ran.err


def test_a_price_is_no_bill(shut: Desk) -> None:
    """`cost` prints prices, and says that what is paid for is not known."""
    ran = shut.run("cost", "film.storyboard.yaml")
    assert ran.code == 0
    assert "$0.336" in ran.out
    assert "whether anything is paid for is not known" in ran.err
