"""`storyboard edit`, and `storyboard` alone: the editor where there is a terminal."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from storyboard.cli.editing import open_editor
from storyboard.cli.exits import Stop
from tests.cli.terminal import Terminal
from tests.provider import KEY, Provider

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_alone_at_a_terminal_it_edits_the_current_folder(desk: Desk) -> None:
    """And ends with exit code 0."""
    desk.write("lamp.storyboard.yaml")
    with Terminal() as terminal:
        terminal.wait_for("1 storyboard ")
        assert "Usage:" not in terminal.shown
        terminal.type("\x11")
        assert terminal.end() == 0


def test_without_a_terminal_nothing_is_edited(desk: Desk) -> None:
    """Wrong usage, with what programs use instead."""
    said = desk.run("edit", ".")
    assert (said.code, said.out) == (2, "")
    assert "the editor needs a terminal" in said.err


@pytest.mark.parametrize(
    ("number", "named"), [(0, "standard input is not;"), (1, "standard output is"), (2, "standard error (2>) is")]
)
def test_each_stream_must_be_the_terminal(monkeypatch: pytest.MonkeyPatch, number: int, named: str) -> None:
    """It is drawn on standard error: sent to a file, keys would be typed blind, and saved."""
    monkeypatch.setattr(os, "isatty", lambda asked: asked != number)
    with pytest.raises(Stop) as stopped:
        open_editor(".")
    assert stopped.value.code == 2
    assert named in str(stopped.value)


@pytest.mark.parametrize("arguments", [(), ("edit", "."), ("edit", "lamp.storyboard.yaml")])
def test_a_terminal_that_cannot_draw_is_told(desk: Desk, arguments: tuple[str, ...]) -> None:
    """No escape sequence goes to it; the next step does."""
    desk.write("lamp.storyboard.yaml")
    with Terminal(*arguments, env={"TERM": "dumb"}) as terminal:
        assert terminal.end() == 2
        assert "TERM=dumb" in terminal.raw
        assert "TERM=xterm-256color" in terminal.raw.replace("\r\n", "")
        assert "\x1b" not in terminal.raw


@pytest.mark.parametrize("end", ["\x11", signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("opened", ["lamp.storyboard.yaml", "."])
def test_what_goes_on_is_said_after_the_editor(desk: Desk, opened: str, end: str | signal.Signals) -> None:
    """However it ends, and from the folder as well: how many jobs, and how to get them."""
    desk.write("lamp.storyboard.yaml")
    with Provider(job_seconds=60) as provider:
        env = {"RUNWARE_API_KEY": KEY, "RUNWARE_BASE_URL": provider.url, "STORYBOARD_POLL_INTERVAL": "0.2"}
        with Terminal("edit", opened, env=env) as terminal:
            if opened == ".":
                terminal.wait_for("1 storyboard ")
                terminal.type("\r")
            terminal.wait_for("not paid yet")
            terminal.type("\x1b[15~")
            terminal.wait_for("Pay $0.336")
            terminal.type("\t\r")
            terminal.wait_for("being rendered")
            if opened == ".":
                terminal.raw = ""
                terminal.type("\x0f")
                terminal.wait_for("1 storyboard ")
            if isinstance(end, str):
                terminal.type(end)
            else:
                terminal.send(end)
            code = terminal.end()
        assert code == (0 if isinstance(end, str) else 128 + end)
        assert terminal.raw.rstrip().endswith("1 job goes on at Runware; `storyboard resume` downloads it")
        assert sum(provider.paid.values()) == 1
