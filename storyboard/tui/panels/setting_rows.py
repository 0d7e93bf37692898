"""Rows of the settings: a label, a field, and what is wrong with its value below it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from storyboard.tui.painted import Painted
from storyboard.tui.panels.fields import ChoiceField, LineField, LongField
from storyboard.tui.wording import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from storyboard.checks import Diagnostic
    from storyboard.checks.diagnostic import Path
    from storyboard.session import Session
    from storyboard.tui.board import Board

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_SHOWN_AT_MOST = 300
ELSEWHERE = "merged in or repeated from elsewhere: change it there"
NO_TEXT = "this is no text: change it in the file"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a storyboard that people set."""

    path: Path
    label: str
    default: Callable[[Session], str] = lambda _: ""
    """How a storyboard without this key is read, in words."""
    number: bool = False
    long: bool = False
    choices: tuple[str | int, ...] = ()
    usual: str | int | None = None
    """Which choice a storyboard without this key has."""


def value_at(data: object, path: Path) -> object:
    """What stands there, None where nothing does."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def as_it_is(value: object) -> str:
    """A value of whatever kind in one line, cut where it is too long for one."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_AT_MOST else text[:_SHOWN_AT_MOST] + "…"


class SettingRow(Widget):
    """One setting; its field writes to the session at each keystroke."""

    DEFAULT_CSS = """
    SettingRow { height: auto; width: 1fr; color: $text-muted; }
    SettingRow:focus-within { color: $accent; text-style: bold; }
    SettingRow > * { margin-left: 18; width: 1fr; }
    SettingRow > .below { height: auto; color: $foreground; text-style: not bold; }
    """

    def __init__(self, board: Board, setting: Setting) -> None:
        super().__init__()
        self._board = board
        self.setting = setting
        self.field: LineField | LongField | ChoiceField
        if setting.choices:
            self.field = ChoiceField(self._write, setting.choices, setting.usual)
        elif setting.long:
            self.field = LongField(self._write, board.run_command, names=True)
            self.field.completion = board.completion
        else:
            self.field = LineField(self._write)
        self.field.add_class("field")
        self._below = Painted(classes="below")
        self._below.display = False
        self.found: list[Diagnostic] = []

    def compose(self) -> ComposeResult:
        """The field, and what is wrong with it."""
        yield self.field
        yield self._below

    def render(self) -> Content:
        """The label, beside the field or above it."""
        return Content(self.setting.label)

    def on_descendant_focus(self) -> None:
        """The label comes in sight with its field."""
        self.call_after_refresh(self.scroll_visible, animate=False)

    def show(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Shows what the session says now."""
        session, path = self._board.session, self.setting.path
        value = value_at(session.document.data, path)
        own = session.document.is_own(path)
        self._show_value(value, locked=not own or not self._is_editable(value))
        self.found = [one for one in diagnostics if one.path[: len(path)] == path]
        lines = [problem(one) for one in self.found]
        if not own:
            lines.append(Content.styled(ELSEWHERE, "dim"))
        elif not self._is_editable(value):
            lines.append(Content.styled(NO_TEXT, "dim"))
        self._below.display = bool(lines)
        self._below.paint(Content("\n").join(lines))

    def _is_editable(self, value: object) -> bool:
        if value is None or isinstance(value, str):
            return True
        if isinstance(value, bool | dict | list):
            return False
        return self.setting.number or bool(self.setting.choices)

    def _show_value(self, value: object, *, locked: bool) -> None:
        field = self.field
        if isinstance(field, ChoiceField):
            known = any(value == one and type(value) is type(one) for one in self.setting.choices)
            odd = as_it_is(value) if value is not None and (locked or not known) else None
            field.show(value, odd, locked=locked)
            return
        draft = self._board.session.outlook.draft
        default = self.setting.default(self._board.session)
        text = as_it_is(value) if locked else "" if value is None else str(value)
        if isinstance(field, LongField):
            field.paint(0, (draft.cast or {}) if draft else {})
            field.show_text(text, default, locked=locked)
        elif locked or not self._says(field.said, value):
            field.show(text, default, locked=locked)
        else:
            field.show(field.said, default, locked=False)

    def _says(self, text: str, value: object) -> bool:
        """Whether this text in the field stands for this value."""
        meant = self._meant(text)
        return meant == value and type(meant) is type(value)

    def _meant(self, text: str) -> object:
        """What a text in the field is written as; None takes the key out."""
        if not text.strip("\n"):
            return None
        if self.setting.number and _WHOLE.fullmatch(text.strip()):
            return int(text)
        return text

    def _write(self, value: object) -> None:
        path, meant = self.setting.path, self._meant(value) if isinstance(value, str) else value
        present = value_at(self._board.session.document.data, path)
        if meant == present and type(meant) is type(present):
            return
        if meant is None:
            self._board.edit(lambda session: session.unset(path, typing=True))
        else:
            self._board.edit(lambda session: session.set(path, meant, typing=True))
