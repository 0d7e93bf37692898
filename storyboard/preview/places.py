"""Where a preview goes: a name of its own in `renders`, and never over what is not an earlier preview."""

from __future__ import annotations

import os
from pathlib import Path

from storyboard.folders import LEFT_OUT, SUFFIXES
from storyboard.preview.boards import name_of
from storyboard.preview.errors import PreviewError, TakenError

MARKS = ("Storyboard animatic", "Storyboard sheet")
"""Each stands in what this room writes, so that it is known again."""
_LOOKED_AT = 2_000_000


def default_place(path: str, ending: str) -> Path:
    """Where a preview of a storyboard or folder goes unless somebody says otherwise; `ending` as `.animatic.mp4`."""
    if path != "-" and os.path.isdir(path):
        name = os.path.basename(os.path.realpath(path)) or "storyboards"
    else:
        name = name_of(path)
    return Path(LEFT_OUT) / f"{name}{ending}"


def prepare_place(target: Path, *, force: bool) -> None:
    """Make the folder of `target`; PreviewError where something else stands in its place, OSError from the disk."""
    if target.is_dir():
        raise PreviewError(f"{target} is a folder: name a file in it, as -o {target}/NAME")
    if target.name.lower().endswith(SUFFIXES):
        raise PreviewError(f"{target} is named like a storyboard: give the file another ending")
    if target.exists() and not force and not is_preview(target):
        raise TakenError(f"{target} is there and is no earlier animatic or sheet")
    target.parent.mkdir(parents=True, exist_ok=True)


def is_preview(path: Path) -> bool:
    """Whether a file was made as a preview, by what it says of itself; an empty one is nobody's."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return not head or any(form in head for mark in MARKS for form in (mark.encode(), mark.encode("utf-16-be")))
