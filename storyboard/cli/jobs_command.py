"""`storyboard jobs`: the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.jobs_abandon import abandon_command
from storyboard.cli.jobs_forget import forget_command
from storyboard.cli.jobs_marking import keep, reject
from storyboard.cli.jobs_rebuild import rebuild_command
from storyboard.cli.jobs_show import show
from storyboard.cli.jobs_totals import in_words, totals
from storyboard.cli.prices import aligned
from storyboard.cli.refusals import as_ends, say_damage
from storyboard.compiler.price import dollars
from storyboard.folders import SUFFIXES
from storyboard.jobs.spending import Spent, bills
from storyboard.submitting import books
from storyboard.submitting.listing import listed

if TYPE_CHECKING:
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job

_SHOWN = 20
_SUMMED = 2000
"""Jobs that are summed up at most below the list."""
_INDENT = " " * 50


@click.group("jobs", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.option("--all", "every", is_flag=True, help=f"All jobs, not only the unfinished and the last {_SHOWN}.")
@click.pass_context
@as_ends()
def command(context: click.Context, *, as_json: bool, every: bool) -> int | None:
    """Show jobs: where they stand, what they cost, where their takes lie."""
    if context.invoked_subcommand is not None:
        return None
    if not books.has_ledger():
        return _show([], as_json=as_json)
    with books.open_ledger() as ledger:
        jobs = ledger.all() if every else _recent(ledger)
        code = _show(
            [(job, line) for job in jobs for line in listed(ledger, job)],
            as_json=as_json,
            is_all=ledger.damage() is None,
        )
        if not as_json:
            _say_totals(ledger)
        return say_damage(ledger, code)


for subcommand in (show, keep, reject, totals, forget_command, abandon_command, rebuild_command):
    command.add_command(subcommand)


def _recent(ledger: Ledger) -> list[Job]:
    newest = ledger.all(_SHOWN)
    known = {(job.service, job.uuid) for job in newest}
    return newest + [job for job in reversed(ledger.unfinished()) if (job.service, job.uuid) not in known]


def _show(jobs: list[tuple[Job, dict[str, Any]]], *, as_json: bool, is_all: bool = True) -> Exit:
    if as_json:
        say.json_data([line for _, line in jobs], indent=2)
    else:
        for job, line in jobs:
            say.data(_row(job, line))
            for below in [_take(take) for take in line["takes"] if take["path"]] or [job.code or ""]:
                if below:
                    say.data(f"{_INDENT}{below}")
    if not jobs and is_all:
        say.words("no jobs yet")
    return Exit.DONE


def _say_totals(ledger: Ledger) -> None:
    """In a line, unless summing up would take longer than looking."""
    jobs = ledger.all(_SUMMED + 1)
    spent = sum((bill.spent for bill in bills(ledger, jobs)), Spent()) if len(jobs) <= _SUMMED else Spent()
    if spent.jobs:
        say.words(f"in all {dollars(spent.cost)}: {in_words(spent)}")
    if spent.jobs or len(jobs) > _SUMMED:
        say.words("`storyboard jobs totals` sums up by day and by storyboard")


def _take(take: dict[str, Any]) -> str:
    mark = take["mark"]
    if mark is None:
        return str(take["path"])
    reason = f": {mark['why']}" if mark["why"] else ""
    return f"{take['path']}  {'kept' if mark['verdict'] == 'keep' else 'rejected'}{reason}"


def _row(job: Job, line: dict[str, Any]) -> str:
    cost = aligned(job.estimated_cost, "~") if line["cost"] is None else aligned(line["cost"])
    cost = f"{'free':>10}" if line["provider"] == "sandbox" else cost
    name = next((line["file"][: -len(end)] for end in SUFFIXES if line["file"].lower().endswith(end)), line["file"])
    return f"{job.uuid[:8]}  {_moment(job.created_at)}  {job.state:<10}{cost}  {name}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
