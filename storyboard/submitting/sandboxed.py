"""Sandbox jobs that the sandbox has forgotten, because its folder was deleted: void, so that they can be made anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storyboard.jobs.presence import is_on_disk
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import BOUGHT, State
from storyboard.submitting import books

if TYPE_CHECKING:
    from storyboard.jobs.ledger import Ledger


def void_lost_jobs(ledger: Ledger) -> None:
    """Ends every sandbox job that needs the sandbox's memory, where that is gone."""
    if os.path.exists(books.folder() / SANDBOX / "state.sqlite3"):
        return
    for job in ledger.all():
        if job.service == SANDBOX and job.state in BOUGHT and not is_on_disk(ledger, job):
            ledger.move(job, State.EXPIRED, code="expired", message="the sandbox's folder was deleted")
