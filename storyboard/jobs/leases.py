"""Leases: each job is carried by one process, which shows signs of life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.jobs import clock
from storyboard.jobs.holders import is_dead, own_name
from storyboard.jobs.results import ResultTables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from storyboard.jobs.rows import Job

LEASE_SECONDS = 60.0
"""How long a job stays with a process that shows no more sign of life."""
LATEST_LEASE = LEASE_SECONDS + clock.AHEAD
"""Seconds ahead of this machine's clock at which a lease ends at the latest, where clocks are about right."""
FREE_LEASE = "UPDATE jobs SET holder = NULL, held_until = 0 WHERE service = ? AND uuid = ? AND holder = ?"


class Leases(ResultTables):
    """Who carries which job."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.holder = own_name()
        """This process, as leases name it."""
        self._unlikely: dict[tuple[str, str], tuple[object, object, clock.Moment]] = {}
        """Leases that end later than any does, and since when they were seen unchanged."""

    def hold(self, jobs: Iterable[Job]) -> set[str]:
        """Takes the leases of those jobs that no living process holds; the UUIDs now held."""
        now, held = clock.now(), set[str]()
        with self.transaction() as db:
            for job in jobs:
                key = (job.service, job.uuid)
                row = db.execute("SELECT holder, held_until FROM jobs WHERE service = ? AND uuid = ?", key).fetchone()
                if row is None or (row[0] not in (None, self.holder) and not self._is_over(key, *row)):
                    continue
                held.add(job.uuid)
                self._unlikely.pop(key, None)
                db.execute(
                    "UPDATE jobs SET holder = ?, held_until = ? WHERE service = ? AND uuid = ?",
                    (self.holder, now + LEASE_SECONDS, *key),
                )
        return held

    def _is_over(self, key: tuple[str, str], holder: object, until: object) -> bool:
        """Whether another process's lease has ended, or will never end by itself.

        One that ends later than any does was written by a clock that was ahead, or before this one was set back:
        whoever renews it is alive, and it is over once nobody has for as long as a lease lasts.
        """
        if not _may_run(holder, until):
            return True
        if not isinstance(until, int | float) or not _is_unlikely(until):
            return False
        seen = self._unlikely.get(key)
        if seen is None or seen[:2] != (holder, until):
            self._unlikely[key] = (holder, until, clock.Moment())
            return False
        return seen[2].age > LEASE_SECONDS

    def holds(self, job: Job) -> bool:
        """Whether this process has the lease of a job just now: not lapsed, and taken by nobody else."""
        row = self._lease(job)
        return row is not None and row[0] == self.holder and _may_run(*row)

    def is_last_holder(self, job: Job) -> bool:
        """Whether nobody has taken a job since this process did, lapsed or not."""
        row = self._lease(job)
        return row is not None and row[0] == self.holder

    def is_held_elsewhere(self, job: Job) -> bool:
        """Whether another living process carries a job."""
        row = self._lease(job)
        if row is None or not _may_run(*row) or _is_unlikely(row[1]):
            return False
        return _process(row[0]) != _process(self.holder)

    def _lease(self, job: Job) -> tuple[Any, Any] | None:
        row: tuple[Any, Any] | None = self._db.execute(
            "SELECT holder, held_until FROM jobs WHERE service = ? AND uuid = ?", (job.service, job.uuid)
        ).fetchone()
        return row

    def renew(self, jobs: Iterable[Job]) -> set[str]:
        """Keeps the leases that this process has; the UUIDs of those that it has not, or not any more.

        A lease that has lapsed stays so: somebody else may have carried the job since. `hold` can take it again.
        """
        now, gone = clock.now(), set[str]()
        with self.transaction() as db:
            for job in jobs:
                kept = db.execute(
                    "UPDATE jobs SET held_until = ? WHERE service = ? AND uuid = ? AND holder = ? AND held_until > ?",
                    (now + LEASE_SECONDS, job.service, job.uuid, self.holder, now),
                )
                if not kept.rowcount:
                    gone.add(job.uuid)
        return gone

    def release(self, job: Job) -> None:
        """Ends this process's lease of a job."""
        self._db.execute(FREE_LEASE, (job.service, job.uuid, self.holder))

    def release_all(self) -> None:
        """Ends all leases of this process."""
        self._db.execute("UPDATE jobs SET holder = NULL, held_until = 0 WHERE holder = ?", (self.holder,))


def _may_run(holder: object, until: object) -> bool:
    """Whether a lease has not lapsed, by this machine's clock, and is of a process that may live.

    What makes no sense in these columns is no lease.
    """
    if not isinstance(holder, str) or not isinstance(until, int | float) or until <= clock.now():
        return False
    return not is_dead(holder)


def _is_unlikely(until: float) -> bool:
    return until > clock.now() + LATEST_LEASE


def _process(holder: str) -> str:
    """The process behind a holder's name; each ledger that it opens has a name of its own."""
    return holder.rpartition(":")[0]
