"""Jobs as `storyboard jobs` lists them: as they are reported, and what a person thinks of each take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.jobs.marks import mark_beside
from storyboard.jobs.rows import Order
from storyboard.submitting.outcome import job_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job


def listed(ledger: Ledger, job: Job) -> Iterator[dict[str, Any]]:
    """A line for each storyboard that wants a job; takes on disk have a `mark`, null where nobody said anything."""
    for order in ledger.orders(job) or [Order("", "", "")]:
        line = job_json(ledger, job, order)
        line["takes"] = [take | {"mark": _mark(take["path"])} for take in line["takes"]]
        yield line


def _mark(path: str | None) -> dict[str, Any] | None:
    mark = None if path is None else mark_beside(Path(path))
    return None if mark is None else mark.as_json()
