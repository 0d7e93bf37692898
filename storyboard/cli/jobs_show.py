"""`storyboard jobs show`: all that is known of one job, and what can be done about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from storyboard.addresses import without_credentials
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.submitting import books
from storyboard.submitting.choices import choices
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.listing import listed
from storyboard.submitting.telling import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job

_ADDRESSES = ("uploadEndpoint", "webhookURL")


@click.command("show")
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
                for choice in details["choices"]:
                    say.data(_choice_line(choice))
                if one.can_be_given_up:
                    does = "gives it up: what it cost stays paid, and its videos are not fetched any more"
                    say.data(f"or        storyboard jobs abandon {one.uuid[:8]}: {does}")
    return Exit.DONE


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
    first = next(listed(ledger, job))
    return {
        **first,
        "service": job.service,
        "account": job.account or None,
        "attempt": job.attempt,
        "known": known(job),
        **moments,
        "choices": [
            {"command": one.command, "does": one.does, "may_cost": float(one.may_cost)}
            for one in choices(job, first["file"])
        ],
        "orders": [{"file": order.file, "folder": order.folder} for order in ledger.orders(job)],
        "request": {
            key: without_credentials(value) if isinstance(value, str) and key in _ADDRESSES else value
            for key, value in job.request.items()
        },
    }


def _detail_lines(job: Job, details: dict[str, Any]) -> Iterator[str]:
    yield f"job       {job.uuid}"
    yield f"state     {job.state}: {details['known']}"
    if details["error"]:
        yield f"error     {details['error']['code']} {details['error']['message']}"
    elif job.message:
        yield f"note      {job.message}"
    if details["provider"] == "sandbox":
        yield "price     free, in the sandbox"
    else:
        cost = "not known" if details["cost"] is None else dollars(details["cost"])
        yield f"price     {cost}; {dollars(job.estimated_cost)} by the list"
        yield f"service   {job.service}, attempt {job.attempt}"
        key = f"fingerprint {job.account}" if job.account else "not known"
        yield f"key       {key}; `storyboard doctor` shows yours"
    for name in ("prepared", "sent", "accepted", "finished"):
        if details[name]:
            yield f"{name:<9} {details[name]}"
    for order in details["orders"]:
        yield f"for       {order['file']}, into {order['folder']}"
    for take in details["takes"]:
        seed = f", seed {take['seed']}" if take["seed"] is not None else ""
        mark = "" if take["mark"] is None else f", {take['mark']['verdict']}"
        why = f" ({take['mark']['why']})" if mark and take["mark"]["why"] else ""
        yield f"take {take['take'] or '?':<4} {take['path'] or 'not on disk'}, video {take['video']}{seed}{mark}{why}"
    yield f"prompt    {job.request.get('positivePrompt', '')}"


def _choice_line(choice: dict[str, Any]) -> str:
    cost = f"costs {dollars(choice['may_cost'])} at most" if choice["may_cost"] else "free"
    return f"you can   {choice['command'] or 'leave it'}: {choice['does']} ({cost})"
