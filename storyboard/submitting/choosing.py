"""Which jobs are meant, by how their UUIDs begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.jobs.presence import want_again
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job


def chosen_jobs(ledger: Ledger | None, prefixes: Sequence[str]) -> list[Job]:
    """The jobs whose UUIDs begin so; SubmitError where there is none, or no telling which."""
    chosen: dict[tuple[str, str], Job] = {}
    for prefix in prefixes:
        found = ledger.find(prefix) if ledger is not None and prefix else []
        if not found:
            raise SubmitError(Kind.USAGE, f"no job begins with {prefix!r}: see `storyboard jobs --all`")
        if len({job.uuid for job in found}) > 1:
            raise SubmitError(Kind.USAGE, f"{len(found)} jobs begin with {prefix!r}: write more of it")
        chosen |= {(job.service, job.uuid): job for job in found}
    return list(chosen.values())


def jobs_to_resume(ledger: Ledger, prefixes: Sequence[str] | None) -> list[Job]:
    """Jobs that have not ended, have undelivered videos or are to be asked for again; where jobs are named, those.

    Videos of named jobs that do not lie on disk any more are to come again. Raises SubmitError as `chosen_jobs`.
    """
    if prefixes is None:
        return ledger.unfinished() + ledger.undelivered() + ledger.to_ask_again()
    jobs = chosen_jobs(ledger, prefixes)
    for job in jobs:
        for order in ledger.orders(job):
            want_again(ledger, job, order)
    return jobs
