"""Errors that nobody expected: full disks and bugs, each in one line, bugs with a report kept on disk."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storyboard.disk import HERE_IS_GONE, here_is_gone, words_of
from storyboard.jobs.stopping import leaves
from storyboard.packages import failure_in_words, is_for_memory, package_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def describe(error: Exception) -> str:
    """What happened and what to do, in a line."""
    if isinstance(error, OSError) and load_failure_of(error) is None:
        if here_is_gone():
            return HERE_IS_GONE
        place = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
        advice = f"; {told}" if (told := getattr(error, "advice", None)) else ""
        advice = advice or ("; free some space and run it again" if error.errno == errno.ENOSPC else "")
        return f"{words_of(error)}{place}{advice}"
    if is_of_machine(error):
        return (
            f"this machine has too little memory or too many threads ({_said(error)}); all work is kept, run it again"
        )
    if (failure := load_failure_of(error)) is not None:
        return failure
    if is_of_sqlite(error):
        return f"the ledger cannot be used now ({error}); all work is kept, run it again"
    report = keep_report(error)
    where = f"a report lies in {report}" if report else "no report could be written"
    return f"this is a bug ({_names(error)}); {where}. Jobs that were sent are kept: storyboard resume"


def is_of_machine(error: Exception) -> bool:
    """Whether the machine has no memory or threads left, which may pass."""
    return all(map(_lacks_room, _leaves(error)))


def is_of_installation(error: Exception) -> bool:
    """Whether a package of others cannot be loaded."""
    return load_failure_of(error) is not None


def _lacks_room(error: BaseException) -> bool:
    if isinstance(error, ImportError):
        return is_for_memory(error)
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "start new thread" in str(error))


def _said(error: Exception) -> str:
    said = (failure_in_words(one) if isinstance(one, ImportError) else str(one) for one in _leaves(error))
    return next(filter(None, said), "out of memory")


def load_failure_of(error: Exception) -> str | None:
    """What to say of a package that cannot be loaded; None for an error of another kind, or of our own modules."""
    first = next(iter(_leaves(error)))
    if not isinstance(first, Exception) or package_of(first) is None:
        return None
    return failure_in_words(first)


def is_of_sqlite(error: Exception) -> bool:
    """Whether the ledger's library says so, which is not loaded for that."""
    sqlite = sys.modules.get("sqlite3")
    return sqlite is not None and isinstance(error, sqlite.Error)


def _names(error: BaseException) -> str:
    return ", ".join(dict.fromkeys(type(one).__name__ for one in _leaves(error)))


def _leaves(error: BaseException) -> Iterable[BaseException]:
    return leaves(error) if isinstance(error, BaseExceptionGroup) else (error,)


def keep_report(error: BaseException) -> str | None:
    """Where the tracebacks were written; they name places in the code and no values. None where they could not be."""
    from storyboard.jobs.paths import make_state_folder, state_folder
    from storyboard.writing import make_file

    parts = [
        "".join(traceback.format_tb(one.__traceback__)) + type(one).__name__
        for one in dict.fromkeys((error, *_leaves(error)))
    ]
    try:
        folder = state_folder()
        make_state_folder(folder)
        report = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
        make_file(report, ("\n\n".join(parts) + "\n").encode("utf-8", "backslashreplace"), private=True)
    except (OSError, RuntimeError):
        return None
    return str(report)
