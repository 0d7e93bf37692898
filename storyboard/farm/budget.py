"""The day's budget of a farm: what its workers may newly spend between one midnight in UTC and the next."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.farm.app import CARRY

if TYPE_CHECKING:
    from storyboard.farm.database import Connection


@dataclass(frozen=True, slots=True)
class Today:
    """Money of one queue; amounts in US dollars."""

    spent: Decimal
    """What jobs that were allowed to be sent today came to, by the list where the service has named no price yet."""
    budget: Decimal | None
    """None: as much as was approved."""


async def today(connection: Connection, queue: str | None) -> Today:
    """What was spent today, and may be; of all queues together without one."""
    cursor = await connection.execute(
        "SELECT coalesce(sum(reserved), 0) AS spent, (SELECT sum(daily) FROM storyboard_farm_budgets "
        "WHERE %(queue)s::text IS NULL OR queue = %(queue)s) AS budget FROM storyboard_farm_days "
        "WHERE day = (now() AT TIME ZONE 'utc')::date AND (%(queue)s::text IS NULL OR queue = %(queue)s)",
        {"queue": queue},
    )
    row = await cursor.fetchone()
    return Today(Decimal(0), None) if row is None else Today(Decimal(row["spent"]), row["budget"])


async def set_budget(connection: Connection, queue: str, daily: Decimal | None) -> int:
    """Sets the day's budget, or lifts it, and wakes tasks that wait for one; how many there were."""
    if daily is None:
        await connection.execute("DELETE FROM storyboard_farm_budgets WHERE queue = %s", (queue,))
    else:
        await connection.execute(
            "INSERT INTO storyboard_farm_budgets VALUES (%s, %s) "
            "ON CONFLICT (queue) DO UPDATE SET daily = excluded.daily",
            (queue, daily),
        )
    woken = await connection.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE queue_name = %s AND task_name = %s "
        "AND status = 'todo' AND scheduled_at > now() AND queueing_lock IN "
        "(SELECT uuid FROM storyboard_farm_jobs WHERE queue = %s AND ended_at IS NULL AND code = 'budget')",
        (queue, CARRY, queue),
    )
    return woken.rowcount
