"""`storyboard jobs forget`: takes jobs of which nothing was ever sent or paid out of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.refusals import as_ends
from storyboard.submitting import books
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.removal import forget
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("forget")
@click.argument("jobs", nargs=-1, required=True, metavar="JOB...")
@as_ends()
def forget_command(jobs: Sequence[str]) -> int:
    """Forget jobs of which nothing was ever sent or paid.

    They are taken out of the ledger. JOB is how a UUID begins. Where one of them was or may have been sent, or is
    being carried, it says why, and takes out none of them.
    """
    if not books.has_ledger():
        chosen_jobs(None, jobs)
    with books.open_ledger() as ledger:
        forgotten = forget(ledger, jobs)
    whose = "its storyboard" if len(forgotten) == 1 else "their storyboards"
    say.words(f"{counted(len(forgotten), 'job')} taken out of the ledger; submitting {whose} is a new start")
    return Exit.DONE
