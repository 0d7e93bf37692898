"""Leases: each job is carried by one process, which shows signs of life."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING

from storyboard.jobs.holders import is_dead, own_name
from storyboard.jobs.results import ResultTables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from storyboard.jobs.rows import Job

LEASE_SECONDS = 60.0
"""How long a job stays with a process that shows no more sign of life."""
FREE_LEASE = "UPDATE jobs SET holder = NULL, held_until = 0 WHERE service = ? AND uuid = ? AND holder = ?"


class Leases(ResultTables):
    """Who carries which job."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.holder = own_name()
        """This process, as leases name it."""

    def hold(self, jobs: Iterable[Job]) -> set[str]:
        """Takes the leases of those jobs that no living process holds; the UUIDs now held."""
        now, held = time(), set[str]()
        with self.transaction() as db:
            for job in jobs:
                key = (job.service, job.uuid)
                row = db.execute("SELECT holder, held_until FROM jobs WHERE service = ? AND uuid = ?", key).fetchone()
                if row is None or (row[0] not in (None, self.holder) and row[1] >= now and not is_dead(row[0])):
                    continue
                held.add(job.uuid)
                db.execute(
                    "UPDATE jobs SET holder = ?, held_until = ? WHERE service = ? AND uuid = ?",
                    (self.holder, now + LEASE_SECONDS, *key),
                )
        return held

    def is_held_elsewhere(self, job: Job) -> bool:
        """Whether another living process carries a job."""
        found = self._db.execute(
            "SELECT holder, held_until FROM jobs WHERE service = ? AND uuid = ?", (job.service, job.uuid)
        ).fetchone()
        if found is None or found[0] is None or found[1] < time():
            return False
        return _process(found[0]) != _process(self.holder) and not is_dead(found[0])

    def renew(self, jobs: Iterable[Job]) -> None:
        """Keeps the leases that this process has."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE jobs SET held_until = ? WHERE service = ? AND uuid = ? AND holder = ?",
                [(time() + LEASE_SECONDS, job.service, job.uuid, self.holder) for job in jobs],
            )

    def release(self, job: Job) -> None:
        """Ends this process's lease of a job."""
        self._db.execute(FREE_LEASE, (job.service, job.uuid, self.holder))

    def release_all(self) -> None:
        """Ends all leases of this process."""
        self._db.execute("UPDATE jobs SET holder = NULL, held_until = 0 WHERE holder = ?", (self.holder,))


def _process(holder: str) -> str:
    """The process behind a holder's name; each ledger that it opens has a name of its own."""
    return holder.rpartition(":")[0]
