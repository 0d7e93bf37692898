"""How fast and how patiently the service is asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import uniform
from time import monotonic


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
    slowest_poll: float = 15.0
    fixed_poll: float | None = None
    """Set by the user: polls neither start late nor grow."""
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
    trust_window: float = 24 * 3600.0
    """Age from which on a doubtful job is not sent again without a person's word."""

    def next_poll(self, last: float | None) -> float:
        """Seconds until the poll after one that waited `last`, None for the first."""
        if self.fixed_poll is not None:
            return self.fixed_poll
        return self.first_poll if last is None else min(last * 1.5, self.slowest_poll)

    def backoff(self, failures: int) -> float:
        """Full jitter: anything up to a bound that doubles with each failure."""
        return uniform(0.05, min(self.longest_backoff, 0.5 * 2.0 ** min(failures, 10)))


class Gate:
    """Stops everybody at once when the service asks to slow down."""

    def __init__(self) -> None:
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
