"""Ctrl-C where no job is under way, and what is left behind by a process that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, NoReturn

import pytest

from storyboard.cli import main
from tests.cli.desk import COMMAND

if TYPE_CHECKING:
    from tests.cli.desk import Desk
    from tests.provider import Provider


def interrupt(*_: object) -> NoReturn:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_while_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and exit code 130."""
    desk.write("film.storyboard.yaml")
    monkeypatch.setattr("storyboard.cli.check_command.check_input", interrupt)
    said = desk.run("check")
    assert (said.code, said.out, said.err.strip()) == (130, "", "storyboard: interrupted")


def test_while_loading(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """The same before any module of a command is there, and the process ends at once."""

    def leave(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr("storyboard.cli.running.run_command", interrupt)
    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit) as left:
        main.run()
    assert left.value.code == 130
    assert capfd.readouterr().err == "storyboard: interrupted\n"


def test_while_several_services_wait(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """One Ctrl-C ends `resume` as a whole, not only its work at the first service."""
    desk.write("film.yaml")
    for options in (("--yes",), ("--sandbox",)):
        assert desk.run("submit", "film.yaml", "--no-wait", *options).code == 0
    carried = []

    async def stop_at_once(*arguments: object) -> NoReturn:
        carried.append(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr("storyboard.cli.carrying._carry", stop_at_once)
    assert desk.run("resume").code == 130
    assert len(carried) == 1


def test_killed_and_resumed(desk: Desk, provider: Provider) -> None:
    """kill -9 while a job renders: `resume` takes it over soon, brings it home, and pays nothing again."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    killed = subprocess.Popen([COMMAND, "submit", "film.yaml", "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with killed:
        assert killed.stderr is not None
        while b"rendering" not in killed.stderr.readline():
            assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
    provider.advance(120)
    said = desk.run("resume")
    assert (said.code, said.out) == (0, "renders/film-1.mp4\n")
    assert provider.count("submit") == 1
