"""The shots as cards: number, seconds, first words, count, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from storyboard.tui.painted import strip_of
from storyboard.tui.wording import first_words

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Card:
    """One shot in the list."""

    seconds: int
    prompt: str
    characters: int
    mark: str = ""
    style: str = ""
    locked: bool = False


class ShotList(Widget):
    """A row for each shot; a click selects."""

    DEFAULT_CSS = "ShotList { width: 44; height: 1fr; border-right: vkey $surface-lighten-2; }"
    HELP = "The shots in order: number, seconds, first words, characters as sent. = means locked seconds."

    class Selected(Message):
        """A shot, or the place to add one, was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__(id="shots")
        self._cards: tuple[Card, ...] = ()
        self._current = 0

    def show(self, cards: tuple[Card, ...], current: int) -> None:
        """Shows these, drawing only if anything changed."""
        old, before = self._cards, self._current
        self._cards, self._current = cards, current
        if len(cards) != len(old):
            self.refresh()
            return
        rows = {index for index, card in enumerate(cards) if card != old[index]}
        rows |= {before, current} if before != current else set()
        if rows:
            self.refresh(*(Region(0, row, self.size.width, 1) for row in sorted(rows)))

    def render(self) -> Content:
        """A row for each card, and one that adds a shot."""
        return Content("\n").join(self._row(index) for index in range(len(self._cards) + 1))

    def render_line(self, y: int) -> Strip:
        """One of them, without those that did not change."""
        if y > len(self._cards) or self.text_selection is not None:
            return super().render_line(y)
        return strip_of(self, self._row(y), y)

    def _row(self, index: int) -> Content:
        width = self.size.width
        if index == len(self._cards):
            return Content.styled("   +  add a shot (Ctrl+N)"[:width], "dim")
        card, here = self._cards[index], index == self._current
        lock = "=" if card.locked else " "
        head = f"{'▌' if here else ' '}{index + 1:>2} {card.seconds:>2} s{lock} "
        tail = f" {card.mark or ' '}{card.characters:>4}"
        room = max(width - len(head) - len(tail), 0)
        words = set_cell_size(first_words(card.prompt, room), room)
        style = "bold" if here else ""
        return Content.assemble((head, style), (words, style), (tail, card.style or "dim"))

    def on_click(self, event: events.Click) -> None:
        """Selects what was clicked."""
        if event.y <= len(self._cards):
            self.post_message(self.Selected(event.y))
