"""What a worker does beside its tasks goes on, whatever one of them runs into; no database is needed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg

from storyboard.farm import worker
from storyboard.farm.app import connector
from storyboard.farm.crew import Crew

if TYPE_CHECKING:
    import pytest


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
