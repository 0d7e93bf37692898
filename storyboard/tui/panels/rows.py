"""Panels that list things in rows: one is chosen; of the others only those that change are drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from storyboard.tui.painted import Painted
from storyboard.tui.panels.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType
    from textual.content import Content

    from storyboard.tui.board import Board


class Row(Painted):
    """One of them, in as many lines as it needs; a click chooses it."""

    DEFAULT_CSS = "Row { height: auto; width: 1fr; }"

    class Clicked(Message):
        """This one was clicked."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def on_click(self) -> None:
        """Tells the panel."""
        self.post_message(self.Clicked(self))


class RowPanel(Panel):
    """Rows with a cursor."""

    DEFAULT_CSS = "RowPanel:focus Row.-chosen { background: $primary; text-style: bold; }"
    BINDINGS: ClassVar[list[BindingType]] = [("up", "move(-1)"), ("down", "move(1)"), ("enter", "go")]

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._rows: list[Row] = []
        self.place = 0
        """Which row the cursor stands on."""
        self._choosable = 0

    def draw(self, lines: Sequence[Content], choosable: int) -> None:
        """Shows these lines, of which the first `choosable` can be chosen."""
        self._choosable = choosable
        while len(self._rows) > len(lines):
            self._rows.pop().remove()
        for row, line in zip(self._rows, lines, strict=False):
            row.paint(line)
        for line in lines[len(self._rows) :]:
            row = Row()
            row.paint(line)
            self._rows.append(row)
            self.mount(row)
        self.stand(self.place)

    def stand(self, place: int) -> None:
        """Puts the cursor on a row."""
        self.place = min(max(place, 0), max(self._choosable - 1, 0))
        for index, row in enumerate(self._rows):
            row.set_class(index == self.place < self._choosable, "-chosen")

    def action_move(self, step: int) -> None:
        """Up or down."""
        self.stand(self.place + step)
        if self._rows:
            self.scroll_to_widget(self._rows[self.place], animate=False)

    async def action_go(self) -> None:
        """What Enter does with the chosen row."""

    async def on_row_clicked(self, message: Row.Clicked) -> None:
        """A click chooses."""
        if message.row in self._rows:
            self.stand(self._rows.index(message.row))
            await self.clicked()

    async def clicked(self) -> None:
        """What a click does with the row that it chose."""
