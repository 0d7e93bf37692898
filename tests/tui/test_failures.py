"""What fails inside the editor, wherever: text kept, a report, exit code 70, and no traceback on the screen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from storyboard.tui.guarding import write_report
from tests.tui.emulator import Emulator

RUN = """
import sys, threading
from storyboard.cli.main import main
from storyboard.tui import app, board, terminal

class Nasty(Exception):
    pass

def fail(*_, **__):
    raise Nasty("not to be shown")

async def fail_late():
    fail()

def on_key(key, act):
    old = app.Editor.post_message
    def post_message(self, message):
        if getattr(message, "key", None) == key:
            self.call_next(lambda: act(self) and None)
            return True
        return old(self, message)
    app.Editor.post_message = post_message

{how}
sys.exit(main(["edit", sys.argv[1]]))
"""
PLACES = {
    "the input thread": "terminal.Sequences.expire = fail",
    "the input thread, of the system": "terminal.Sequences.expire = lambda *_: open('/nowhere/at/all')",
    "a key": "from storyboard.tui import prompt\n"
    "on_key('f11', lambda app: setattr(prompt.PromptEditor, '_on_key', fail))",
    "a timer": 'on_key("f11", lambda app: app.set_timer(0.01, fail))',
    "an interval of the board": 'on_key("f11", lambda app: app.board.set_interval(0.01, fail))',
    "a callback": 'on_key("f11", lambda app: app.board.editor.call_later(fail))',
    "after a refresh": 'on_key("f11", lambda app: app.board.call_after_refresh(fail))',
    "drawing": "from storyboard.tui import prompt\nprompt.PromptEditor.x = lambda self: self.refresh()\n"
    "on_key('f11', lambda app: setattr(prompt.PromptEditor, 'render_lines', fail) or app.board.editor.x())",
    "compose": "from textual.screen import Screen\nclass Broken(Screen):\n    def compose(self):\n        fail()\n"
    "on_key('f11', lambda app: app.push_screen(Broken()))",
    "mounting": "from textual.widget import Widget\nclass Broken(Widget):\n    on_mount = fail\n"
    "on_key('f11', lambda app: app.board.mount(Broken()))",
    "styles": "on_key('f11', lambda app: app.board.editor.set_styles('nonsense: 1') and None)",
    "a worker": 'on_key("f11", lambda app: app.run_worker(fail_late()))',
    "a worker in a thread": 'on_key("f11", lambda app: app.run_worker(fail, thread=True))',
    "a thread": 'on_key("f11", lambda app: threading.Thread(target=fail).start())',
    "a task": "import asyncio\non_key('f11', lambda app: asyncio.get_running_loop().call_soon(fail))",
    "Textual's own end": 'on_key("f11", lambda app: app.panic("x"))',
    "the keyboard": "from storyboard.tui import keyboard\n"
    "on_key('f11', lambda app: setattr(keyboard, '_is_idle', fail))",
}
"""What fails, at F11 or at Escape."""


@pytest.mark.parametrize("place", PLACES)
def test_a_failure_is_a_report_and_a_kept_text(film: Path, tmp_path: Path, place: str) -> None:
    """In each of the places where something of ours or of a library runs."""
    state = tmp_path / "state"
    program = RUN.format(how=PLACES[place])
    with Emulator.start([sys.executable, "-c", program, str(film)], env={"STORYBOARD_STATE_DIR": str(state)}) as t:
        t.wait_for("SB107")
        t.send("a lost word")
        t.wait_for("lost word")
        t.send("\x1b[23~")
        t.send("x\x1b" if "input thread" in place or place in ("the keyboard", "a key") else "")
        assert t.wait_end() == 70
        shown = "\n".join(t.screen())
        assert "this is a bug" in shown
        assert "Traceback" not in shown
        assert "not to be shown" not in shown
        assert t.left_behind() == []
    files = [one for one in state.rglob("*") if one.is_file()]
    assert any("lost word" in one.read_text("utf-8") for one in files if not one.name.startswith("crash-"))
    assert any(one.name.startswith("crash-") for one in files)
    assert "lost" not in film.read_text("utf-8")


@pytest.mark.parametrize(
    "place", ["self.desk.close = fail", "self._driver.stop_application_mode = fail"], ids=["the desk", "the driver"]
)
def test_a_failure_at_the_end_is_a_report_too(film: Path, tmp_path: Path, place: str) -> None:
    """When the editor is closing already."""
    state = tmp_path / "state"
    how = f"old = app.Editor._open\ndef _open(self):\n    {place}\n    old(self)\napp.Editor._open = _open"
    with Emulator.start(
        [sys.executable, "-c", RUN.format(how=how), str(film)], env={"STORYBOARD_STATE_DIR": str(state)}
    ) as t:
        t.wait_for("SB107")
        t.send("\x11")
        assert t.wait_end() == 70
        assert b"Traceback" not in t.output
        assert b"this is a bug" in t.output
    assert list(state.glob("crash-*"))


def test_two_failures_in_one_second_are_two_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was named to a person is not written over by what followed from it."""
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path))
    first, second = write_report(ValueError("a")), write_report(KeyError("b"))
    assert first is not None
    assert second is not None
    assert "ValueError" in Path(first).read_text("utf-8")
    assert "KeyError" in Path(second).read_text("utf-8")
