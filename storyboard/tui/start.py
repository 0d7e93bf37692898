"""Runs the editor; the only entry that commands know."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from storyboard.tui.app import Editor
from storyboard.tui.preferences import Preferences


def run(path: str) -> tuple[int, str | None, list[str]]:
    """The exit code, why it ended where that was a failure, and lines about jobs that go on without it."""
    app = Editor(Path(path), Preferences.read())
    # Not a handler of the loop: one of those would be called late, when $EDITOR, which it was meant for, has ended.
    signal.signal(signal.SIGINT, lambda *_: app.interrupt())
    threading.excepthook = lambda ended: app.fail_in_thread(ended.exc_value)
    try:
        code = app.run()
    except Exception as error:  # noqa: BLE001 - what Textual itself could not end in order
        app.fail(error)
        return 70, app.failure, app.desk.left()
    return (code if code is not None else app.return_code or 0), app.failure, app.desk.left()
