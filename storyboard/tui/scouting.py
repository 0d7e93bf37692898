"""Reads a folder's storyboards beside the editor, in a thread that only tells what it found."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING

from storyboard.disk import stamp_of
from storyboard.folders import storyboards_in
from storyboard.overview import Overview, look
from storyboard.tui.guarding import write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from storyboard.disk import Stamp

_TELL_EVERY = 0.05
"""Seconds between two tellings."""


def scout(
    folder: str,
    known: Mapping[str, Stamp],
    tell: Callable[[list[Overview]], None],
    stop: Callable[[], bool],
    strays: list[str] | None = None,
) -> list[str] | None:
    """The folder's files in order, None where it was stopped; tells those that are not as they are `known`.

    Links that are left out, because they lead elsewhere, are added to `strays`.

    Raises FileNotFoundError where the folder is gone.
    """
    if not os.path.isabs(folder):
        os.getcwd()  # a folder that was deleted can still be looked at from inside, and is empty
    os.stat(folder)
    files, news, told = [], [], monotonic()
    for file in storyboards_in([folder], stop, strays=strays):
        if stop():
            return None
        files.append(file)
        if file not in known or stamp_of(file) != known[file]:
            news.append(_look_at(file))
        if news and monotonic() - told > _TELL_EVERY:
            tell(news)
            news, told = [], monotonic()
    if stop():
        return None
    if news:
        tell(news)
    return files


def _look_at(file: str) -> Overview:
    try:
        return look(file)
    except Exception as error:  # noqa: BLE001 - one file must not hide the others
        write_report(error)
        words = f"could not be checked: this is a bug ({type(error).__name__})"
        return Overview(file, stamp_of(file), severities=("error",), unreadable=words)


class Scouted:
    """What is known of a folder; it outlives the screen that shows it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.files: list[str] = []
        """In the order of the folder."""
        self.overviews: dict[str, Overview] = {}
        self.paid: dict[str, str] = {}
        """Whether a file's present request was paid for, in words."""

    def holds(self, folder: str) -> bool:
        """Whether a folder is this one or lies in it."""
        return os.path.join(folder, "").startswith(os.path.join(self.folder, ""))

    @property
    def stamps(self) -> dict[str, Stamp]:
        """What each file was like when it was looked at."""
        return {file: seen.stamp for file, seen in self.overviews.items()}

    def take(self, news: list[Overview]) -> None:
        """Remembers what was found; files not known yet come last until the whole folder is known."""
        for one in news:
            if one.file not in self.overviews:
                self.files.append(one.file)
            self.overviews[one.file] = one

    def settle(self, files: list[str]) -> None:
        """These are all files, in order; the others are gone."""
        self.files = files
        self.overviews = {file: self.overviews[file] for file in files}


def absolute(path: str | os.PathLike[str]) -> str:
    """A path from the root, as far as that can be known where the current folder is gone."""
    try:
        return os.path.abspath(path)
    except OSError:
        return os.fspath(path)
