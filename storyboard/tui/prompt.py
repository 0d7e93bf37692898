"""The prompt editor: a text area that tells each change before the screen is drawn, and paints what is too much."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from textual.content import Content
from textual.geometry import Region
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult

from storyboard.compiler.expand import Spelling, references
from storyboard.tui.masks import Masks, place_after
from storyboard.tui.wording import WRONG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rich.text import Text
    from textual import events
    from textual.strip import Strip
    from textual.widgets.text_area import Edit

    from storyboard.tui.completion import Completion

_SEMICOLONS = re.compile("[;\u037e]")
_ends: dict[int, str] = {}
"""What was not shown of texts that ended with a line break in a field when they were typed, by the text's hash.

A line break that was typed is seen, so it is seen wherever that text is shown again.
"""
TOO_MUCH, NAME, UNKNOWN = "reverse red", "bold cyan", "bold underline red"


class PromptEditor(TextArea):
    """Edits one text; `text` and the document never see each other but through `on_typed` and `show`."""

    HELP = "The prompt of the current shot. `@name` stands for the cast's text; the counter counts what is sent."

    _holding = False
    """Whether drawing waits until it is known which rows changed."""

    def __init__(
        self,
        on_typed: Callable[[str], None],
        command: Callable[[str], None],
        *,
        id: str | None = "prompt",  # noqa: A002 - Textual's own name
    ) -> None:
        """`on_typed` hears the text after each change by a person; `command` runs a command of the board."""
        super().__init__(
            soft_wrap=True, show_line_numbers=False, tab_behavior="focus", highlight_cursor_line=False, id=id
        )
        self.disable_messages(TextArea.Changed)  # `on_typed` hears first; nobody else needs to be gone through
        self._masks = Masks()
        self._on_typed = on_typed
        self._command = command
        self.completion: Completion | None = None
        """What offers names of the cast while they are typed, where there is any."""
        self._listening = False
        self._borders = ("", "", "")
        self._end = ""
        """The line break at the end of the text that is not shown: block texts of a file have one."""
        self._surplus = 0
        self._names: frozenset[str] = frozenset()
        self._coloured: object = None
        """The theme whose colours are worked out, as long as they hold."""

    @property
    def said(self) -> str:
        """The text as the file says it."""
        return self._masks.unmask(self.text) + self._end

    @property
    def position(self) -> int:
        """Where the cursor stands, in characters of the text."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(line)) + 1 for line in range(row)) + column

    def show(self, text: str, *, travel: bool = False) -> None:
        """Shows a text that somebody else wrote; the cursor stays at its words, or goes behind what changed."""
        if text == self.said:
            return
        old, position = self.text, self.position
        end = _ends.get(hash(text))
        if end is None:
            end = self._end if old.endswith("\n") and text.endswith("\n" + self._end) else _usual_end(text)
        self._load(text, end)
        self.move_cursor(self._location(place_after(old, self.text, None if travel else position)))

    def open(self, text: str) -> None:
        """Shows another shot's text, the cursor at its end."""
        self._load(text, _ends.get(hash(text), _usual_end(text)))
        self.move_cursor(self.document.end)

    def _load(self, text: str, end: str) -> None:
        self._end = end
        self._listening = False
        self.load_text(self._masks.mask(text.removesuffix(end)))
        self._listening = True

    def show_border(self, title: str, counter: str, style: str) -> None:
        """Shows the shot above and the counter below, drawing only the border that changed."""
        old, self._borders = self._borders, (title, counter, style)
        if old == self._borders:
            return
        self._holding = True
        self.border_title = Content(title)
        self.border_subtitle = Content.styled(counter, style)
        self._holding = False
        width, below = self.size.width + 4, self.size.height
        rows = [row for row, same in ((-1, old[0] == title), (below, old[1:] == (counter, style))) if not same]
        self.refresh(*(Region(-2, row, width, 1) for row in rows))

    def paint(self, surplus: int, names: Collection[str]) -> None:
        """Says how many characters are too many, and which names the cast has."""
        surplus, names = max(surplus, 0), frozenset(names)
        if (surplus, names) != (self._surplus, self._names):
            self._surplus, self._names = surplus, names
            self.notify_style_update()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted: names, semicolons, what is unseen, and what is over the limit."""
        line = super().get_line(line_index)
        raw = line.plain
        self._paint_hidden(line)
        spelling = Spelling(self._names)
        for start, end in references(raw):
            if (name := raw[start + 1 : end]) != "@":
                line.stylize(NAME if spelling.of(name) in self._names else UNKNOWN, start, end)
        for match in _SEMICOLONS.finditer(raw):
            line.stylize(WRONG, *match.span())
        if self._surplus > 0:
            behind = sum(
                len(self.document.get_line(row)) + 1 for row in range(line_index + 1, self.document.line_count)
            )
            first = max(len(raw) - max(self._surplus - behind, 0), 0)
            line.stylize(TOO_MUCH, first, len(raw))
        return line

    def _paint_hidden(self, line: Text) -> None:
        """Pictures for what is not seen."""
        raw = line.plain
        line.plain = self._masks.shown(raw)
        for span in self._masks.hidden(raw):
            line.stylize(WRONG, *span)

    @property
    def selected_text(self) -> str:
        """The selected part, as it is copied."""
        return self._masks.unmask(super().selected_text)

    def edit(self, edit: Edit) -> EditResult:
        """Makes an edit and tells it at once, so that all that follows is drawn in the same frame."""
        edit.text = self._masks.mask(edit.text)
        height, top = self.wrapped_document.height, self._row_of(edit.top)
        self._holding = True
        result = super().edit(edit)
        self._holding = False
        same = height == self.wrapped_document.height and self._row_of(self.cursor_location) >= top
        self._draw_rows(top, self._row_of((result.end_location[0], 10_000)) if same else self.size.height)
        replaced = self._masks.unmask(result.replaced_text)  # which may be copied
        if self._listening:
            made, said = self.text, self.said
            if made.endswith("\n"):
                _ends[hash(said)] = self._end
            self._on_typed(said)
            if self.completion is not None:
                self.completion.typed(self)
            if self.text != made:  # it was refused: what stood there stands there again, with the cursor
                return EditResult(self.cursor_location, replaced)
        return EditResult(result.end_location, replaced)

    async def _on_key(self, event: events.Key) -> None:
        if self.completion is not None and self.completion.takes(event.key):
            event.prevent_default()
            event.stop()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """The cursor went elsewhere."""
        event.stop()
        if self.completion is not None:
            self.completion.moved(self)

    def on_blur(self) -> None:
        """Somebody else has the keys."""
        if self.completion is not None:
            self.completion.close()

    def on_unmount(self) -> None:
        """Takes itself out of what the app keeps for telling its theme: nobody else does, and the board would stay."""
        watchers: dict[str, list[tuple[object, object]]] = getattr(self.app, "__watchers", {})
        told = watchers.get("theme", [])
        told[:] = [one for one in told if one[0] is not self]

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draws anew; while an edit is made, nothing: `edit` knows which rows it touched."""
        if self._holding and not layout and not recompose:
            return self
        if not regions:
            self._coloured = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws; colours are worked out when all is drawn anew, and hold for rows that are drawn by themselves."""
        if self._coloured is self._theme:
            return super(TextArea, self).render_lines(crop)
        self._coloured = self._theme
        return super().render_lines(crop)

    def _row_of(self, location: tuple[int, int]) -> int:
        """The row of the text, wrapped, in which a location is."""
        row, column = location
        sections = self.wrapped_document.get_sections(row)
        begin = self.wrapped_document.location_to_offset((row, 0)).y
        length = 0
        for index, section in enumerate(sections):
            length += len(section)
            if column < length:
                return begin + index
        return begin + len(sections) - 1

    def _draw_rows(self, first: int, last: int) -> None:
        """The rows of the text from one to another, and the one before, which may have taken a word back."""
        top = max(first - 1 - self.scroll_offset.y, 0)
        height = min(last + 1 - self.scroll_offset.y, self.size.height) - top
        self.refresh(Region(0, top, self.size.width, max(height, 1)))

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        lines = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if not self.read_only and (result := self._replace_via_keyboard(lines, *self.selection)):
            self.move_cursor(result.end_location)

    def action_undo(self) -> None:
        """Undo is the session's, over everything."""
        self._command("undo")

    def action_redo(self) -> None:
        """Redo is the session's, over everything."""
        self._command("redo")

    def action_cursor_page_up(self) -> None:
        """A prompt is shorter than a page: the shot before."""
        self._command("previous")

    def action_cursor_page_down(self) -> None:
        """A prompt is shorter than a page: the next shot."""
        self._command("next")

    def _location(self, place: int) -> tuple[int, int]:
        before = self.text[:place].split("\n")
        return len(before) - 1, len(before[-1])


def _usual_end(text: str) -> str:
    """What is not shown of a text that was not typed here."""
    return "\n" if text.endswith("\n") else ""
