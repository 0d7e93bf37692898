"""The list of a folder's storyboards: one line each, drawn only where it is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from storyboard.tui.entries import Columns, Entry, columns, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType


class FileList(ScrollView, can_focus=True):
    """Keeps its cursor on one file, whatever comes before or behind it."""

    DEFAULT_CSS = """
    FileList { height: 1fr; scrollbar-size-horizontal: 0; background: $background; }
    FileList > .file-list--cursor { background: $surface-lighten-1; text-style: bold; }
    FileList:focus > .file-list--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-list--cursor"}
    HELP = "The storyboards below this folder. Enter or a click opens one."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)"),
        ("down,j", "move(1)"),
        ("pageup", "page(-1)"),
        ("pagedown", "page(1)"),
        ("home,g", "end(0)"),
        ("end,G", "end(1)"),
    ]

    class Clicked(Message):
        """The line under the cursor was clicked."""

    class Resized(Message):
        """There is another width for the columns."""

    def __init__(self) -> None:
        super().__init__(id="files")
        self._entries: list[Entry] = []
        self._cursor = 0

    @property
    def current(self) -> Entry | None:
        """What the cursor stands on."""
        return self._entries[self._cursor] if self._entries else None

    @property
    def entries(self) -> list[Entry]:
        """What is listed, in order."""
        return self._entries

    @property
    def widths(self) -> Columns:
        """The columns that fit."""
        return columns(self.scrollable_content_region.width, paid=any(entry.paid for entry in self._entries))

    def show(self, entries: Sequence[Entry], at: str | None = None) -> None:
        """Lists these; the cursor goes to the file `at` where it is listed, else it stays on its file or its line."""
        known = {entry.overview.file: index for index, entry in enumerate(entries)}
        old = self.current
        row = self._cursor - self.scroll_offset.y
        kept = known.get(old.overview.file) if old is not None else None
        self._entries = list(entries)
        found = known.get(at) if at is not None else None
        target = found if found is not None else kept if kept is not None else self._cursor
        stays = found is None and 0 <= row < max(self.size.height, 1)
        self._cursor = min(target, max(len(entries) - 1, 0))
        self.virtual_size = Size(self.scrollable_content_region.width, len(entries))
        if stays:
            self.scroll_to(y=max(self._cursor - row, 0), animate=False)
        self.call_after_refresh(self._show_cursor)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of what is in sight."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        style = self.visual_style
        content = Content()
        if index < len(self._entries):
            content = line(self._entries[index], self.widths, here=index == self._cursor)
            if index == self._cursor:
                style += self.get_visual_style("file-list--cursor")
                content = Content(content.plain)
        strip = Strip(content.render_segments(style), content.cell_length)
        return strip.adjust_cell_length(width, style.rich_style)

    def on_resize(self) -> None:
        """Lines are as wide as the list."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._entries))
        self._show_cursor()
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor there and tells it."""
        place = event.get_content_offset(self)
        index = place.y + self.scroll_offset.y if place is not None else len(self._entries)
        if index < len(self._entries):
            self._go(index)
            self.post_message(self.Clicked())

    def action_move(self, step: int) -> None:
        """A line up or down."""
        self._go(self._cursor + step)

    def action_page(self, step: int) -> None:
        """As many lines as are in sight."""
        self._go(self._cursor + step * max(self.size.height - 1, 1))

    def action_end(self, which: int) -> None:
        """The first line, or the last."""
        self._go((len(self._entries) - 1) * which)

    def _go(self, index: int) -> None:
        self._cursor = min(max(index, 0), max(len(self._entries) - 1, 0))
        self._show_cursor()
        self.refresh()

    def _show_cursor(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, force=True)
