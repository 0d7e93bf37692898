"""What every room that writes needs of the disk."""

from __future__ import annotations

import os


def fsync_folder(folder: str | os.PathLike[str]) -> None:
    """Makes renames in a folder durable, where the platform can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
