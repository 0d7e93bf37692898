"""Which storyboards lie in a folder, and which folders around it belong to its project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.gitignore import FILE, ignored_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIXES = (".storyboard.yaml", ".storyboard.yml")
LEFT_OUT = "renders"
"""Folders of this name hold videos; they and hidden folders are not looked into."""
_INSTALLED = frozenset(("node_modules", "bower_components", "site-packages", "__pycache__"))
"""Folders of these names hold what other programs put there."""


def storyboards_in(
    paths: Iterable[str], stop: Callable[[], bool] = lambda: False, empty: list[str] | None = None
) -> Iterator[str]:
    """Named files as they are, and the storyboards below named folders but for what git ignores; each file once.

    `stop` is asked between folders whether to end early; folders without storyboards are added to `empty`.
    """
    seen: set[str] = set()
    for path in paths:
        found = False
        for file in _below(path, stop) if path != "-" and os.path.isdir(path) else (path,):
            found = True
            if (real := _real(file)) not in seen:
                seen.add(real)
                yield file
        if not found and empty is not None:
            empty.append(path)


def name_of(file: str) -> str:
    """What a storyboard's file is called without its ending; standard input is called `storyboard`."""
    name = os.path.basename(file)
    for ending in (*SUFFIXES, ".yaml", ".yml"):
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return "storyboard" if name == "-" else name


def is_looked_into(folder: str) -> bool:
    """Whether storyboards are looked for in a folder of this name."""
    return not folder.startswith(".") and folder != LEFT_OUT and folder not in _INSTALLED


def is_left_out(path: str, folder: str) -> bool:
    """Whether the storyboards below a folder go without this file or folder below it, because git ignores it."""
    inner, below = ignored_in(folder), os.path.relpath(path, folder).split(os.sep)
    at = folder
    for name in below[:-1]:
        inner = inner.with_file_of(at)
        if inner.leaves_out(name, is_folder=True):
            return True
        at, inner = os.path.join(at, name), inner.inside(name)
        if os.path.lexists(os.path.join(at, ".git")):
            inner = ignored_in(at)
    return inner.with_file_of(at).leaves_out(below[-1], is_folder=os.path.isdir(path))


def project_folders(folder: str) -> list[str]:
    """A folder and those around it up to the root of its git work tree, links resolved; outside of one, it alone."""
    found = [_real(folder)]
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
    ignored = {folder: ignored_in(folder)}
    for place, folders, names in os.walk(folder, onerror=closed.append):
        if stop():
            return
        here = ignored.pop(place)
        if place != folder and (".git" in folders or ".git" in names):
            here = ignored_in(place)  # a repository of its own: the patterns around it end here
        if FILE in names:
            here = here.with_file_of(place)
        folders[:] = sorted(
            name for name in folders if is_looked_into(name) and not here.leaves_out(name, is_folder=True)
        )
        ignored |= {os.path.join(place, name): here.inside(name) for name in folders}
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not here.leaves_out(name, is_folder=False):
                yield _plain(os.path.join(place, name), folder)
    yield from (_plain(os.fsdecode(error.filename), folder) for error in closed)


def _plain(path: str, folder: str) -> str:
    return os.path.normpath(path) if folder == "." else path
