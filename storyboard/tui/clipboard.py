"""The clipboards that can be reached from here, and what is known of a text that was sent to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from itertools import count
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from storyboard.addresses import environment_without_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import App

_SECONDS = 1.0
"""How long all the programs of a clipboard may take together; one whose display is gone would wait for ever."""
_GRACE = 0.2
"""Seconds that leaving gives a program which is at work: enough for one that answers."""
_TMUX = "tmux"


class Program(NamedTuple):
    """A program that takes a text on its standard input; the first of its commands that succeeds is enough."""

    name: str
    commands: tuple[Sequence[str], ...]


class Reached(NamedTuple):
    """Where a text certainly is by now."""

    clipboard: bool = False
    tmux: bool = False


class Clipboard:
    """Hands to programs what the terminal was given by OSC 52: they say whether they took it, terminals do not."""

    class Copied(Message):
        """It is known as far as it can be where a text is."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, app: App[int]) -> None:
        self._app = app
        self._numbers = count()
        self._latest = -1
        self._turn = Lock()
        self._thread: Thread | None = None
        self._is_doubt_told = False

    def copy(self, text: str, what: str) -> None:
        """Hands a text on, in a thread, and says where it is; a copy without a name is spoken of only in doubt."""
        self._latest = next(self._numbers)
        # Not of the pool, whose threads are waited for at the end.
        self._thread = Thread(target=self._hand_on, args=(text, what, self._latest), name="clipboard", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Lets a program that answers take what was copied last."""
        if self._thread is not None:
            self._thread.join(_GRACE)

    def _hand_on(self, text: str, what: str, number: int) -> None:
        app = self._app
        with self._turn:  # what was copied last stays
            if number != self._latest:
                return
            reached = Reached() if app.is_web or app.is_headless else hand_to_programs(text, programs(os.environ))
            if not what and (any(reached) or self._is_doubt_told):
                return
            self._is_doubt_told = self._is_doubt_told or not any(reached)
        with suppress(RuntimeError):  # the editor has ended meanwhile
            app.post_message(self.Copied(where_it_is(what or "the text", reached, browser=app.is_web)))


def where_it_is(what: str, reached: Reached, *, browser: bool = False) -> str:
    """What is known of a text that was copied, in a sentence."""
    if reached.clipboard:
        return f"{what} is on the clipboard{' and in the buffer of tmux' if reached.tmux else ''}"
    place = "browser" if browser else "terminal"
    if reached.tmux:
        return f"{what} is in the buffer of tmux, and was sent to the terminal's clipboard"
    return f"{what} was sent to the {place}'s clipboard; if it is not there, the {place} does not allow it"


def programs(environment: Mapping[str, str]) -> Iterator[Program]:
    """Programs on this machine that reach a clipboard of the person at the terminal."""
    if environment.get("TMUX"):
        # tmux takes no OSC 52 from programs unless it is set to; -w, since 3.2, passes the text on to its terminal.
        yield Program(_TMUX, (("tmux", "load-buffer", "-w", "-"), ("tmux", "load-buffer", "-")))
    if sys.platform == "darwin":
        yield Program("pbcopy", (("pbcopy",),))
    if environment.get("WAYLAND_DISPLAY"):
        yield Program("wl-copy", (("wl-copy", "--type", "text/plain"),))
    if environment.get("DISPLAY"):
        yield Program("xclip", (("xclip", "-in", "-selection", "clipboard"), ("xsel", "--clipboard", "--input")))


def hand_to_programs(text: str, found: Iterator[Program]) -> Reached:
    """Gives a text to every program that is there; the time of all is bounded, and no shell sees the text."""
    data, end, took = text.encode(errors="surrogateescape"), monotonic() + _SECONDS, set()
    there = [program for program in found if any(shutil.which(command[0]) for command in program.commands)]
    for index, program in enumerate(there):
        share = monotonic() + (end - monotonic()) / (len(there) - index)  # one that hangs leaves time for the next
        if any(_takes(command, data, share) for command in program.commands):
            took.add(program.name)
    return Reached(clipboard=bool(took - {_TMUX}), tmux=_TMUX in took)


def _takes(command: Sequence[str], data: bytes, end: float) -> bool:
    path, left = shutil.which(command[0]), end - monotonic()
    if path is None or left <= 0:
        return False
    null = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system, with words of ours
            [path, *command[1:]],
            input=data,
            stdout=null,
            stderr=null,
            timeout=left,
            check=False,
            env=environment_without_key(),
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
