"""Jump mode: a letter on every place that can be gone to; that key goes there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from textual.widgets import Static

from storyboard.tui.dialogs import Question
from storyboard.tui.timeline import Timeline, block_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from storyboard.tui.board import Board

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class Jump(Question[None]):
    """Labels over the board; any other key goes back."""

    DEFAULT_CSS = """
    Jump { background: transparent; layers: labels; }
    Jump .label { layer: labels; width: 3; height: 1; background: $accent; text-style: bold; position: absolute; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Back")]

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._targets: dict[str, Callable[[], Any]] = {}

    def compose(self) -> ComposeResult:
        """A label for each target."""
        for key, (x, y, go) in self._places():
            self._targets[key] = go
            label = Static(Content(f" {key} "), classes="label")
            label.styles.offset = (x, y)
            yield label

    def _places(self) -> Iterator[tuple[str, tuple[int, int, Callable[[], Any]]]]:
        board = self._board
        timeline = board.query_one(Timeline).region
        ends = block_ends(tuple(board.session.seconds), board.session.total, timeline.width)
        for index, begin in enumerate([0, *ends[:-1]][:9]):
            yield str(index + 1), (timeline.x + begin, timeline.y, partial(board.action_go, index))
        letters = iter(LETTERS)
        for widget in self._fields():
            key = next(letters, None)
            if key is None:
                return
            region = widget.region
            yield key, (region.x, region.y, widget.focus)

    def _fields(self) -> Iterator[Widget]:
        """What can have the focus and is in sight, from top to bottom."""
        found = [
            one
            for one in self._board.focus_chain
            if one.region.height and self._board.region.contains_region(one.region)
        ]
        yield from sorted(found, key=lambda one: (one.region.y, one.region.x))

    def on_key(self, event: events.Key) -> None:
        """Goes where the key says."""
        event.stop()
        go = self._targets.get(event.key)
        self.dismiss()
        if go is not None:
            self._board.call_after_refresh(go)
