"""What the farm's commands share: its extra and its queue."""

from __future__ import annotations

from importlib import import_module

from storyboard.cli.exits import Exit, Stop
from storyboard.cli.extras import require
from storyboard.packages import failure_in_words
from storyboard.submitting.accounts import real_account
from storyboard.submitting.extras import how_to_get, missing


def require_farm() -> None:
    """Ends the command where the farm's extra is not installed, or PostgreSQL's library is missing."""
    if missing("farm"):
        require("farm", "the farm")
    try:
        import_module("storyboard.farm.database")  # psycopg looks for libpq when it is imported
    except ImportError as error:
        if "libpq" in str(error):
            raise Stop(Exit.USAGE, f"psycopg finds no libpq: {how_to_get('farm')}") from None
        raise Stop(Exit.PERSON, failure_in_words(error)) from None


def own_queue() -> str | None:
    """The queue of the environment's account; None, which means all of them, without a key. Raises SubmitError."""
    from storyboard.farm.payload import queue_of

    payer = real_account()
    return None if payer is None else queue_of(payer)
