"""A lost ledger, made good from receipts: what they prove to be paid for is not bought again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from storyboard.jobs.found import FoundTake, takes_of
from storyboard.jobs.receipts import attempt_in
from storyboard.jobs.states import State
from storyboard.jobs.wire import is_as_approved

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
    requests: dict[int, Any] = {}

    def is_ours(receipt: dict[str, Any]) -> bool:
        attempt = attempt_in(receipt)
        if attempt is None or receipt.get("service") != service:
            return False
        if job_for(attempt).uuid != receipt.get("job"):
            return False
        requests[attempt] = receipt.get("request")
        return True

    for take in takes_of(order, shelf, is_ours):
        by_attempt.setdefault(take.attempt, []).append(take)
    return [
        _restored(ledger, order, _as_sent(job_for(attempt), requests[attempt]), by_attempt[attempt])
        for attempt in sorted(by_attempt)
    ]


def _as_sent(job: Job, request: object) -> Job:
    """A job with the request that its receipt names, which may have gone elsewhere than the storyboard says now."""
    if not isinstance(request, dict):
        return job
    sent = replace(job, request=request | {"taskUUID": job.uuid})
    try:
        json.dumps(request, ensure_ascii=False).encode()
        return sent if is_as_approved(sent) else job
    except (TypeError, AttributeError, ValueError, IndexError, KeyError, RecursionError):
        return job


def _restored(ledger: Ledger, order: Order, job: Job, takes: list[FoundTake]) -> Job:
    """A job with all its takes is done; of another the service is asked for the rest."""
    complete = len({take.video_uuid for take in takes}) >= job.takes
    ledger.add(replace(job, state=State.DONE if complete else State.ACCEPTED, reused=True), None, order)
    ledger.restore(job, order, takes)
    return ledger.fresh(job)
