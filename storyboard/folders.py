"""Which storyboards lie in a folder, and which folders around it belong to its project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.disk import is_inside, is_of_other_machine
from storyboard.gitignore import FILE, ignored_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUFFIXES = (".storyboard.yaml", ".storyboard.yml")
LEFT_OUT = "renders"
"""Folders of this name hold videos; they and hidden folders are not looked into."""
_INSTALLED = frozenset(("node_modules", "bower_components", "site-packages", "__pycache__"))
"""Folders of these names hold what other programs put there."""


def storyboards_in(
    paths: Iterable[str],
    stop: Callable[[], bool] = lambda: False,
    empty: list[str] | None = None,
    strays: list[str] | None = None,
) -> Iterator[str]:
    """Named files as they are, and the storyboards below named folders but for what git ignores; each file once.

    Links below a folder that lead out of its project, or to what is hidden or ignored there, are left out and added
    to `strays`. `stop` is asked between folders whether to end early; folders without storyboards are added to
    `empty`.
    """
    seen: set[str] = set()
    for path in paths:
        found = False
        for file in _below(path, stop, strays) if path != "-" and os.path.isdir(path) else (path,):
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


def stray_link(folder: str, file: str) -> str | None:
    """Where a storyboard's folder for videos leads, if a link in the project leads it elsewhere; else None.

    Both are paths from the root, without links when they were written down. A link in a git work tree may be the
    repository's, and must stay in it; so must one that has come in the place of the folder itself, below a folder
    that holds the storyboard. Other links are the machine's own, as a whole project may be reached over one.
    """
    drive, rest = os.path.splitdrive(folder)
    place = given = drive + os.sep
    for part in filter(None, rest.split(os.sep)):
        above, place = place, os.path.join(place, part)
        holder, given = given, os.path.join(given, part)
        if not os.path.islink(place):
            continue
        real, root = _real(place), project_folders(above)[-1]
        is_in_tree = os.path.lexists(os.path.join(root, ".git"))
        if (is_in_tree or (given in _own_ends(folder) and is_inside(file, holder))) and not _is_within(real, root):
            return real
        place = real
    return None


def _own_ends(folder: str) -> tuple[str, ...]:
    """The folder, and the one above where videos of the sandbox have one of their own in it."""
    above = os.path.dirname(folder)
    return (folder, above) if os.path.basename(above) == LEFT_OUT else (folder,)


def stray_default(folder: str) -> str | None:
    """Where a folder that nobody named, below the current one, leads if that is out of the project; else None."""
    real = _real(folder)
    if not os.path.isabs(real) or _is_within(real, project_folders(os.curdir)[-1]):
        return None
    return real


def _is_within(path: str, root: str) -> bool:
    """Whether a path lies in a project, and not where git keeps what is its own; both with their links resolved."""
    return is_inside(path, root) and ".git" not in os.path.relpath(path, root).split(os.sep)


def _is_stray(link: str, root: str) -> bool:
    """Whether a link leads to what the storyboards of a project do not: out of it, or to hidden or ignored files."""
    try:
        if is_of_other_machine(os.readlink(link)):
            return True
    except OSError:
        return False  # reading it will say why
    real = _real(link)
    if not _is_within(real, root):
        return True
    parts = os.path.relpath(real, root).split(os.sep)
    return not all(map(is_looked_into, parts)) or is_left_out(real, root)


def _below(folder: str, stop: Callable[[], bool], strays: list[str] | None) -> Iterator[str]:
    """Storyboards below a folder; a folder that cannot be listed stands for itself, and reading it says why."""
    closed: list[OSError] = []
    root = project_folders(folder)[-1]
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
                file = os.path.join(place, name)
                if not os.path.islink(file) or not _is_stray(file, root):
                    yield _plain(file, folder)
                elif strays is not None:
                    strays.append(_plain(file, folder))
    yield from (_plain(os.fsdecode(error.filename), folder) for error in closed)


def _plain(path: str, folder: str) -> str:
    return os.path.normpath(path) if folder == "." else path
