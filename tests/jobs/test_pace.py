"""How often the service is asked: late at first, closely while a job is young, never too often for a crowd."""

from __future__ import annotations

import asyncio
from time import monotonic
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from storyboard.jobs.admission import Admission
from storyboard.jobs.pace import Pace

SECONDS = st.floats(0, 10_000)


def test_polls_of_one_job() -> None:
    """2 s, then growing to 5 s; from 75 s on a share of the age, up to 15 s."""
    pace, age, moments = Pace(), 0.0, []
    interval = pace.first_poll_of(0, None, 0.01)
    while age < 400:
        age += interval
        moments.append(round(age, 1))
        interval = pace.next_poll(interval, age, 0.01)
    assert moments[:5] == [2.0, 5.0, 9.5, 14.5, 19.5]
    assert moments[-1] - moments[-2] == 15


@given(last=SECONDS, age=SECONDS, batches=st.floats(0, 1000))
def test_polls_stay_in_bounds(last: float, age: float, batches: float) -> None:
    """Between 3 and 15 s apart; a young job alone is asked about every 5 s."""
    pace = Pace()
    interval = pace.next_poll(last, age, batches)
    assert 3 <= interval <= pace.slowest_poll
    if age <= 75 and batches <= 6:
        assert interval <= pace.close_poll


@given(age=SECONDS, usual=st.none() | SECONDS, batches=st.floats(0, 1000))
def test_the_first_poll(age: float, usual: float | None, batches: float) -> None:
    """At 2 s, at three fifths of what is usual, or late among thousands; of an old job at once."""
    due = Pace().first_poll_of(age, usual, batches)
    at = max(2.0, 0.6 * (usual or 0), min(batches * 0.375, 15))
    assert due == 0 if age >= at else abs(age + due - at) < 1e-6


@given(st.floats(0, 20), st.floats(0, 1000))
def test_ticks_fall_together(interval: float, batches: float) -> None:
    """A tick is not before its time, and late by less than the interval; a few jobs' by three quarters of it."""
    now = monotonic()
    with mock.patch("storyboard.jobs.pace.monotonic", return_value=now):
        late = Pace().tick(interval, batches) - now - interval
    most = 0.75 if batches * 0.75 <= interval / 2 else 1.5
    assert -1e-6 <= late <= min(max(interval * most, 0.1), 4) + 0.01


def test_a_pace_that_the_user_sets() -> None:
    """Neither late nor growing."""
    pace = Pace(fixed_poll=0.7)
    assert (pace.first_poll_of(100, 50, 9), pace.next_poll(3, 100, 99)) == (0.7, 0.7)


def test_jobs_come_in_a_batch_at_a_time() -> None:
    """Three batches at first; another one when half of one has left, whoever it was; a stranger at once."""

    async def scene() -> list[int]:
        admission = Admission([str(number) for number in range(100)], 10)
        inside: list[str] = []

        async def come(name: str) -> None:
            await admission.enter(name)
            inside.append(name)

        tasks = [asyncio.create_task(come(name)) for name in ["stranger", *map(str, range(100))]]
        counts = []
        for leaving in ((), ("0", "1", "2", "3"), ("3", "4"), ("stranger",), tuple(map(str, range(5, 100)))):
            for name in leaving:
                admission.leave(name)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            counts.append(len(inside))
        for task in tasks:
            task.cancel()
        return counts

    assert asyncio.run(scene()) == [31, 31, 41, 41, 101]
