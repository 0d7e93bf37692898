"""`storyboard farm submit`: one task for each storyboard, for workers anywhere."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.approval import require_approval, say_stopped, say_told, step_lines, told_by
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.farming import require_farm
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.cli.options import amount, out_folder
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars
from storyboard.disk import reported, words_of
from storyboard.submitting.accounts import account
from storyboard.submitting.guarding import refuse_stopped, total_cost
from storyboard.submitting.places import default_folder, unfit_default
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.farm.queueing import Queued
    from storyboard.jobs.plan import Account
    from storyboard.jobs.wanted import Wanted

_WHY_NOT = {
    "go on": "in the farm already",
    "reuse": "paid before",
    "report": "ended badly before; --again buys another",
}


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--yes", is_flag=True, help="Approve the cost without asking.")
@click.option("--max-cost", callback=amount, metavar="USD", help="Approve up to this sum, else queue nothing.")
@click.option(
    "--out",
    callback=out_folder,
    metavar="DIR",
    help="Where videos go: a folder that all workers share  [default: renders; nowhere with an upload_endpoint]",
)
@click.option("--again", is_flag=True, help="Buy another, even of what was paid before.")
@click.option("--dry-run", is_flag=True, help="Say what would be queued and paid; queue nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line for each storyboard.")
@as_ends()
def command(paths: Sequence[str], **options: Any) -> int:
    """Check storyboards, approve their cost, and queue them for the farm's workers.

    Returns once all of them are in the database; `storyboard farm wait` waits for their videos.
    """
    require_farm()
    files = some_storyboards(paths)
    if "-" in files:
        raise click.UsageError("farm submit takes files: a job is remembered by its storyboard's path")
    wanted = _wanted(files, options["out"])
    return interrupts.run(_submit(account(sandbox=False), wanted, options))


def _wanted(files: Sequence[str], out: str | None) -> list[Wanted]:
    from storyboard.submitting.wanting import wanted_videos

    usual = default_folder(sandbox=False)
    if out is None and (unfit := unfit_default(usual)) is not None:
        raise click.UsageError(f"{unfit}: name another folder with --out")
    wanted = wanted_videos(files, check_input, out or usual)
    if out is not None:
        return wanted
    nowhere = [replace(one, order=replace(one.order, folder="")) for one in wanted]
    return [without if "uploadEndpoint" in one.task else one for one, without in zip(wanted, nowhere, strict=True)]


async def _submit(payer: Account, wanted: list[Wanted], options: dict[str, Any]) -> int:
    from storyboard.farm.database import connected
    from storyboard.farm.payload import queue_of
    from storyboard.farm.planning import plan
    from storyboard.farm.queueing import Queued, queue_up
    from storyboard.farm.schema import ensure_schema

    queue = queue_of(payer)
    await ensure_schema()
    async with connected() as connection:
        planned = await plan(connection, payer, queue, wanted, again=options["again"])
    if options["dry_run"]:
        if options["as_json"]:
            _report([Queued(step, is_queued=False, was_under_way=False) for step in planned.steps], as_json=True)
            return Exit.DONE
        for line in step_lines(planned.steps):
            say.data(line)
        say_told(planned.steps)
        say_stopped(planned.steps)
        price = dollars(total_cost(planned.steps))
        say.words(f"{counted(len(planned.steps), 'storyboard')}: would cost {price}; nothing was queued")
        return Exit.DONE
    refuse_stopped(planned.steps, "queued")
    require_approval(planned.steps, yes=options["yes"], limit=options["max_cost"], done="queued")
    _make_folders(wanted)
    # Nothing is held open while a person thinks: what changed meanwhile is found by the plan's own UUIDs.
    async with connected() as connection:
        queued = await queue_up(connection, payer, queue, planned)
    _report(queued, as_json=options["as_json"])
    return Exit.DONE


def _make_folders(wanted: list[Wanted]) -> None:
    """Here, so that a worker that does not find them knows that it does not share them."""
    for folder in {one.order.folder for one in wanted} - {""}:
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            why = words_of(error)
            raise Stop(Exit.USAGE, f"{folder} cannot be made: {why}; nothing was queued") from None


def _report(queued: list[Queued], *, as_json: bool) -> None:
    for one in queued:
        step = one.step
        line = {"file": step.wanted.order.shown, "job": step.job.uuid, "would": step.kind, "cost": float(step.cost)}
        if as_json:
            say.json_data(line | {"queued": one.is_queued, "variables": told_by(step)})
        elif not one.is_queued:
            why = "in the farm already" if one.was_under_way else _WHY_NOT.get(step.kind, "the same as another")
            say.words(f"{reported(step.wanted.order.shown)}: {why}")
    new = [one.step for one in queued if one.is_queued]
    jobs = len({step.job.uuid for step in new})
    say.words(f"{counted(jobs, 'job')} queued, {dollars(total_cost(new))} approved")
