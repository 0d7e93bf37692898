"""A person at the command line: an empty folder, a clean environment, and commands run in this process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
COMMAND = str(Path(sys.executable).with_name("storyboard"))

BOARD = """\
title: Lamp
shots:
  - seconds: 2
    prompt: Wide shot of a pier at dawn. A keeper walks along it with a lamp. Static camera. Gulls.
  - seconds: 1
    prompt: Close-up of the lamp on its hook at dawn, the flame settles. Static camera.
"""
CLEAN = BOARD.replace("seconds: 1", "seconds: 3")
"""The same, long enough that nobody has anything to say about it."""


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Desk:
    """Runs commands in a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def run(self, *arguments: str) -> Said:
        """A command in this process."""
        self._capsys.readouterr()
        code = main(list(arguments))
        captured = self._capsys.readouterr()
        return Said(int(code), captured.out, captured.err)

    def write(self, name: str, text: str = BOARD) -> Path:
        """A file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def process(self, *arguments: str, env: Mapping[str, str] | None = None, given: bytes = b"") -> Said:
        """A command in a process of its own; `given` is its standard input."""
        done = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def shell(self, line: str) -> Said:
        """A line of shell in which "$S" is the command; for what only a shell does to the standard streams."""
        done = subprocess.run(
            ["/bin/bash", "-c", line],
            cwd=self.folder,
            env={**os.environ, "S": COMMAND},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
