"""Whether videos that came once still lie where they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.jobs.download import is_there, is_whole
from storyboard.jobs.found import takes_of
from storyboard.jobs.receipts import is_of, receipt_path

if TYPE_CHECKING:
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order, Result
    from storyboard.jobs.shelf import Shelf


def is_on_disk(ledger: Ledger, job: Job) -> bool:
    """Whether every video of a job can be copied from a place that it came to."""
    results = ledger.results(job)
    return bool(results) and all(_lies_somewhere(ledger, job, result) for result in results)


def is_here(ledger: Ledger, job: Job, order: Order, shelf: Shelf) -> bool:
    """Whether an order can have every video of a job without the service: its folder may have been moved since."""
    results = ledger.results(job)
    return bool(results) and all(
        _lies_somewhere(ledger, job, result)
        or any(takes_of(order, shelf, lambda receipt, video=result.video_uuid: is_of(receipt, job.uuid, video)))  # type: ignore[misc]
        for result in results
    )


def _lies_somewhere(ledger: Ledger, job: Job, result: Result) -> bool:
    return any(is_whole(path, result.sha256) for path, _, _ in ledger.deliveries(job, result))


def want_again(ledger: Ledger, job: Job, order: Order) -> None:
    """Asks once more for what came to an order and is not there any more, or not whole, or without its receipt."""
    for result in ledger.results(job):
        if not ledger.is_done(job, result, order) or (place := ledger.place(job, result, order)) is None:
            continue
        if not is_there(place[0]) or not receipt_path(place[0]).exists():
            ledger.want_again(job, result, order)
