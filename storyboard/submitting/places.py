"""Whether videos can be put where they are wanted."""

from __future__ import annotations

import os


def unfit_folder(out: str) -> str | None:
    """Why videos cannot be written to a folder, or to one made there: better known before anything is paid."""
    place = os.path.realpath(out)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        return f"{place} is not a folder"
    if not os.access(place, os.W_OK | os.X_OK):
        return f"nothing can be written in {place}"
    return None
