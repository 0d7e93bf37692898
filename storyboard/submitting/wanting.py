"""What is wanted: checked storyboards, ready to send, and where their videos should go."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.jobs.plan import Wanted
from storyboard.jobs.rows import Order
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.preparing import prepare_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.checks import Report


def wanted_videos(reports: Iterable[Report], out: str) -> list[Wanted]:
    """Storyboards without errors, their videos wanted in the folder `out`. Raises SubmitError."""
    folder = os.path.realpath(out)
    wanted = []
    for report in reports:
        order = Order(os.path.realpath(report.file), folder, report.file)
        _refuse_unstorable(order)
        wanted.append(Wanted(prepare_report(report), order))
    return wanted


def _refuse_unstorable(order: Order) -> None:
    try:
        "".join(order.key).encode()
    except UnicodeEncodeError:
        raise SubmitError(Kind.USAGE, f"{order.shown}: the path is not UTF-8; rename it") from None
