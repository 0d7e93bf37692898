"""The last row: what keys do; a click does the same, resting the mouse on one explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.app import App

    from storyboard.tui.commands import Command

_NAMES = {"ctrl": "^", "alt": "Alt+", "escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn"}


def key_name(key: str) -> str:
    """A key as people know it: `^S`, `Alt+L`, `F5`."""
    *modifiers, last = key.strip().split("+")
    name = _NAMES.get(last, last.upper() if len(last) < 4 and last != "up" else last.capitalize())
    return "".join(_NAMES.get(one, f"{one.capitalize()}+") for one in modifiers) + name


def keys_of(app: App[Any]) -> Mapping[str, str]:
    """The keys that a person moved, by command id."""
    return app._keymap  # noqa: SLF001 - Textual has no public reader


class KeyLine(Widget):
    """As many commands as fit, each whole."""

    DEFAULT_CSS = "KeyLine { height: 1; background: $panel; color: $foreground; }"

    class Chosen(Message):
        """A command was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, commands: Sequence[Command], keys: Mapping[str, str]) -> None:
        """`keys`: those that a person moved, by command id."""
        super().__init__()
        self._parts = [
            (one, f" {key_name(keys.get(one.id, one.keys).split(',')[0])} ", f"{one.title} ") for one in commands
        ]

    def render(self) -> Content:
        """Keys and what they do."""
        shown = [part for one in self._fitting() for part in ((one[1], "bold $accent"), (one[2], ""))]
        return Content.assemble(*shown)

    def _fitting(self) -> list[tuple[Command, str, str]]:
        fitting, width = [], 0
        for part in self._parts:
            width += len(part[1]) + len(part[2])
            if width > self.size.width:
                break
            fitting.append(part)
        return fitting

    def _at(self, column: int) -> Command | None:
        place = 0
        for command, key, title in self._fitting():
            place += len(key) + len(title)
            if column < place:
                return command
        return None

    def on_click(self, event: events.Click) -> None:
        """Does what the key would."""
        if (command := self._at(event.x)) is not None:
            self.post_message(self.Chosen(command.id))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explains the command below the mouse."""
        command = self._at(event.x)
        self.tooltip = Content(command.help) if command is not None else None
