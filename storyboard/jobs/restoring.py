"""A lost ledger, made good from receipts: what they prove to be paid for is not bought again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storyboard.jobs.found import FoundTake, takes_of
from storyboard.jobs.receipts import attempt_in
from storyboard.jobs.states import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order
    from storyboard.jobs.shelf import Shelf


def restore(ledger: Ledger, order: Order, service: str, job_for: Callable[[int], Job], shelf: Shelf) -> list[Job]:
    """The jobs for a request that takes in the order's folder prove, first attempt first, now in the ledger.

    Only a job whose UUID this account would make from the request, and only takes that are as they were fetched.
    """
    by_attempt: dict[int, list[FoundTake]] = {}

    def is_ours(receipt: dict[str, Any]) -> bool:
        attempt = attempt_in(receipt)
        if attempt is None or receipt.get("service") != service:
            return False
        return job_for(attempt).uuid == receipt.get("job")

    for take in takes_of(order, shelf, is_ours):
        by_attempt.setdefault(take.attempt, []).append(take)
    return [_restored(ledger, order, job_for(attempt), by_attempt[attempt]) for attempt in sorted(by_attempt)]


def _restored(ledger: Ledger, order: Order, job: Job, takes: list[FoundTake]) -> Job:
    """A job with all its takes is done; of another the service is asked for the rest."""
    complete = len({take.video_uuid for take in takes}) >= job.takes
    ledger.add(replace(job, state=State.DONE if complete else State.ACCEPTED, reused=True), None, order)
    ledger.restore(job, order, takes)
    return ledger.fresh(job)
