"""How a task ends that is not simply done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import uniform

TRIES = 20
"""Times that a task is taken up before its trouble is taken for lasting: about an hour and a half."""
_SHORTEST = 5.0
_LONGEST = 300.0


class PutBack(Exception):
    """The task goes back into the queue until `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at


class EndedBadly(Exception):
    """The job has come to an end, and there is no video of it; the database says why."""


def later(tried: int) -> PutBack:
    """Back for a while that doubles each time, from 5 seconds up to 5 minutes."""
    seconds = min(_SHORTEST * 2.0 ** min(tried, 10), _LONGEST)
    return PutBack(datetime.now(UTC) + timedelta(seconds=seconds * uniform(0.8, 1.2)))


def tomorrow() -> PutBack:
    """Back until the next day, in UTC, has a budget of its own."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return PutBack(midnight + timedelta(seconds=uniform(0.0, 60.0)))
