"""Where a preview goes: a name of its own in `renders`, and never over what is not an earlier preview."""

from __future__ import annotations

import os
from pathlib import Path

from storyboard.folders import LEFT_OUT, SUFFIXES, name_of, stray_default
from storyboard.preview.errors import PreviewError, TakenError
from storyboard.preview.files import is_preview


def default_place(path: str, ending: str) -> Path:
    """Where a preview of a storyboard or folder goes unless somebody says otherwise; `ending` as `.animatic.mp4`.

    Raises PreviewError where the usual folder leads out of the project by a link.
    """
    if (stray := stray_default(LEFT_OUT)) is not None:
        words = (
            f"{LEFT_OUT} leads out of the project, to {stray}, by a link: nothing is written there unless it is named"
        )
        raise PreviewError(f"{words}, with -o")
    if path != "-" and os.path.isdir(path):
        name = os.path.basename(os.path.realpath(path)) or "storyboards"
    else:
        name = name_of(path)
    return Path(LEFT_OUT) / f"{name}{ending}"


def prepare_place(target: Path, *, force: bool) -> None:
    """Whether a preview may be written to `target`: PreviewError where something else stands there."""
    refuse_folder(target)
    if target.name.lower().endswith(SUFFIXES):
        raise PreviewError(f"{target} is named like a storyboard: give the file another ending")
    if os.path.lexists(target) and not force and not is_preview(target):
        raise TakenError(f"{target} is there and is no earlier animatic or sheet")


def refuse_folder(target: Path) -> None:
    """PreviewError where a folder stands in the place of a preview."""
    if target.is_dir():
        raise PreviewError(f"{target} is a folder: name a file in it, as -o {target}/NAME")
