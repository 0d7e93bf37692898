"""A session in the few words and marks that its screen has room for; decides nothing."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from storyboard.compiler.price import dollars
from storyboard.submitting.words import counted
from storyboard.tui.masking import line_of, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Diagnostic
    from storyboard.session import Session

ERROR, WARNING, HINT = "✗", "!", "·"
MARKS = {"error": ERROR, "warning": WARNING, "info": HINT}
WRONG = "reverse bold red"
"""How a single character that must not be sent is painted."""
STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


_OF_THE_ENVIRONMENT = re.compile(r"RUNWARE_|_PROXY|SSL_CERT|environment variable")
_RUN_AGAIN = re.compile(r"\b(?:run it|and run) again\b")


def in_the_editor(words: str, again: str = "press r in the jobs panel (F8)") -> str:
    """What commands say to run again is done in another way here; a new environment needs a new editor."""
    again = "start the editor again" if _OF_THE_ENVIRONMENT.search(words) else again
    return _RUN_AGAIN.sub(lambda found: f"and {again}" if found[0].startswith("and") else again, words)


def title(session: Session) -> str:
    """What the storyboard is called: its title, else its file's name."""
    data = session.document.data
    given = data.get("title") if isinstance(data, dict) else None
    if isinstance(given, str) and given.strip():
        return line_of(given)
    return name(os.fspath(session.path))


def name(path: str) -> str:
    """A file's name without the ending that all storyboards have."""
    base = os.path.basename(path)
    return line_of(base.removesuffix(".yaml").removesuffix(".yml").removesuffix(".storyboard"))


def place(folder: str) -> str:
    """A folder as its user calls it: below the home folder from `~` on."""
    home = os.path.expanduser("~")
    below = folder.removeprefix(home)
    return f"~{below}" if len(home) > 1 and below != folder and below[:1] in ("", os.sep) else folder


def kind(session: Session) -> str:
    """Text-to-video or first frame, size, takes."""
    draft = session.outlook.draft
    if draft is None:
        return "cannot be read as a storyboard"
    if draft.framed:
        size = f"first frame · {draft.resolution}"
    else:
        pixels = draft.profile.sizes.get((draft.resolution, draft.aspect_ratio))
        size = f"text-to-video · {pixels[0]}×{pixels[1]}" if pixels else "text-to-video"
    return f"{size} · {counted(session.outlook.takes, 'take')}"


def cost(session: Session) -> str:
    """The price, where there is one."""
    price = session.price
    return dollars(price) if price is not None else "no price yet"


def clock(session: Session) -> Content:
    """Total seconds against what is promised and possible: red where they are wrong, yellow where some are left."""
    draft = session.outlook.draft
    if draft is None:
        return Content()
    spent, promised, bounds = sum(session.seconds), session.total, draft.profile.total_seconds
    if spent > promised:
        return Content.styled(f"{spent} of {promised} s: {spent - promised} s too many", STYLES["error"])
    if spent < promised:
        return Content.styled(f"{spent} of {promised} s: {promised - spent} s left", STYLES["warning"])
    if spent < bounds.least:
        return Content.styled(f"{spent} s: {bounds.least - spent} s missing", STYLES["error"])
    if spent > bounds.most:
        return Content.styled(f"{spent} s: {spent - bounds.most} s too many", STYLES["error"])
    return Content(f"{spent} of {promised} s" if draft.duration is not None else f"{spent} s")


def of_shot(diagnostics: Sequence[Diagnostic], index: int) -> list[Diagnostic]:
    """What concerns one shot."""
    return [one for one in diagnostics if one.path[:2] == ("shots", index)]


def worst(diagnostics: Sequence[Diagnostic]) -> str | None:
    """The severity that counts most among these."""
    found = {one.severity for one in diagnostics}
    return next((severity for severity in MARKS if severity in found), None)


def mark(diagnostics: Sequence[Diagnostic]) -> str:
    """The mark of the worst of these, else nothing."""
    severity = worst(diagnostics)
    return MARKS[severity] if severity else ""


def first_words(text: str, width: int) -> str:
    """As much of a text as fits, in one line."""
    line = line_of(text[: 4 * max(width, 1)])
    return line if cell_len(line) <= width else set_cell_size(line, max(width - 1, 0)) + "…"


def problem(one: Diagnostic) -> Content:
    """A diagnostic as a line: mark, code, message, fix."""
    return _problem(one.severity, one.code, one.message, f"  fix: {one.fix.title}" if one.fix else "")


@lru_cache(128)
def _problem(severity: str, code: str, message: str, fix: str) -> Content:
    """Remembered: most of the lines stay as they are from key to key."""
    return Content.assemble(
        (MARKS[severity] + " ", STYLES[severity]), (code, "bold"), f"  {visible(message)}", (fix, "italic")
    )
