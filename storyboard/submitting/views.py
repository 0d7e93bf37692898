"""Jobs of the ledger as the desk shows them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from decimal import Decimal
from time import time
from typing import TYPE_CHECKING

from storyboard.jobs.rows import SANDBOX, Order
from storyboard.jobs.states import ENDS, State
from storyboard.submitting.events import JobView, TakeView
from storyboard.submitting.outcome import error_in_words, job_json
from storyboard.submitting.telling import doing, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storyboard.jobs.carrier import Trouble
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job

Key = tuple[str, str]
"""Service and UUID of a job."""


@dataclass(slots=True)
class Notes:
    """What the desk knows of jobs and the ledger does not; written by the desk's thread, read by any."""

    progress: dict[Key, float] = field(default_factory=dict)
    elsewhere: set[Key] = field(default_factory=set)
    """Jobs that another process carries."""
    troubles: dict[Key, Trouble] = field(default_factory=dict)
    """What kept jobs from their end in this session."""
    carried: set[Key] = field(default_factory=set)
    seen: set[Key] = field(default_factory=set)
    """Jobs that this desk has carried, now or before."""


def key_of(job: Job) -> Key:
    """What tells jobs apart."""
    return job.service, job.uuid


def views(ledger: Ledger, jobs: Iterable[Job], notes: Notes, file: str | None = None) -> Iterator[JobView]:
    """A view of each job for each storyboard that wants it, or for the one with this real path."""
    for job in jobs:
        for order in ledger.orders(job) or [Order("", "", "")]:
            if file in (None, order.file):
                yield view(ledger, job, order, notes)


def view(ledger: Ledger, job: Job, order: Order, notes: Notes) -> JobView:
    """A job as it stands, for one order."""
    key, ended = key_of(job), job.state in ENDS
    line = job_json(ledger, job, order, shown=order.shown, trouble=notes.troubles.get(key))
    free = job.service == SANDBOX
    elsewhere = not ended and (key in notes.elsewhere or (key not in notes.carried and ledger.is_held_elsewhere(job)))
    return JobView(
        uuid=job.uuid,
        file=order.file,
        shown=order.shown,
        service=job.service,
        state=job.state.value,
        doing=doing(job.state, held_elsewhere=elsewhere),
        known=known(job),
        ended=ended,
        carried=key in notes.carried,
        takes=tuple(_takes(ledger, job, order)),
        cost=None if line["cost"] is None else Decimal(str(line["cost"])),
        estimate=Decimal(0) if free else job.estimated_cost,
        seconds=_seconds(job, ended=ended),
        error=error_in_words(line),
        progress=notes.progress.get(key) if job.state is State.ACCEPTED else None,
        elsewhere=elsewhere,
        sent=ended or job.may_be_there,
        account=job.account,
    )


def _takes(ledger: Ledger, job: Job, order: Order) -> Iterator[TakeView]:
    for result in ledger.results(job):
        found = ledger.place(job, result, order)
        if found is None:
            yield TakeView(None, None, on_disk=False)
        else:
            path, fetched = str(found[0]), ledger.is_done(job, result, order)
            yield TakeView(found[1], path, on_disk=fetched and os.path.isfile(path), fetched=fetched)


def _seconds(job: Job, *, ended: bool) -> float | None:
    """From the ledger's times alone, so that it goes on over restarts."""
    end = job.finished_at if ended else time()
    return None if end is None else max(0.0, end - (job.sent_at or job.created_at))
