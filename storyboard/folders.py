"""Which storyboards lie in a folder, and which folders around it belong to its project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIXES = (".storyboard.yaml", ".storyboard.yml")
LEFT_OUT = "renders"
"""Folders of this name hold videos; they and hidden folders are not looked into."""


def storyboards_in(paths: Iterable[str], stop: Callable[[], bool] = lambda: False) -> Iterator[str]:
    """Named files as they are, and the storyboards below named folders; each file once.

    `stop` is asked between folders whether to end early.
    """
    seen: set[str] = set()
    for path in paths:
        for file in _below(path, stop) if path != "-" and os.path.isdir(path) else (path,):
            if (real := _real(file)) not in seen:
                seen.add(real)
                yield file


def name_of(file: str) -> str:
    """What a storyboard's file is called without its ending; standard input is called `storyboard`."""
    name = os.path.basename(file)
    for ending in (*SUFFIXES, ".yaml", ".yml"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return "storyboard" if name == "-" else name


def is_looked_into(folder: str) -> bool:
    """Whether storyboards are looked for in a folder of this name."""
    return not folder.startswith(".") and folder != LEFT_OUT


def project_folders(folder: str) -> list[str]:
    """A folder and those around it up to the root of its git work tree, links resolved; outside of one, it alone."""
    found = [os.path.realpath(folder)]
    while not os.path.exists(os.path.join(found[-1], ".git")):
        above = os.path.dirname(found[-1])
        if above == found[-1]:
            return found[:1]
        found.append(above)
    return found


def _real(file: str) -> str:
    try:
        return file if file == "-" else os.path.realpath(file)
    except OSError:
        return file  # the current folder is gone: reading it will say so


def _below(folder: str, stop: Callable[[], bool]) -> Iterator[str]:
    """Storyboards below a folder; a folder that cannot be listed stands for itself, and reading it says why."""
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        if stop():
            return
        folders[:] = sorted(filter(is_looked_into, folders))
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield _plain(os.path.join(place, name), folder)
    yield from (_plain(os.fsdecode(error.filename), folder) for error in closed)


def _plain(path: str, folder: str) -> str:
    return os.path.normpath(path) if folder == "." else path
