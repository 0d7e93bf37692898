"""Errors that no command expected: full disks and bugs, each in one line, bugs with a report kept on disk."""

from __future__ import annotations

import errno
import traceback
from datetime import UTC, datetime

from storyboard.cli.exits import Exit


def describe(error: Exception) -> str:
    """What happened and what to do, in a line."""
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        advice = "; free some space and run it again" if error.errno == errno.ENOSPC else ""
        return f"{str(error.strerror or error).lower()}{place}{advice}"
    report = _keep_report(error)
    where = f"a report lies in {report}" if report else "no report could be written"
    return f"this is a bug ({type(error).__name__}); {where}. Jobs that were sent are kept: storyboard resume"


def exit_code(error: Exception) -> int:
    """The machine's troubles can be tried again; a bug cannot."""
    return Exit.SERVICE if isinstance(error, OSError) else Exit.BUG


def _keep_report(error: Exception) -> str | None:
    """Where the traceback was written; it names places in the code and no values."""
    from storyboard.jobs.paths import make_private_folder, state_folder

    try:
        folder = state_folder()
        make_private_folder(folder)
        report = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
        report.write_text("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__ + "\n")
    except OSError:
        return None
    return str(report)
