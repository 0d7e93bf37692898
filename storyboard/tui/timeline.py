"""The timeline: a block for each shot, as wide as its seconds; borders can be dragged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events

BORDER, LOCK = "▏", "="
MISSING, OVER = "░", "▓"


@dataclass(frozen=True, slots=True)
class Times:
    """What the timeline shows; all in whole seconds."""

    seconds: tuple[int, ...] = ()
    current: int = 0
    total: int = 0
    """What is promised, or the sum."""
    locked: frozenset[int] = field(default_factory=frozenset)
    marks: tuple[str, ...] = ()
    """A mark for each shot with problems, else nothing."""


def block_ends(seconds: tuple[int, ...], total: int, width: int) -> list[int]:
    """The column behind each shot's block, of `width` columns in all; each block has two at least."""
    whole = max(total, sum(seconds), 1)
    ends, place, spent = [], 0, 0
    for one in seconds:
        spent += min(max(one, 1), 10_000)
        place = max(place + 2, min(round(width * spent / whole), width))
        ends.append(place)
    return ends


class Timeline(Widget):
    """One row; a click selects a shot, dragging a border moves whole seconds between neighbours."""

    DEFAULT_CSS = "Timeline { height: 1; }"
    HELP = "Each block is a shot, as wide as its seconds. Click selects, dragging a border moves seconds."

    class Selected(Message):
        """A shot was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Dragged(Message):
        """The border behind shot `index` was dragged so far that it should have `seconds`; `run` is the drag."""

        def __init__(self, index: int, seconds: int, run: object) -> None:
            super().__init__()
            self.index = index
            self.seconds = seconds
            self.run = run

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._times = Times()
        self._dragging: int | None = None
        self._drag = object()

    def show(self, times: Times) -> None:
        """Shows these times, drawing only what changed."""
        if times != self._times:
            if len(times.seconds) != len(self._times.seconds):
                self.on_mouse_up()
            self._times = times
            self.refresh()

    def render(self) -> Content:
        """The row of blocks; too little time is a hatched rest, too much a mark at the end."""
        times, width = self._times, self.size.width
        if not times.seconds:
            return Content("no shots: Ctrl+N adds one")
        parts, begin = [], 0
        for index, end in enumerate(block_ends(times.seconds, times.total, width)):
            style = (
                "reverse bold" if index == times.current else "on $surface-lighten-1" if index % 2 else "on $surface"
            )
            parts.append((self._block(index, end - begin), style))
            begin = end
        if begin < width:
            parts.append((self._rest(width - begin), "dim"))
        elif sum(times.seconds) > times.total and width > 4:
            parts.append((OVER, "bold red"))
        return Content.assemble(*parts)

    def _block(self, index: int, width: int) -> str:
        times = self._times
        lock = LOCK if index in times.locked else ""
        mark = times.marks[index] if index < len(times.marks) else ""
        words = (f"{index + 1} {times.seconds[index]}s{lock}{mark}", f"{index + 1}{mark}", f"{index + 1}")
        label = next((word for word in words if len(word) < width), "")
        return (BORDER + label).ljust(width)[:width]

    def _rest(self, width: int) -> str:
        left = self._times.total - sum(self._times.seconds)
        words = f" {left} s left " if left > 0 else ""
        if len(words) + 2 > width:
            return MISSING * width
        return (MISSING * ((width - len(words)) // 2) + words).ljust(width, MISSING)

    def _shot_at(self, column: int) -> int | None:
        ends = block_ends(self._times.seconds, self._times.total, self.size.width)
        return next((index for index, end in enumerate(ends) if column < end), None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Takes hold of a border, or selects a shot."""
        ends = block_ends(self._times.seconds, self._times.total, self.size.width)
        border = next((index for index, end in enumerate(ends[:-1]) if event.x == end), None)
        if border is not None:
            self._dragging, self._drag = border, object()
            self.capture_mouse()
        elif (index := self._shot_at(event.x)) is not None:
            self.post_message(self.Selected(index))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Moves whole seconds while a border is held."""
        if self._dragging is None or not self.size.width:
            return
        times, index = self._times, self._dragging
        whole = max(times.total, sum(times.seconds), 1)
        end = round(event.x * whole / self.size.width)
        wanted = end - sum(times.seconds[:index])
        both = times.seconds[index] + times.seconds[index + 1]
        wanted = min(max(wanted, 1), both - 1)
        if wanted != times.seconds[index]:
            self.post_message(self.Dragged(index, wanted, self._drag))

    def on_mouse_up(self) -> None:
        """Lets go."""
        if self._dragging is not None:
            self._dragging = None
            self.release_mouse()
