"""What is wrong or weak; Enter goes where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from storyboard.tui.panels.rows import RowPanel
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from storyboard.checks import Diagnostic
    from storyboard.tui.board import Board

_ROWS_AT_MOST = 60


class Problems(RowPanel):
    """The diagnostics in file order."""

    TITLE = "Problems"
    HELP = "Enter goes where the problem stands; Alt+Y makes the fix that it offers."

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._found: list[Diagnostic] = []

    def show(self) -> None:
        """One row for each diagnostic."""
        self._found = list(self.session.diagnostics)
        lines = [problem(one) for one in self._found[:_ROWS_AT_MOST]]
        choosable = len(lines)
        if len(self._found) > _ROWS_AT_MOST:
            lines.append(Content(f"… {len(self._found) - _ROWS_AT_MOST} more"))
        if not lines:
            lines = [Content.styled("nothing wrong: F5 shows what would be sent", "green")]
        self.draw(lines, choosable)

    @property
    def chosen(self) -> Diagnostic | None:
        """The one the cursor stands on."""
        return self._found[self.place] if self.place < len(self._found) else None

    async def action_go(self) -> None:
        """Where the chosen one stands."""
        if (chosen := self.chosen) is not None:
            await self.board.place.go_to(chosen)

    async def clicked(self) -> None:
        """A click goes there too."""
        await self.action_go()


PANEL = Problems
