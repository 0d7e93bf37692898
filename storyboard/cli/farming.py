"""What the farm's commands share: its extra, its queue, and a loop to run in."""

from __future__ import annotations

import asyncio
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from storyboard.cli.exits import Exit, Stop
from storyboard.submitting.accounts import real_account

if TYPE_CHECKING:
    from collections.abc import Coroutine

_T = TypeVar("_T")
_NEEDED = ("procrastinate", "psycopg")


def require_farm() -> None:
    """Ends the command where the farm's extra is not installed, or PostgreSQL's library is missing."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        words = f"the farm needs {' and '.join(missing)}: pip install 'multishot-storyboard[farm]'"
        raise Stop(Exit.USAGE, words)
    try:
        import_module("storyboard.farm.database")  # psycopg looks for libpq when it is imported
    except ImportError:
        raise Stop(Exit.USAGE, "psycopg finds no libpq: pip install 'multishot-storyboard[farm]'") from None


def own_queue() -> str | None:
    """The queue of the environment's account; None, which means all of them, without a key. Raises SubmitError."""
    from storyboard.farm.payload import queue_of

    payer = real_account()
    return None if payer is None else queue_of(payer)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs the farm's work."""
    return asyncio.run(work)
