"""`storyboard farm budget`: how much the farm may newly spend in a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.farming import require_farm
from storyboard.cli.options import amount
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.submitting.accounts import account
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.farm.budget import Today

_LIFTED = ("none", "off")


@click.command("budget")
@click.argument("usd", required=False, metavar="[USD|none]")
@click.pass_context
@as_ends()
def command(context: click.Context, usd: str | None) -> int:
    """Say, set or lift the day's budget of RUNWARE_API_KEY's account; all workers respect it.

    A day is one in UTC. A job that does not fit waits for the next one; jobs that were allowed before go on.
    """
    require_farm()
    lifted = usd is not None and usd.lower() in _LIFTED
    sum_of_day = None if lifted else amount(context, context.command.params[0], usd)
    found, woken = interrupts.run(_budget(sum_of_day, is_set=usd is not None))
    allowed = "no budget" if found.budget is None else f"of {dollars(found.budget)}"
    say.data(f"today (UTC) {dollars(found.spent)}, {allowed}")
    if woken:
        say.words(f"{counted(woken, 'job')} that waited for it can go on")
    return Exit.DONE


async def _budget(daily: Decimal | None, *, is_set: bool) -> tuple[Today, int]:
    from storyboard.farm.budget import set_budget, today
    from storyboard.farm.database import connected
    from storyboard.farm.payload import queue_of
    from storyboard.farm.schema import ensure_schema

    queue = queue_of(account(sandbox=False))
    await ensure_schema()
    async with connected() as connection:
        woken = await set_budget(connection, queue, daily) if is_set else 0
        return await today(connection, queue), woken
