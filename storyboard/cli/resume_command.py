"""`storyboard resume`: carries every unfinished job on, from wherever it stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.cli import books, say
from storyboard.cli.carrying import Load, carry
from storyboard.cli.choosing import chosen_jobs
from storyboard.cli.exits import Exit
from storyboard.cli.options import out_folder, seconds
from storyboard.cli.report import counted
from storyboard.cli.sandboxed import void_lost_jobs
from storyboard.cli.service import account, real_account
from storyboard.jobs.rows import SANDBOX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job


@click.command("resume")
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option("--out", callback=out_folder, metavar="DIR", help="Where videos go that are not on disk yet.")
@click.option("--poll-interval", callback=seconds, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
def command(jobs: Sequence[str], out: str | None, poll_interval: float | None, *, as_json: bool) -> int:
    """Carry unfinished jobs on: all of them, or those whose UUIDs begin like JOB.

    Buys nothing that was not approved before.
    """
    if not books.has_ledger():
        chosen_jobs(None, jobs)
        say.words("nothing to resume")
        return Exit.DONE
    with books.open_ledger() as ledger:
        chosen = chosen_jobs(ledger, jobs) if jobs else ledger.unfinished()
        if not chosen:
            say.words("nothing to resume")
            return Exit.DONE
        if out is not None:
            for job in chosen:
                ledger.redirect(job, os.path.realpath(out))
        codes: list[Exit] = []
        for service in sorted({job.service for job in chosen}):
            of_service = [job for job in chosen if job.service == service]
            codes.append(_resume(ledger, service, of_service, poll_interval, as_json=as_json))
            if codes[-1] is Exit.INTERRUPTED:
                break
    return _worst(codes)


def _resume(ledger: Ledger, service: str, jobs: list[Job], poll_interval: float | None, *, as_json: bool) -> Exit:
    """Carries the jobs of one service; those of another account or address are left, and named."""
    payer = account(sandbox=True) if service == SANDBOX else real_account()
    belong = f"{counted(len(jobs), 'job')} {'belongs' if len(jobs) == 1 else 'belong'} to {service}"
    if payer is None:
        say.error(f"{belong}: set RUNWARE_API_KEY and run again")
        return Exit.SERVICE
    if payer.service != service:
        say.error(f"{belong}: set RUNWARE_BASE_URL to it and run again")
        return Exit.SERVICE
    if service == SANDBOX:
        void_lost_jobs(ledger)
    mine = [job for job in jobs if job.account == payer.fingerprint]
    if others := len(jobs) - len(mine):
        were = "was" if others == 1 else "were"
        say.error(f"{counted(others, 'job')} {were} paid with another key: set RUNWARE_API_KEY to it and run again")
    if not mine:
        return Exit.SERVICE
    loads = [Load(ledger.get(job.service, job.uuid) or job, order) for job in mine for order in ledger.orders(job)]
    code = carry(ledger, payer, loads, as_json=as_json, poll_interval=poll_interval)
    return Exit.SERVICE if others and code is Exit.DONE else code


def _worst(codes: list[Exit]) -> Exit:
    order = (Exit.INTERRUPTED, Exit.SERVICE, Exit.JOB_FAILED, Exit.DONE)
    return next(code for code in order if code in codes)
