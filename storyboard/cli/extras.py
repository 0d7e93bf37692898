"""Ends commands that lack what they need of an installation."""

from __future__ import annotations

from storyboard.cli.exits import Exit, Stop
from storyboard.submitting.extras import broken, how_to_get, missing


def require(extra: str, who: str) -> None:
    """Ends the command where packages of an extra are missing or cannot be loaded; `who` needs them."""
    if lacking := missing(extra):
        raise Stop(Exit.USAGE, f"{who} needs {' and '.join(lacking)}: {how_to_get(extra)}")
    if (failure := broken(extra)) is not None:
        raise Stop(Exit.PERSON, failure)
