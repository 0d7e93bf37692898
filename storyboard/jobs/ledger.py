"""The ledger: every job and its state, durable before the wire sees it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from importlib.resources import files
from time import time
from typing import TYPE_CHECKING, Any, Self

from storyboard.jobs.holders import is_dead, own_name
from storyboard.jobs.paths import make_private_file, make_private_folder
from storyboard.jobs.results import ResultTables
from storyboard.jobs.rows import JOB_COLUMNS, Job, Order, job_from_row, job_values
from storyboard.jobs.states import ENDS, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


FILE_NAME = "ledger.sqlite3"
_VERSION = 1
_BUSY_SECONDS = 30.0
LEASE_SECONDS = 60.0
"""How long a job stays with a process that shows no more sign of life."""


class LedgerError(OSError):
    """The ledger cannot be used; the text says why and what to do."""

    def __init__(self, why: str, path: str | os.PathLike[str]) -> None:
        super().__init__(None, why, os.fspath(path))

    def __str__(self) -> str:
        return f"{self.strerror} ({self.filename})"


class _Connection(sqlite3.Connection):
    """A connection whose errors are the ledger's."""

    path: str | os.PathLike[str] = FILE_NAME

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        with self._own_errors():
            return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        with self._own_errors():
            return super().executemany(*arguments)

    @contextmanager
    def _own_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(f"the ledger cannot be used: {error}{_advice(error)}", self.path) from None


class Ledger(ResultTables):
    """Jobs in one SQLite file, shared by all processes of a user."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection)
        self.path = path
        self.holder = own_name()
        """This process, as leases name it."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the ledger in `folder`, making both where they are missing; LedgerError where it cannot be used."""
        path = folder / FILE_NAME
        try:
            make_private_folder(folder, FILE_NAME)
            make_private_file(path)
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, factory=_Connection)
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or error
            raise LedgerError(f"the ledger cannot be opened: {why}", path) from None
        try:
            connection.path = path
            _set_up(connection, path)
        except LedgerError:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        """Closes the file; leases of this process end, of themselves where nothing can be written any more."""
        with suppress(LedgerError):
            self._db.execute("UPDATE jobs SET holder = NULL, held_until = 0 WHERE holder = ?", (self.holder,))
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, job: Job, frame_bytes: bytes | None, order: Order) -> Job:
        """Writes a job down, with its first frame and who wants it; one that is there already stays as it is."""
        with self.transaction() as db:
            if job.frame is not None and frame_bytes is not None:
                db.execute("INSERT OR IGNORE INTO frames VALUES (?, ?)", (job.frame, frame_bytes))
            db.execute(f"INSERT OR IGNORE INTO jobs ({JOB_COLUMNS}) VALUES ({_marks(18)})", job_values(job))  # noqa: S608
            _insert_order(db, job.service, job.uuid, order)
        return self.get(job.service, job.uuid) or job

    def add_order(self, job: Job, order: Order) -> None:
        """Notes that another storyboard, or the same one elsewhere, wants a job's videos."""
        with self.transaction() as db:
            _insert_order(db, job.service, job.uuid, order)

    def get(self, service: str, uuid: str) -> Job | None:
        """One job by the service it belongs to and its UUID."""
        return next(self._jobs("service = ? AND uuid = ?", service, uuid), None)

    def find(self, prefix: str) -> list[Job]:
        """Jobs whose UUID begins like this, on any service."""
        escaped = prefix.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return list(self._jobs("uuid LIKE ? ESCAPE '\\'", escaped + "%"))

    def attempts(self, service: str, account: str, digest: str) -> list[Job]:
        """Every job for the same request, first attempt first."""
        where = "service = ? AND account = ? AND digest = ? ORDER BY attempt"
        return list(self._jobs(where, service, account, digest))

    def unfinished(self) -> list[Job]:
        """Jobs that can be carried on, oldest first."""
        ends = sorted(ENDS)
        return list(self._jobs(f"state NOT IN ({_marks(len(ends))}) ORDER BY created_at, rowid", *ends))

    def all(self, most: int = -1) -> list[Job]:
        """Jobs from the newest on, at most so many."""
        return list(self._jobs("TRUE ORDER BY created_at DESC, rowid DESC LIMIT ?", most))

    def wanted_by(self, file: str, most: int = -1) -> list[Job]:
        """Jobs that a storyboard, by its real path, wants, from the newest on, at most so many."""
        where = "(service, uuid) IN (SELECT service, uuid FROM orders WHERE file = ?) "
        return list(self._jobs(where + "ORDER BY created_at DESC, rowid DESC LIMIT ?", file, most))

    def _jobs(self, where: str, *values: object) -> Iterator[Job]:
        for row in self._db.execute(f"SELECT {JOB_COLUMNS} FROM jobs WHERE {where}", values):  # noqa: S608
            yield job_from_row(row)

    def move(self, job: Job, state: State, *, code: str | None = None, message: str | None = None) -> Job:
        """Puts a job into a state, durable when this returns; a finished one loses its copy of the first frame.

        Where another process has moved it since it was read, it stays as that process left it.
        """
        now = time()
        stamps = {State.SUBMITTING: "sent_at", State.ACCEPTED: "accepted_at"} | dict.fromkeys(ENDS, "finished_at")
        stamp = stamps.get(state)
        with self.transaction() as db:
            moved = db.execute(
                "UPDATE jobs SET state = ?, code = ?, message = ? WHERE service = ? AND uuid = ? AND state = ?",
                (state, code, message, job.service, job.uuid, job.state),
            )
            if moved.rowcount and stamp is not None:
                db.execute(
                    f"UPDATE jobs SET {stamp} = coalesce({stamp}, ?) WHERE service = ? AND uuid = ?",  # noqa: S608
                    (now, job.service, job.uuid),
                )
            if moved.rowcount and state in ENDS and job.frame is not None:
                _drop_unneeded_frame(db, job.frame)
        return self.get(job.service, job.uuid) or job

    def begin_sending(self, job: Job) -> Job | None:
        """Puts a job into SUBMITTING for this process, which must hold its lease; None where it does not any more."""
        now = time()
        with self.transaction() as db:
            moved = db.execute(
                "UPDATE jobs SET state = ?, code = NULL, message = NULL, sent_at = coalesce(sent_at, ?) "
                "WHERE service = ? AND uuid = ? AND state = ? AND holder = ? AND held_until > ?",
                (State.SUBMITTING, now, job.service, job.uuid, job.state, self.holder, now),
            )
        return self.get(job.service, job.uuid) if moved.rowcount else None

    def unsent(self, job: Job) -> Job:
        """Puts a job back to PREPARED whose first byte never left."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, sent_at = NULL WHERE service = ? AND uuid = ? AND state = ?",
                (State.PREPARED, job.service, job.uuid, State.SUBMITTING),
            )
        return self.get(job.service, job.uuid) or job

    def mark_reused(self, job: Job) -> Job:
        """Notes that a job turned out to be paid for elsewhere."""
        with self.transaction() as db:
            db.execute("UPDATE jobs SET reused = 1 WHERE service = ? AND uuid = ?", (job.service, job.uuid))
        return self.get(job.service, job.uuid) or job

    def frame_bytes(self, sha256: str) -> bytes | None:
        """A first frame that a job waits to send."""
        row = self._db.execute("SELECT bytes FROM frames WHERE sha256 = ?", (sha256,)).fetchone()
        return bytes(row[0]) if row else None

    # leases

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

    def renew(self, jobs: Iterable[Job]) -> None:
        """Keeps the leases that this process has."""
        with self.transaction() as db:
            db.executemany(
                "UPDATE jobs SET held_until = ? WHERE service = ? AND uuid = ? AND holder = ?",
                [(time() + LEASE_SECONDS, job.service, job.uuid, self.holder) for job in jobs],
            )

    def release(self, job: Job) -> None:
        """Ends this process's lease of a job."""
        self._db.execute(
            "UPDATE jobs SET holder = NULL, held_until = 0 WHERE service = ? AND uuid = ? AND holder = ?",
            (job.service, job.uuid, self.holder),
        )


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        connection.execute("ROLLBACK")
        raise LedgerError("the ledger was written by a newer version of storyboard: update storyboard", path)
    if version == 0:
        for statement in files("storyboard.jobs").joinpath("schema.sql").read_text().split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _insert_order(db: sqlite3.Connection, service: str, uuid: str, order: Order) -> None:
    db.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET shown = excluded.shown",
        (service, uuid, order.file, order.folder, order.shown),
    )


def _drop_unneeded_frame(db: sqlite3.Connection, sha256: str) -> None:
    ends = sorted(ENDS)
    db.execute(
        f"DELETE FROM frames WHERE sha256 = ?1 AND NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM jobs WHERE frame = ?1 AND state NOT IN ({_marks(len(ends))}))".replace("?1", "?"),
        (sha256, sha256, *ends),
    )


def _advice(error: sqlite3.Error) -> str:
    """What to do about a file that is damaged or no ledger at all."""
    if isinstance(error, sqlite3.OperationalError):
        return ""
    return "; move it away and keep it: the receipts beside the videos say what was paid"


def _marks(count: int) -> str:
    return ", ".join("?" * count)
