"""Whether the first picture of a video can be drawn, found out by a process that is kept for as long as this one."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from importlib.resources import files
from threading import Lock, Timer
from typing import Literal

from storyboard.packages import is_missing

Found = Literal["drawn", "broken", "slow", "unknown"]
"""What came of a first picture; "slow": it took too long; "unknown": nothing here can tell."""

SECONDS_AT_MOST = 20.0
"""For one picture; a usual one takes some hundredths."""
_START_SECONDS = 60.0
_FORMATS = {"mp4": "mov", "mov": "mov", "webm": "matroska"}
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP")
"""Variables that the decoder's process gets: no key is among them."""


class _Helper:
    """The process, begun when it is first needed and again after it had to be ended."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._is_of_use = True

    def ask(self, path: str, form: str) -> Found:
        with self._lock:
            if self._owner != os.getpid():  # a copy of the process that began it, or none has yet
                self._process, self._owner, self._is_of_use = None, os.getpid(), True
            if self._process is None and self._is_of_use:
                self._process = self._begun()
            if self._process is None:
                self._is_of_use = False
                return "unknown"
            told, is_late = _told(self._process, json.dumps([path, form]), SECONDS_AT_MOST)
            if told in ("drawn", "broken", "unknown"):
                return told  # type: ignore[return-value]
            self._end()
            return "slow" if is_late else "broken"

    def end(self) -> None:
        if self._owner == os.getpid():
            self._end()

    def _begun(self) -> subprocess.Popen[str] | None:
        script = str(files("storyboard.preview").joinpath("decoder.py"))
        if not sys.executable or getattr(sys, "frozen", False) or not os.path.isfile(script):
            return None
        try:
            process = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
                [sys.executable, "-I", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="ascii",
                errors="replace",
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
                cwd=os.path.dirname(script),
                start_new_session=True,
            )
        except OSError:
            return None
        if _told(process, None, _START_SECONDS)[0] == "ready":
            return process
        _close(process)
        return None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _close(process)


def _told(process: subprocess.Popen[str], line: str | None, seconds: float) -> tuple[str, bool]:
    """What the process says to a line, and whether it was ended because it said nothing for too long."""
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        process.kill()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        if line is not None and process.stdin is not None:
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        return (process.stdout.readline(20).strip() if process.stdout is not None else ""), bool(late)
    except (OSError, ValueError):
        return "", bool(late)
    finally:
        timer.cancel()


def _close(process: subprocess.Popen[str]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()
    process.wait()


_HELPER = _Helper()
atexit.register(_HELPER.end)


def first_picture(path: str | os.PathLike[str], extension: str) -> Found:
    """What comes of decoding the first picture of a video file ("mp4", "mov", "webm") of which the structure is whole.

    "unknown" without [preview]. Takes at most SECONDS_AT_MOST; several threads wait for each other.
    """
    if is_missing("av"):
        return "unknown"
    return _HELPER.ask(os.path.abspath(path), _FORMATS[extension])
