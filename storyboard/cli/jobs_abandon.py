"""`storyboard jobs abandon`: gives jobs up that were sent, or may have been."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.submitting import books
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.removal import give_up, giving_up
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.submitting.removal import GivingUp


@click.command("abandon")
@click.argument("jobs", nargs=-1, required=True, metavar="JOB...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_ends()
def abandon_command(jobs: Sequence[str], *, yes: bool) -> int:
    """Give jobs up that were sent, or may have been.

    They count as failed, and what they cost stays paid: nothing is cancelled at the service. Their videos are not
    fetched any more, unless `storyboard resume JOB` names them. JOB is how a UUID begins.
    """
    if not books.has_ledger():
        chosen_jobs(None, jobs)
    with books.open_ledger() as ledger:
        what = giving_up(ledger, jobs)
        for line in what.lines:
            say.words(line)
        if not yes:
            _require_yes(what)
        give_up(ledger, what)
    first = what.jobs[0].uuid[:8]
    undo = (
        f"`storyboard resume {first}` asks for it again"
        if len(what.jobs) == 1
        else "`storyboard resume JOB` asks again"
    )
    say.words(f"{counted(len(what.jobs), 'job')} given up; {undo}")
    return Exit.DONE


def _require_yes(what: GivingUp) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(Exit.MONEY_GUARD, "nothing was given up: say --yes, or answer at a terminal")
    cost = f", {dollars(what.may_cost)} by the list" if what.may_cost else ""
    if say.question(f"Give up {counted(len(what.jobs), 'job')}{cost}? [y/N] ").lower() not in ("y", "yes"):
        raise Stop(Exit.MONEY_GUARD, "nothing was given up")
