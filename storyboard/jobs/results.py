"""The ledger's tables of what came of jobs: finished videos, who ordered them, and where they lie."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

from storyboard.addresses import without_credentials
from storyboard.jobs.ledger_errors import unsound
from storyboard.jobs.rows import Job, Order, Result
from storyboard.jobs.soundness import is_sound
from storyboard.jobs.states import ABANDONED, ODD_LENGTH, State
from storyboard.runware.messages import believable_price

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from storyboard.jobs.download import Fetched
    from storyboard.jobs.found import FoundTake
    from storyboard.runware.messages import Item

_OF_JOB = "service = ? AND uuid = ?"


class ResultTables:
    """Videos, orders and deliveries of jobs."""

    path: Path

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with other processes kept out from the start; one within another is part of it."""
        if self._db.in_transaction:
            yield self._db
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Within it everything can be written, and nothing of it is kept."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        # A full disk has ended the transaction already.
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def add_results(self, job: Job, items: Iterable[Item], *, are_proven: bool = False) -> list[Result]:
        """Notes finished videos, each once; an address that came newly replaces the old one.

        Of a job's videos no more count than were asked for, unless receipts prove them. Passwords are not kept.
        """
        named = [item for item in items if item.video_uuid is not None]
        if not named:
            return self.results(job)
        with self.transaction() as db:
            key = (job.service, job.uuid)
            columns = "video_uuid, url IS NOT NULL OR sha256 IS NOT NULL"
            rows = db.execute(f"SELECT {columns} FROM results WHERE {_OF_JOB}", key).fetchall()  # noqa: S608
            known, made = {uuid for uuid, _ in rows}, {uuid for uuid, is_made in rows if is_made}
            for item in named:
                # One that was only named may be another by the time that it is made.
                counted = known if item.url is None else made
                if item.video_uuid not in known and len(counted) >= job.takes and not are_proven:
                    continue
                known.add(item.video_uuid)
                made |= {item.video_uuid} if item.url is not None else set()
                url = None if item.url is None else without_credentials(item.url)
                db.execute(
                    "INSERT INTO results (service, uuid, video_uuid, number, url, seen_at, seed, cost, nsfw) "
                    "SELECT ?, ?, ?, 1 + count(*), ?, ?, ?, ?, ? FROM results WHERE service = ? AND uuid = ? "
                    "ON CONFLICT DO UPDATE SET url = coalesce(excluded.url, url), seen_at = excluded.seen_at, "
                    "cost = coalesce(excluded.cost, cost), seed = coalesce(excluded.seed, seed)",
                    (*key, item.video_uuid, url, time(), item.seed, believable_price(item.cost), item.nsfw, *key),
                )
            found = "service = ? AND uuid = ? AND (url IS NOT NULL OR sha256 IS NOT NULL)"
            if db.execute(f"SELECT count(*) FROM results WHERE {found}", key).fetchone()[0] >= job.takes:  # noqa: S608
                self._drop_unmade(db, key)
        return self.results(job)

    @staticmethod
    def _drop_unmade(db: sqlite3.Connection, key: tuple[str, str]) -> None:
        """Takes videos out that were only named, of a job whose takes are all there: nothing else will come."""
        for table in ("deliveries", "results"):
            db.execute(
                f"DELETE FROM {table} WHERE service = ? AND uuid = ? AND video_uuid IN (SELECT video_uuid FROM results "  # noqa: S608
                "WHERE service = ? AND uuid = ? AND url IS NULL AND sha256 IS NULL)",
                (*key, *key),
            )

    def restore(self, job: Job, order: Order, takes: Iterable[FoundTake]) -> None:
        """Writes takes down that lie in the order's folder with receipts of a job which this ledger did not know."""
        with self.transaction() as db:
            for take in takes:
                key = (job.service, job.uuid, take.video_uuid)
                if not _is_storable_place(*key, order, (take.number, take.path)):
                    continue
                db.execute(
                    "INSERT OR IGNORE INTO results SELECT ?, ?, ?, 1 + count(*), ?, ?, ?, ?, ?, ?, ? "
                    "FROM results WHERE service = ? AND uuid = ?",
                    (*key, take.url, time(), take.seed, take.cost, take.nsfw, *take.measured, job.service, job.uuid),
                )
                note_base(db, order, take.base)
                db.execute(
                    "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*key, *order.key, take.number, str(take.path), time()),
                )

    def restore_place(self, job: Job, order: Order, take: tuple[str, int, Path]) -> None:
        """Writes down where a video came to (its UUID, take and path) that does not lie there any more."""
        video_uuid, number, path = take
        if not _is_storable_place(job.service, job.uuid, video_uuid, order, (max(1, number), path)):
            return
        with self.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (job.service, job.uuid, video_uuid, *order.key, max(1, number), str(path), time()),
            )

    def copy_results(self, other: ResultTables, job: Job) -> None:
        """Takes over what another ledger knows of a job's videos and where they lie."""
        with self.transaction() as db:
            for table in ("results", "deliveries"):
                for row in other._sound(table, "service = ? AND uuid = ?", job.service, job.uuid):
                    marks = ", ".join("?" * len(row))
                    db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", tuple(row.values()))  # noqa: S608

    def ask_for_missing_results(self) -> None:
        """Puts finished jobs back to ACCEPTED of which videos are not known here: the service is asked for them again.

        One that came with fewer than all its takes says why with a code. One that failed at the service, and that
        nobody gave up, is to be asked for once more.
        """
        with self.transaction() as db:
            db.execute(
                "UPDATE jobs SET finished_at = NULL WHERE state = ? AND code IS NOT ?", (State.FAILED, ABANDONED)
            )
            db.execute(
                "UPDATE jobs SET state = ?, finished_at = NULL WHERE state IN (?, ?) AND "
                "(SELECT count(*) FROM results WHERE results.service = jobs.service AND results.uuid = jobs.uuid) "
                "< CASE WHEN code IS NULL OR code = ? THEN takes ELSE 1 END",
                (State.ACCEPTED, State.READY, State.DONE, ODD_LENGTH),
            )

    def results(self, job: Job) -> list[Result]:
        """A job's finished videos in the order they came."""
        rows = self._sound("results", "service = ? AND uuid = ? ORDER BY number", job.service, job.uuid)
        names = ("video_uuid", "number", "url", "seed", "cost", "nsfw", "sha256", "bytes")
        found = [Result(*((row | {"cost": believable_price(row["cost"])})[name] for name in names)) for row in rows]
        return [one if one.url is None else replace(one, url=without_credentials(one.url)) for one in found]

    def orders(self, job: Job) -> list[Order]:
        """Who wants a job's videos, first come first."""
        rows = self._sound("orders", "service = ? AND uuid = ? ORDER BY rowid", job.service, job.uuid)
        return [Order(row["file"], row["folder"], row["shown"]) for row in rows]

    def redirect(self, job: Job, folder: str) -> list[Order]:
        """Sends videos that are not all on disk to another folder; those of them that are stay, and are copied.

        The orders that go there now.
        """
        redirected: list[Order] = []
        with self.transaction() as db:
            for order in self.orders(job):
                if self.results(job) and self.is_delivered(job, order):
                    continue
                key = (job.service, job.uuid, *order.key)
                of_order = "service = ? AND uuid = ? AND file = ? AND folder = ?"
                db.execute(f"DELETE FROM deliveries WHERE {of_order} AND done_at IS NULL", key)  # noqa: S608
                db.execute(f"UPDATE OR REPLACE orders SET folder = ? WHERE {of_order}", (folder, *key))  # noqa: S608
                redirected.append(replace(order, folder=folder))
        return redirected

    def drop_waiting_orders(self, job: Job) -> None:
        """Takes the orders out to which not all of a job's videos came: they are not wanted there any more."""
        with self.transaction() as db:
            for order in self.orders(job):
                if not self.is_delivered(job, order):
                    key = (job.service, job.uuid, *order.key)
                    of_order = "service = ? AND uuid = ? AND file = ? AND folder = ?"
                    db.execute(f"DELETE FROM deliveries WHERE {of_order} AND done_at IS NULL", key)  # noqa: S608
                    db.execute(f"DELETE FROM orders WHERE {of_order}", key)  # noqa: S608

    def deliveries(self, job: Job, result: Result) -> list[tuple[Path, int, tuple[str, str]]]:
        """Where a video lies or will lie: path, take, and the key of the order it is for."""
        where = "service = ? AND uuid = ? AND video_uuid = ? ORDER BY take"
        rows = self._sound("deliveries", where, job.service, job.uuid, result.video_uuid)
        return [(Path(row["path"]), row["take"], (row["file"], row["folder"])) for row in rows]

    def _sound(self, table: str, where: str, *values: object) -> Iterator[dict[str, Any]]:
        """Rows by their columns; LedgerError for one that makes no sense."""
        rows = self._db.execute(f"SELECT * FROM {table} WHERE {where}", values)  # noqa: S608 - our own names
        names = [column[0] for column in rows.description]
        for values_of_row in rows:
            row = dict(zip(names, values_of_row, strict=True))
            if not is_sound(table, row):
                raise unsound(table, self.path)
            yield row

    def videos_named(self, prefix: str) -> list[Path]:
        """Where videos lie whose UUIDs begin so, one place for each video, one with a file where there is any."""
        rows = self._db.execute(
            "SELECT service, video_uuid, path FROM deliveries WHERE video_uuid LIKE ? ESCAPE '\\' "
            "AND done_at IS NOT NULL ORDER BY path",
            (beginning(prefix),),
        )
        places: dict[tuple[str, str], list[Path]] = {}
        for service, video_uuid, path in rows:
            places.setdefault((service, video_uuid), []).append(Path(path))
        return [next((path for path in paths if path.is_file()), paths[0]) for paths in places.values()]

    def videos_of(self, sha256: str) -> list[tuple[str, Path | None]]:
        """Service of each video with this digest, and where it was brought, None where nowhere."""
        rows = self._db.execute(
            "SELECT r.service, d.path FROM results r LEFT JOIN deliveries d ON d.service = r.service "
            "AND d.uuid = r.uuid AND d.video_uuid = r.video_uuid AND d.done_at IS NOT NULL WHERE r.sha256 = ?",
            (sha256,),
        )
        return [(service, None if path is None else Path(path)) for service, path in rows]

    def order_of(self, path: Path) -> str | None:
        """The storyboard, by its real path, that a place belongs to as that of its take; None for any other place."""
        row = self._db.execute("SELECT file FROM deliveries WHERE path = ?", (os.fspath(path),)).fetchone()
        return None if row is None else str(row[0])

    def place(self, job: Job, result: Result, order: Order) -> tuple[Path, int] | None:
        """Where a video lies or will lie for one order, and its take number there; None where it has no name yet."""
        found = self.deliveries(job, result)
        return next(((path, take) for path, take, whose in found if whose == order.key), None)

    def is_done(self, job: Job, result: Result, order: Order) -> bool:
        """Whether a delivery was finished, receipt included."""
        row = self._db.execute(
            "SELECT done_at FROM deliveries "
            "WHERE service = ? AND uuid = ? AND video_uuid = ? AND file = ? AND folder = ?",
            (job.service, job.uuid, result.video_uuid, *order.key),
        ).fetchone()
        return row is not None and row[0] is not None

    def is_delivered(self, job: Job, order: Order) -> bool:
        """Whether every video of a job came to an order, deleted since or not."""
        return all(self.is_done(job, result, order) for result in self.results(job))

    def want_again(self, job: Job, result: Result, order: Order) -> None:
        """Notes that a video which came to an order once is to come there again."""
        with self.transaction() as db:
            db.execute(
                "UPDATE deliveries SET done_at = NULL "
                "WHERE service = ? AND uuid = ? AND video_uuid = ? AND file = ? AND folder = ?",
                (job.service, job.uuid, result.video_uuid, *order.key),
            )

    def delivered(self, job: Job, result: Result, order: Order, fetched: Fetched, now: float) -> None:
        """Notes that a video and its receipt are on disk."""
        with self.transaction() as db:
            db.execute(
                "UPDATE deliveries SET done_at = ? "
                "WHERE service = ? AND uuid = ? AND video_uuid = ? AND file = ? AND folder = ?",
                (now, job.service, job.uuid, result.video_uuid, *order.key),
            )
            db.execute(
                "UPDATE results SET sha256 = ?, bytes = ? WHERE service = ? AND uuid = ? AND video_uuid = ?",
                (fetched.sha256, fetched.bytes, job.service, job.uuid, result.video_uuid),
            )


def _is_storable_place(service: str, uuid: str, video_uuid: str, order: Order, place: tuple[int, Path]) -> bool:
    """Whether a ledger can hold that a video lies there, as a receipt says: it takes nothing that it could not read."""
    take, path = place
    row = {"service": service, "uuid": uuid, "video_uuid": video_uuid, "file": order.file, "folder": order.folder}
    return is_sound("deliveries", row | {"take": take, "path": str(path), "done_at": 0.0})


def note_base(db: sqlite3.Connection, order: Order, base: str) -> None:
    """Gives a storyboard a name in its folder, unless that is somebody's there, or cannot be one."""
    if not base or os.path.basename(base) != base or not is_sound("names", _name_row(order, base)):
        return
    values = (order.folder, base.casefold(), order.file, base)
    db.execute("INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)", values)


def _name_row(order: Order, base: str) -> dict[str, str]:
    return {"folder": order.folder, "name": base.casefold(), "file": order.file, "base": base}


def beginning(prefix: str) -> str:
    """A pattern for SQL's LIKE, with a backslash as ESCAPE, of what begins so."""
    return prefix.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
