"""What workers write into the database at the same time: no budget is overdrawn, no job is counted twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.farm import putting_back, records
from storyboard.farm.database import connected
from storyboard.farm.schema import ensure_schema
from storyboard.jobs.states import State
from tests.jobs.rows import a_job, an_order, uuid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from storyboard.jobs.rows import Job
    from tests.farm.postgres import Server

COST = Decimal("0.336")


@pytest.fixture(autouse=True)
def _database(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = postgres.database()
    monkeypatch.setenv("STORYBOARD_FARM_DSN", address)
    yield
    postgres.drop(address)


async def _queued(jobs: int, *, budget: Decimal | None = None) -> None:
    await ensure_schema()
    async with connected() as connection:
        for number in range(jobs):
            await connection.execute(
                "INSERT INTO storyboard_farm_jobs (uuid, queue, digest, attempt, state, takes, estimated_cost) "
                "VALUES (%s, 'q', %s, 1, 'prepared', 1, %s)",
                (uuid(number), str(number), COST),
            )
            await connection.execute(
                "INSERT INTO storyboard_farm_orders (uuid, file, folder, shown, name, first) "
                "VALUES (%s, '/boards/film.storyboard.yaml', '/renders', 'film', 'film', 1)",
                (uuid(number),),
            )
        if budget is not None:
            await connection.execute("INSERT INTO storyboard_farm_budgets VALUES ('q', %s)", (budget,))


async def _alone(ask: Callable[[Any], Awaitable[Any]]) -> Any:
    async with connected() as connection:
        return await ask(connection)


async def _spent() -> Decimal:
    async with connected() as connection:
        row = await (await connection.execute("SELECT sum(reserved) AS spent FROM storyboard_farm_days")).fetchone()
    return Decimal(row["spent"] or 0) if row is not None else Decimal(0)


def test_a_budget_is_never_overdrawn() -> None:
    """Thirty workers at once, a budget for seven jobs: seven are let through, each counted once."""

    async def work() -> None:
        await _queued(30, budget=COST * 7 + COST / 2)
        answers = await asyncio.gather(*(_alone(partial(records.reserve, uuid=uuid(number))) for number in range(30)))
        assert Counter(answers) == {"now": 7, "over": 23}
        assert await _spent() == COST * 7

    asyncio.run(work())


def test_a_job_is_counted_once() -> None:
    """However many workers come by at the same time."""

    async def work() -> None:
        await _queued(1)
        answers = await asyncio.gather(*(_alone(partial(records.reserve, uuid=uuid(0))) for _ in range(12)))
        assert Counter(answers) == {"now": 1, "before": 11}
        assert await _spent() == COST

    asyncio.run(work())


@pytest.mark.parametrize(
    ("job", "cost", "spent"),
    [
        (a_job(0, state=State.DONE), 0.3, Decimal("0.3")),
        (a_job(0, state=State.DONE), None, COST),
        (a_job(0, state=State.DONE, reused=True), 0.3, Decimal(0)),
        (a_job(0, state=State.REJECTED), None, Decimal(0)),
        (a_job(0, state=State.FAILED), None, COST),
        (a_job(0, state=State.REVIEW), None, COST),
    ],
)
def test_a_day_is_corrected_to_what_a_job_came_to(job: Job, cost: float | None, spent: Decimal) -> None:
    """Once, however often its end is written down; what may have been charged counts."""
    line: dict[str, Any] = {"error": None, "cost": cost, "takes": []}

    async def work() -> None:
        await _queued(1)
        await _alone(partial(records.reserve, uuid=job.uuid))
        for _ in range(2):
            await _alone(partial(records.end, job=job, lines=[(an_order(), line)]))
        assert await _spent() == spent
        record = await _alone(partial(records.record_of, uuid=job.uuid))
        assert (record.state, record.is_settled) == (job.state, True)

    asyncio.run(work())


def test_moments_are_told_by_this_machine_s_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose clock is a year behind the database's knows how long ago, and puts back until a moment there."""
    year = timedelta(days=365)

    class Behind(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) - year

    async def work() -> None:
        await _queued(1)
        await _alone(partial(records.reserve, uuid=uuid(0)))
        monkeypatch.setattr(records, "datetime", Behind)
        record = await _alone(partial(records.record_of, uuid=uuid(0)))
        assert abs(Behind.now(UTC) - record.reserved_at) < timedelta(minutes=5)
        assert abs(record.ahead - year) < timedelta(minutes=5)
        monkeypatch.setattr(putting_back, "datetime", Behind)
        assert abs(putting_back.later(0, record.ahead).at - datetime.now(UTC)) < timedelta(minutes=5)
        assert timedelta(0) < putting_back.tomorrow(record.ahead).at - datetime.now(UTC) < timedelta(days=1, minutes=5)

    asyncio.run(work())


def test_what_never_left_is_given_back() -> None:
    """So that the next worker may send it without a doubt; not so what the service has."""

    async def work() -> None:
        await _queued(2)
        for number in range(2):
            await _alone(partial(records.reserve, uuid=uuid(number)))
        await _alone(partial(records.note_accepted, uuids=[uuid(1)]))
        for number in range(2):
            await _alone(partial(records.release, uuid=uuid(number)))
        assert await _spent() == COST
        back, kept = [await _alone(partial(records.record_of, uuid=uuid(n))) for n in range(2)]
        assert (back.state, back.reserved_at) == (State.PREPARED, None)
        assert kept.state is State.ACCEPTED

    asyncio.run(work())


def test_tables_are_made_by_many_at_once() -> None:
    """Whoever comes first makes them; the others find them."""

    async def work() -> None:
        await asyncio.gather(*(ensure_schema() for _ in range(8)))
        assert await _alone(partial(records.record_of, uuid=uuid(0))) is None

    asyncio.run(work())
