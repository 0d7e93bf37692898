"""Two keys that queue the same at once: one of them buys it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from storyboard.compiler.prepare import prepare
from storyboard.farm.database import connected
from storyboard.farm.payload import account_of, queue_of
from storyboard.farm.planning import plan
from storyboard.farm.queueing import queue_up
from storyboard.farm.schema import ensure_schema
from storyboard.jobs.plan import Account
from storyboard.jobs.rows import Order
from storyboard.jobs.wanted import Wanted
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storyboard.farm.planning import Plan
    from tests.farm.postgres import Server

ONE = Account("https://api.example/v1", "one")
OTHER = Account("https://api.example/v1", "other")
ELSEWHERE = Account("https://other.example/v1", "third")


@pytest.fixture(autouse=True)
def _database(postgres: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    address = postgres.database()
    monkeypatch.setenv("STORYBOARD_FARM_DSN", address)
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    yield
    postgres.drop(address)


def _wanted(folder: Path) -> list[Wanted]:
    text = "Wide shot of a heron."
    prepared = prepare({"shots": [{"seconds": 3, "prompt": text}]}, [(3, text)], str(folder))
    return [Wanted.of(prepared, Order(str(folder / "film.storyboard.yaml"), str(folder), "film"))]


async def _plan(account: Account, wanted: list[Wanted], *, again: bool = False) -> Plan:
    async with connected() as connection:
        return await plan(connection, account, queue_of(account), wanted, again=again)


async def _queue_up(account: Account, planned: Plan) -> None:
    async with connected() as connection:
        await queue_up(connection, account, queue_of(account), planned)


@pytest.mark.parametrize("again", [False, True])
def test_planned_before_the_other_was_queued(tmp_path: Path, *, again: bool) -> None:
    """Who comes second is stopped; once it is known, `--again` buys another, and so does another service."""

    async def work() -> None:
        await ensure_schema()
        wanted = _wanted(tmp_path)
        plans = {account: await _plan(account, wanted, again=again) for account in (ONE, OTHER)}
        results = await asyncio.gather(
            *(_queue_up(account, planned) for account, planned in plans.items()), return_exceptions=True
        )
        (refused,) = [result for result in results if result is not None]
        assert isinstance(refused, SubmitError)
        assert refused.kind is Kind.MONEY
        second = OTHER if results[0] is None else ONE
        assert [step.kind for step in (await _plan(second, wanted)).steps] == ["stop"]
        await _queue_up(second, await _plan(second, wanted, again=True))
        assert [step.kind for step in (await _plan(ELSEWHERE, wanted)).steps] == ["buy"]
        await _queue_up(ELSEWHERE, await _plan(ELSEWHERE, wanted))

    asyncio.run(work())


def test_whose_queue_it_is() -> None:
    """A queue of the same service names its account; any other is none of ours."""
    mine = queue_of(ONE)
    assert account_of(queue_of(OTHER), mine) == OTHER.fingerprint
    assert account_of(queue_of(ELSEWHERE), mine) is None
    assert account_of("q", mine) is None
