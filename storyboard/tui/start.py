"""Runs the editor; the only entry that commands know."""

from __future__ import annotations

from pathlib import Path

from storyboard.tui.app import Editor
from storyboard.tui.preferences import Preferences


def run(path: str) -> tuple[int, str | None]:
    """The exit code, and why it ended where nobody asked for it."""
    app = Editor(Path(path), Preferences.read())
    code = app.run()
    return (code if code is not None else app.return_code or 0), app.failure
