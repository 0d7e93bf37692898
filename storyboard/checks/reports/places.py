"""Files as other programs find them: by their path from the current folder, where checks run."""

from __future__ import annotations

import os

from storyboard.disk import is_inside


def from_here(file: str) -> str:
    """The relative path of a file that lies below the current folder; any other as it is."""
    return os.path.relpath(file) if os.path.isabs(file) and is_inside(file, os.getcwd()) else file
