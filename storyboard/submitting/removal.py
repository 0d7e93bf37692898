"""Jobs taken out of the ledger: only those of which nothing was ever sent or paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.jobs.states import State
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.telling import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job


def forget(ledger: Ledger, prefixes: Sequence[str]) -> list[Job]:
    """Takes the jobs whose UUIDs begin so out of the ledger, all of them or none; those that are gone now.

    Raises SubmitError where there is none, or no telling which; of kind MONEY where one was or may have been sent; of
    kind SERVICE where another process carries one just now.
    """
    with ledger.transaction():
        jobs = chosen_jobs(ledger, prefixes)
        # The process that holds a job may be about to send it; held here, no other can until this is written.
        held = ledger.hold(jobs)
        sent = [job for job in jobs if not job.was_never_sent]
        carried = [job for job in jobs if job.was_never_sent and job.uuid not in held]
        if sent or carried:
            lines = [f"{job.uuid[:8]}: {_why_kept(job)}" for job in sent]
            lines += [f"{job.uuid[:8]}: another storyboard process carries it just now: wait for it" for job in carried]
            words = "no job was taken out" if len(jobs) > 1 else "it stays in the ledger"
            raise SubmitError(Kind.MONEY if sent else Kind.SERVICE, words, lines)
        for job in jobs:
            ledger.forget(job)
    return jobs


def _why_kept(job: Job) -> str:
    """Why a job cannot be forgotten, and what can be done about it instead."""
    if job.state is State.DONE:
        return "it is paid for, and its record keeps it from being paid twice"
    if job.state is State.REJECTED:
        return f"{known(job)}: nothing waits for it; submitting its storyboard sends a new one"
    return f"{known(job)}: see `storyboard jobs show {job.uuid[:8]}`"
