"""How fast and how patiently the service is asked."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_EARLIEST = 0.6
"""The share of the usual time before which no job is over."""
_OF_AGE = 1 / 15
_APART = 0.75
"""Seconds between two POSTs of polls, over all jobs that wait."""
_FINEST = 0.05
_COARSEST = 4.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Figures of one run; times in seconds."""

    submits: int = 8
    """Paid tasks on the wire at once."""
    downloads: int = 4
    batch: int = 100
    """Questions in one POST."""
    asks: int = 4
    """POSTs of questions on the wire at once."""
    fresh: float = 20.0
    """How long an answer that nobody knows a job is good for; after it the question is asked again before sending."""
    first_poll: float = 2.0
    close_poll: float = 5.0
    """How far apart polls may be while a job is young; from then on they keep to a share of its age."""
    slowest_poll: float = 15.0
    fixed_poll: float | None = None
    """Set by the user: polls neither start late nor grow."""
    confirming_poll: float = 3.0
    """How far apart the questions are that confirm a failure which may be none."""
    patience_before_contact: float = 8.0
    """How long a service that never answered is tried."""
    patience: float = 90.0
    """How long a service that answered before is tried without an answer."""
    patience_when_paced: float = 600.0
    """How long a service that only asks to wait is tried."""
    patience_when_silent: float = 1200.0
    """How long a run waits for an accepted job about which the service says nothing."""
    doubts: int = 6
    """Sends without a clear answer after which a job is left for another run."""
    longest_backoff: float = 60.0
    arrival: float = 3.0
    """How long a task that was sent may be on its way, also after its sender died; before, "unknown" proves nothing."""
    trust_window: float = 24 * 3600.0
    """Age from which on a doubtful job is not sent again without a person's word."""

    def first_poll_of(self, age: float, usual: float | None, batches: float) -> float:
        """Seconds until the first poll of a job accepted `age` ago; `usual` is how long the others took.

        `batches` is how many POSTs it takes to ask about every job that waits.
        """
        if self.fixed_poll is not None:
            return self.fixed_poll
        late = min(batches * _APART / 2, self.slowest_poll)
        return max(0.0, max(self.first_poll, _EARLIEST * (usual or 0.0), late) - age)

    def next_poll(self, last: float, age: float, batches: float) -> float:
        """Seconds until the poll after one that waited `last`, of a job accepted `age` ago.

        `batches` is how many POSTs it takes to ask about every job that waits.
        """
        if self.fixed_poll is not None:
            return self.fixed_poll
        at_most = max(self.close_poll, age * _OF_AGE, batches * _APART)
        return min(max(last, self.first_poll) * 1.5, at_most, self.slowest_poll)

    @property
    def confirming(self) -> float:
        """Seconds until the next question that confirms a failure."""
        return self.confirming_poll if self.fixed_poll is None else self.fixed_poll

    def tick(self, interval: float, batches: float) -> float:
        """The moment at least `interval` from now, on a grid that all waiting jobs share, so that batches fill."""
        due = monotonic() + interval
        if self.fixed_poll is not None:
            return due if interval <= _FINEST else math.ceil(due / interval) * interval
        grid = max(interval / 2, _FINEST, min(batches * _APART, interval))
        grid = min(2.0 ** round(math.log2(grid)), _COARSEST)
        return math.ceil(due / grid) * grid

    def backoff(self, failures: int) -> float:
        """Full jitter: anything up to a bound that doubles with each failure."""
        return uniform(0.05, min(self.longest_backoff, 0.5 * 2.0 ** min(failures, 10)))


class Gate:
    """Stops everybody at once when the service asks to slow down."""

    def __init__(self, tell: Callable[[float], None] = lambda _: None) -> None:
        """`tell` hears of each pause, how many seconds it lasts."""
        self.tell = tell
        self._open_at = 0.0

    @property
    def rest(self) -> float:
        """Seconds until somebody may pass."""
        return max(0.0, self._open_at - monotonic())

    def close_for(self, seconds: float) -> None:
        """Nobody passes for so long."""
        self._open_at = max(self._open_at, monotonic() + seconds)

    async def passed(self) -> None:
        """Returns when nobody is held back."""
        while rest := self.rest:  # noqa: ASYNC110 - the time may be moved while waiting
            await asyncio.sleep(rest)


class Patience:
    """Whether a service that does not answer is still worth trying."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._since = monotonic()
        self._contact = False
        self.failures = 0
        """Failures in a row."""

    def answered(self) -> None:
        """The service said something."""
        self._contact, self._since, self.failures = True, monotonic(), 0

    def paced(self) -> bool:
        """The service asked to wait; True when it has done nothing else for too long."""
        self._contact = True
        self.failures += 1
        return monotonic() - self._since >= self._pace.patience_when_paced

    def failed(self) -> bool:
        """The service did not answer; True when it has been tried long enough."""
        self.failures += 1
        limit = self._pace.patience if self._contact else self._pace.patience_before_contact
        return self.failures >= 3 and monotonic() - self._since >= limit
