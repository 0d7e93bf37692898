"""What a person set once: keys, the theme and pictures, in a TOML file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.bounded import read_toml
from storyboard.document import read_bytes
from storyboard.jobs.paths import settings_file

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App


def place() -> Path:
    """Where preferences lie: among the user's own settings."""
    return settings_file()


@dataclass(slots=True)
class Preferences:
    """Keys by command id, the theme's name, pictures or none; what is wrong with the file is told, not obeyed."""

    theme: str = ""
    pictures: bool | None = None
    """Whether first frames are shown; None where the terminal decides."""
    keys: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def read(cls) -> Preferences:
        """The file's preferences; the usual ones where there is none."""
        try:
            file = place()
        except RuntimeError:  # no home folder: no preferences
            return cls()
        try:
            if not file.is_file():
                return cls()
            data = read_toml(read_bytes(file).decode().replace("\r\n", "\n"))
        except (OSError, ValueError) as error:
            return cls(faults=[f"preferences cannot be read: {error}"])
        found = cls()
        found.take(data)
        return found

    def take(self, data: dict[str, object]) -> None:
        """Takes over what the file says."""
        from storyboard.tui.commands import BOARD_COMMANDS, FOLDER_COMMANDS

        known = {command.id for command in (*BOARD_COMMANDS, *FOLDER_COMMANDS)}
        theme, keys = data.get("theme", ""), data.get("keys", {})
        if isinstance(theme, str):
            self.theme = theme
        pictures = data.get("pictures")
        if isinstance(pictures, bool):
            self.pictures = pictures
        elif pictures is not None:
            self.faults.append("pictures: true or false")
        for name, key in keys.items() if isinstance(keys, dict) else ():
            if name in known and isinstance(key, str) and key.strip():
                self.keys[name] = key.strip()
            else:
                self.faults.append(f"[keys] {name}: no such command, or no key")

    def apply(self, app: App[int]) -> None:
        """Sets them, and says what could not be."""
        if self.keys:
            app.set_keymap(self.keys)
        if self.theme:
            if self.theme in app.available_themes:
                app.theme = self.theme
            else:
                self.faults.append(f"theme {self.theme!r} is none of {', '.join(sorted(app.available_themes))}")
        for fault in self.faults[:3]:
            app.notify(fault, severity="warning", markup=False, timeout=10)
