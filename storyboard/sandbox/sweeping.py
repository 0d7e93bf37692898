"""Takes out of a sandbox's folder what can be made again or is needed by nobody."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

VIDEO_DAYS = 7
"""How long a rendered video is kept; who asks for it later gets it rendered anew."""
VIDEO_BYTES_AT_MOST = 2_000_000_000
_PART_SECONDS = 3600.0


def sweep_videos(folder: Path, *, now: float | None = None, bytes_at_most: int = VIDEO_BYTES_AT_MOST) -> list[str]:
    """Delete old videos, left-over parts, and the oldest ones above a size in all; gives the names that went.

    `now` is in seconds since the epoch. A folder or file that cannot be read or deleted is left alone.
    """
    moment = time.time() if now is None else now
    files = sorted(_facts(folder), reverse=True)
    gone, kept_bytes = [], 0
    for modified, size, name in files:
        age = moment - modified
        kept_bytes += size
        is_part = name.startswith("part-")
        if age > (_PART_SECONDS if is_part else VIDEO_DAYS * 86_400) or (kept_bytes > bytes_at_most and not is_part):
            kept_bytes -= size
            try:
                os.unlink(folder / name)
            except OSError:
                continue
            gone.append(name)
    return gone


def _facts(folder: Path) -> list[tuple[float, int, str]]:
    """Time of change, bytes and name of each file."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    found.append((facts.st_mtime, facts.st_size, entry.name))
    except OSError:
        return found
    return found
