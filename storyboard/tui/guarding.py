"""Unexpected errors: told in a line, written down without values, never the end of the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.disk import words_of

if TYPE_CHECKING:
    from textual.app import App
    from textual.worker import Worker


def report_worker(app: App[Any], event: Worker.StateChanged) -> None:
    """Tells what ended a worker, where it was an error."""
    if event.state.name == "ERROR" and event.worker.error is not None:
        report_failure(app, event.worker.error)


def report_failure(app: App[Any], error: BaseException) -> None:
    """Tells an error and writes down where it happened."""
    if isinstance(error, OSError):
        words = f"{words_of(error)}{f' ({error.filename})' if error.filename else ''}"
    else:
        place = write_report(error)
        words = f"this is a bug ({type(error).__name__}); your text is kept" + (
            f"; a report lies in {place}" if place else ""
        )
    from storyboard.tui.masking import line_of

    app.notify(line_of(words), severity="error", markup=False, timeout=10)


def write_report(error: BaseException) -> str | None:
    """Where the traceback was written; it names places in the code and no values. None where it could not be."""
    try:
        from storyboard.submitting.crash import keep_report
    except (OSError, ImportError):  # what failed has left no room to load it
        return None
    return keep_report(error)
