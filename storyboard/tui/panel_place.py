"""The one place for panels, and the way to where a problem is mended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content

from storyboard.tui.panels import make_panel

if TYPE_CHECKING:
    from textual.widget import Widget

    from storyboard.checks import Diagnostic
    from storyboard.tui.board import Board
    from storyboard.tui.panels.panel import Panel


class PanelPlace(Vertical):
    """Shows one panel at a time."""

    def __init__(self, board: Board) -> None:
        super().__init__(id="panel")
        self._board = board
        self.panel: Panel | None = None
        self._opening = asyncio.Lock()

    def show(self) -> None:
        """Draws what the session says now."""
        if self.panel is not None and self.panel.is_attached:  # keys may still come while the editor closes
            self.panel.show()

    async def open(self, name: str, *, focus: bool = True) -> None:
        """Opens a panel; the one that is open already and has the focus goes back to the prompt."""
        async with self._opening:
            if focus and self.panel is not None and self.panel.name == name and self.panel.has_focus_within:
                self._board.run_command("back")
                return
            panel = await self._bring(name)
            self._board.set_class(focus, "-panel-open")
            if focus:
                panel.take_focus()

    async def _bring(self, name: str) -> Panel:
        if self.panel is not None and self.panel.name == name:
            return self.panel
        await self.remove_children()
        self.panel = panel = make_panel(name, self._board)
        await self.mount(panel)
        self.border_title = Content(panel.TITLE)
        panel.show()
        return panel

    def give_way(self, field: Widget) -> None:
        """Gives a field of the shot the focus: on a low screen no panel lies over it any more."""
        self._board.set_class(False, "-panel-open")
        self._board.set_focus(field)

    async def go_to(self, found: Diagnostic) -> None:
        """Where a diagnostic's value is edited: in a shot, or in the panel that has its key."""
        board, path = self._board, found.path
        if path[:1] == ("shots",):
            if len(path) > 1 and isinstance(path[1], int):
                board.go(path[1])
                self.give_way(board.note if path[2:] == ("note",) else board.editor)
        elif path:
            async with self._opening:
                panel = await self._bring("cast" if path[0] == "cast" else "settings")
                board.set_class(True, "-panel-open")
                panel.take_focus()
                panel.go_to(path)
