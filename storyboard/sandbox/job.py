"""One run of a task, and where it stands: a function of when it began, how long it takes, and the time now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping


# Seconds since the epoch are good to some tenths of a microsecond: without it, a job could miss its own end by that.
_CLOCK_GRAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Job:
    """A task that was taken; times in seconds, `created` since the epoch."""

    uuid: str
    charge: int
    """How many times this taskUUID was paid for, this run included."""
    request: Mapping[str, object]
    """The task as it was sent, its picture kept elsewhere (see `pictures`)."""
    created: float
    job_seconds: float
    refusal: Mapping[str, object] | None
    """The answer to a later task of the same UUID, if one was refused."""
    verdict: Mapping[str, object] | None = None
    """The error that the run ends with instead of videos: `code` and `message`."""
    forgotten_at: float | None = None
    """From when on nobody knows of the run any more, in seconds since the epoch."""

    @property
    def results(self) -> int:
        """How many videos this run makes."""
        count = self.request.get("numberResults", 1)
        return count if isinstance(count, int) else 1

    def results_ready(self, now: float) -> int:
        """How many of its videos are there: they come evenly over the job's time, the last one at its end."""
        return int(min(1.0, self._share_done(now)) * self.results)

    def ready_at(self, place: int) -> float:
        """When a video is there, in seconds since the epoch; `place` counts from 1."""
        return self.created + self.job_seconds * place / self.results

    def is_expired(self, place: int, now: float) -> bool:
        """Whether the address of a video has outlived the request's `ttl`."""
        ttl = self.request.get("ttl")
        return isinstance(ttl, int) and now >= self.ready_at(place) + ttl

    def is_forgotten(self, now: float) -> bool:
        """Whether the service has lost its memory of the run."""
        return self.forgotten_at is not None and now >= self.forgotten_at

    def is_running(self, now: float) -> bool:
        """Whether at least one of its videos is still to come."""
        return self.results_ready(now) < self.results

    def progress(self, now: float) -> int:
        """Whole percent of the job's time that are over, from 0 to 99."""
        return min(99, int(self._share_done(now) * 100))

    def _share_done(self, now: float) -> float:
        if self.job_seconds <= 0:
            return 1.0
        # A clock set back must not give less than nothing.
        return max(0.0, now - self.created + _CLOCK_GRAIN) / self.job_seconds


def video_uuid(uuid: str, charge: int, place: int) -> str:
    """The videoUUID of a run's result; `place` counts from 1. The same in every sandbox, and plainly a sandbox's."""
    return f"sandbox-{UUID(bytes=_digest(uuid, charge, place)[:16])}"


def seed(uuid: str, charge: int, place: int) -> int:
    """The seed that a result reports, from 0 below 2**31."""
    return int.from_bytes(_digest(uuid, charge, place)[16:20]) >> 1


def _digest(uuid: str, charge: int, place: int) -> bytes:
    return hashlib.sha256(f"{uuid}/{charge}/{place}".encode()).digest()
