"""From a plan to tasks: one for each job, committed as a whole before any worker sees one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as QueuedTask
from psycopg.errors import UniqueViolation

from storyboard.farm.app import CARRY, app
from storyboard.farm.payload import Payload, account_of
from storyboard.jobs.states import ENDS, State
from storyboard.jobs.wanted import FrameChanged
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storyboard.farm.database import Connection
    from storyboard.farm.planning import Plan
    from storyboard.jobs.plan import Account, Step

_AT_ONCE = 500
"""Tasks in one statement."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of one step of a plan: whether it was queued now, and whether it was before."""

    step: Step
    is_queued: bool
    was_under_way: bool


async def queue_up(connection: Connection, account: Account, queue: str, plan: Plan) -> list[Queued]:
    """Writes down jobs, who wants them and their first frames, and queues a task for each that needs one.

    All or nothing. Raises SubmitError where a first frame is not the one that was checked any more, or where somebody
    else submits the same just now, with whatever key.
    """
    try:
        async with connection.transaction():
            await _refuse_bought_since(connection, queue, plan)
            uuids = [step.job.uuid for step in plan.steps]
            known, tasks_of = await _known(connection, uuids), await _tasks_of(connection, queue, uuids)
            needed = dict.fromkeys(
                step.job.uuid for step in plan.steps if _needs_task(step, known.get(step.job.uuid), tasks_of)
            )
            await _write_down(connection, queue, plan, needed, known)
            tasks = {step.job.uuid: _task(step, account, queue) for step in plan.steps if step.job.uuid in needed}
            new = [task for uuid, task in tasks.items() if tasks_of.get(uuid) != "todo"]
            for start in range(0, len(new), _AT_ONCE):
                await app.job_manager.batch_defer_jobs_async(new[start : start + _AT_ONCE], connection=connection)
    except (UniqueViolation, AlreadyEnqueued):
        words = "somebody else submits the same storyboards just now; nothing was queued, run it again"
        raise SubmitError(Kind.SERVICE, words) from None
    return [Queued(step, step.job.uuid in needed, step.job.uuid in plan.under_way) for step in plan.steps]


async def _refuse_bought_since(connection: Connection, queue: str, plan: Plan) -> None:
    """Raises SubmitError where another key has queued the same since it was planned.

    Calls for one service queue one after another, so that of two the second sees the first.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (queue.rpartition("-")[2],))
    buying = {step.job.digest: step.wanted.order.shown for step in plan.steps if step.kind == "buy"}
    cursor = await connection.execute(
        "SELECT queue, uuid, digest FROM storyboard_farm_jobs WHERE digest = ANY(%s) AND queue <> %s AND state <> %s",
        (list(buying), queue, State.REJECTED),
    )
    for row in await cursor.fetchall():
        if account_of(row["queue"], queue) is not None and row["uuid"] not in plan.of_others:
            words = f"{buying[row['digest']]}: the same was queued with another key just now; nothing was queued"
            raise SubmitError(Kind.MONEY, f"{words}, run it again")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database has of a job."""

    state: State
    orders: frozenset[tuple[str, str]]
    """Who was told what came of it, or will be."""


async def _known(connection: Connection, uuids: Sequence[str]) -> dict[str, _Known]:
    cursor = await connection.execute(
        "SELECT uuid, state, array_agg(ARRAY[file, folder]) AS orders "
        "FROM storyboard_farm_jobs JOIN storyboard_farm_orders USING (uuid) WHERE uuid = ANY(%s) GROUP BY uuid",
        (list(uuids),),
    )
    return {
        row["uuid"]: _Known(State(row["state"]), frozenset((one[0], one[1]) for one in row["orders"]))
        for row in await cursor.fetchall()
    }


def _needs_task(step: Step, known: _Known | None, tasks_of: dict[str, str]) -> bool:
    """Whether there is still something to do for this storyboard, and the farm is who does it."""
    if step.kind == "report" or step.is_of_another_key:
        return False
    if known is None:
        return step.kind != "reuse"  # else it was bought without the farm
    is_new = step.wanted.order.key not in known.orders
    return is_new or (known.state not in ENDS and step.job.uuid not in tasks_of)


async def _write_down(
    connection: Connection, queue: str, plan: Plan, needed: Iterable[str], known: dict[str, _Known]
) -> None:
    """Jobs, names, orders and frames of everything that needs a task."""
    steps = zip(plan.steps, plan.names, plan.firsts, strict=True)
    chosen = [(step, name, first) for step, name, first in steps if step.job.uuid in needed]
    async with connection.cursor() as many:
        await many.executemany(
            "INSERT INTO storyboard_farm_jobs (uuid, queue, digest, attempt, state, takes, estimated_cost, frame) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (uuid) DO UPDATE SET ended_at = NULL",
            [_row(step, queue) for step, _, _ in chosen],
        )
        await many.executemany(
            "INSERT INTO storyboard_farm_names VALUES (%s, %s, %s, %s) ON CONFLICT (folder, file) DO NOTHING",
            list(dict.fromkeys(_name_row(step, name) for step, name, _ in chosen if name)),
        )
        await many.executemany(
            "INSERT INTO storyboard_farm_orders (uuid, file, folder, shown, name, first) "
            "VALUES (%s, %s, %s, %s, %s, %s) "
            "ON CONFLICT (uuid, file, folder) DO UPDATE SET shown = excluded.shown, line = NULL",
            [_order_row(step, name, first) for step, name, first in chosen],
        )
    for sha256, data in _frames(step for step, _, _ in chosen if step.job.uuid not in known):
        await connection.execute(
            "INSERT INTO storyboard_farm_frames VALUES (%s, %s) "
            "ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256",  # which keeps others from deleting it
            (sha256, data),
        )


def _row(step: Step, queue: str) -> tuple[object, ...]:
    job = step.job
    return job.uuid, queue, job.digest, job.attempt, State.PREPARED, job.takes, job.estimated_cost, job.frame


def _name_row(step: Step, name: str) -> tuple[str, str, str, str]:
    order = step.wanted.order
    return order.folder, name.casefold(), order.file, name


def _order_row(step: Step, name: str, first: int) -> tuple[str, str, str, str, str, int]:
    order = step.wanted.order
    return step.job.uuid, order.file, order.folder, order.shown, name, first


def _frames(steps: Iterable[Step]) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    for step in steps:
        sha256 = step.job.frame
        if sha256 is None or sha256 in seen:
            continue
        seen.add(sha256)
        try:
            data = step.wanted.frame_bytes()
        except FrameChanged as error:
            raise SubmitError(Kind.STORYBOARD, f"{step.wanted.order.shown}: {error}; nothing was queued") from None
        if data is not None:
            yield sha256, data


async def _tasks_of(connection: Connection, queue: str, uuids: Sequence[str]) -> dict[str, str]:
    """By job, where its task is: "todo" or "doing".

    One that waits sees what is written down now: no worker takes it before this is committed.
    """
    cursor = await connection.execute(
        "SELECT queueing_lock, status::text FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
        "AND queueing_lock = ANY(%s) AND queue_name = %s ORDER BY status = 'todo' FOR UPDATE",
        (list(uuids), queue),
    )
    return {row["queueing_lock"]: row["status"] for row in await cursor.fetchall()}


def _task(step: Step, account: Account, queue: str) -> QueuedTask:
    return QueuedTask(
        queue=queue,
        lock=None,
        queueing_lock=step.job.uuid,
        task_name=CARRY,
        task_kwargs=Payload.of(step.job).sealed(account),
    )
