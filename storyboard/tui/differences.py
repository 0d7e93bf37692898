"""What differs between two versions of a file, in lines with a mark and a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from storyboard.disk import words_of
from storyboard.document.saving import current
from storyboard.tui.masking import visible
from storyboard.versions.alignment import changed_lines

if TYPE_CHECKING:
    from storyboard.session import Session

_LINES_AT_MOST = 400
_STYLES = {"+": "green", "-": "red", "@": "bold cyan"}


def difference(old: bytes, new: bytes, old_name: str, new_name: str) -> Content:
    """The changed lines with some around them; lines that are not UTF-8 are shown as far as they are."""
    changed = list(changed_lines(_lines(old), _lines(new)))
    if not changed:
        return Content("no difference in any line")
    lines = [f"--- {old_name}", f"+++ {new_name}", *changed]
    shown = [Content.styled(visible(line), _STYLES.get(line[:1], "")) for line in lines[:_LINES_AT_MOST]]
    if len(lines) > _LINES_AT_MOST:
        shown.append(Content(f"… {len(lines) - _LINES_AT_MOST} more lines"))
    return Content("\n").join(shown)


def _lines(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").split("\n")


def from_disk(session: Session) -> Content:
    """What is unsaved."""
    try:
        theirs = current(session.path)
    except OSError as error:
        return Content(f"the file cannot be read: {words_of(error)}")
    if theirs is None:
        return Content("the file is not on disk yet")
    return difference(theirs, session.document.to_bytes(), "on disk", "here")


def summary(session: Session) -> Content:
    """The same, short enough for a question."""
    found = from_disk(session)
    lines = found.split("\n")
    return Content("\n").join([*lines[:12], Content("…")]) if len(lines) > 12 else found
