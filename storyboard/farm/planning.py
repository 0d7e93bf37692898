"""What submitting to the farm would newly buy, by the very same planner as everywhere else."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from typing import TYPE_CHECKING

from storyboard.farm.payload import account_of
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.naming import first_take, name_of, note_name
from storyboard.jobs.plan import Planner
from storyboard.jobs.rows import Order
from storyboard.jobs.shelf import Shelves
from storyboard.jobs.states import State
from storyboard.submitting import books

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.farm.database import Connection
    from storyboard.jobs.plan import Account, Step
    from storyboard.jobs.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done about each wanted storyboard, and the name that it has, or would get, in its folder."""

    steps: list[Step]
    names: list[str]
    firsts: list[int]
    """For each step the number of its first take there."""
    under_way: frozenset[str]
    """UUIDs of jobs that the farm has not come to an end with; their cost was approved when they were queued."""
    of_others: frozenset[str] = frozenset()
    """UUIDs of the jobs of other keys that were known when this was planned."""


async def plan(
    connection: Connection, account: Account, queue: str, wanted: Sequence[Wanted], *, again: bool = False
) -> Plan:
    """Plans against what the farm knows, what this machine's ledger knows, and receipts in the folders.

    Nothing is written anywhere but into a ledger that lasts as long as this takes.
    """
    with _passing_ledger() as ledger:
        planner = Planner(ledger, account)
        with ledger.transaction():
            under_way = await _take_in_farm(connection, queue, ledger, planner, wanted)
            of_others = await _take_in_other_queues(connection, queue, ledger, planner, wanted)
            _take_in_own(ledger, planner, wanted)
            await _take_in_names(connection, ledger, wanted)
            steps = planner.plan(wanted, again=again)
            shelves = Shelves()
            orders = [one.order for one in wanted]
            names = [name_of(ledger, order, shelves.at(order.folder)) if order.folder else "" for order in orders]
            taken = await _taken(connection, wanted)
    firsts = []
    for order, name, one in zip(orders, names, wanted, strict=True):
        last = taken.get(order.key, 0)
        first = first_take(name, shelves.at(order.folder), one.takes, last) if name else last + 1
        taken[order.key] = first + one.takes - 1
        firsts.append(first)
    return Plan(steps, names, firsts, under_way, of_others)


@contextmanager
def _passing_ledger() -> Iterator[Ledger]:
    with TemporaryDirectory(prefix="storyboard-plan-") as folder, Ledger.open(Path(folder)) as ledger:
        yield ledger


async def _take_in_farm(
    connection: Connection, queue: str, ledger: Ledger, planner: Planner, wanted: Sequence[Wanted]
) -> frozenset[str]:
    by_digest = {one.digest: one for one in wanted}
    cursor = await connection.execute(
        "SELECT digest, attempt, uuid, state, ended_at IS NULL AS is_open FROM storyboard_farm_jobs "
        "WHERE queue = %s AND digest = ANY(%s)",
        (queue, list(by_digest)),
    )
    rows = await cursor.fetchall()
    for row in rows:
        job = planner.new_job(by_digest[row["digest"]], row["attempt"])
        if job.uuid == row["uuid"]:
            state = State.ACCEPTED if row["is_open"] else State(row["state"])
            ledger.add(replace(job, state=state), None, None)
    return frozenset(row["uuid"] for row in rows if row["is_open"])


async def _take_in_other_queues(
    connection: Connection, queue: str, ledger: Ledger, planner: Planner, wanted: Sequence[Wanted]
) -> frozenset[str]:
    """What other keys bought at this service through the farm, or will; the UUIDs of these jobs."""
    by_digest, known = {one.digest: one for one in wanted}, set[str]()
    cursor = await connection.execute(
        "SELECT queue, digest, attempt, uuid, state, ended_at IS NULL AS is_open FROM storyboard_farm_jobs "
        "WHERE digest = ANY(%s) AND queue <> %s",
        (list(by_digest), queue),
    )
    for row in await cursor.fetchall():
        if (account := account_of(row["queue"], queue)) is not None:
            state = State.ACCEPTED if row["is_open"] else State(row["state"])
            job = planner.new_job(by_digest[row["digest"]], row["attempt"])
            sent_at = None if state is State.PREPARED else job.created_at
            ledger.add(replace(job, uuid=row["uuid"], account=account, state=state, sent_at=sent_at), None, None)
            known.add(row["uuid"])
    return frozenset(known)


def _take_in_own(ledger: Ledger, planner: Planner, wanted: Sequence[Wanted]) -> None:
    """What was bought from this machine without the farm was bought all the same."""
    if not books.has_ledger():
        return
    with books.open_ledger() as own:
        for one in wanted:
            job = planner.new_job(one, 1)
            for known in own.attempts(job.service, job.account, job.digest):
                ledger.add(known, None, None)
            for known in own.attempts_of_others(job.service, job.account, job.digest):
                is_being_sent = known.was_never_sent and own.is_held_elsewhere(known)
                ledger.add(replace(known, sent_at=time()) if is_being_sent else known, None, None)
                ledger.copy_results(own, known)


async def _take_in_names(connection: Connection, ledger: Ledger, wanted: Sequence[Wanted]) -> None:
    folders = list({one.order.folder for one in wanted})
    cursor = await connection.execute(
        "SELECT folder, file, base FROM storyboard_farm_names WHERE folder = ANY(%s)", (folders,)
    )
    async for row in cursor:
        note_name(ledger, Order(row["file"], row["folder"], ""), row["base"])


async def _taken(connection: Connection, wanted: Sequence[Wanted]) -> dict[tuple[str, str], int]:
    """By storyboard and folder, the last take that jobs of the farm will need, but for those that came to none."""
    cursor = await connection.execute(
        "SELECT file, folder, max(first + takes - 1) AS last FROM storyboard_farm_orders JOIN storyboard_farm_jobs "
        "USING (uuid) WHERE file = ANY(%s) AND NOT (state = ANY(%s)) GROUP BY file, folder",
        ([one.order.file for one in wanted], [State.REJECTED, State.FAILED]),
    )
    return {(row["file"], row["folder"]): row["last"] for row in await cursor.fetchall()}
