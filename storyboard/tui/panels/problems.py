"""What is wrong or weak; Enter goes where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from storyboard.tui.panels.panel import Panel
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from storyboard.checks import Diagnostic
    from storyboard.tui.board import Board


class Problems(Panel):
    """The diagnostics in file order."""

    DEFAULT_CSS = """
    Problems OptionList { height: 1fr; border: none; padding: 0; background: $background; }
    Problems OptionList:focus { border: none; }
    """
    TITLE = "Problems"
    HELP = "Enter goes where the problem stands; Alt+Y makes the fix that it offers."

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(board, name)
        self._found: list[Diagnostic] = []
        self._list = OptionList(markup=False, compact=True)

    def compose(self) -> ComposeResult:
        """One list."""
        yield self._list

    def show(self) -> None:
        """Lists the diagnostics, keeping the place."""
        found = self.session.diagnostics
        if found == self._found and self._list.option_count:
            return
        self._found = list(found)
        place = self._list.highlighted
        self._list.clear_options()
        if not found:
            self._list.add_option(Option("nothing wrong: F5 shows what would be sent", disabled=True))
            return
        self._list.add_options([Option(problem(one)) for one in found])
        self._list.highlighted = min(place or 0, len(found) - 1)

    @property
    def chosen(self) -> Diagnostic | None:
        """The one the cursor stands on."""
        place = self._list.highlighted
        return self._found[place] if place is not None and place < len(self._found) else None

    def take_focus(self) -> None:
        """The list has it."""
        self._list.focus()

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Goes there."""
        event.stop()
        if event.option_index < len(self._found):
            await self.board.go_to(self._found[event.option_index])


PANEL = Problems
