"""What was spent, job by job and in sums: by day, by storyboard, and for each take that was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.jobs.marks import mark_beside
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Result

_FREE = frozenset((State.PREPARED, State.REJECTED))
_IN_DOUBT = frozenset((State.SUBMITTING, State.UNKNOWN, State.REVIEW, State.FAILED))
"""Nobody can say whether these are charged."""
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Spent:
    """Money and takes of one job or of many; amounts in US dollars."""

    jobs: int = 0
    takes: int = 0
    """Finished videos."""
    kept: int = 0
    rejected: int = 0
    """By a person's mark."""
    cost: Decimal = _NOTHING
    """What the service named; the list's price where it has named none yet."""
    listed: Decimal = _NOTHING
    """The list's price of the same."""
    in_doubt: Decimal = _NOTHING
    """By the list, of jobs that may or may not be charged."""

    def __add__(self, other: Spent) -> Spent:
        return Spent(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def per_kept_take(self) -> Decimal | None:
        """US dollars for each take that was kept, with all that were not; None while none is."""
        return self.cost / self.kept if self.kept else None


@dataclass(frozen=True, slots=True)
class Bill:
    """What one job came to; `file` is the real path of the first storyboard that wanted it."""

    day: str
    file: str
    spent: Spent


def bills(ledger: Ledger, jobs: Iterable[Job]) -> Iterator[Bill]:
    """What each job that may have cost something came to; sandbox jobs are free and left out."""
    for job in jobs:
        if (spent := spent_on(ledger, job)).jobs:
            orders = ledger.orders(job)
            yield Bill(_day(job.sent_at or job.created_at), orders[0].file if orders else "", spent)


def spent_on(ledger: Ledger, job: Job) -> Spent:
    """What one job came to."""
    if job.service == SANDBOX or job.state in _FREE:
        return Spent()
    if job.state is State.SUBMITTING and job.sent_at is None:
        return Spent()
    if job.state in _IN_DOUBT:
        return Spent(jobs=1, in_doubt=job.estimated_cost)
    results = ledger.results(job)
    each = job.estimated_cost / job.takes
    is_whole = job.state not in (State.ACCEPTED, State.READY)
    marks = [_verdict(ledger, job, result) for result in results]
    known = [Decimal(str(result.cost)) if result.cost is not None else each for result in results]
    missing = 0 if is_whole else job.takes - len(results)
    return Spent(
        jobs=1,
        takes=len(results),
        kept=marks.count("keep"),
        rejected=marks.count("reject"),
        cost=sum(known, _NOTHING) + each * missing,
        listed=each * (len(results) + missing),
    )


def sums(found: Iterable[Bill], key: Callable[[Bill], str]) -> dict[str, Spent]:
    """Bills summed up under their keys, in the order in which these came."""
    total: dict[str, Spent] = {}
    for bill in found:
        total[key(bill)] = total.get(key(bill), Spent()) + bill.spent
    return total


def _verdict(ledger: Ledger, job: Job, result: Result) -> str | None:
    """The mark of a video, wherever it was delivered to; the first place that has one counts."""
    for path, _, _ in ledger.deliveries(job, result):
        if (mark := mark_beside(path)) is not None:
            return mark.verdict
    return None


def _day(seconds: float) -> str:
    """The day at the user's place."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().date().isoformat()
