"""Whether videos can be put where they are wanted."""

from __future__ import annotations

import errno
import os

from storyboard.disk import words_of
from storyboard.folders import LEFT_OUT, stray_default
from storyboard.jobs.rows import SANDBOX


def default_folder(*, sandbox: bool) -> str:
    """Where videos go that no folder was named for; what was paid for and what was not never share one."""
    return os.path.join(LEFT_OUT, SANDBOX) if sandbox else LEFT_OUT


def unfit_default(out: str) -> str | None:
    """Why videos cannot be put into a folder that nobody named: also where a link in the project leads it elsewhere."""
    if (stray := stray_default(out)) is not None:
        return f"{out} leads out of the project, to {stray}, by a link: nothing is written there unless it is named"
    return unfit_folder(out)


def real_folder(usual: str) -> str:
    """The path of a folder that nobody named, links resolved; as it is where these lead out of the project."""
    return os.path.realpath(usual) if stray_default(usual) is None else os.path.join(os.path.realpath(os.curdir), usual)


def unfit_folder(out: str) -> str | None:
    """The same as `unfit_place`, of a folder that jobs are to remember."""
    try:
        os.path.realpath(out).encode()
    except UnicodeEncodeError:
        return f"{out}: the path is not UTF-8"
    return unfit_place(out)


def unfit_place(out: str) -> str | None:
    """Why videos cannot be written to a folder, or to one made there: better known before anything is paid."""
    if "://" in out:
        return f"{out} is an address and no folder"
    try:
        os.lstat(os.path.join(out, "x" * 60))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return f"{words_of(error)}: {out}"
    place = os.path.realpath(out)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        return f"{place} is not a folder"
    if not os.access(place, os.W_OK | os.X_OK):
        return f"nothing can be written in {place}"
    return None
