"""`storyboard submit`: compile, pay, wait, download."""

from __future__ import annotations

import math
import os
import sys
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.carrying import Load, carry
from storyboard.cli.compile_command import compiled_texts
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import check_input, storyboards_in
from storyboard.cli.preparing import prepare_report
from storyboard.cli.report import counted, refuse_errors
from storyboard.cli.service import account, real_account
from storyboard.compiler.price import dollars
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.paths import state_folder
from storyboard.jobs.plan import Account, Planner, Step, Wanted
from storyboard.jobs.rows import Order
from storyboard.jobs.wire import missing_variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.carrier import Carrier


def positive(_context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """A number above 0, where one is given."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise click.BadParameter("must be a number above 0", param=parameter)
    return value


def _amount(_context: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(value.strip().removeprefix("$"))
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise click.BadParameter(f"{value!r} is no amount of dollars", param=parameter)
    return amount


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--sandbox", is_flag=True, help="Free: an animatic from the provider's twin in this process.")
@click.option("--yes", is_flag=True, help="Pay without asking.")
@click.option("--max-cost", callback=_amount, metavar="USD", help="Pay without asking up to this sum, else stop.")
@click.option("--no-wait", is_flag=True, help="Return once the service has the jobs.")
@click.option("--out", default="renders", metavar="DIR", show_default=True, help="Where videos go.")
@click.option("--again", is_flag=True, help="Buy another, even of what was paid before.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and paid; send nothing.")
@click.option("--poll-interval", type=float, callback=positive, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
def command(paths: Sequence[str], **options: Any) -> int:
    """Compile storyboards, pay for their videos once, wait, and bring them home.

    Pays only with --yes, --max-cost, or after a yes at the terminal. The sandbox costs nothing.
    """
    wanted = _wanted(paths, options["out"])
    if options["dry_run"]:
        return _dry_run(wanted, options)
    payer = account(sandbox=options["sandbox"])
    with Ledger.open(state_folder()) as ledger:
        steps = Planner(ledger, payer).plan(wanted, again=options["again"])
        _guard(steps, options)
        return _submit(ledger, payer, steps, options)


def _wanted(paths: Sequence[str], out: str) -> list[Wanted]:
    files = list(storyboards_in(paths))
    if not files:
        raise click.UsageError(f"no storyboards below {', '.join(paths)}")
    if "-" in files:
        raise click.UsageError("submit takes files: a job is remembered by its storyboard's path")
    reports = [check_input(file) for file in files]
    refuse_errors(reports, "nothing was sent")
    folder = os.path.realpath(out)
    wanted = []
    for report in reports:
        prepared = prepare_report(report, compiled_texts(report))
        order = Order(os.path.realpath(report.file), folder, report.file)
        _refuse_unstorable(order)
        wanted.append(Wanted(prepared, order))
    return wanted


def _refuse_unstorable(order: Order) -> None:
    try:
        "".join(order.key).encode()
    except UnicodeEncodeError:
        raise Stop(Exit.USAGE, f"{order.shown}: the path is not UTF-8; rename it") from None


def _guard(steps: list[Step], options: dict[str, Any]) -> None:
    """Nothing is sent before somebody said yes to what this call may newly buy."""
    _refuse_missing_variables(steps)
    cost = sum((step.cost for step in steps), Decimal(0))
    limit = options["max_cost"]
    if options["sandbox"] or not any(step.cost for step in steps):
        return
    if limit is not None and cost > limit:
        raise Stop(Exit.MONEY_GUARD, f"this would cost {dollars(cost)}, more than {dollars(limit)}; nothing was sent")
    if options["yes"] or limit is not None:
        return
    for line in _lines(steps):
        say.words(line)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(Exit.MONEY_GUARD, f"this costs {dollars(cost)}: say --yes or --max-cost; nothing was sent")
    if not click.confirm(f"Pay {dollars(cost)} and render?", default=False, err=True):
        raise Stop(Exit.MONEY_GUARD, "nothing was sent")


def _refuse_missing_variables(steps: list[Step]) -> None:
    for step in steps:
        if step.cost and (missing := missing_variables(step.job.request)):
            names = " and ".join(missing)
            raise Stop(
                Exit.STORYBOARD_ERRORS, f"{step.wanted.order.shown}: set {names} in the environment; nothing was sent"
            )


def _lines(steps: list[Step]) -> list[str]:
    kinds = {"buy": "", "go on": " (sent before, not certain)", "reuse": " (paid before)", "report": " (ended badly)"}
    return [f"{dollars(step.cost):>9}  {step.wanted.order.shown}{kinds[step.kind]}" for step in steps]


def _dry_run(wanted: list[Wanted], options: dict[str, Any]) -> int:
    """The plan, from the ledger where there is one already; no key is needed."""
    payer = None if options["sandbox"] else real_account()
    known = payer is not None and (state_folder() / "ledger.sqlite3").exists()
    ledger = Ledger.open(state_folder()) if known else None
    steps = Planner(ledger, payer or Account("none", "none")).plan(wanted, again=options["again"])
    if ledger is not None:
        ledger.close()
    cost = sum((step.cost for step in steps), Decimal(0))
    if options["as_json"]:
        for step in steps:
            say.json_data(
                {
                    "file": step.wanted.order.shown,
                    "would": step.kind,
                    "cost": float(step.cost),
                    "request": step.job.request,
                }
            )
    else:
        for line in _lines(steps):
            say.data(line)
        say.data(f"{dollars(cost):>9}  in all")
    price = "the sandbox would ask nothing for it" if options["sandbox"] else f"would cost {dollars(cost)}"
    say.words(f"{counted(len(steps), 'storyboard')}: {price}; nothing was sent")
    return Exit.DONE


def _submit(ledger: Ledger, payer: Account, steps: list[Step], options: dict[str, Any]) -> int:
    planner = Planner(ledger, payer)
    loads: list[Load] = []
    if not options["again"]:
        loads = [_load(ledger, step) for step in steps]

    async def buy_others(carrier: Carrier) -> list[Load]:
        """With --again: jobs that nobody anywhere knows, found one after another."""
        added = []
        for step in steps:
            new_job = partial(planner.new_job, step.wanted)
            step.job = await carrier.free_attempt(new_job, _next_attempt(ledger, step))
            added.append(_load(ledger, step))
        return added

    return carry(
        ledger,
        payer,
        loads,
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
        return Load(ledger.add(step.job, step.wanted.prepared.frame_bytes, order), order)
    if step.kind == "report":
        return Load(step.job, order, reused=False)
    ledger.add_order(step.job, order)
    return Load(
        ledger.get(step.job.service, step.job.uuid) or step.job, order, reused=True if step.kind == "reuse" else None
    )
