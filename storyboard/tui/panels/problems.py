"""What is wrong or weak; Enter goes where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from storyboard.tui.painted import Painted
from storyboard.tui.panels.panel import Panel
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from textual.binding import BindingType

    from storyboard.checks import Diagnostic
    from storyboard.tui.board import Board

_ROWS_AT_MOST = 60


class Row(Painted):
    """One diagnostic; a click goes there."""

    DEFAULT_CSS = "Row { height: auto; width: 1fr; }"

    class Clicked(Message):
        """This one was clicked."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def on_click(self) -> None:
        """Tells the panel."""
        self.post_message(self.Clicked(self))


class Problems(Panel):
    """The diagnostics in file order."""

    DEFAULT_CSS = "Problems:focus Row.-chosen { background: $primary; text-style: bold; }"
    TITLE = "Problems"
    HELP = "Enter goes where the problem stands; Alt+Y makes the fix that it offers."
    BINDINGS: ClassVar[list[BindingType]] = [("up", "move(-1)"), ("down", "move(1)"), ("enter", "go")]

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._found: list[Diagnostic] = []
        self._rows: list[Row] = []
        self._place = 0

    def show(self) -> None:
        """One row for each diagnostic; those that say the same as before are left alone."""
        self._found = list(self.session.diagnostics)
        lines = [problem(one) for one in self._found[:_ROWS_AT_MOST]]
        if len(self._found) > _ROWS_AT_MOST:
            lines.append(Content(f"… {len(self._found) - _ROWS_AT_MOST} more"))
        if not lines:
            lines = [Content.styled("nothing wrong: F5 shows what would be sent", "green")]
        while len(self._rows) > len(lines):
            self._rows.pop().remove()
        for row, line in zip(self._rows, lines, strict=False):
            row.paint(line)
        for line in lines[len(self._rows) :]:
            row = Row()
            row.paint(line)
            self._rows.append(row)
            self.mount(row)
        self._stand(self._place)

    @property
    def chosen(self) -> Diagnostic | None:
        """The one the cursor stands on."""
        return self._found[self._place] if self._place < len(self._found) else None

    def _stand(self, place: int) -> None:
        self._place = min(max(place, 0), max(len(self._found) - 1, 0))
        for index, row in enumerate(self._rows):
            row.set_class(index == self._place and bool(self._found), "-chosen")

    def action_move(self, step: int) -> None:
        """Up or down."""
        self._stand(self._place + step)
        if self._rows:
            self.scroll_to_widget(self._rows[self._place], animate=False)

    async def action_go(self) -> None:
        """Where the chosen one stands."""
        if (chosen := self.chosen) is not None:
            await self.board.go_to(chosen)

    async def on_row_clicked(self, message: Row.Clicked) -> None:
        """A click chooses and goes."""
        if message.row in self._rows:
            self._stand(self._rows.index(message.row))
            await self.action_go()


PANEL = Problems
