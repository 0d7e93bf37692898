"""`storyboard resume`: carries every unfinished job on, from wherever it stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.carrying import carry
from storyboard.cli.exits import Exit
from storyboard.cli.options import out_folder, seconds
from storyboard.cli.refusals import as_ends, say_damage
from storyboard.jobs.naming import redirect
from storyboard.submitting import books
from storyboard.submitting.belonging import belonging
from storyboard.submitting.choosing import chosen_jobs, jobs_to_resume
from storyboard.submitting.loads import loads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Order
    from storyboard.submitting.belonging import Belonging
    from storyboard.submitting.loads import Load


@click.command("resume")
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option("--out", callback=out_folder, metavar="DIR", help="Where videos go that are not on disk yet.")
@click.option("--poll-interval", callback=seconds, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
@as_ends()
def command(jobs: Sequence[str], out: str | None, poll_interval: float | None, *, as_json: bool) -> int:
    """Carry unfinished jobs on: all of them, or those whose UUIDs begin like JOB.

    Buys nothing that was not approved before.
    """
    if not books.has_ledger():
        chosen_jobs(None, jobs)
        say.words("nothing to resume")
        return Exit.DONE
    with books.open_ledger() as ledger:
        chosen = jobs_to_resume(ledger, jobs or None)
        if not chosen:
            if ledger.damage() is None:
                say.words("nothing to resume")
            return say_damage(ledger, Exit.DONE)
        redirected: dict[str, list[Order]] = {}
        if out is not None:
            redirected = {job.uuid: redirect(ledger, job, os.path.realpath(out)) for job in chosen}
        codes: list[Exit] = []
        for service in sorted({job.service for job in chosen}):
            of_service = [job for job in chosen if job.service == service]
            found = belonging(ledger, service, of_service)
            loads = [load for job in found.mine for load in loads_of(ledger, job, redirected.get(job.uuid, ()))]
            codes.append(_resume(ledger, found, loads, poll_interval, as_json=as_json, named=bool(jobs)))
        return say_damage(ledger, _worst(codes))


def _resume(
    ledger: Ledger, found: Belonging, loads: list[Load], poll_interval: float | None, *, as_json: bool, named: bool
) -> Exit:
    """Carries the jobs of one service; those of another account or address are left, and said.

    They are only in the way where they were named, or where there is no key for any.
    """
    code = Exit.DONE
    if found.payer is not None and loads:
        code = carry(ledger, found.payer, loads, as_json=as_json, poll_interval=poll_interval, is_named=named)
    if found.words is not None:
        say.words(found.words)
        if code is Exit.DONE and (named or found.lacks_key):
            return Exit.PERSON
    return code


def _worst(codes: list[Exit]) -> Exit:
    order = (Exit.BUG, Exit.PERSON, Exit.SERVICE, Exit.JOB_FAILED, Exit.DONE)
    return next(code for code in order if code in codes)
