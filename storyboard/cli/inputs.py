"""Which storyboards a command is about."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.checks import Report, check_bytes, check_file
from storyboard.checks.diagnostic import Diagnostic
from storyboard.document import DocumentError, read_stdin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = (".storyboard.yaml", ".storyboard.yml")


def storyboards_in(paths: Iterable[str]) -> Iterator[str]:
    """Named files as they are, and the storyboards below named folders; each file once."""
    seen: set[str] = set()
    for path in paths:
        for file in _below(path) if path != "-" and os.path.isdir(path) else (path,):
            if (real := _real(file)) not in seen:
                seen.add(real)
                yield file


def _real(file: str) -> str:
    try:
        return file if file == "-" else os.path.realpath(file)
    except OSError:
        return file  # the current folder is gone: reading it will say so


def some_storyboards(paths: Sequence[str]) -> list[str]:
    """The same as a list; ends the command where there are none."""
    files = list(storyboards_in(paths))
    if not files:
        raise click.UsageError(f"no storyboards (*{SUFFIXES[0]}) below {', '.join(paths)}")
    return files


def one_storyboard(path: str) -> str:
    """The file that is named, or the only storyboard of a folder; ends the command where there is no telling which."""
    files = some_storyboards([path])
    if len(files) > 1:
        raise click.UsageError(f"{path} holds {len(files)} storyboards: name the file")
    return files[0]


def _below(folder: str) -> Iterator[str]:
    """Storyboards below a folder; a folder that cannot be listed stands for itself, and reading it says why."""
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "renders")
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield _plain(os.path.join(place, name), folder)
    yield from (_plain(os.fsdecode(error.filename), folder) for error in closed)


def _plain(path: str, folder: str) -> str:
    return os.path.normpath(path) if folder == "." else path


def check_input(file: str) -> Report:
    """Checks a file, or standard input for `-`."""
    if file != "-":
        return check_file(file)
    try:
        return check_bytes(read_stdin(), "-", os.curdir)
    except (DocumentError, OSError) as error:
        reason = error.reason if isinstance(error, DocumentError) else f"cannot be read: {error.strerror or error}"
        return Report("-", [Diagnostic("-", 1, 1, 1, 1, "SB001", "error", reason)])
