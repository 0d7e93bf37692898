"""Whether a video file is whole, from its structure alone: parts, tracks, sample tables and how long it plays."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.disk import open_regular
from storyboard.jobs import mp4, webm
from storyboard.jobs.boxes import Damaged

if TYPE_CHECKING:
    from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Seen:
    """What the structure of a whole video says of it."""

    seconds: float
    """How long its pictures are shown."""
    says_its_end: bool
    """Whether its structure tells one that is cut; of a stream in pieces only who sends it can."""


def look(path: str | os.PathLike[str], extension: str) -> Seen:
    """What a video file of this extension ("mp4", "mov", "webm") says of itself.

    Its parts end exactly where the file ends, it has a track with pictures, and all bytes that its tables name are
    there. Takes time in proportion to its tables, which are bounded. Raises Damaged for a file that is no whole
    video, OSError for one that cannot be read or is not regular.
    """
    with open_regular(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if extension == "webm":
            return Seen(*webm.look(stream, size))
        return Seen(*mp4.look(stream, size, must_begin_with_ftyp=extension == "mp4"))


def damage(path: str | os.PathLike[str], extension: str) -> str | None:
    """What is wrong with a video file of this extension; None for a whole one. Raises OSError as `look` does."""
    try:
        look(path, extension)
    except Damaged as error:
        return str(error)
    return None


def is_cut(stream: BinaryIO, extension: str) -> bool:
    """Whether the outermost parts of a video file do not end where the file ends, or the usual ones are missing.

    Enough where a digest tells that it is the very file which came.
    """
    size = os.fstat(stream.fileno()).st_size
    try:
        if extension == "webm":
            webm.outline(stream, size)
        else:
            mp4.outline(stream, size, must_begin_with_ftyp=extension == "mp4")
    except Damaged:
        return True
    return False
