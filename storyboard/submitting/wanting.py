"""What is wanted: checked storyboards, ready to send, and where their videos should go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.frames import resolve_inside
from storyboard.jobs.rows import Order
from storyboard.jobs.wanted import Wanted
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.preparing import prepare_report
from storyboard.submitting.words import Errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storyboard.checks import Report


def wanted_videos(files: Iterable[str], check: Callable[[str], Report], out: str) -> list[Wanted]:
    """Storyboards, read and checked one after another, their videos wanted in the folder `out`.

    Raises SubmitError where any of them has errors, with a line for each of these.
    """
    folder = os.path.realpath(out)
    wanted, errors = [], Errors()
    for file in files:
        report = check(file)
        if report.has_errors:
            errors.note(report)
        elif not errors:
            wanted.append(wanted_video(report, folder))
    errors.refuse("nothing was sent")
    return wanted


def wanted_video(report: Report, folder: str) -> Wanted:
    """A storyboard without errors, its videos wanted in a folder (a real path). Raises SubmitError."""
    order = Order(os.path.realpath(report.file), folder, report.file)
    _refuse_unstorable(order)
    prepared = prepare_report(report)
    frame = prepared.storyboard.first_frame if prepared.frame_bytes is not None else None
    place = report.draft.folder if report.draft is not None else os.curdir
    return Wanted.of(prepared, order, None if frame is None else str(resolve_inside(frame, place)))


def _refuse_unstorable(order: Order) -> None:
    try:
        "".join((*order.key, order.shown)).encode()
    except UnicodeEncodeError:
        raise SubmitError(Kind.USAGE, f"{order.shown}: the path is not UTF-8; rename it") from None
