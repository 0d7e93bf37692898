"""`storyboard submit`: compile, pay, wait, download."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import books, say
from storyboard.cli.carrying import Load, carry
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.cli.options import amount, out_folder, seconds
from storyboard.cli.preparing import prepare_report
from storyboard.cli.prices import Row, price_lines
from storyboard.cli.report import counted, refuse_errors
from storyboard.cli.sandboxed import void_lost_jobs
from storyboard.cli.service import account, real_account
from storyboard.compiler.price import dollars
from storyboard.jobs.plan import Account, Planner, Step, Wanted
from storyboard.jobs.rows import Order
from storyboard.jobs.states import UNSENT
from storyboard.jobs.wire import missing_variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.jobs.carrier import Carrier
    from storyboard.jobs.ledger import Ledger

_REMARKS = {"buy": "", "go on": "sent before, not certain", "reuse": "paid before", "report": "ended badly before"}


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--sandbox", is_flag=True, help="Free: an animatic from the provider's twin in this process.")
@click.option("--yes", is_flag=True, help="Pay without asking.")
@click.option("--max-cost", callback=amount, metavar="USD", help="Pay without asking up to this sum, else stop.")
@click.option("--no-wait", is_flag=True, help="Return once the service has the jobs.")
@click.option(
    "--out", default="renders", callback=out_folder, metavar="DIR", show_default=True, help="Where videos go."
)
@click.option("--again", is_flag=True, help="Buy another, even of what was paid before.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and paid; send nothing.")
@click.option("--poll-interval", callback=seconds, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
def command(paths: Sequence[str], **options: Any) -> int:
    """Compile storyboards, pay for their videos once, wait, and bring them home.

    Pays only with --yes, --max-cost, or after a yes at the terminal. The sandbox costs nothing.
    """
    wanted = _wanted(paths, options["out"])
    if options["dry_run"]:
        return _dry_run(wanted, options)
    payer = account(sandbox=options["sandbox"])
    with books.open_ledger() as ledger:
        if options["sandbox"]:
            void_lost_jobs(ledger)
        steps = Planner(ledger, payer).plan(wanted, again=options["again"])
        _guard(steps, options)
        return _submit(ledger, payer, steps, options)


def _wanted(paths: Sequence[str], out: str) -> list[Wanted]:
    files = some_storyboards(paths)
    if "-" in files:
        raise click.UsageError("submit takes files: a job is remembered by its storyboard's path")
    reports = [check_input(file) for file in files]
    refuse_errors(reports, "nothing was sent")
    folder = os.path.realpath(out)
    wanted = []
    for report in reports:
        order = Order(os.path.realpath(report.file), folder, report.file)
        _refuse_unstorable(order)
        wanted.append(Wanted(prepare_report(report), order))
    return wanted


def _refuse_unstorable(order: Order) -> None:
    try:
        "".join(order.key).encode()
    except UnicodeEncodeError:
        raise Stop(Exit.USAGE, f"{order.shown}: the path is not UTF-8; rename it") from None


def _guard(steps: list[Step], options: dict[str, Any]) -> None:
    """Nothing is sent before somebody said yes to what this call may newly buy."""
    _refuse_missing_variables(steps)
    cost = _sum(steps)
    limit = options["max_cost"]
    if options["sandbox"] or not cost:
        return
    if limit is not None and cost > limit:
        raise Stop(Exit.MONEY_GUARD, f"this would cost {dollars(cost)}, more than {dollars(limit)}; nothing was sent")
    if options["yes"] or limit is not None:
        return
    for line in _price_lines(steps):
        say.words(line)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(Exit.MONEY_GUARD, f"this costs {dollars(cost)}: say --yes or --max-cost; nothing was sent")
    if say.question(f"Pay {dollars(cost)} and render? [y/N] ").lower() not in ("y", "yes"):
        raise Stop(Exit.MONEY_GUARD, "nothing was sent")


def _sum(steps: list[Step]) -> Decimal:
    return sum((step.cost for step in steps), Decimal(0))


def _refuse_missing_variables(steps: list[Step]) -> None:
    for step in steps:
        if step.cost and (missing := missing_variables(step.job.request)):
            words = f"{step.wanted.order.shown}: set {' and '.join(missing)} in the environment; nothing was sent"
            raise Stop(Exit.STORYBOARD_ERRORS, words)


def _price_lines(steps: list[Step]) -> Iterator[str]:
    rows = []
    for step in steps:
        board = step.wanted.prepared.storyboard
        rows.append(Row(step.wanted.order.shown, board.seconds, board.resolution, board.output.takes, step.cost))
    return price_lines(rows, [_REMARKS[step.kind] for step in steps])


def _dry_run(wanted: list[Wanted], options: dict[str, Any]) -> int:
    """The plan, from the ledger where there is one already; no key is needed."""
    payer = None if options["sandbox"] else real_account()
    ledger = books.open_ledger() if payer is not None and books.has_ledger() else None
    steps = Planner(ledger, payer or Account("none", "none")).plan(wanted, again=options["again"])
    if ledger is not None:
        ledger.close()
    if options["as_json"]:
        for step in steps:
            plan = {"file": step.wanted.order.shown, "would": step.kind, "cost": float(step.cost)}
            say.json_data(plan | {"request": step.job.request})
    else:
        for line in _price_lines(steps):
            say.data(line)
    price = "free in the sandbox" if options["sandbox"] else f"would cost {dollars(_sum(steps))}"
    say.words(f"{counted(len(steps), 'storyboard')}: {price}; nothing was sent")
    return Exit.DONE


def _submit(ledger: Ledger, payer: Account, steps: list[Step], options: dict[str, Any]) -> int:
    planner = Planner(ledger, payer)

    async def buy_others(carrier: Carrier, loads: list[Load]) -> None:
        """With --again: jobs that nobody anywhere knows, found one after another."""
        for step in steps:
            new_job = partial(planner.new_job, step.wanted)
            step.job = await carrier.free_attempt(new_job, _next_attempt(ledger, step))
            loads.append(_load(ledger, step))

    return carry(
        ledger,
        payer,
        [] if options["again"] else [_load(ledger, step) for step in steps],
        as_json=options["as_json"],
        wait=not options["no_wait"],
        poll_interval=options["poll_interval"],
        before=buy_others if options["again"] else None,
    )


def _next_attempt(ledger: Ledger, step: Step) -> int:
    attempts = ledger.attempts(step.job.service, step.job.account, step.job.digest)
    return max([step.job.attempt, *(job.attempt + 1 for job in attempts)])


def _load(ledger: Ledger, step: Step) -> Load:
    """Writes a step down, before any byte of it leaves."""
    order = step.wanted.order
    if step.kind == "buy":
        job = ledger.add(step.job, step.wanted.prepared.frame_bytes, order)
        # Another process may have written the same job down, and even sent it, since this one planned it.
        return Load(job, order, order.shown, reused=None if job.state in UNSENT else True)
    if step.kind == "report":
        return Load(step.job, order, order.shown, reused=False)
    ledger.add_order(step.job, order)
    job = ledger.get(step.job.service, step.job.uuid) or step.job
    return Load(job, order, order.shown, reused=True if step.kind == "reuse" else None)
