"""`storyboard jobs`: the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.prices import aligned
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.folders import SUFFIXES
from storyboard.jobs.rows import Order
from storyboard.jobs.states import ENDS
from storyboard.submitting import books
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.outcome import job_json
from storyboard.submitting.telling import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job

_SHOWN = 20
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
        return _show([(job, line) for job in jobs for line in _lines(ledger, job)], as_json=as_json)


@command.command("show")
@click.argument("job")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_ends()
def show(job: str, *, as_json: bool) -> int:
    """Show all that is known of the job whose UUID begins like JOB."""
    if not books.has_ledger():
        chosen_jobs(None, [job])
    with books.open_ledger() as ledger:
        for one in chosen_jobs(ledger, [job]):
            details = _details(ledger, one)
            if as_json:
                say.json_data(details, indent=2)
            else:
                for line in _detail_lines(one, details):
                    say.data(line)
                if one.state not in ENDS:
                    say.words(f"`storyboard resume {one.uuid[:8]}` carries it on")
    return Exit.DONE


def _recent(ledger: Ledger) -> list[Job]:
    newest = ledger.all(_SHOWN)
    known = {(job.service, job.uuid) for job in newest}
    return newest + [job for job in reversed(ledger.unfinished()) if (job.service, job.uuid) not in known]


def _lines(ledger: Ledger, job: Job) -> list[dict[str, Any]]:
    orders = ledger.orders(job) or [Order("", "", "")]
    return [job_json(ledger, job, order) for order in orders]


def _show(jobs: list[tuple[Job, dict[str, Any]]], *, as_json: bool) -> Exit:
    if as_json:
        say.json_data([line for _, line in jobs], indent=2)
    else:
        for job, line in jobs:
            say.data(_row(job, line))
            for path in [take["path"] for take in line["takes"] if take["path"]] or [job.code]:
                if path:
                    say.data(f"{_INDENT}{path}")
    if not jobs:
        say.words("no jobs yet")
    return Exit.DONE


def _row(job: Job, line: dict[str, Any]) -> str:
    cost = aligned(job.estimated_cost, "~") if line["cost"] is None else aligned(line["cost"])
    cost = f"{'free':>10}" if line["provider"] == "sandbox" else cost
    name = next((line["file"][: -len(end)] for end in SUFFIXES if line["file"].lower().endswith(end)), line["file"])
    return f"{job.uuid[:8]}  {_moment(job.created_at)}  {job.state:<10}{cost}  {name}"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _details(ledger: Ledger, job: Job) -> dict[str, Any]:
    moments = {
        name: None if value is None else datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
        for name, value in (
            ("prepared", job.created_at),
            ("sent", job.sent_at),
            ("accepted", job.accepted_at),
            ("finished", job.finished_at),
        )
    }
    first = _lines(ledger, job)[0]
    return {
        **first,
        "service": job.service,
        "attempt": job.attempt,
        "known": known(job),
        **moments,
        "orders": [{"file": order.file, "folder": order.folder} for order in ledger.orders(job)],
        "request": job.request,
    }


def _detail_lines(job: Job, details: dict[str, Any]) -> Iterator[str]:
    yield f"job       {job.uuid}"
    yield f"state     {job.state}: {details['known']}"
    if details["error"]:
        yield f"error     {details['error']['code']} {details['error']['message']}"
    if details["provider"] == "sandbox":
        yield "price     free, in the sandbox"
    else:
        cost = "not known" if details["cost"] is None else dollars(details["cost"])
        yield f"price     {cost}; {dollars(job.estimated_cost)} by the list"
        yield f"service   {job.service}, attempt {job.attempt}"
    for name in ("prepared", "sent", "accepted", "finished"):
        if details[name]:
            yield f"{name:<9} {details[name]}"
    for order in details["orders"]:
        yield f"for       {order['file']}, into {order['folder']}"
    for take in details["takes"]:
        seed = f", seed {take['seed']}" if take["seed"] is not None else ""
        yield f"take {take['take'] or '?':<4} {take['path'] or 'not on disk'}, video {take['video']}{seed}"
    yield f"prompt    {job.request.get('positivePrompt', '')}"
