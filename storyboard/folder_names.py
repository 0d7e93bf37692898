"""Names that people give to storyboards: which file is meant, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from storyboard.disk import here_is_gone, is_inside, words_of
from storyboard.filing import ENDINGS, USUAL_ENDING, can_be_seen, is_named
from storyboard.folders import SUFFIXES, is_left_out, is_looked_into

_GONE = "this folder is gone"


def file_named(folder: str, answer: str, ending: str = USUAL_ENDING) -> Path:
    """The file that an answer means: from the folder, with this ending whatever was typed of one."""
    return Path(folder, os.path.normpath(without_ending(answer.strip()) + ending))


def without_ending(name: str) -> str:
    """A name or path without what all storyboards' names end with."""
    for ending in (*SUFFIXES, *ENDINGS):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def ending_of(name: str) -> str:
    """What `without_ending` takes off, in the letters it is written in."""
    return name[len(without_ending(name)) :]


def fault_of_name(folder: str, answer: str, ending: str = USUAL_ENDING, *, inside: bool = True) -> str | None:
    """What is wrong with an answer, in words; None where it names a file that can be made.

    `inside`: it must be one that the folder lists.
    """
    answer = answer.strip()
    file = file_named(folder, answer, ending)
    if not without_ending(answer) or answer.endswith(("/", os.sep)) or not is_named(file.name):
        return "a name is needed"
    if not can_be_seen(answer):
        return "choose a name without control or invisible characters"
    if not inside:
        return _fault_of_far_place(file.parent) or _fault_of_file(file)
    if here_is_gone(folder):
        return _GONE
    if fault := _fault_of_way(file, answer, folder) or _fault_of_place(file.parent, folder) or _fault_of_file(file):
        return fault
    return (
        "git ignores a file of that name here, so this folder would not show it"
        if is_left_out(str(file), folder)
        else None
    )


def _fault_of_way(file: Path, answer: str, folder: str) -> str | None:
    if os.path.isabs(answer) or not is_inside(os.path.realpath(file.parent), os.path.realpath(folder)):
        return "that leads out of this folder: name a file in it"
    return None


def _fault_of_place(place: Path, folder: str) -> str | None:
    parts = place.relative_to(folder).parts
    if hidden := next((one for one in parts if not is_looked_into(one)), None):
        return f"storyboards are not looked for in {hidden}"
    if os.path.isdir(place):
        return None
    return f"there is no folder {os.path.join(*parts)} here" if parts else _GONE


def _fault_of_far_place(place: Path) -> str | None:
    return None if os.path.isdir(place) else f"there is no folder {place}"


def _fault_of_file(file: Path) -> str | None:
    try:
        os.lstat(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return words_of(error)
    return "there is such a file already: choose another name"
