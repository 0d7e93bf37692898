"""Which storyboards a command is about."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.checks import Report, check_bytes, check_file
from storyboard.checks.diagnostic import Diagnostic
from storyboard.document import DocumentError, read_stdin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = (".storyboard.yaml", ".storyboard.yml")


def storyboards_in(paths: Iterable[str]) -> Iterator[str]:
    """Named files as they are, and the storyboards below named folders; each file once."""
    seen: set[str] = set()
    for path in paths:
        for file in _below(path) if path != "-" and os.path.isdir(path) else (path,):
            real = file if file == "-" else os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                yield file


def _below(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "renders")
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield (
                    os.path.normpath(os.path.join(place, name)) if folder in (".", "./") else os.path.join(place, name)
                )


def check_input(file: str) -> Report:
    """Checks a file, or standard input for `-`."""
    if file != "-":
        return check_file(file)
    try:
        return check_bytes(read_stdin(), "-", os.getcwd())
    except DocumentError as error:
        return Report("-", [Diagnostic("-", 1, 1, 1, 1, "SB001", "error", error.reason)])
