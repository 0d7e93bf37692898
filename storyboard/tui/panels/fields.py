"""Fields that show one value of a storyboard and tell what a person makes of it; they keep nothing themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, TextArea

from storyboard.tui.masked_input import MaskedInput
from storyboard.tui.masking import line_of
from storyboard.tui.masks import place_after
from storyboard.tui.prompt import PromptEditor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text
    from textual import events
    from textual.binding import BindingType

_MOVES: list[BindingType] = [("up", "app.focus_previous"), ("down", "app.focus_next")]


class LineField(MaskedInput):
    """A text of one line; line breaks in it are kept and shown as pictures."""

    DEFAULT_CSS = """
    LineField { background: $background; }
    LineField:focus { background: $surface-lighten-1; }
    LineField:disabled { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = _MOVES

    def __init__(self, write: Callable[[str], None]) -> None:
        """`write` hears the text after each change by a person."""
        super().__init__(compact=True, select_on_focus=False)
        self._write = write

    def show(self, text: str, default: str, *, locked: bool) -> None:
        """Shows a text, where it is not there already, or how an empty field is read; `locked`: not to be changed."""
        self.disabled = locked
        self.placeholder = default
        if text != self.said:
            old, position = self.value, self.cursor_position
            with self.prevent(Input.Changed):
                self.say(text)
            self.cursor_position = place_after(old, self.value, position)

    def replace(self, text: str, start: int, end: int) -> None:
        """Tells each change before the next one can come: one that is refused takes nothing else with it."""
        super().replace(text, start, end)
        self._write(self.said)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tells what was not written by a person's key."""
        event.stop()
        self._write(self.said)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes on to the next field: everything is written already."""
        event.stop()
        self.screen.focus_next()


class LongField(PromptEditor):
    """A text of several lines, as high as it needs; with `names`, those of the cast are painted."""

    DEFAULT_CSS = """
    LongField {
        height: auto; min-height: 1; max-height: 6; width: 1fr;
        border: none; padding: 0; background: $background; scrollbar-size-vertical: 1;
    }
    LongField:focus { border: none; background: $surface-lighten-1; }
    LongField:disabled { color: $text-muted; }
    """
    HELP = "A text of several lines; Tab goes on."

    def __init__(self, write: Callable[[str], None], command: Callable[[str], None], *, names: bool = False) -> None:
        super().__init__(write, lambda name: command(name) if name in ("undo", "redo") else None, id=None)
        self._with_names = names

    def show_text(self, text: str, default: str, *, locked: bool) -> None:
        """Shows a text, where it is not there already, or how an empty field is read; `locked`: not to be changed."""
        self.disabled = locked
        placeholder = Content(default)
        if self.placeholder != placeholder:
            self.placeholder = placeholder
        if not self._listening:
            self.open(text)
        elif text != self.said:
            self.show(text)

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted."""
        if self._with_names:
            return super().get_line(line_index)
        line = TextArea.get_line(self, line_index)
        self._paint_hidden(line)
        return line


class ChoiceField(Widget, can_focus=True):
    """A few values in a row; arrows and clicks choose, Delete leaves it to the default."""

    DEFAULT_CSS = """
    ChoiceField { height: auto; width: 1fr; }
    ChoiceField:focus { background: $surface-lighten-1; }
    """
    HELP = "Left and right choose, Delete leaves it to the default."
    BINDINGS: ClassVar[list[BindingType]] = [
        *_MOVES,
        ("left", "step(-1)"),
        ("right,space,enter", "step(1)"),
        ("delete,backspace", "clear"),
    ]

    def __init__(self, write: Callable[[object], None], values: Sequence[str | int], default: str | int | None) -> None:
        """`write` hears the value that a person chose, None for no longer any; `default`: what none means."""
        super().__init__()
        self._write = write
        self._values = tuple(values)
        self._default = default
        self._value: object = None
        self._other: str | None = None

    def show(self, value: object, other: str | None, *, locked: bool) -> None:
        """Shows the chosen value; `other` is one that is not among them, in words; `locked`: not to be changed."""
        self.disabled = locked
        if (value, other) != (self._value, self._other):
            self._value, self._other = value, other
            self.refresh(layout=True)

    def render(self) -> Content:
        """The values, the chosen one marked, the default one where none is."""
        parts = [Content.styled(f"● {line_of(self._other)}", "bold yellow")] if self._other is not None else []
        if not self.disabled:
            parts += [self._item(value) for value in self._values]
        return Content("  ").join(parts)

    def _item(self, value: str | int) -> Content:
        chosen = self._other is None and value == self._value
        stands_in = self._other is None and self._value is None and value == self._default
        here = "reverse" if self.has_focus and (chosen or stands_in) else ""
        if chosen:
            return Content.styled(f"● {value}", f"bold {here}")
        if stands_in:
            return Content.styled(f"◌ {value} default", f"dim {here}")
        return Content.styled(f"○ {value}", "dim")

    def on_click(self, event: events.Click) -> None:
        """Chooses what was clicked."""
        if event.y:
            return  # a line that was wrapped: where its values stand is not known
        end = cell_len(self._other) + 4 if self._other is not None else 0
        for value in self._values:
            end += self._item(value).cell_length + 2
            if event.x < end:
                self._write(value)
                return

    def action_step(self, step: int) -> None:
        """The value beside the present one; at the ends it stays."""
        present = self._default if self._value is None else self._value
        if present in self._values and self._other is None:
            place = self._values.index(present) + step
            if 0 <= place < len(self._values):
                self._write(self._values[place])
        else:
            self._write(self._values[0 if step > 0 else -1])

    def action_clear(self) -> None:
        """Leaves it to the default."""
        if self._value is not None or self._other is not None:
            self._write(None)
