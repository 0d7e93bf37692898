"""Rows of the cast: a name with what it costs and where it is said, its text, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from storyboard.tui.masking import line_of
from storyboard.tui.painted import Painted
from storyboard.tui.panels.fields import LongField
from storyboard.tui.panels.setting_rows import ELSEWHERE, NO_TEXT, as_it_is
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storyboard.checks import Diagnostic
    from storyboard.tui.board import Board
    from storyboard.tui.panels.uses import Use

_RENAME, _DELETE = "rename", "delete"


class Name(Widget, can_focus=True):
    """A name with its figures, and what can be done with it."""

    DEFAULT_CSS = """
    Name { height: 1; width: 1fr; }
    Name:focus { background: $surface-lighten-1; }
    """
    HELP = "Enter renames, Delete takes the name out of the cast."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "app.focus_previous"),
        ("down", "app.focus_next"),
        ("enter,r", "rename"),
        ("delete,d", "delete"),
    ]

    class Wanted(Message):
        """A name shall be renamed or deleted."""

        def __init__(self, name: str, *, delete: bool) -> None:
            super().__init__()
            self.name = name
            self.delete = delete

    def __init__(self, name: str) -> None:
        super().__init__()
        self._said = name
        self._words = ""
        self._fixed = False

    def show(self, words: str, *, fixed: bool) -> None:
        """Shows what it costs; a `fixed` one cannot be changed here."""
        if (words, fixed) != (self._words, self._fixed):
            self._words, self._fixed = words, fixed
            self.refresh()

    def render(self) -> Content:
        """One line: the name, its figures, the actions at the right."""
        left = Content.assemble((f"@{line_of(self._said)}", "bold cyan"), "  ", (self._words, "dim"))
        if self._fixed:
            return left
        actions = Content.styled(f"{_RENAME}  {_DELETE}", "underline" if self.has_focus else "dim")
        room = self.size.width - actions.cell_length - 1
        left = left.truncate(max(room - 1, 0), ellipsis=True)
        return Content.assemble(left, " " * max(room - left.cell_length, 0), actions)

    def on_click(self, event: events.Click) -> None:
        """The action that was clicked."""
        behind = self.size.width - 2 - event.x
        if not self._fixed and 0 <= behind < len(_DELETE):
            self.action_delete()
        elif not self._fixed and len(_DELETE) + 2 <= behind < len(_DELETE) + 2 + len(_RENAME):
            self.action_rename()

    def action_rename(self) -> None:
        """Asks for another name."""
        if not self._fixed:
            self.post_message(self.Wanted(self._said, delete=False))

    def action_delete(self) -> None:
        """Takes it out."""
        if not self._fixed:
            self.post_message(self.Wanted(self._said, delete=True))


class CastEntry(Widget):
    """One name of the cast with its text."""

    DEFAULT_CSS = """
    CastEntry { height: auto; width: 1fr; margin-bottom: 1; }
    CastEntry LongField, CastEntry .below { margin-left: 2; width: 1fr; height: auto; }
    """

    def __init__(self, board: Board, name: str, write: Callable[[str], None]) -> None:
        """`write` hears the text after each change by a person."""
        super().__init__()
        self._board = board
        self.said = name
        self.heading = Name(name)
        self.field = LongField(write, board.run_command)
        self._below = Painted(classes="below")
        self._below.display = False

    def compose(self) -> ComposeResult:
        """Name, text, problems."""
        yield self.heading
        yield self.field
        yield self._below

    def show(self, value: object, use: Use, diagnostics: Sequence[Diagnostic], *, own: bool, from_file: bool) -> None:
        """Shows what the session says; `own`: the text stands here, `from_file`: in a file of its own."""
        is_text = value is None or isinstance(value, str)
        self.heading.show(use.words, fixed=from_file or not own)
        text = as_it_is(value) if not is_text else str(value or "")
        self.field.show_text(text, "who or what this is", locked=not own or from_file or not is_text)
        lines = [problem(one) for one in diagnostics]
        if not is_text:
            lines.append(Content.styled(NO_TEXT, "dim"))
        elif not own and not from_file:
            lines.append(Content.styled(ELSEWHERE, "dim"))
        self._below.display = bool(lines)
        self._below.paint(Content("\n").join(lines))
