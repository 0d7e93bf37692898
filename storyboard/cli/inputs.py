"""Which storyboards a command is about."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from storyboard.checks import Report, check_bytes, check_file
from storyboard.checks.diagnostic import Diagnostic
from storyboard.cli import say
from storyboard.disk import HERE_IS_GONE, here_is_gone, words_of
from storyboard.document import DocumentError, read_stdin
from storyboard.folders import SUFFIXES, storyboards_in

if TYPE_CHECKING:
    from collections.abc import Sequence


_SHOWN = 3
"""Links that are named."""


def some_storyboards(paths: Sequence[str]) -> list[str]:
    """The same as a list; ends the command where a folder that is named holds none."""
    refuse_gone(paths)
    empty: list[str] = []
    strays: list[str] = []
    files = list(storyboards_in(paths, empty=empty, strays=strays))
    say_strays(strays)
    if empty:
        raise click.UsageError(nothing_in(empty))
    return files


def say_strays(links: Sequence[str]) -> None:
    """Says once which links below folders were left out, so that nobody takes them for checked."""
    if links:
        more = f" and {len(links) - _SHOWN} more" if len(links) > _SHOWN else ""
        words = "not read, as a link out of the project, or to what is hidden or ignored in it"
        say.words(f"{', '.join(links[:_SHOWN])}{more}: {words}; name the file to read it")


def nothing_in(folders: Sequence[str]) -> str:
    """Why there is nothing to do, where folders hold no storyboards; and what may be done."""
    if here_is_gone():
        return HERE_IS_GONE
    kinds = " or ".join(f"*{suffix}" for suffix in SUFFIXES)
    return (
        f"no storyboards ({kinds}) below {', '.join(folders)}: look at the path; "
        "what git ignores is left out unless it is named"
    )


def refuse_gone(paths: Sequence[str]) -> None:
    """Ends the command where a path begins in a current folder that was deleted."""
    if any(path != "-" and here_is_gone(path) for path in paths):
        raise click.UsageError(HERE_IS_GONE)


def one_storyboard(path: str) -> str:
    """The file that is named, or the only storyboard of a folder; ends the command where there is no telling which."""
    files = some_storyboards([path])
    if len(files) > 1:
        raise click.UsageError(f"{path} holds {len(files)} storyboards: name the file")
    return files[0]


def standard_input() -> bytes:
    """What is given on standard input; at a terminal it is said that it is awaited. Raises DocumentError, OSError."""
    if sys.stdin.isatty():
        say.words("reading what is typed or pasted here; Ctrl-D in an empty line ends it")
    return read_stdin()


def check_input(file: str) -> Report:
    """Checks a file, or standard input for `-`."""
    if file != "-":
        return check_file(file)
    try:
        return check_bytes(standard_input(), "-", os.curdir)
    except (DocumentError, OSError) as error:
        reason = error.reason if isinstance(error, DocumentError) else f"cannot be read: {words_of(error)}"
        return Report("-", [Diagnostic("-", 1, 1, 1, 1, "SB001", "error", reason)])
