"""`storyboard farm status`: what waits, runs, has ended, and what was spent today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.farming import own_queue, require_farm
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.farm.watching import Status


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@as_ends()
def command(*, as_json: bool) -> int:
    """Say what the farm is doing: the jobs of RUNWARE_API_KEY, or of everybody without one."""
    require_farm()
    found = interrupts.run(_status(own_queue()))
    if as_json:
        say.json_data(_json(found), indent=2)
    else:
        for line in _lines(found):
            say.data(line)
    return Exit.DONE


async def _status(queue: str | None) -> Status:
    from storyboard.farm.database import connected
    from storyboard.farm.schema import ensure_schema
    from storyboard.farm.watching import status_of

    await ensure_schema()
    async with connected() as connection:
        return await status_of(connection, queue)


def _json(found: Status) -> dict[str, Any]:
    budget = found.today.budget
    return {
        "waiting": found.waiting,
        "running": found.running,
        "workers": found.workers,
        "states": found.states,
        "today": {"spent": float(found.today.spent), "budget": None if budget is None else float(budget)},
        "troubles": found.troubles,
        "failed": found.failed,
    }


def _lines(found: Status) -> Iterator[str]:
    yield f"{counted(found.workers, 'worker')}, {counted(found.waiting, 'job')} waiting, {found.running} running"
    if found.states:
        yield ", ".join(f"{count} {state}" for state, count in found.states.items())
    budget = "no budget" if found.today.budget is None else f"of {dollars(found.today.budget)}"
    yield f"today (UTC) {dollars(found.today.spent)}, {budget}"
    for head, jobs in (("kept waiting", found.troubles), ("ended badly", found.failed)):
        for job in jobs:
            yield f"{head}: {job['job'][:8]}  {job['file']}: {job['code']} {job['message'] or ''}".rstrip()
    if found.waiting and not found.workers:
        say.words("no worker is there: `storyboard farm worker` on any machine begins")
