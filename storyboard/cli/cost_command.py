"""`storyboard cost`: what submitting would cost, and what of it is paid for already."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.cli.prices import Row, price_lines, remark
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import dollars, price
from storyboard.submitting.errors import SubmitError
from storyboard.submitting.words import Errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Report
    from storyboard.jobs.plan import Account, Step


@click.command("cost")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_ends()
def command(paths: Sequence[str], *, as_json: bool) -> int:
    """Say what submitting storyboards would cost, by the model's price list, and what is paid for already."""
    files = some_storyboards(paths)
    rows = _rows(files)
    steps = _steps(files)
    new = [row.cost if step is None else step.cost for row, step in zip(rows, steps, strict=True)]
    total, to_pay = (sum(costs, Decimal(0)) for costs in ([row.cost for row in rows], new))
    if as_json:
        is_known = any(step is not None and step.kind != "buy" for step in steps)
        files_json = [
            row._asdict() | {"cost": float(row.cost)} | (_standing(step) if is_known else {})
            for row, step in zip(rows, steps, strict=True)
        ]
        say.json_data({"files": files_json, "total": float(total)} | ({"new": float(to_pay)} if is_known else {}))
        return Exit.DONE
    for line in price_lines(rows, [remark(step) for step in steps]):
        say.data(line)
    if to_pay != total:
        say.words(f"submitting would newly pay {dollars(to_pay)}" if to_pay else "nothing of it is new")
    return Exit.DONE


def _rows(files: Sequence[str]) -> list[Row]:
    rows, errors = [], Errors()
    for file in files:
        report = check_input(file)
        errors.note(report)
        rows.append(_row(report))
    errors.refuse("no price can be given")
    return rows


def _row(report: Report) -> Row:
    """The price from the draft: the model is heavier to load, and says the same of what has no errors."""
    draft = report.draft
    data = report.document.data if report.document is not None else None
    if draft is None or not isinstance(data, dict) or report.has_errors:
        return Row(report.file, 0, "", 0, Decimal(0))
    resolution = draft.resolution
    takes = (data.get("output") or {}).get("takes", 1)
    seconds = draft.total_seconds or 0
    return Row(report.file, seconds, resolution, takes, price(draft.profile, resolution, seconds, takes))


def _steps(files: Sequence[str]) -> Sequence[Step | None]:
    """What submitting each file would do, as far as the ledger of the environment's account tells."""
    from storyboard.submitting.environment import api_key

    try:
        if api_key() is None:
            return [None] * len(files)
        from storyboard.submitting.accounts import real_account

        payer = real_account()
        return [None] * len(files) if payer is None else _planned(files, payer)
    except SubmitError as error:
        say.words(f"{error.message}; so whether anything is paid for is not known")
        return [None] * len(files)


def _standing(step: Step | None) -> dict[str, Any]:
    return {} if step is None else {"would": step.kind, "new": float(step.cost)}


def _planned(files: Sequence[str], payer: Account) -> list[Step | None]:
    from storyboard.jobs.plan import Planner
    from storyboard.submitting import books
    from storyboard.submitting.wanting import wanted_videos

    named = [file for file in files if file != "-"]
    with books.looking() as ledger:
        steps = iter(Planner(ledger, payer).plan(wanted_videos(named, check_input, "renders")))
        return [None if file == "-" else next(steps) for file in files]
