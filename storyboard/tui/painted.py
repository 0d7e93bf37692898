"""Lines of text of which only those that change are drawn again; never read as markup."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_LAYOUT = re.compile("[\t\n]")


def strip_of(widget: Widget, row: Content, y: int) -> Strip:
    """Row `y` of a widget's text, where it fits; each part of it knows its place, for selecting with the mouse."""
    segments, x = [], 0
    for text, style in row.render(widget.visual_style, end="", parse_style=widget.app.stylesheet.parse_style):
        segments.append(Segment(text, style.rich_style_with_offset(x, y)))
        x += len(text)
    return Strip(segments, row.cell_length)


class Painted(Widget):
    """Shows content that others make; the only way text gets on the screen without being edited."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self._content = Content()
        self._rows: list[Content] | None = None

    @property
    def shown(self) -> str:
        """The text that was painted, in sight or not."""
        return self._content.plain

    def paint(self, content: Content) -> None:
        """Shows this instead, drawing only rows that are other than before."""
        if content.is_same(self._content):
            return
        self._content = content
        old, self._rows = self._rows, self._wrapped()
        if old is None or self._rows is None or (len(old) != len(self._rows) and self.styles.auto_dimensions):
            self.refresh(layout=self.styles.auto_dimensions)
            return
        most = max(len(old), len(self._rows))
        new, old = ([*rows, *[Content()] * (most - len(rows))] for rows in (self._rows, old))
        changed = [_changed(row, *pair) for row, pair in enumerate(zip(old, new, strict=True))]
        if regions := [region for region in changed[: self.size.height] if region is not None]:
            self.refresh(*regions)

    def render(self) -> Content:
        """What was painted."""
        if self._rows is None:
            self._rows = self._wrapped()
        return self._content

    def render_line(self, y: int) -> Strip:
        """A single row is drawn without being wrapped."""
        if y or not self._fits_in_a_row() or self.text_selection is not None:
            return super().render_line(y)
        return strip_of(self, self._content, 0)

    def on_resize(self) -> None:
        """Other widths, other rows."""
        self._rows = None

    def _wrapped(self) -> list[Content] | None:
        if self._fits_in_a_row():
            return [self._content]
        width = self.size.width
        return list(self._content.wrap(width)) if width else None

    def _fits_in_a_row(self) -> bool:
        return 0 < self._content.cell_length <= self.size.width and not _LAYOUT.search(self._content.plain)


def _changed(row: int, old: Content, new: Content) -> Region | None:
    """The part of a row that differs; all of it where its styles do."""
    if new.is_same(old):
        return None
    if old.spans != new.spans or old.cell_length != new.cell_length or len(old.plain) != new.cell_length:
        return Region(0, row, max(old.cell_length, new.cell_length), 1)
    places = [index for index, (one, other) in enumerate(zip(old.plain, new.plain, strict=True)) if one != other]
    return Region(places[0], row, places[-1] - places[0] + 1, 1)
