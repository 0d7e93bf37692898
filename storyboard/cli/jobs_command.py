"""`storyboard jobs`: the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.outcome import job_json
from storyboard.compiler.price import dollars
from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.paths import state_folder
from storyboard.jobs.rows import Order
from storyboard.jobs.states import ENDS, State

if TYPE_CHECKING:
    from storyboard.jobs.rows import Job

_SHOWN = 20

_KNOWN = {
    State.PREPARED: "written down; nothing was sent yet",
    State.SUBMITTING: "it was being sent when the last run ended; the service may have it",
    State.UNKNOWN: "it was sent, and no clear answer came; the service may have it",
    State.ACCEPTED: "the service has it; it is paid or will be",
    State.READY: "finished and paid for; not yet all on disk",
    State.DONE: "on disk",
    State.REJECTED: "the service refused it; it was not paid",
    State.FAILED: "the service took it and it failed; whether failed jobs are charged is for the account to show",
    State.EXPIRED: "it was paid for, and the service does not give the video out any more",
    State.REVIEW: "too long ago to be sent again without asking: it may or may not have been paid for; "
    "look into the account, then buy another with `storyboard submit --again` or leave it",
}


@click.group("jobs", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.option("--all", "every", is_flag=True, help=f"All jobs, not only the unfinished and the last {_SHOWN}.")
@click.pass_context
def command(context: click.Context, *, as_json: bool, every: bool) -> int | None:
    """Show jobs: where they stand, what they cost, where their takes lie."""
    if context.invoked_subcommand is not None:
        return None
    if not (state_folder() / FILE_NAME).exists():
        if as_json:
            say.json_data([])
        say.words("no jobs yet")
        return Exit.DONE
    with Ledger.open(state_folder()) as ledger:
        jobs = ledger.all() if every else _recent(ledger)
        if as_json:
            say.json_data([line for job in jobs for line in _lines(ledger, job)], indent=2)
            return Exit.DONE
        for job in jobs:
            for line in _lines(ledger, job):
                _print(job, line)
        if not jobs:
            say.words("no jobs yet")
    return Exit.DONE


@command.command("show")
@click.argument("job")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(job: str, *, as_json: bool) -> int:
    """Show all that is known of the job whose UUID begins like JOB."""
    from storyboard.cli.resume_command import chosen_jobs

    with Ledger.open(state_folder()) as ledger:
        for one in chosen_jobs(ledger, [job]):
            details = _details(ledger, one)
            if as_json:
                say.json_data(details, indent=2)
            else:
                _print_details(one, details)
    return Exit.DONE


def _recent(ledger: Ledger) -> list[Job]:
    newest = ledger.all(_SHOWN)
    known = {(job.service, job.uuid) for job in newest}
    return newest + [job for job in reversed(ledger.unfinished()) if (job.service, job.uuid) not in known]


def _lines(ledger: Ledger, job: Job) -> list[dict[str, Any]]:
    orders = ledger.orders(job) or [Order("", "", "")]
    return [job_json(ledger, job, order) for order in orders]


def _print(job: Job, line: dict[str, Any]) -> None:
    cost = line["cost"] if line["cost"] is not None else line["estimated_cost"]
    about = " " if line["cost"] is not None else "~"
    paths = ", ".join(take["path"] for take in line["takes"] if take["path"]) or (job.code or "")
    when = datetime.fromtimestamp(job.created_at, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    sandbox = " sandbox" if line["provider"] == "sandbox" else ""
    say.data(
        f"{job.uuid[:8]}  {when}  {job.state:<10} {about}{dollars(cost):>7}{sandbox}  {line['file']}  {paths}".rstrip()
    )


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
        "known": _KNOWN[job.state],
        **moments,
        "orders": [{"file": order.file, "folder": order.folder} for order in ledger.orders(job)],
        "request": job.request,
    }


def _print_details(job: Job, details: dict[str, Any]) -> None:
    say.data(f"job       {job.uuid} (attempt {job.attempt}, {details['provider']})")
    say.data(f"state     {job.state}: {_KNOWN[job.state]}")
    if details["error"]:
        say.data(f"error     {details['error']['code']} {details['error']['message']}")
    cost = "not known" if details["cost"] is None else dollars(details["cost"])
    say.data(f"price     {cost}, {dollars(job.estimated_cost)} by the list")
    for name in ("prepared", "sent", "accepted", "finished"):
        if details[name]:
            say.data(f"{name:<9} {details[name]}")
    for order in details["orders"]:
        say.data(f"for       {order['file']}, into {order['folder']}")
    for take in details["takes"]:
        say.data(
            f"take {take['take'] or '?':<4} {take['path'] or 'not on disk'}  seed {take['seed']}  video {take['video']}"
        )
    say.data(f"prompt    {job.request.get('positivePrompt', '')}")
    if job.state not in ENDS:
        say.words(f"`storyboard resume {job.uuid[:8]}` carries it on")
