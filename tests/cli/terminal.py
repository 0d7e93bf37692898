"""A real terminal for one command: a pseudo-terminal that it is the foreground process of."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from time import monotonic
from typing import TYPE_CHECKING, Self

from tests.cli.desk import COMMAND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# A session's leader that opens a terminal gets it as its own: only then Ctrl-C becomes SIGINT.
_TAKE_TERMINAL = "import os, sys; os.close(os.open(os.ttyname(2), os.O_RDWR)); os.execv(sys.argv[1], sys.argv[1:])"
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs a command on a terminal of so many columns; `stdout` may go to a file instead.

    `program` is what runs it, where that is not the installed one.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        stdout: Path | None = None,
        env: Mapping[str, str] | None = None,
        program: Sequence[str] = (COMMAND,),
    ) -> None:
        self._own, other = os.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        out = os.open(stdout, os.O_WRONLY | os.O_CREAT) if stdout is not None else os.dup(other)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *program, *arguments],
            stdin=other,
            stdout=out,
            stderr=other,
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
            start_new_session=True,
        )
        os.close(other)
        os.close(out)
        self.raw = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._own)

    @property
    def shown(self) -> str:
        """Everything that was written to the terminal, without its control sequences."""
        return _CONTROL.sub("", self.raw).replace("\r\n", "\n")

    def wait_for(self, part: str, seconds: float = 60.0) -> None:
        """Reads until the terminal has shown this."""
        end = monotonic() + seconds
        while part not in self.shown:
            assert monotonic() < end, f"{part!r} was never shown: {self.shown!r}"
            assert self._read(end), f"ended before {part!r} was shown: {self.shown!r}"

    def type(self, text: str) -> None:
        """What a person types; "\\x03" is Ctrl-C."""
        os.write(self._own, text.encode())

    def send(self, number: signal.Signals) -> None:
        """As the system or another program does."""
        self._process.send_signal(number)

    def end(self, seconds: float = 60.0) -> int:
        """Reads until the command ends; its exit code."""
        end = monotonic() + seconds
        while self._read(end):
            assert monotonic() < end, f"still running: {self.shown!r}"
        return self._process.wait(seconds)

    def _read(self, until: float) -> bool:
        if not select.select([self._own], [], [], max(0.0, until - monotonic()))[0]:
            return True
        try:
            data = os.read(self._own, 65536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)
