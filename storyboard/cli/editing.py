"""Opens the terminal editor; imports nothing that only other commands need, so that the first picture comes soon."""

from __future__ import annotations

import gc
import os

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.disk import HERE_IS_GONE, here_is_gone, typed

_CANNOT_DRAW = ("dumb", "unknown")
"""Terminals, by their own word, that only show one line after another."""

_STREAMS = {
    "standard input": 0,
    "standard output": 1,
    "standard error (2>)": 2,  # the editor is drawn on it
}


def open_editor(path: str) -> int:
    """Runs the editor on a file or a folder and gives its exit code."""
    if _in_a_browser():
        os.setsid()  # the server ends its editors; a Ctrl-C at its terminal is not theirs
    elif elsewhere := [name for name, number in _STREAMS.items() if not os.isatty(number)]:
        verb = "is" if len(elsewhere) == 1 else "are"
        words = f"the editor needs a terminal, which {' and '.join(elsewhere)} {verb} not"
        raise Stop(Exit.USAGE, f"{words}; for programs: storyboard check, compile, submit")
    elif os.environ.get("TERM") in _CANNOT_DRAW:
        advice = "open it in another terminal, or set TERM to what this one is, as TERM=xterm-256color"
        words = f"this terminal cannot show the editor (TERM={os.environ['TERM']}): {advice}"
        raise Stop(Exit.USAGE, f"{words}; without the editor: storyboard check, compile, submit")
    if not os.path.exists(path):
        if here_is_gone(path):
            raise Stop(Exit.USAGE, HERE_IS_GONE)
        raise Stop(Exit.STORYBOARD_ERRORS, f"{path}: no such file; storyboard new {typed(path)} makes one")
    gc.disable()  # nothing that is made until the first picture is garbage; the board collects again then
    from storyboard.tui.start import run

    code, failure, left = run(path)
    if failure is not None:
        say.error(failure)
    for line in left if not _in_a_browser() else ():
        say.words(line)
    return code


def _in_a_browser() -> bool:
    """Whether textual-serve runs this editor and speaks to it through pipes."""
    return os.name == "posix" and os.environ.get("TEXTUAL_DRIVER") == "textual.drivers.web_driver:WebDriver"
