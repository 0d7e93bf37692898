"""A real terminal for one full-screen program: a pseudo-terminal whose output is drawn, and whose end is inspected."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from tests.tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Looks = Callable[[list[str]], bool]

# A session's leader that opens a terminal gets it as its own; `exec` keeps the process's number.
_TAKE_TERMINAL = ["/bin/sh", "-c", 'exec "$@" <>"$0" >&0 2>&0']
# What would give the program another size, other colours or other keys than this terminal has.
_FOREIGN = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM_PROGRAM", "TMUX", "STY", "PYTHONDEVMODE")
MODERN = {"\x1b[?2026$p": "\x1b[?2026;2$y", "\x1b[?2048$p": "\x1b[?2048;2$y"}
"""Answers of a terminal that can synchronize its output and tell its size in band."""
PATIENCE = 60.0
"""Seconds that every wait has at most, unless it is told otherwise."""
_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes that came at once."""

    at: float
    """When, by `time.perf_counter`."""
    data: bytes


class Emulator:
    """One program on a terminal; `with` ends the program, whatever happens."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int,
        rows: int,
        env: Mapping[str, str] | None,
        cwd: Path | None,
        answers: Mapping[str, str] | None,
    ) -> None:
        self._picture = Picture(columns, rows)
        self._answers = dict(answers or {})
        self._answered = 0
        self.chunks: list[Chunk] = []
        """Everything that was written, with its time."""
        self._drawn = 0
        # Both ends stay open here: the last close of the other one would put its attributes back.
        self._own, self._other = os.openpty()
        self._open = True
        os.set_blocking(self._own, False)
        self._set_size(columns, rows)
        self.termios_before = termios.tcgetattr(self._other)
        self.began = perf_counter()
        """Just before the program was started."""
        self._process = subprocess.Popen(
            [*_TAKE_TERMINAL, os.ttyname(self._other), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=cwd,
            env={**_surroundings(), **(env or {})},
            start_new_session=True,
        )

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        *,
        cwd: Path | None = None,
        answers: Mapping[str, str] | None = None,
    ) -> Self:
        """Starts a command; `env` comes on top of this process's own; `answers` maps queries to replies."""
        return cls(command, columns, rows, env, cwd, answers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.vanish()

    def vanish(self) -> None:
        """Closes the terminal under the program, as a window that is closed does; it can only be waited for then."""
        for descriptor in (self._own, self._other) if self._open else ():
            os.close(descriptor)
        self._open = False

    def wait_gone(self, timeout: float = PATIENCE) -> int:
        """Waits for a program whose terminal has vanished; exit code, or minus the signal's number."""
        return self._process.wait(timeout)

    @property
    def pid(self) -> int:
        """The program's own number, which is also that of its process group."""
        return self._process.pid

    @property
    def output(self) -> bytes:
        """Everything that was written to the terminal, controls and all."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row, from 0, where the terminal's cursor stands."""
        self._draw()
        return self._picture.cursor

    @property
    def queries(self) -> list[str]:
        """Questions to the terminal, answered or not."""
        self._draw()
        return self._picture.queries

    def screen(self) -> list[str]:
        """The lines that are shown by what has been read so far, blanks at their ends removed."""
        self._draw()
        return self._picture.rows()

    def send(self, keys: str | bytes) -> float:
        """Types; the time just before. Keys are what a plain terminal sends: "\\r", "\\x13" for Ctrl-S, "\\x1bOP"."""
        data = keys.encode() if isinstance(keys, str) else keys
        at = perf_counter()
        while data:
            try:
                data = data[os.write(self._own, data) :]
            except BlockingIOError:  # it reads no more until somebody takes what it has written
                assert perf_counter() < at + PATIENCE, self._failure(f"{len(data)} bytes were not read")
                self._read(_LOOK_AGAIN)
        return at

    def wait_for(self, what: str | Looks, timeout: float = PATIENCE) -> list[str]:
        """Reads until a text is shown in one line, or until the screen looks right to a function; that screen."""
        looks_right = _shows(what) if isinstance(what, str) else what
        end = perf_counter() + timeout
        while True:
            ended = self.has_ended()
            if looks_right(rows := self.screen()):
                return rows
            assert perf_counter() < end, self._failure(f"{what!r} was not shown within {timeout:g} s")
            assert self._read(_LOOK_AGAIN) or not ended, self._failure(f"ended before {what!r} was shown")

    def wait_quiet(self, quiet: float = 0.06, timeout: float = PATIENCE) -> list[Chunk]:
        """Reads, without drawing, until nothing was written for `quiet` seconds in which the program slept; what came.

        A program that waits for its turn on a busy machine has more to write, however long it is silent.
        """
        first = len(self.chunks)
        begun = now = perf_counter()
        end = now + timeout
        while now < begun + quiet:
            if self._read(min(quiet / 4, begun + quiet - now)) or not self._sleeps():
                begun = perf_counter()
                assert begun < end, self._failure(f"never quiet for {quiet:g} s within {timeout:g} s")
            now = perf_counter()
        return self.chunks[first:]

    def wait_burst(self, quiet: float = 0.06, timeout: float = PATIENCE) -> list[Chunk]:
        """Reads, without drawing, until something and then nothing more was written for `quiet` seconds; what came."""
        first = len(self.chunks)
        end = perf_counter() + timeout
        while not self._read(_LOOK_AGAIN):
            assert perf_counter() < end, self._failure(f"nothing was written within {timeout:g} s")
        self.wait_quiet(quiet, timeout)
        return self.chunks[first:]

    def shown_at(self, text: str, quiet: float = 0.06, timeout: float = PATIENCE) -> float:
        """When the byte came that completed this text on the screen; drawing waits for quiet, to disturb nobody."""
        end = perf_counter() + timeout
        while True:
            ended = self.has_ended()
            self.wait_quiet(quiet, timeout)
            while self._drawn < len(self.chunks):
                self._draw(1)
                if _shows(text)(self._picture.rows()):
                    return self.chunks[self._drawn - 1].at
            assert perf_counter() < end, self._failure(f"{text!r} was not shown within {timeout:g} s")
            assert not ended, self._failure(f"ended before {text!r} was shown")

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as a person drags the window's corner: the kernel tells the program."""
        self._draw()
        self._picture.resize(columns, rows)
        self._set_size(columns, rows)

    def wipe(self) -> None:
        """Forgets what was drawn so far: only what is drawn from now on is shown."""
        self._draw()
        self._picture.feed(b"\x1b7\x1b[2J\x1b8")

    def kill(self, number: signal.Signals) -> None:
        """Sends a signal to the program alone."""
        self._process.send_signal(number)

    def has_ended(self) -> bool:
        """Whether the program is no more."""
        return self._process.poll() is not None

    def wait_end(self, timeout: float = PATIENCE) -> int:
        """Reads until the program has ended and all of its output is here; exit code, or minus the signal's number."""
        end = perf_counter() + timeout
        while not self.has_ended():
            assert perf_counter() < end, self._failure(f"still running after {timeout:g} s")
            self._read(_LOOK_AGAIN)
        while self._read(0):
            assert perf_counter() < end, self._failure("ended, but somebody goes on writing")
        return self._process.wait()

    def termios_now(self) -> list[Any]:
        """The terminal's attributes, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._other)

    def left_behind(self) -> list[str]:
        """What the program has changed about the terminal and not put back, in words; empty if all is as it was."""
        self._draw()
        found = self._picture.left_behind()
        if self.termios_now() != self.termios_before:
            found.append("termios differs")
        return found

    def _sleeps(self) -> bool:
        """Whether all threads of the program wait for something; taken for granted where no system tells."""
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with suppress(OSError), open(f"/proc/{self.pid}/task/{thread}/stat", "rb") as told:
                    if told.read().rpartition(b") ")[2][:1] in b"RD":
                        return False
        return True

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Takes what comes within so many seconds; whether anything came."""
        if not select.select([self._own], [], [], seconds)[0]:
            return False
        data = os.read(self._own, 65536)
        self.chunks.append(Chunk(perf_counter(), data))
        if self._answers:
            self._draw()
        return True

    def _draw(self, most: int | None = None) -> None:
        """Draws what has been read; `most` chunks of it."""
        chunks = self.chunks[self._drawn :][:most]
        for chunk in chunks:
            self._picture.feed(chunk.data)
        self._drawn += len(chunks)
        for query in self._picture.queries[self._answered :]:
            self.send(self._answers.get(query, ""))
        self._answered = len(self._picture.queries)

    def _failure(self, what: str) -> str:
        """The reason of a failed wait, with all that helps to understand it."""
        state = f"exit code {self._process.returncode}" if self.has_ended() else "running"
        rows = "\n".join(f"│{row}" for row in self.screen()).rstrip("│\n")
        return f"{what} ({state}); the screen:\n{rows}"


def _shows(text: str) -> Looks:
    return lambda rows: any(text in row for row in rows)


def _surroundings() -> dict[str, str]:
    """This process's environment as a plain terminal would hand it on."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN and "TEXTUAL" not in name}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
