"""The ledger: every job and its state, durable before the wire sees it."""

from __future__ import annotations

import errno
import json
import sqlite3
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from storyboard.addresses import one_spelling
from storyboard.disk import may_pass
from storyboard.jobs import clock
from storyboard.jobs.leases import FREE_LEASE, LATEST_LEASE, Leases
from storyboard.jobs.ledger_errors import REBUILD, LedgerError, UnsoundRow, from_newer, from_sqlite, unsound
from storyboard.jobs.paths import make_state_folder
from storyboard.jobs.results import beginning
from storyboard.jobs.rows import JOB_COLUMNS, STATE_COLUMNS, Job, Order, job_as_it_stands, job_from_row, job_values
from storyboard.jobs.schema import BUSY_SECONDS, VERSION, make_tables, write_ahead
from storyboard.jobs.soundness import is_sound, is_standing
from storyboard.jobs.states import ENDS, State
from storyboard.writing import make_private_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator


FILE_NAME = "ledger.sqlite3"
_CLAIM = "UPDATE jobs SET account = ? WHERE service = ? AND uuid = ? AND account = ''"
# All accounts of a service, each found by one step in the index of requests: others stay out of the way.
_ACCOUNTS = (
    "WITH RECURSIVE one(account) AS (SELECT min(account) FROM jobs WHERE service = ? UNION ALL "
    "SELECT (SELECT min(account) FROM jobs WHERE service = ? AND account > one.account) FROM one "
    "WHERE one.account IS NOT NULL) SELECT account FROM one WHERE account IS NOT NULL"
)
_SERVICES = (
    "WITH RECURSIVE one(service) AS (SELECT min(service) FROM jobs UNION ALL "
    "SELECT (SELECT min(service) FROM jobs WHERE service > one.service) FROM one "
    "WHERE one.service IS NOT NULL) SELECT service FROM one WHERE service IS NOT NULL"
)


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


def _findable(value: object) -> object:
    """What is looked for; a name on a disk that is no UTF-8, as bytes, which no text in the ledger equals."""
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode(errors="surrogatepass")
    return value


class _Connection(sqlite3.Connection):
    """A connection with such cursors."""

    path: str | os.PathLike[str] = FILE_NAME

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        if sql.lstrip().startswith("SELECT") and isinstance(values, tuple):
            values = tuple(map(_findable, values))
        return self.cursor(_Cursor).execute(sql, values)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor(_Cursor).executemany(*arguments)

    @contextmanager
    def own_errors(self) -> Iterator[None]:
        """Within it, what SQLite says is a LedgerError."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise from_sqlite(error, self.path) from None


class PaidByAnotherKey(Exception):
    """The same request was paid for with another key since a job was approved; nothing of the job was sent."""

    def __init__(self, job: Job, other: Job) -> None:
        uuid = job.uuid[:8]
        super().__init__(
            f"the same was paid for with another key since (job {other.uuid[:8]}), and nothing was sent for this one: "
            f"`storyboard jobs forget {uuid}` takes it out, `storyboard submit --again` buys another"
        )


class Ledger(Leases):
    """Jobs in one SQLite file, shared by all processes of a user."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection)
        self.path = path
        self._left_out: set[str] = set()
        """Jobs that lists were given without, because a row of theirs makes no sense."""

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the ledger in `folder`, making both where they are missing; LedgerError where it cannot be used."""
        path = folder / FILE_NAME
        try:
            make_state_folder(folder)
            make_private_file(path)
            _refuse_special(path)
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, factory=_Connection)
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or error
            passes = isinstance(error, OSError) and may_pass(error)
            raise LedgerError(f"the ledger cannot be opened: {why}", path, passes=passes) from None
        try:
            connection.path = path
            _set_up(connection, path)
        except LedgerError:
            connection.close()
            raise
        ledger = cls(connection, path)
        ledger._spell_services()
        return ledger

    @classmethod
    def in_memory(cls) -> Self:
        """An empty one that is gone when it is closed."""
        place = Path(":memory:")
        connection = sqlite3.connect(place, isolation_level=None, factory=_Connection)
        _set_up(connection, place)
        return cls(connection, place)

    def _spell_services(self) -> None:
        """Jobs at another spelling of an address are that service's; what a living process carries stays meanwhile."""
        with suppress(LedgerError):  # what reads the jobs says that they are damaged
            services = [one for (one,) in self._db.execute(_SERVICES) if isinstance(one, str)]
            for service in services:
                if (spelled := one_spelling(service)) != service:
                    self._move_service(service, spelled)

    def _move_service(self, service: str, spelled: str) -> None:
        free = (
            "SELECT uuid FROM jobs WHERE service = ? AND (holder IS NULL OR held_until NOT BETWEEN ? AND ?) "
            "AND uuid NOT IN (SELECT uuid FROM jobs WHERE service = ?)"
        )
        with self.transaction() as db:
            now = clock.now()
            for (uuid,) in db.execute(free, (service, now, now + LATEST_LEASE, spelled)).fetchall():
                for table in ("jobs", "results", "orders", "deliveries"):
                    db.execute(
                        f"UPDATE OR IGNORE {table} SET service = ? WHERE service = ? AND uuid = ?",  # noqa: S608
                        (spelled, service, uuid),
                    )

    def close(self) -> None:
        """Closes the file; leases of this process end, of themselves where nothing can be written any more."""
        with suppress(LedgerError):
            self.release_all()
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, job: Job, frame_bytes: bytes | None, order: Order | None) -> Job:
        """Writes a job down, with its first frame and who wants it; one that is there already stays as it is.

        Only one of an unknown key is this one's from now on: no other key makes its UUID.
        Nobody wants the videos of a job that the service itself delivers elsewhere.
        """
        with self.transaction() as db:
            if job.frame is not None and frame_bytes is not None:
                self.keep_frame(job.frame, frame_bytes)
            insert = f"INSERT OR IGNORE INTO jobs ({JOB_COLUMNS}) VALUES ({_marks(18)})"  # noqa: S608
            is_new = db.execute(insert, job_values(job)).rowcount
            if not is_new:
                db.execute(_CLAIM, (job.account, job.service, job.uuid))
            if order is not None:
                _insert_order(db, job.service, job.uuid, order)
            return self.fresh(job) if is_new else self.get(job.service, job.uuid) or job

    def claim(self, job: Job, account: str) -> None:
        """Notes whose a job of an unknown key is, by the key's fingerprint; one that is known stays as it is."""
        with self.transaction() as db:
            db.execute(_CLAIM, (account, job.service, job.uuid))

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
        if row is not None and not is_standing(row):
            raise unsound("jobs", self.path)
        return job_as_it_stands(job, row) if row is not None else job

    def find(self, prefix: str) -> list[Job]:
        """Jobs whose UUID begins like this, on any service."""
        return list(self._jobs("uuid LIKE ? ESCAPE '\\'", beginning(prefix)))

    def attempts(self, service: str, account: str, digest: str) -> list[Job]:
        """Every job for the same request, first attempt first."""
        where = "service = ? AND account = ? AND digest = ? ORDER BY attempt"
        return list(self._jobs(where, service, account, digest))

    def other_accounts(self, service: str, account: str) -> list[str]:
        """The accounts of every other key that has jobs at a service."""
        return [one for (one,) in self._db.execute(_ACCOUNTS, (service, service)) if one != account]

    def attempts_of_others(self, service: str, account: str, digest: str) -> list[Job]:
        """Every job for the same request that another key pays or paid for, oldest first."""
        others = self.other_accounts(service, account)
        found = [job for other in others for job in self.attempts(service, other, digest)]
        return sorted(found, key=lambda job: job.created_at)

    def paid_since(self, job: Job) -> Job | None:
        """What another key sent for the same request after this job was approved; None where nothing was."""
        others = self.attempts_of_others(job.service, job.account, job.digest)
        latest = max(clock.now() + clock.AHEAD, job.created_at)
        sent = [one for one in others if one.may_be_paid and _was_sent_since(one, job.created_at, latest)]
        return sent[-1] if sent else None

    def to_ask_again(self) -> list[Job]:
        """Failed jobs that the service is to be asked for once more, oldest first."""
        return list(self._jobs("state = ? AND finished_at IS NULL ORDER BY created_at, rowid", State.FAILED))

    def asked_again(self, job: Job) -> Job:
        """Notes that the service was asked once more for a job that has ended, and knew nothing better."""
        if job.state in ENDS and job.finished_at is None:
            with self.transaction() as db:
                db.execute(
                    "UPDATE jobs SET finished_at = ? WHERE service = ? AND uuid = ? AND state = ?",
                    (clock.now(), job.service, job.uuid, job.state),
                )
        return self.fresh(job)

    def unfinished(self) -> list[Job]:
        """Jobs that can be carried on, oldest first."""
        ends = sorted(ENDS)
        where = f"state NOT IN ({_marks(len(ends))}) ORDER BY created_at, rowid"
        return self._readable(self._jobs(where, *ends, is_list=True))

    def undelivered(self) -> list[Job]:
        """Jobs that are done and have videos which were not delivered to each order, oldest first.

        A video that came and was deleted since is not among them.
        """
        where = (
            "state = ? AND EXISTS (SELECT 1 FROM orders JOIN results USING (service, uuid) "
            "WHERE orders.service = jobs.service AND orders.uuid = jobs.uuid AND NOT EXISTS ("
            "SELECT 1 FROM deliveries WHERE deliveries.service = jobs.service AND deliveries.uuid = jobs.uuid "
            "AND deliveries.video_uuid = results.video_uuid AND deliveries.file = orders.file "
            "AND deliveries.folder = orders.folder AND done_at IS NOT NULL)) ORDER BY created_at, rowid"
        )
        return self._readable(self._jobs(where, State.DONE, is_list=True))

    def all(self, most: int = -1) -> list[Job]:
        """Jobs from the newest on, at most so many."""
        return self._readable(self._jobs("TRUE ORDER BY created_at DESC, rowid DESC LIMIT ?", most, is_list=True))

    def wanted_by(self, file: str, most: int = -1) -> list[Job]:
        """Jobs that a storyboard, by its real path, wants, from the newest on, at most so many."""
        where = "(service, uuid) IN (SELECT service, uuid FROM orders WHERE file = ?) "
        return list(self._jobs(where + "ORDER BY created_at DESC, rowid DESC LIMIT ?", file, most))

    def _jobs(self, where: str, *values: object, is_list: bool = False) -> Iterator[Job]:
        """Jobs; a row that makes no sense is left out of a list of whatever there is, else it raises UnsoundRow."""
        names = JOB_COLUMNS.split(", ")
        for row in self._db.execute(f"SELECT {JOB_COLUMNS} FROM jobs WHERE {where}", values):  # noqa: S608
            if is_sound("jobs", dict(zip(names, row, strict=True))):
                yield job_from_row(row)
            elif is_list:
                self._left_out.add(str(row[1]))
            else:
                raise unsound("jobs", self.path)

    def _readable(self, jobs: Iterable[Job]) -> list[Job]:
        """Those jobs of which everything else can be read as well: the trouble of one is not that of all."""
        found = []
        for job in list(jobs):
            try:
                self.orders(job)
                for result in self.results(job):
                    self.deliveries(job, result)
            except UnsoundRow:
                self._left_out.add(job.uuid)
            else:
                found.append(job)
        return found

    def damage(self) -> str | None:
        """Words about the jobs that lists were given without; None where there were none."""
        if not self._left_out:
            return None
        names = sorted(self._left_out)
        named = ", ".join(name[:8] if name.isprintable() else "?" for name in names[:3]) + (" …" if names[3:] else "")
        many = len(names) > 1
        words = f"{len(names)} {'jobs have' if many else 'job has'} a row in the ledger that makes no sense ({named})"
        return f"{words}, and {'are' if many else 'is'} left out ({self.path}); {REBUILD}"

    def move(self, job: Job, state: State, *, code: str | None = None, message: str | None = None) -> Job:
        """Puts a job into a state, durable when this returns; one at its end loses its lease and its first frame.

        Where another process has moved it since it was read, it stays as that process left it.
        """
        now = clock.now()
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
            if moved.rowcount and state not in ENDS and job.finished_at is not None:
                db.execute("UPDATE jobs SET finished_at = NULL WHERE service = ? AND uuid = ?", (job.service, job.uuid))
            if moved.rowcount and state in ENDS:
                db.execute(FREE_LEASE, (job.service, job.uuid, self.holder))
                if job.frame is not None:
                    _drop_unneeded_frame(db, job.frame)
        return self.fresh(job)

    def begin_sending(self, job: Job) -> Job | None:
        """Puts a job into SUBMITTING for this process, which must hold its lease; None where it does not any more.

        Raises PaidByAnotherKey where the job was never sent and another key came first.
        """
        now = clock.now()
        with self.transaction() as db:
            if job.was_never_sent and (other := self.paid_since(job)) is not None:
                raise PaidByAnotherKey(job, other)
            moved = db.execute(
                "UPDATE jobs SET state = ?, code = NULL, message = NULL, sent_at = coalesce(sent_at, ?) "
                "WHERE service = ? AND uuid = ? AND state = ? AND holder = ? AND held_until > ?",
                (State.SUBMITTING, now, job.service, job.uuid, job.state, self.holder, now),
            )
        return self.fresh(job) if moved.rowcount else None

    def doubt(self, job: Job, sent_at: float | None) -> Job:
        """Notes of a job that was not sent from here that somebody else may have sent it, and when."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, sent_at = ? "
                "WHERE service = ? AND uuid = ? AND state IN (?, ?) AND sent_at IS NULL",
                (State.UNKNOWN, sent_at, job.service, job.uuid, State.PREPARED, State.SUBMITTING),
            )
        return self.fresh(job)

    def not_taken(self, job: Job) -> Job:
        """Notes that the service has said that it did not take a job; it stays SUBMITTING, and is asked for again."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET sent_at = NULL WHERE service = ? AND uuid = ? AND state = ?",
                (job.service, job.uuid, State.SUBMITTING),
            )
        return self.fresh(job)

    def unsent(self, job: Job) -> Job:
        """Puts a job back to PREPARED whose first byte never left."""
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, sent_at = NULL WHERE service = ? AND uuid = ? AND state = ?",
                (State.PREPARED, job.service, job.uuid, State.SUBMITTING),
            )
        return self.fresh(job)

    def forget(self, job: Job) -> None:
        """Takes a job out, with everything that only it needs: orders, names, a first frame."""
        with self.transaction() as db:
            orders = self.orders(job)
            for table in ("jobs", "results", "orders", "deliveries"):
                db.execute(f"DELETE FROM {table} WHERE service = ? AND uuid = ?", (job.service, job.uuid))  # noqa: S608
            for order in orders:
                db.execute(
                    "DELETE FROM names WHERE file = ? AND folder = ? AND NOT EXISTS (SELECT 1 FROM orders "
                    "WHERE orders.file = names.file AND orders.folder = names.folder)",
                    order.key,
                )
            if job.frame is not None:
                _drop_unneeded_frame(db, job.frame)

    def mark_reused(self, job: Job) -> Job:
        """Notes that a job turned out to be paid for elsewhere."""
        with self.transaction() as db:
            db.execute("UPDATE jobs SET reused = 1 WHERE service = ? AND uuid = ?", (job.service, job.uuid))
        return self.fresh(job)

    def frame_bytes(self, sha256: str) -> bytes | None:
        """A first frame that a job waits to send; None where it is not there, or is not that one any more."""
        row = self._db.execute("SELECT bytes FROM frames WHERE sha256 = ?", (sha256,)).fetchone()
        data = bytes(row[0]) if row and isinstance(row[0], bytes) else None
        return data if data is not None and sha256_of(data).hexdigest() == sha256 else None

    def keep_request(self, job: Job, request: dict[str, Any]) -> Job:
        """Puts a request in place of the damaged one of a job that waits to be sent."""
        with self.transaction() as db:
            written = json.dumps(request, ensure_ascii=False)
            db.execute("UPDATE jobs SET request = ? WHERE service = ? AND uuid = ?", (written, job.service, job.uuid))
        return replace(job, request=request)

    def keep_frame(self, sha256: str, data: bytes) -> None:
        """Keeps a first frame for a job that waits to send it, in place of what is there."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO frames VALUES (?, ?)", (sha256, data))


def _refuse_special(path: Path) -> None:
    """Raises OSError for what SQLite would wait for, or read without an end: a pipe, a device."""
    if not path.is_file():
        raise OSError(errno.EINVAL, "it is no regular file")


def _set_up(connection: _Connection, path: Path) -> None:
    with connection.own_errors():
        write_ahead(connection)
    # Bytes that are no text spoil the row that they are in, and not the list that it is read with.
    connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        connection.execute("ROLLBACK")
        raise from_newer(path)
    if version == 0:
        make_tables(connection)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _insert_order(db: sqlite3.Connection, service: str, uuid: str, order: Order) -> None:
    db.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET shown = excluded.shown",
        (service, uuid, order.file, order.folder, order.shown),
    )


def _was_sent_since(job: Job, moment: float, latest: float) -> bool:
    """Whether a job was sent after a moment; one after the `latest` is of a clock that was ahead, and tells nothing."""
    return any(moment <= stamp <= latest for stamp in (job.sent_at, job.created_at) if stamp is not None)


def _drop_unneeded_frame(db: sqlite3.Connection, sha256: str) -> None:
    ends = sorted(ENDS)
    db.execute(
        f"DELETE FROM frames WHERE sha256 = ? AND NOT EXISTS "  # noqa: S608
        f"(SELECT 1 FROM jobs WHERE frame = ? AND state NOT IN ({_marks(len(ends))}))",
        (sha256, sha256, *ends),
    )


def _marks(count: int) -> str:
    return ", ".join("?" * count)
