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


def later(tried: int, ahead: timedelta = timedelta(0)) -> PutBack:
    """Back for a while that doubles each time, from 5 seconds up to 5 minutes.

    `ahead`: by how much the database's clock, by which tasks come again, is ahead of this machine's.
    """
    seconds = min(_SHORTEST * 2.0 ** min(tried, 10), _LONGEST)
    return PutBack(datetime.now(UTC) + ahead + timedelta(seconds=seconds * uniform(0.8, 1.2)))


def tomorrow(ahead: timedelta = timedelta(0)) -> PutBack:
    """Back until the next day, in UTC, has a budget of its own; `ahead` as in `later`."""
    midnight = (datetime.now(UTC) + ahead).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return PutBack(midnight + timedelta(seconds=uniform(0.0, 60.0)))
