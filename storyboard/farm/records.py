"""What the farm's database knows of jobs, as workers read and write it: each function is one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from psycopg import Rollback
from psycopg.types.json import Jsonb

from storyboard.jobs.rows import Order
from storyboard.jobs.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from storyboard.farm.database import Connection
    from storyboard.jobs.rows import Job

Reserved = Literal["now", "before", "over"]

BOUGHT_AND_FINISHED = frozenset((State.READY, State.DONE))


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody who wants a job's videos, and what they are called there; an empty folder is nowhere."""

    order: Order
    name: str
    first: int
    """The number of the first take."""


@dataclass(frozen=True, slots=True)
class Record:
    """A job as the database has it."""

    uuid: str
    state: State
    reserved_at: datetime | None
    accepted_at: datetime | None
    places: list[Place]
    """Who wants its videos."""
    is_settled: bool
    """Whether it has ended, and everybody who wants it knows how."""
    told: list[object]
    """Lines of what came of it before, as the database has them: who can write there can have changed them."""
    ahead: timedelta = timedelta(0)
    """By how much the database's clock is ahead of this machine's; the moments above are by this machine's."""


async def record_of(connection: Connection, uuid: str) -> Record | None:
    """A job with everybody who wants it; None where the database does not know it."""
    cursor = await connection.execute(
        "SELECT state, reserved_at, accepted_at, ended_at, file, folder, shown, name, first, line, now() AS now "
        "FROM storyboard_farm_jobs JOIN storyboard_farm_orders USING (uuid) WHERE uuid = %s ORDER BY file, folder",
        (uuid,),
    )
    rows = await cursor.fetchall()
    if not rows:
        return None
    first = rows[0]
    ahead = first["now"] - datetime.now(UTC)
    return Record(
        uuid=uuid,
        state=State(first["state"]),
        reserved_at=first["reserved_at"] and first["reserved_at"] - ahead,
        accepted_at=first["accepted_at"] and first["accepted_at"] - ahead,
        places=[Place(Order(row["file"], row["folder"], row["shown"]), row["name"], row["first"]) for row in rows],
        is_settled=first["ended_at"] is not None and all(row["line"] is not None for row in rows),
        told=[row["line"] for row in rows if row["line"] is not None],
        ahead=ahead,
    )


async def reserve(connection: Connection, uuid: str) -> Reserved:
    """Sets a job's cost aside from today's budget, so that it may be sent, once however many workers come by.

    "now": this call did it. "before": another one had, and the job may have been sent since. "over": it would be more
    than today's budget.
    """
    reserved: Reserved = "over"
    async with connection.transaction() as transaction:
        cursor = await connection.execute(
            "UPDATE storyboard_farm_jobs SET reserved_at = now(), reserved_on = (now() AT TIME ZONE 'utc')::date, "
            "counted = estimated_cost, state = %s WHERE uuid = %s AND reserved_at IS NULL "
            "RETURNING queue, reserved_on, estimated_cost",
            (State.SUBMITTING, uuid),
        )
        row = await cursor.fetchone()
        if row is None:
            reserved = "before"
        elif await _count(connection, row["queue"], row["reserved_on"], row["estimated_cost"]):
            reserved = "now"
        else:
            raise Rollback(transaction)
    return reserved


async def release(connection: Connection, uuid: str) -> None:
    """Gives back what was set aside for a job of which no byte has left: the next one who takes it up begins anew."""
    async with connection.transaction():
        cursor = await connection.execute(
            "SELECT queue, reserved_on, counted FROM storyboard_farm_jobs WHERE uuid = %s AND state = %s FOR UPDATE",
            (uuid, State.SUBMITTING),
        )
        if (row := await cursor.fetchone()) is None:
            return
        await connection.execute(
            "UPDATE storyboard_farm_jobs SET reserved_at = NULL, reserved_on = NULL, counted = 0, state = %s "
            "WHERE uuid = %s",
            (State.PREPARED, uuid),
        )
        await connection.execute(
            "UPDATE storyboard_farm_days SET reserved = reserved - %s WHERE queue = %s AND day = %s",
            (row["counted"], row["queue"], row["reserved_on"]),
        )


async def _count(connection: Connection, queue: str, day: date, cost: Decimal) -> bool:
    """Adds a cost to what a day has spent, unless that would be more than its budget."""
    await connection.execute(
        "INSERT INTO storyboard_farm_days (queue, day) VALUES (%s, %s) ON CONFLICT DO NOTHING", (queue, day)
    )
    # Locked before it is compared: one statement that did both would compare with what it saw before it waited.
    cursor = await connection.execute(
        "SELECT reserved, (SELECT daily FROM storyboard_farm_budgets b WHERE b.queue = day.queue) AS budget "
        "FROM storyboard_farm_days AS day WHERE queue = %s AND day = %s FOR UPDATE OF day",
        (queue, day),
    )
    row = await cursor.fetchone()
    if row is None or (row["budget"] is not None and row["reserved"] + cost > row["budget"]):
        return False
    await connection.execute(
        "UPDATE storyboard_farm_days SET reserved = reserved + %s WHERE queue = %s AND day = %s", (cost, queue, day)
    )
    return True


async def frame_bytes(connection: Connection, sha256: str) -> bytes | None:
    """A first frame that a job waits to send."""
    cursor = await connection.execute("SELECT bytes FROM storyboard_farm_frames WHERE sha256 = %s", (sha256,))
    row = await cursor.fetchone()
    return None if row is None else bytes(row["bytes"])


async def note_accepted(connection: Connection, uuids: Sequence[str]) -> None:
    """Notes which jobs the service has, so that no worker ever sends them again."""
    await connection.execute(
        "UPDATE storyboard_farm_jobs SET state = %s, accepted_at = coalesce(accepted_at, now()) "
        "WHERE uuid = ANY(%s) AND state IN (%s, %s, %s)",
        (State.ACCEPTED, list(uuids), State.PREPARED, State.SUBMITTING, State.UNKNOWN),
    )


async def note_trouble(connection: Connection, uuid: str, code: str, message: str) -> None:
    """Notes what keeps a job from its end for now."""
    await connection.execute(
        "UPDATE storyboard_farm_jobs SET code = %s, message = %s WHERE uuid = %s AND ended_at IS NULL",
        (code, message, uuid),
    )


async def end(connection: Connection, job: Job, lines: Sequence[tuple[Order, dict[str, Any]]]) -> None:
    """Notes what came of a job, for everybody on the lines, and corrects what its day has spent."""
    line = lines[0][1]
    error = line["error"] or {"code": None, "message": None}
    async with connection.transaction():
        cursor = await connection.execute(
            "SELECT queue, state, reserved_on, counted, frame FROM storyboard_farm_jobs WHERE uuid = %s FOR UPDATE",
            (job.uuid,),
        )
        old = await cursor.fetchone()
        if old is None:
            return
        # A job that was done before, and was only brought to somebody else now, has cost what it had.
        spent = old["counted"] if old["state"] in BOUGHT_AND_FINISHED else spent_on(job, line["cost"])
        await connection.execute(
            "UPDATE storyboard_farm_jobs SET state = %s, code = %s, message = %s, cost = %s, counted = %s, "
            "accepted_at = coalesce(accepted_at, to_timestamp(%s)), ended_at = now() WHERE uuid = %s",
            (job.state, error["code"], error["message"], line["cost"], spent, job.accepted_at, job.uuid),
        )
        for order, said in lines:
            await connection.execute(
                "UPDATE storyboard_farm_orders SET line = %s WHERE uuid = %s AND file = %s AND folder = %s",
                (Jsonb(said), job.uuid, order.file, order.folder),
            )
        if old["frame"] is not None:
            await _drop_unneeded_frame(connection, old["frame"])
        if old["reserved_on"] is not None and spent != old["counted"]:
            await connection.execute(
                "UPDATE storyboard_farm_days SET reserved = reserved + %s WHERE queue = %s AND day = %s",
                (spent - old["counted"], old["queue"], old["reserved_on"]),
            )


def spent_on(job: Job, cost: float | None) -> Decimal:
    """US dollars that a job newly came to; its list price where nobody can say."""
    if job.reused or job.state in (State.PREPARED, State.REJECTED):
        return Decimal(0)
    return job.estimated_cost if cost is None else Decimal(str(cost))


async def _drop_unneeded_frame(connection: Connection, sha256: str) -> None:
    # Locked first, so that the next statement sees a job that was queued with the same picture just now.
    await connection.execute("SELECT 1 FROM storyboard_farm_frames WHERE sha256 = %s FOR UPDATE", (sha256,))
    await connection.execute(
        "DELETE FROM storyboard_farm_frames WHERE sha256 = %(frame)s AND NOT EXISTS "
        "(SELECT 1 FROM storyboard_farm_jobs WHERE frame = %(frame)s AND ended_at IS NULL)",
        {"frame": sha256},
    )
