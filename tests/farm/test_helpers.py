"""What a worker does beside its tasks goes on, whatever one of them runs into; no database is needed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from storyboard.farm import worker
from storyboard.farm.app import connector
from storyboard.farm.crew import Crew, _as_it_stands
from storyboard.farm.records import Record
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from tests.jobs.rows import a_job


def test_one_task_that_cannot_be_given_back_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a look that fails: what was handed out in an outage is given back in the end, but for that one."""
    told: list[str] = []
    back: list[int] = []
    looks: list[int] = []
    done = asyncio.Event()

    async def listed(**_: Any) -> list[Any]:
        looks.append(1)
        if len(looks) == 1:
            raise psycopg.OperationalError("gone")
        return [SimpleNamespace(id=number) for number in (1, 2, 3)]

    async def retry(task: int, _at: object) -> None:
        if task == 2:
            raise psycopg.DataError("odd")
        back.append(task)
        if task == 3:
            done.set()

    monkeypatch.setattr(worker, "_ORPHAN_SECONDS", 0)
    monkeypatch.setattr(connector, "tell", told.append)
    manager = SimpleNamespace(list_jobs_async=listed, retry_job_by_id_async=retry)
    monkeypatch.setattr(worker, "app", SimpleNamespace(job_manager=manager))

    async def run() -> None:
        crew: Any = SimpleNamespace(running=set())
        adopting = asyncio.create_task(worker._adopt(crew, SimpleNamespace(worker_id=7)))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        monkeypatch.setattr(connector, "outages", connector.outages + 1)
        async with asyncio.timeout(60):
            await done.wait()
        adopting.cancel()
        await asyncio.gather(adopting, return_exceptions=True)

    asyncio.run(run())
    assert back == [1, 3]
    assert len(told) == 2


def test_a_note_that_fails_ends_no_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the service has a job is noted for the next ones."""
    told: list[str] = []
    noted = asyncio.Event()
    asked: list[object] = []
    crew = Crew.__new__(Crew)
    crew._accepted = {"a"}
    crew._tell = told.append

    async def ask(_: object) -> None:
        asked.append(_)
        if len(asked) == 1:
            crew._accepted = {"b"}
            raise psycopg.DataError("odd")
        noted.set()

    monkeypatch.setattr("storyboard.farm.crew._FLUSH_SECONDS", 0)
    crew._ask = ask  # type: ignore[method-assign,assignment]

    async def run() -> None:
        noting = asyncio.create_task(crew.note_accepted_jobs())
        async with asyncio.timeout(60):
            await noted.wait()
        noting.cancel()
        await asyncio.gather(noting, return_exceptions=True)

    asyncio.run(run())
    assert len(told) == 1


@pytest.mark.parametrize("is_refused", [False, True], ids=["not sent", "not taken"])
def test_a_job_that_another_worker_had_since(is_refused: bool) -> None:
    """Is in doubt, though nothing of it was taken from here: the other one may have sent it."""
    reserved_at = datetime(2026, 1, 2, tzinfo=UTC)
    job = a_job()
    with Ledger.in_memory() as ledger:
        ledger.add(job, None, None)
        if is_refused:
            ledger.hold([job])
            sending = ledger.begin_sending(job)
            assert sending is not None
            ledger.not_taken(sending)
        crew = Crew.__new__(Crew)
        crew._ledger = ledger
        record = Record(job.uuid, State.SUBMITTING, reserved_at, None, [], is_settled=False, told=[])
        known = crew._written_down(_as_it_stands(job, record, is_new=False, has_takes=False), None, record)
    assert (known.is_in_doubt, known.sent_at) == (True, reserved_at.timestamp())
