"""What a sandbox remembers, in one SQLite file: it outlives kills and may be open in several processes at once."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.sandbox.job import Job, video_uuid
from storyboard.writing import make_private_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

STATE_FILE = "state.sqlite3"
_VERSION = 1
_WAIT_SECONDS = 10.0
PICTURE_PREFIX = "sandbox-picture:"
PICTURE_KEY = re.compile(f"{PICTURE_PREFIX}[0-9a-f]{{64}}")
"""What stands in a stored task in place of its picture."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks(
    uuid TEXT NOT NULL, charge INTEGER NOT NULL, request TEXT NOT NULL, created REAL NOT NULL,
    job_seconds REAL NOT NULL, refusal TEXT, PRIMARY KEY (uuid, charge)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS videos(
    video TEXT PRIMARY KEY, uuid TEXT NOT NULL, charge INTEGER NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads(uuid TEXT PRIMARY KEY, picture TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fates(
    uuid TEXT NOT NULL, charge INTEGER NOT NULL, verdict TEXT, forgotten_at REAL,
    PRIMARY KEY (uuid, charge)) WITHOUT ROWID;
"""


_JOBS = (
    "SELECT t.uuid, t.charge, t.request, t.created, t.job_seconds, t.refusal, f.verdict, f.forgotten_at{more}"
    " FROM tasks t LEFT JOIN fates f ON f.uuid = t.uuid AND f.charge = t.charge"
)


_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)


class StateError(Exception):
    """A state file that this version cannot use."""

    passes = False
    """Whether it may go by itself: another process has the file, or the disk is full."""


class StateBusy(StateError):
    """A state file that cannot be used now."""

    passes = True


class State:
    """Tasks, their videos and uploaded pictures of one sandbox folder; safe to call from any thread."""

    def __init__(self, folder: Path) -> None:
        """Open or make `folder/state.sqlite3`. Raises StateError where the file is something else."""
        self.path = folder / STATE_FILE
        make_private_file(self.path)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except (sqlite3.DatabaseError, StateError) as error:
            self._connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING:
                raise StateBusy(f"{self.path} cannot be used now ({error}): run it again") from error
            raise StateError(f"{self.path} is no state file of this sandbox ({error}); move it away") from error

    def close(self) -> None:
        """Close the file; closing again does nothing."""
        with self._lock:
            self._connection.close()

    def start(
        self,
        uuid: str,
        request: Mapping[str, object],
        *,
        now: float,
        job_seconds: float,
        refusal: Mapping[str, object],
        may_run_again: Callable[[Job], bool],
    ) -> bool:
        """Take a task and count its charge; False, with `refusal` kept as its last answer, where its UUID is taken.

        `may_run_again` decides about a UUID that is known already, given its latest run.
        """
        with self.transaction() as sql:
            earlier = self._find(sql, uuid)
            if earlier is not None and not may_run_again(earlier):
                sql.execute(
                    "UPDATE tasks SET refusal = ? WHERE uuid = ? AND charge = ?",
                    (json.dumps(refusal), uuid, earlier.charge),
                )
                return False
            charge = earlier.charge + 1 if earlier else 1
            job = Job(uuid, charge, request, now, job_seconds, None)
            sql.execute(
                "INSERT INTO tasks VALUES (?, ?, ?, ?, ?, NULL)", (uuid, charge, json.dumps(request), now, job_seconds)
            )
            rows = [(video_uuid(uuid, charge, place), uuid, charge, place) for place in range(1, job.results + 1)]
            sql.executemany("INSERT INTO videos VALUES (?, ?, ?, ?)", rows)
            return True

    def find(self, uuid: str) -> Job | None:
        """The latest run of a task, or None if nobody has sent it."""
        with self._lock:
            return self._find(self._connection, uuid)

    def find_video(self, video: str) -> tuple[Job, int] | None:
        """The run that a videoUUID belongs to, and the video's place in it from 1."""
        with self._lock:
            row = self._connection.execute(
                _JOBS.format(more=", v.place")
                + " JOIN videos v ON t.uuid = v.uuid AND t.charge = v.charge WHERE v.video = ?",
                (video,),
            ).fetchone()
        return None if row is None else (_job(row[:-1]), row[-1])

    def charges(self) -> dict[str, int]:
        """How many times each taskUUID was paid for."""
        with self._lock:
            return dict(self._connection.execute("SELECT uuid, max(charge) FROM tasks GROUP BY uuid").fetchall())

    def add_upload(self, uuid: str, picture: str) -> None:
        """Remember an uploaded picture, named by its key in `pictures`."""
        with self.transaction() as sql:
            sql.execute("INSERT OR REPLACE INTO uploads VALUES (?, ?)", (uuid, picture))

    def drop_upload(self, uuid: str) -> None:
        """Forget an uploaded picture."""
        with self.transaction() as sql:
            sql.execute("DELETE FROM uploads WHERE uuid = ?", (uuid,))

    def decide(self, uuid: str, *, verdict: Mapping[str, object] | None = None, forget_at: float | None = None) -> None:
        """Let the latest run of a task end in an error, or be forgotten from a moment on; no task, no change."""
        with self.transaction() as sql:
            job = self._find(sql, uuid)
            if job is None:
                return
            kept = verdict if verdict is not None else job.verdict
            moment = forget_at if forget_at is not None else job.forgotten_at
            text = None if kept is None else json.dumps(kept)
            sql.execute("INSERT OR REPLACE INTO fates VALUES (?, ?, ?, ?)", (uuid, job.charge, text, moment))

    def jobs_that_say(self, parameters: Iterable[str]) -> list[Job]:
        """The runs whose requests have one of these parameters, the oldest first."""
        patterns = [f'%"{name}"%' for name in parameters]
        where = " OR ".join("t.request LIKE ?" for _ in patterns)
        with self._lock:
            rows = self._connection.execute(f"{_JOBS.format(more='')} WHERE {where} ORDER BY t.created", patterns)
            return [_job(row) for row in rows]

    def kept_pictures(self) -> set[str]:
        """The keys of all pictures that a task or an upload still needs."""
        with self._lock:
            keys = {row[0] for row in self._connection.execute("SELECT picture FROM uploads")}
            texts = [row[0] for row in self._connection.execute("SELECT request FROM tasks")]
        return keys.union(*(PICTURE_KEY.findall(text) for text in texts))

    def find_upload(self, uuid: str) -> str | None:
        """The key of the picture that was uploaded under the UUID, or None."""
        with self._lock:
            row = self._connection.execute("SELECT picture FROM uploads WHERE uuid = ?", (uuid,)).fetchone()
        return None if row is None else str(row[0])

    def _prepare(self) -> None:
        self._switch_to_wal()
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self.transaction() as sql:
            version = sql.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise StateError(f"version {version}, {_VERSION} expected")
            for statement in filter(str.strip, _SCHEMA.split(";")):
                sql.execute(statement)
            sql.execute(f"PRAGMA user_version = {_VERSION}")

    def _switch_to_wal(self) -> None:
        # SQLite's own busy wait does not cover two processes switching a new file at the same moment.
        give_up = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
            else:
                return

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one change that happens whole or not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @staticmethod
    def _find(sql: sqlite3.Connection, uuid: str) -> Job | None:
        row = sql.execute(
            _JOBS.format(more="") + " WHERE t.uuid = ? ORDER BY t.charge DESC LIMIT 1", (uuid,)
        ).fetchone()
        return None if row is None else _job(row)


def _job(row: tuple[str, int, str, float, float, str | None, str | None, float | None]) -> Job:
    uuid, charge, request, created, job_seconds, refusal, verdict, forgotten_at = row
    return Job(
        uuid,
        charge,
        json.loads(request),
        created,
        job_seconds,
        None if refusal is None else json.loads(refusal),
        None if verdict is None else json.loads(verdict),
        forgotten_at,
    )
