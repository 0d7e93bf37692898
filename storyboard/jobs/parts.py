"""Videos under way: the beginning of one, and a note of whose it is, so that a lost ledger does not lose it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from storyboard.writing import make_file

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.jobs.rows import Job, Order, Result

PART = ".part"
"""What a video's name ends with until it is whole."""
NOTE = ".part.json"
"""What the name of the note about it ends with."""


def part_of(video: Path) -> Path:
    """Where a video grows until it is whole; the file also keeps the name from others."""
    return video.with_name(video.name + PART)


def note_of(video: Path) -> Path:
    """What is known of a video that is under way."""
    return video.with_name(video.name + NOTE)


def label(job: Job, result: Result, order: Order, holder: str) -> dict[str, Any]:
    """What a note says about the video that is under way; `holder` is the process that fetches it."""
    storyboard = os.path.relpath(order.file, order.folder)
    return {"job": job.uuid, "video": result.video_uuid, "storyboard": storyboard, "holder": holder}


def reserve(video: Path, whose: dict[str, Any]) -> None:
    """Keeps a name from others, with a note of whose it is. Raises FileExistsError where it is taken, OSError.

    The part keeps it. The note is made first: whenever this process dies, a part has its note, and a note without a
    part can be cleared away.
    """
    note = note_of(video)
    make_file(note, json.dumps(whose).encode())
    try:
        make_file(part_of(video))
    except OSError:
        note.unlink(missing_ok=True)
        raise


def clear_away(video: Path) -> None:
    """Deletes a note that says nothing and has no part: what is left of a process that died over it.

    What is no file stays: nobody's name depends on it.
    """
    with suppress(OSError):
        if not os.path.lexists(part_of(video)):
            note_of(video).unlink(missing_ok=True)


def drop(video: Path) -> None:
    """Gives a name back under which nothing was fetched."""
    with suppress(OSError):
        if part_of(video).lstat().st_size == 0:
            discard(video)


def discard(video: Path) -> None:
    """Gives a name back, with whatever was fetched under it."""
    with suppress(OSError):
        part_of(video).unlink(missing_ok=True)
        note_of(video).unlink(missing_ok=True)
