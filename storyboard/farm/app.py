"""Procrastinate's App of the farm, importable by its own tools too: one task for each job, one that rescues tasks."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from procrastinate import App, JobContext, RetryDecision
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy
from psycopg.rows import dict_row

from storyboard.farm.connector import PatientConnector
from storyboard.farm.database import DSN
from storyboard.farm.putting_back import PutBack

if TYPE_CHECKING:
    from procrastinate.jobs import Job as QueuedTask

    from storyboard.farm.crew import Crew

CARRY = "storyboard.carry"
RESCUE = "storyboard.rescue"
RESCUE_QUEUE = "storyboard-rescue"
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Long ago by any clock: this machine's may be ahead of the database's, by which tasks come again."""
_RESCUED_FIRST = 10
"""The priority of tasks whose worker died: what they are about may be paid for already."""
_BEFORE_ALL = 100
"""The priority of the rescue itself, before any work that waits."""

# Their words hold tasks' arguments and tracebacks; what people must know, the worker says itself.
for _name in ("procrastinate", "psycopg"):
    _logger = logging.getLogger(_name)
    _logger.addHandler(logging.NullHandler())
    _logger.propagate = False
    _logger.setLevel(logging.CRITICAL)

connector = PatientConnector(
    conninfo=os.environ.get(DSN, "").strip(), kwargs={"row_factory": dict_row}, min_size=1, max_size=4, timeout=5.0
)
app = App(connector=connector)


class _WhatToDo(BaseRetryStrategy):
    """Tasks that were put back come again when they said; those of a worker that was told to end, at once."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedTask) -> RetryDecision | None:  # noqa: ARG002
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=AT_ONCE)
        return RetryDecision(retry_at=exception.at) if isinstance(exception, PutBack) else None


@app.task(name=CARRY, pass_context=True, retry=_WhatToDo())
async def carry(context: JobContext, /, **arguments: Any) -> None:
    """Carries one job from wherever it is to its end."""
    await _crew(context).carry(context.job, arguments)


@app.periodic(cron="* * * * * */5", periodic_id="every five seconds")
@app.task(name=RESCUE, queue=RESCUE_QUEUE, queueing_lock=RESCUE, priority=_BEFORE_ALL, pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate hands it over
    """Gives tasks of silent workers to the others, and clears away rescues that died themselves."""
    silent = _crew(context).stalled_after
    row = await connector.execute_query_one_async("SELECT now() - pg_postmaster_start_time() AS up")
    if row["up"].total_seconds() < silent:
        return  # nobody could show a sign of life
    manager = app.job_manager
    for task in await manager.get_stalled_jobs(task_name=CARRY, seconds_since_heartbeat=silent):
        await manager.retry_job(task, priority=_RESCUED_FIRST)
    for task in await manager.get_stalled_jobs(task_name=RESCUE, seconds_since_heartbeat=silent):
        await manager.finish_job(task, Status.FAILED, delete_job=True)


def _crew(context: JobContext) -> Crew:
    crew: Crew | None = context.additional_context.get("crew")
    if crew is None:
        raise RuntimeError("these tasks are for `storyboard farm worker`")
    return crew
