"""What the farm is doing, and what came of storyboards; reads only."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from storyboard.farm.app import CARRY
from storyboard.farm.budget import Today, today
from storyboard.farm.database import connected
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from storyboard.farm.database import Connection

_SHOWN = 20
_LOOKS = 20
"""Every so many looks all jobs are looked at; between them those whose end was written down in the last seconds."""
_LOOK_SECONDS = (0.5, 5.0)
"""How often it is looked for ends: at first, and at last."""
_PATIENCE = 600.0
"""Seconds that a database which is gone is tried while waiting."""


@dataclass(frozen=True, slots=True)
class Status:
    """A farm at one moment."""

    waiting: int
    """Tasks in the queue, those that wait for a moment or a budget included."""
    running: int
    workers: int
    """Processes that showed a sign of life within the last half minute."""
    states: dict[str, int]
    """Jobs by the last state that was told."""
    today: Today
    troubles: list[dict[str, Any]]
    """Jobs that are kept from their end for now, and why; the first of them."""
    failed: list[dict[str, Any]]
    """Jobs that ended badly, the last ones first."""


async def status_of(connection: Connection, queue: str | None) -> Status:
    """How a queue stands; all of them together without one."""
    only = {"queue": queue, "task": CARRY, "most": _SHOWN}
    tasks = await _pairs(
        connection,
        "SELECT status::text AS key, count(*) AS value FROM procrastinate_jobs WHERE task_name = %(task)s "
        "AND (%(queue)s::text IS NULL OR queue_name = %(queue)s) GROUP BY 1",
        only,
    )
    states = await _pairs(
        connection,
        "SELECT state AS key, count(*) AS value FROM storyboard_farm_jobs "
        "WHERE %(queue)s::text IS NULL OR queue = %(queue)s GROUP BY 1 ORDER BY 1",
        only,
    )
    workers = await _pairs(
        connection,
        "SELECT 'alive' AS key, count(*) AS value FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - interval '30 seconds'",
        only,
    )
    jobs = (
        "SELECT uuid AS job, min(shown) AS file, state, code, message FROM storyboard_farm_jobs "
        "JOIN storyboard_farm_orders USING (uuid) WHERE code IS NOT NULL AND state <> 'done' "
        "AND (%(queue)s::text IS NULL OR queue = %(queue)s) AND ended_at {} "
        "GROUP BY uuid, state, code, message, ended_at ORDER BY ended_at DESC, uuid LIMIT %(most)s"
    )
    troubles = await (await connection.execute(jobs.format("IS NULL"), only)).fetchall()
    failed = await (await connection.execute(jobs.format("IS NOT NULL"), only)).fetchall()
    return Status(
        waiting=tasks.get("todo", 0),
        running=tasks.get("doing", 0),
        workers=workers["alive"],
        states=states,
        today=await today(connection, queue),
        troubles=troubles,
        failed=failed,
    )


async def _pairs(connection: Connection, query: Any, values: dict[str, Any]) -> dict[str, int]:
    return {row["key"]: row["value"] for row in await (await connection.execute(query, values)).fetchall()}


@dataclass(slots=True)
class _Awaited:
    """Jobs that are waited for, and those of them that were told of."""

    uuids: set[str]
    since: datetime | None = None
    """When the last of them ended, by the database's clock."""
    looks: int = 0
    told: set[str] = field(default_factory=set)


async def outcomes(
    queue: str | None, files: Sequence[str], tell: Callable[[str], None]
) -> AsyncIterator[dict[str, Any]]:
    """Lines of jobs as they end: the last job of each of these storyboards (real paths), or all that are not ended.

    A database that is gone for a while is waited for. Raises SubmitError where it is gone for too long, and for a
    storyboard that the farm does not know.
    """
    awaited: _Awaited | None = None
    pause, gone_since = _LOOK_SECONDS[0], None
    while awaited is None or awaited.uuids - awaited.told:
        try:
            async with connected() as connection:
                if awaited is None:
                    awaited = _Awaited(await _awaited_jobs(connection, queue, files))
                lines = await _ended(connection, awaited)
        except SubmitError as error:
            if awaited is None or error.kind is not Kind.SERVICE:
                raise
            gone_since = gone_since or monotonic()
            if monotonic() - gone_since > _PATIENCE:
                raise
            tell(f"{error.message}; waiting goes on")
            lines = []
        else:
            gone_since = None
        for line in lines:
            yield line
        if lines:
            pause = _LOOK_SECONDS[0]
        if awaited.uuids - awaited.told:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LOOK_SECONDS[1])


async def _awaited_jobs(connection: Connection, queue: str | None, files: Sequence[str]) -> set[str]:
    if not files:
        cursor = await connection.execute(
            "SELECT uuid FROM storyboard_farm_jobs WHERE ended_at IS NULL AND (%(queue)s::text IS NULL OR queue = "
            "%(queue)s)",
            {"queue": queue},
        )
        return {row["uuid"] for row in await cursor.fetchall()}
    cursor = await connection.execute(
        "SELECT DISTINCT ON (file) file, uuid FROM storyboard_farm_orders JOIN storyboard_farm_jobs USING (uuid) "
        "WHERE file = ANY(%(files)s) AND (%(queue)s::text IS NULL OR queue = %(queue)s) "
        "ORDER BY file, ended_at DESC NULLS FIRST, attempt DESC",
        {"queue": queue, "files": list(files)},
    )
    found = {row["file"]: row["uuid"] for row in await cursor.fetchall()}
    if unknown := [file for file in files if file not in found]:
        raise SubmitError(Kind.USAGE, f"the farm knows no job of {unknown[0]}: `storyboard farm submit` it first")
    return set(found.values())


async def _ended(connection: Connection, awaited: _Awaited) -> list[dict[str, Any]]:
    """Lines of awaited jobs that were not told yet: mostly those that ended since the last look, now and then all."""
    since = None if awaited.looks % _LOOKS == 0 else awaited.since
    awaited.looks += 1
    left = awaited.uuids - awaited.told
    only: list[object] = [sorted(left) if since is None else since]
    condition = "uuid = ANY(%s)" if since is None else "ended_at > %s::timestamptz - interval '5 seconds'"
    query = (
        "SELECT uuid, line, ended_at FROM storyboard_farm_jobs JOIN storyboard_farm_orders USING (uuid) "  # noqa: S608
        f"WHERE ended_at IS NOT NULL AND line IS NOT NULL AND {condition} ORDER BY ended_at"
    )
    rows = [row for row in await (await connection.execute(query.encode(), only)).fetchall() if row["uuid"] in left]
    awaited.told |= {row["uuid"] for row in rows}
    awaited.since = max([row["ended_at"] for row in rows], default=awaited.since)
    return [{key: value for key, value in row["line"].items() if key != "seal"} for row in rows]
