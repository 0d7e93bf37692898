"""`storyboard resume`: carries every unfinished job on, from wherever it stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.carrying import Load, carry
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.report import counted
from storyboard.cli.service import SANDBOX, account, real_account
from storyboard.cli.submit_command import positive
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.paths import state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.rows import Job


@click.command("resume")
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option("--out", metavar="DIR", help="Where videos go that are not on disk yet.")
@click.option("--poll-interval", type=float, callback=positive, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
def command(jobs: Sequence[str], out: str | None, poll_interval: float | None, *, as_json: bool) -> int:
    """Carry unfinished jobs on: all of them, or those whose UUIDs begin like JOB.

    Buys nothing that was not approved before.
    """
    with Ledger.open(state_folder()) as ledger:
        chosen = chosen_jobs(ledger, jobs) if jobs else ledger.unfinished()
        if not chosen:
            say.words("nothing to resume")
            return Exit.DONE
        if out is not None:
            for job in chosen:
                ledger.redirect(job, os.path.realpath(out))
        codes = []
        for service in sorted({job.service for job in chosen}):
            of_service = [job for job in chosen if job.service == service]
            codes.append(_resume(ledger, service, of_service, poll_interval, as_json=as_json))
    return _worst(codes)


def chosen_jobs(ledger: Ledger, prefixes: Sequence[str]) -> list[Job]:
    """The jobs whose UUIDs begin so; ends the command where there is none, or no telling which."""
    chosen: dict[tuple[str, str], Job] = {}
    for prefix in prefixes:
        found = ledger.find(prefix)
        if not found:
            raise Stop(Exit.USAGE, f"no job begins with {prefix}: see `storyboard jobs --all`")
        if len({job.uuid for job in found}) > 1:
            raise Stop(Exit.USAGE, f"{counted(len(found), 'job')} begin with {prefix}: write more of it")
        chosen |= {(job.service, job.uuid): job for job in found}
    return list(chosen.values())


def _resume(ledger: Ledger, service: str, jobs: list[Job], poll_interval: float | None, *, as_json: bool) -> Exit:
    """Carries the jobs of one service; those of another account or address are left, and named."""
    payer = account(sandbox=True) if service == SANDBOX else real_account()
    if payer is None:
        words = f"RUNWARE_API_KEY is not set: {counted(len(jobs), 'job')} at {service} cannot be carried on"
        say.error(words)
        return Exit.SERVICE
    if payer.service != service:
        say.error(f"{counted(len(jobs), 'job')} belong to {service}: set RUNWARE_BASE_URL to it and run again")
        return Exit.SERVICE
    mine = [job for job in jobs if job.account == payer.fingerprint]
    if others := len(jobs) - len(mine):
        say.error(f"{counted(others, 'job')} were paid with another key: set RUNWARE_API_KEY to it and run again")
    if not mine:
        return Exit.SERVICE
    loads = [Load(job, order) for job in mine for order in ledger.orders(job)]
    code = carry(ledger, payer, loads, as_json=as_json, poll_interval=poll_interval)
    return Exit.SERVICE if others and code is Exit.DONE else code


def _worst(codes: list[Exit]) -> Exit:
    order = (Exit.INTERRUPTED, Exit.SERVICE, Exit.JOB_FAILED, Exit.DONE)
    return next(code for code in order if code in codes)
