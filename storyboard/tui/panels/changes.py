"""The difference to the file on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from storyboard.tui.differences import from_disk
from storyboard.tui.panels.panel import Panel

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from storyboard.tui.board import Board


class Changes(Panel):
    """What is not saved yet, line by line."""

    DEFAULT_CSS = "Changes Static { height: auto; }"
    TITLE = "Changes: what saving would write"

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._text = Static(markup=False)

    def compose(self) -> ComposeResult:
        """The difference."""
        yield self._text

    def show(self) -> None:
        """Compares anew."""
        self._text.update(from_disk(self.session))


PANEL = Changes
