"""The files of previews: put in place only when all of them is there, and known again by a mark inside."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.disk import refuse_read_only
from storyboard.writing import filling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANIMATIC_MARK, SHEET_MARK = "Storyboard animatic", "Storyboard sheet"
"""What a file says of itself, so that a later preview knows what it may replace."""
_LOOKED_AT = 2_000_000


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to, which takes its place at the end; nothing is left of it where that fails.

    Raises ReadOnly where `target` is there and locked.
    """
    refuse_read_only(target)
    with filling(target, ".part", lambda: refuse_read_only(target)) as part:
        yield part


def is_preview(path: Path) -> bool:
    """Whether a file was made as a preview, by what it says of itself; an empty one is nobody's."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    marks = (ANIMATIC_MARK, SHEET_MARK)
    return not head or any(form in head for mark in marks for form in (mark.encode(), mark.encode("utf-16-be")))
