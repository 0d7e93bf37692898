"""`storyboard submit`: compile, pay, wait, download."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from storyboard.checks.settings import quiet
from storyboard.cli import say
from storyboard.cli.approval import (
    require_approval,
    say_keyless,
    say_not_delivered,
    say_stopped,
    say_told,
    step_lines,
    told_by,
)
from storyboard.cli.carrying import carry
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.cli.options import amount, file_to_write, out_folder, seconds
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.disk import reported, words_of
from storyboard.jobs.plan import Account, Planner, Step
from storyboard.jobs.rows import SANDBOX
from storyboard.submitting import books
from storyboard.submitting.accounts import account, planning_account
from storyboard.submitting.guarding import refuse_missing_variables, refuse_stopped, total_cost, why_not_delivered
from storyboard.submitting.loads import Load, next_attempt, write_all, write_down
from storyboard.submitting.places import default_folder, unfit_default
from storyboard.submitting.sandboxed import void_lost_jobs
from storyboard.submitting.target import Target
from storyboard.submitting.wanting import wanted_videos
from storyboard.submitting.words import counted, text_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.addresses import Disclosure
    from storyboard.checks import Report
    from storyboard.jobs.carrier import Carrier
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.wanted import Wanted


_DOUBTFUL = "SB246"
"""A first frame that the service may see turned: its shape decides the video's."""


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--sandbox", is_flag=True, help="Free: an animatic from the provider's twin in this process.")
@click.option("--callbacks", is_flag=True, help="With --sandbox: call webhooks and upload endpoints on this machine.")
@click.option("--yes", is_flag=True, help="Pay without asking.")
@click.option("--max-cost", callback=amount, metavar="USD", help="Pay without asking up to this sum, else stop.")
@click.option("--no-wait", is_flag=True, help="Return once the service has the jobs.")
@click.option(
    "--out",
    callback=out_folder,
    metavar="DIR",
    help=f"Where videos go  [default: {default_folder(sandbox=False)}; {default_folder(sandbox=True)} with --sandbox]",
)
@click.option(
    "-o",
    "--output",
    callback=file_to_write,
    metavar="VIDEO",
    help="Keep this file equal to the newest take of what is asked for.",
)
@click.option("--again", is_flag=True, help="Buy another, even of what was paid before.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and paid; send nothing.")
@click.option("--poll-interval", callback=seconds, metavar="S", help="Seconds between questions.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each job.")
@as_ends()
def command(paths: Sequence[str], **options: Any) -> int:
    """Compile storyboards, pay for their videos once, wait, and bring them home.

    Pays only with --yes, --max-cost, or after a yes at the terminal. The sandbox costs nothing.
    """
    if options["callbacks"] and not options["sandbox"]:
        raise click.UsageError("--callbacks goes with --sandbox: what is paid for, the service calls")
    wanted = _wanted(paths, _folder(options), is_for_one_file=options["output"] is not None)
    target = None
    if options["output"] is not None:
        target = Target(options["output"], wanted[0], sandbox=options["sandbox"])
    if options["dry_run"]:
        return _dry_run(wanted, options)
    payer = account(sandbox=options["sandbox"])
    with books.open_ledger() as ledger:
        if options["sandbox"]:
            void_lost_jobs(ledger)
        if target is not None:
            target.check(ledger)
        steps = Planner(ledger, payer).plan(wanted, again=options["again"])
        _say_unfinished(steps)
        told = _guard(steps, options)
        return _submit(ledger, payer, steps, options, target, told)


def _folder(options: dict[str, Any]) -> str:
    """Where videos go. Raises UsageError where nothing can be written to the usual folder."""
    if options["out"] is not None:
        return str(options["out"])
    usual = default_folder(sandbox=options["sandbox"])
    if (unfit := unfit_default(usual)) is not None:
        raise click.UsageError(f"{unfit}: name another folder with --out")
    return usual


def _wanted(paths: Sequence[str], out: str, *, is_for_one_file: bool) -> list[Wanted]:
    files = some_storyboards(paths)
    if is_for_one_file and len(files) != 1:
        raise click.UsageError(f"-o keeps the video of one storyboard, and these are {len(files)}")
    if "-" in files:
        raise click.UsageError("submit takes files: a job is remembered by its storyboard's path")
    return wanted_videos(files, _checked, out)


def _checked(file: str) -> Report:
    """A file's report; what may give another film than the one that was meant is said before anything is paid."""
    report = check_input(file)
    doubtful = [one for one in report.diagnostics if one.code == _DOUBTFUL]
    for found in quiet(doubtful, os.path.dirname(os.path.abspath(file))):
        say.words(text_line(found))
    return report


def _say_unfinished(steps: list[Step]) -> None:
    for step in steps:
        if step.unfinished is not None:
            goes_on = f"`storyboard resume {step.unfinished.uuid[:8]}` carries it on; --again buys another beside it"
            say.words(f"{reported(step.wanted.order.shown)}: an earlier job of it is not finished: {goes_on}")


def _guard(steps: list[Step], options: dict[str, Any]) -> list[Disclosure]:
    """What may be told whom: nothing is sent before somebody said yes to that and to what this call may newly buy."""
    refuse_stopped(steps, "sent")
    say_not_delivered(steps)
    refuse_missing_variables(steps, callbacks=options["callbacks"])
    if options["sandbox"] and not options["callbacks"]:
        return []
    return require_approval(
        steps, yes=options["yes"], limit=options["max_cost"], done="sent", is_free=options["sandbox"]
    )


def _dry_run(wanted: list[Wanted], options: dict[str, Any]) -> int:
    """The plan, from the ledger where there is one already; no key is needed."""
    payer = None if options["sandbox"] else planning_account()
    if payer is None:
        steps = Planner(None, Account(SANDBOX, "none")).plan(wanted, again=options["again"])
    else:
        with books.looking() as ledger:
            steps = Planner(ledger, payer).plan(wanted, again=options["again"])
    if options["as_json"]:
        for step in steps:
            plan = {"file": step.wanted.order.shown, "would": step.kind, "cost": float(step.cost)}
            note = why_not_delivered(step)
            told = told_by(step, callbacks=options["callbacks"])
            noted = {"note": note} if note is not None else {}
            say.json_data(plan | {"variables": told, "request": step.job.request} | noted)
    else:
        for line in step_lines(steps):
            say.data(line)
        say_told(steps, callbacks=options["callbacks"])
    say_stopped(steps)
    say_not_delivered(steps)
    if payer is not None and not payer.key:
        say_keyless(steps)
    price = "free in the sandbox" if options["sandbox"] else f"would cost {dollars(total_cost(steps))}"
    say.words(f"{counted(len(steps), 'storyboard')}: {price}; nothing was sent")
    return Exit.DONE


def _submit(  # noqa: PLR0917 - what was found out before anything is sent
    ledger: Ledger,
    payer: Account,
    steps: list[Step],
    options: dict[str, Any],
    target: Target | None,
    told: list[Disclosure],
) -> int:
    """Writes the steps down and carries them; they are not needed after that, and a thousand of them take room."""
    planner = Planner(ledger, payer)

    async def buy_others(carrier: Carrier, loads: list[Load]) -> None:
        """With --again: jobs that nobody anywhere knows, found one after another."""
        for step in steps:
            new_job = partial(planner.new_job, step.wanted)
            order = step.wanted.order
            step.job, found = await carrier.free_attempt(new_job, next_attempt(ledger, step), order)
            loads += [Load(job, order, order.shown, reused=True) for job in found]
            loads.append(write_down(ledger, step, told))

    loads: list[Load] = []
    if not options["again"]:
        loads = write_all(ledger, steps, told)
        steps.clear()
    code = carry(
        ledger,
        payer,
        loads,
        as_json=options["as_json"],
        wait=not options["no_wait"],
        poll_interval=options["poll_interval"],
        before=buy_others if options["again"] else None,
        is_buying=True,
        callbacks=options["callbacks"],
    )
    return code if target is None else _kept(target, ledger, loads, code)


def _kept(target: Target, ledger: Ledger, loads: list[Load], code: Exit) -> int:
    """The exit code once the target is equal to the newest take; where a job did not end well it stays as it is."""
    if code is not Exit.DONE:
        say.words(f"{target.shown} stays as it is")
        return code
    try:
        say.words(target.keep(ledger, loads))
    except OSError as error:
        raise Stop(Exit.SERVICE, f"{target.shown} cannot be written: {words_of(error)}; run it again") from None
    return code
