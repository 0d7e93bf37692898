"""The ledger: every job and its state, durable before the wire sees it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from importlib.resources import files
from time import time
from typing import TYPE_CHECKING, Any, Self

from storyboard.jobs.holders import is_dead, own_name
from storyboard.jobs.ledger_errors import LedgerError, from_newer, from_sqlite
from storyboard.jobs.paths import make_private_file, make_private_folder
from storyboard.jobs.results import ResultTables, beginning
from storyboard.jobs.rows import JOB_COLUMNS, STATE_COLUMNS, Job, Order, job_as_it_stands, job_from_row, job_values
from storyboard.jobs.states import ENDS, State

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from pathlib import Path


FILE_NAME = "ledger.sqlite3"
_VERSION = 1
_BUSY_SECONDS = 30.0
LEASE_SECONDS = 60.0
"""How long a job stays with a process that shows no more sign of life."""


_FREE_LEASE = "UPDATE jobs SET holder = NULL, held_until = 0 WHERE service = ? AND uuid = ? AND holder = ?"


class _Cursor(sqlite3.Cursor):
    """A cursor whose errors are the ledger's, also those that come while rows are read."""

    connection: _Connection

    def execute(self, *arguments: Any) -> Self:
        with self.connection.own_errors():
            return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> Self:
        with self.connection.own_errors():
            return super().executemany(*arguments)

    def fetchone(self) -> Any:
        with self.connection.own_errors():
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with self.connection.own_errors():
            return super().fetchall()

    def __next__(self) -> Any:
        with self.connection.own_errors():
            return super().__next__()


class _Connection(sqlite3.Connection):
    """A connection with such cursors."""

    path: str | os.PathLike[str] = FILE_NAME

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor(_Cursor).execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor(_Cursor).executemany(*arguments)

    @contextmanager
    def own_errors(self) -> Iterator[None]:
        """Within it, what SQLite says is a LedgerError."""
        try:
            yield
        except sqlite3.Error as error:
            raise from_sqlite(error, self.path) from None


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
            insert = f"INSERT OR IGNORE INTO jobs ({JOB_COLUMNS}) VALUES ({_marks(18)})"  # noqa: S608
            is_new = db.execute(insert, job_values(job)).rowcount
            _insert_order(db, job.service, job.uuid, order)
            return self.fresh(job) if is_new else self.get(job.service, job.uuid) or job

    def add_order(self, job: Job, order: Order) -> None:
        """Notes that another storyboard, or the same one elsewhere, wants a job's videos."""
        with self.transaction() as db:
            _insert_order(db, job.service, job.uuid, order)

    def get(self, service: str, uuid: str) -> Job | None:
        """One job by the service it belongs to and its UUID."""
        return next(self._jobs("service = ? AND uuid = ?", service, uuid), None)

    def fresh(self, job: Job) -> Job:
        """A job as it stands by now; itself where the ledger does not have it."""
        where = f"SELECT {STATE_COLUMNS} FROM jobs WHERE service = ? AND uuid = ?"  # noqa: S608
        row = self._db.execute(where, (job.service, job.uuid)).fetchone()
        return job_as_it_stands(job, row) if row is not None else job

    def find(self, prefix: str) -> list[Job]:
        """Jobs whose UUID begins like this, on any service."""
        return list(self._jobs("uuid LIKE ? ESCAPE '\\'", beginning(prefix)))

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
        """Puts a job into a state, durable when this returns; one at its end loses its lease and its first frame.

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
            if moved.rowcount and state in ENDS:
                db.execute(_FREE_LEASE, (job.service, job.uuid, self.holder))
                if job.frame is not None:
                    _drop_unneeded_frame(db, job.frame)
        return self.fresh(job)

    def begin_sending(self, job: Job) -> Job | None:
        """Puts a job into SUBMITTING for this process, which must hold its lease; None where it does not any more."""
        now = time()
        with self.transaction() as db:
            moved = db.execute(
                "UPDATE jobs SET state = ?, code = NULL, message = NULL, sent_at = coalesce(sent_at, ?) "
                "WHERE service = ? AND uuid = ? AND state = ? AND holder = ? AND held_until > ?",
                (State.SUBMITTING, now, job.service, job.uuid, job.state, self.holder, now),
            )
        return self.fresh(job) if moved.rowcount else None

    def unsent(self, job: Job) -> Job:
        """Puts a job back to PREPARED whose first byte never left."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, sent_at = NULL WHERE service = ? AND uuid = ? AND state = ?",
                (State.PREPARED, job.service, job.uuid, State.SUBMITTING),
            )
        return self.fresh(job)

    def mark_reused(self, job: Job) -> Job:
        """Notes that a job turned out to be paid for elsewhere."""
        with self.transaction() as db:
            db.execute("UPDATE jobs SET reused = 1 WHERE service = ? AND uuid = ?", (job.service, job.uuid))
        return self.fresh(job)

    def check(self) -> list[tuple[str]]:
        """What SQLite finds wrong with the file; one row "ok" where that is nothing."""
        return self._db.execute("PRAGMA quick_check").fetchall()

    def take_in(self, table: str, rows: Iterable[dict[str, Any]]) -> None:
        """Adds rows of another ledger's table, without those that are there and those that make no sense."""
        columns = [row[1] for row in self._db.execute(f"PRAGMA table_info({table})")]
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({_marks(len(columns))})"  # noqa: S608 - our own names
        free = {"holder": None, "held_until": 0}
        with self.transaction() as db:
            for row in rows:
                with suppress(LedgerError, KeyError, ValueError, TypeError, ArithmeticError):
                    if table == "jobs":
                        job_from_row(tuple(row[name] for name in JOB_COLUMNS.split(", ")))
                    db.execute(insert, [free.get(name, row[name]) for name in columns])

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
        self._db.execute(_FREE_LEASE, (job.service, job.uuid, self.holder))


def _set_up(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        connection.execute("ROLLBACK")
        raise from_newer(path)
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


def _marks(count: int) -> str:
    return ", ".join("?" * count)
