"""What is still to be told and sent of jobs that ended, remembered in the state, so that a kill loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from storyboard.sandbox.job import video_uuid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from storyboard.sandbox.job import Job
    from storyboard.sandbox.state import State

Kind = Literal["webhookURL", "uploadEndpoint"]
KINDS: tuple[Kind, ...] = ("uploadEndpoint", "webhookURL")

TRIES_AT_MOST = 5
_CLAIM_SECONDS = 60.0

_SCHEMA = """CREATE TABLE IF NOT EXISTS sendings(
    video TEXT NOT NULL, kind TEXT NOT NULL, tries INTEGER NOT NULL, due REAL NOT NULL, done INTEGER NOT NULL,
    PRIMARY KEY (video, kind)) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Sending:
    """One video to be told of or sent, or one failure to be told of; `place` counts the run's results from 1."""

    job: Job
    place: int
    kind: Kind
    url: str
    tries: int
    """How often it was tried, this time included."""

    @property
    def key(self) -> tuple[str, Kind]:
        """What the state remembers it by."""
        return _key(self.job, self.place, self.kind)


class Outbox:
    """The sendings of one state; several processes may take from it."""

    def __init__(self, state: State, only: Collection[str] | None = None) -> None:
        """Of all tasks, or `only` of those with these UUIDs, which may become more."""
        self._state = state
        self._only = only
        with state.transaction() as sql:
            sql.execute(_SCHEMA)

    def due(self, now: float) -> Iterator[Sending]:
        """Sendings whose time has come, each claimed for a minute, so that nobody else takes it meanwhile."""
        for job, place, kind, url in self._wanted():
            if job.ready_at(place) <= now and (tries := self._claim(job, place, kind, now)):
                yield Sending(job, place, kind, url, tries)

    def next_due(self) -> float | None:
        """When the next sending is due, in seconds since the epoch; None where nothing is left to send."""
        rows = self._rows()
        moments = []
        for job, place, kind, _ in self._wanted():
            due, done = rows.get(_key(job, place, kind), (job.ready_at(place), False))
            if not done:
                moments.append(due)
        return min(moments, default=None)

    def settle(self, sending: Sending, *, again_at: float | None) -> None:
        """Mark a claimed sending as done, or as due once more."""
        with self._state.transaction() as sql:
            sql.execute(
                "UPDATE sendings SET due = ?, done = ? WHERE video = ? AND kind = ?",
                (again_at or 0.0, again_at is None, *sending.key),
            )

    def _wanted(self) -> Iterator[tuple[Job, int, Kind, str]]:
        for job in self._state.jobs_that_say(KINDS):
            if self._only is not None and job.uuid not in self._only:
                continue
            for kind in KINDS:
                url = job.request.get(kind)
                if isinstance(url, str):
                    yield from ((job, place, kind, url) for place in _places(job, kind))

    def _rows(self) -> dict[tuple[str, str], tuple[float, bool]]:
        with self._state.transaction() as sql:
            rows = sql.execute("SELECT video, kind, due, done FROM sendings").fetchall()
        return {(video, kind): (due, bool(done)) for video, kind, due, done in rows}

    def _claim(self, job: Job, place: int, kind: Kind, now: float) -> int:
        """The number of this try; 0 where it is done, or somebody is at it."""
        key = _key(job, place, kind)
        with self._state.transaction() as sql:
            row = sql.execute("SELECT tries, due, done FROM sendings WHERE video = ? AND kind = ?", key).fetchone()
            tries, due, done = row or (0, 0.0, 0)
            if done or due > now:
                return 0
            sql.execute(
                "INSERT OR REPLACE INTO sendings VALUES (?, ?, ?, ?, 0)", (*key, tries + 1, now + _CLAIM_SECONDS)
            )
            return int(tries) + 1


def _key(job: Job, place: int, kind: Kind) -> tuple[str, Kind]:
    return video_uuid(job.uuid, job.charge, place), kind


def _places(job: Job, kind: Kind) -> range:
    """Every result; of a run that fails, its end is told of once, and there is nothing to upload."""
    if job.verdict is None:
        return range(1, job.results + 1)
    return range(job.results, job.results + (kind == "webhookURL"))
