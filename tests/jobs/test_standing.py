"""A carrier that stands by: jobs come one after another, over one line, and those that come twice are carried once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from storyboard.checks import check_file
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.pace import Pace
from storyboard.jobs.plan import Account, Planner
from storyboard.jobs.standing import StandingCarrier
from storyboard.jobs.states import State
from storyboard.jobs.stopping import StopRun
from storyboard.runware.client import Client
from storyboard.runware.videos import VideoHost
from storyboard.submitting.wanting import wanted_videos
from tests.provider import KEY, Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storyboard.jobs.rows import Job
    from tests.jobs.studio import Studio


@asynccontextmanager
async def _standing(studio: Studio, ledger: Ledger) -> AsyncIterator[StandingCarrier]:
    async with (
        Client(studio.provider.url, KEY, timeout=20) as client,
        VideoHost(studio.provider.url, timeout=20) as host,
    ):
        carrier = StandingCarrier(ledger, client, host, pace=Pace(fixed_poll=0.02), tell=lambda _: None)
        ready = asyncio.Event()
        standing = asyncio.create_task(carrier.stand_by(ready))
        await ready.wait()
        yield carrier
        standing.cancel()
        with suppress(asyncio.CancelledError):
            await standing


def _jobs(studio: Studio, ledger: Ledger, count: int) -> list[Job]:
    boards = [str(studio.folder / studio.board(f"film{number}")) for number in range(count)]
    wanted = wanted_videos(boards, check_file, str(studio.renders))
    steps = Planner(ledger, Account(studio.provider.url, KEY)).plan(wanted)
    return [ledger.add(step.job, None, step.wanted.order) for step in steps]


def test_jobs_that_come_one_after_another(studio: Studio) -> None:
    """Each is brought home, while others come and go."""

    async def work(ledger: Ledger) -> None:
        jobs = _jobs(studio, ledger, 4)
        async with _standing(studio, ledger) as carrier:
            first, _ = await carrier.take_on(jobs[0])
            rest = await asyncio.gather(*(carrier.take_on(job) for job in jobs[1:]))
        assert {first.state, *(job.state for job, _ in rest)} == {State.DONE}

    with Ledger.open(studio.state) as ledger:
        asyncio.run(work(ledger))
    assert sorted(studio.provider.paid.values()) == [1] * 4
    assert len(studio.files()) == 8


def test_one_that_comes_twice(studio: Studio) -> None:
    """Is carried once, and both hear of its end; whoever stops waiting stops nobody else."""

    async def work(ledger: Ledger) -> None:
        (job,) = _jobs(studio, ledger, 1)
        async with _standing(studio, ledger) as carrier:
            gone = asyncio.create_task(carrier.take_on(job))
            await asyncio.sleep(0.01)
            both = asyncio.gather(carrier.take_on(job), carrier.take_on(job))
            gone.cancel()
            assert {ended.state for ended, _ in await both} == {State.DONE}

    studio.provider.job_seconds = 0.2
    with Ledger.open(studio.state) as ledger:
        asyncio.run(work(ledger))
    assert list(studio.provider.paid.values()) == [1]
    assert studio.provider.count("submit") == 1
    assert studio.files() == ["film0-1.mp4", "film0-1.mp4.json"]


def test_a_line_that_ends(studio: Studio) -> None:
    """Everybody who waits hears why, and so does whoever comes later; nothing was paid."""
    studio.provider.add_faults(Fault(on="submit", kind="401", count=None))

    async def work(ledger: Ledger) -> None:
        jobs = _jobs(studio, ledger, 3)
        async with _standing(studio, ledger) as carrier:
            ends = await asyncio.gather(*(carrier.take_on(job) for job in jobs[:2]), return_exceptions=True)
            assert [end.code for end in ends if isinstance(end, StopRun)] == ["account", "account"]
            with pytest.raises(StopRun, match="refused the account"):
                await carrier.take_on(jobs[2])

    with Ledger.open(studio.state) as ledger:
        asyncio.run(work(ledger))
    assert studio.provider.paid == {}


@pytest.mark.parametrize("turns", range(6))
def test_one_that_comes_while_a_line_ends(studio: Studio, turns: int) -> None:
    """However late in the moment between the first refusal and the end of all others; its lease is free again."""

    async def come(carrier: StandingCarrier, job: Job) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await carrier.take_on(job)

    async def work(ledger: Ledger) -> None:
        async def refuse(job: Job, **_: object) -> None:
            ledger.release(job)
            raise StopRun("account", "the service refused the account")

        first, second = _jobs(studio, ledger, 2)
        async with _standing(studio, ledger) as carrier:
            carrier._carry = refuse  # type: ignore[method-assign]
            ends = await asyncio.gather(carrier.take_on(first), come(carrier, second), return_exceptions=True)
        assert [end.code for end in ends if isinstance(end, StopRun)] == ["account", "account"]
        assert ledger._db.execute("SELECT count(*) FROM jobs WHERE holder IS NOT NULL").fetchone() == (0,)

    with Ledger.open(studio.state) as ledger:
        asyncio.run(work(ledger))


def test_trouble_of_one_job_is_told_with_it(studio: Studio) -> None:
    """What kept it from its end comes back with it, and does not end the others."""
    studio.provider.add_faults(Fault(on="download", kind="500", count=None))

    async def work(ledger: Ledger) -> None:
        (job,) = _jobs(studio, ledger, 1)
        async with _standing(studio, ledger) as carrier:
            left, trouble = await carrier.take_on(job)
            assert left.state is State.READY
            assert trouble is not None
            assert trouble.code == "undelivered"
            studio.provider._plan.slots.clear()
            done, none = await carrier.take_on(left)
            assert (done.state, none) == (State.DONE, None)

    with Ledger.open(studio.state) as ledger:
        asyncio.run(work(ledger))
    assert list(studio.provider.paid.values()) == [1]
