"""`storyboard edit`, and `storyboard` alone: the editor where there is a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import Terminal

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
