"""What all panels have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

if TYPE_CHECKING:
    from storyboard.session import Session
    from storyboard.tui.board import Board


class Panel(VerticalScroll):
    """One face of the place for panels; `show` draws what the session says now."""

    DEFAULT_CSS = "Panel { height: 1fr; }"
    TITLE = ""

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(name=name, id=f"panel-{name}")
        self.board = board

    @property
    def session(self) -> Session:
        """The board's session."""
        return self.board.session

    def show(self) -> None:
        """Draws what the session says now; called after every edit, so it must be quick."""

    def take_focus(self) -> None:
        """Gives the focus to what is used first."""
        self.board.set_focus(self)

    def go_to(self, key: str) -> None:
        """Goes to the field of a top-level key, where this panel has one."""
