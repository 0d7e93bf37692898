"""`storyboard cost`: what submitting would cost, and what of it is paid for already."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.approval import say_keyless, say_not_delivered, say_stopped
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
    from storyboard.jobs.wanted import Wanted


@click.command("cost")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_ends()
def command(paths: Sequence[str], *, as_json: bool) -> int:
    """Say what submitting storyboards would cost, by the model's price list, and what is paid for already."""
    files = some_storyboards(paths)
    rows, errors, wishes = [], Errors(), _Wishes()
    for file in files:
        report = check_input(file)
        errors.note(report)
        rows.append(_row(report))
        if not errors:
            wishes.note(report)
    errors.refuse("no price can be given")
    steps = wishes.steps()
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
    say_stopped(steps)
    say_not_delivered(steps)
    if wishes.is_keyless:
        say_keyless(steps)
    if to_pay != total:
        say.words(f"submitting would newly pay {dollars(to_pay)}" if to_pay else "nothing of it is new")
    return Exit.DONE


def _row(report: Report) -> Row:
    """The price from the draft: the model is heavier to load, and says the same of what has no errors."""
    draft = report.draft
    if draft is None or report.has_errors:
        return Row(report.file, 0, "", 0, Decimal(0))
    resolution = draft.resolution
    seconds = draft.total_seconds or 0
    return Row(report.file, seconds, resolution, draft.takes, price(draft.profile, resolution, seconds, draft.takes))


def _standing(step: Step | None) -> dict[str, Any]:
    return {} if step is None else {"would": step.kind, "new": float(step.cost)}


class _Wishes:
    """What storyboards want, to be compared with the ledger and receipts: without a key, whoever has paid."""

    def __init__(self) -> None:
        self._payer: Account | None = None
        self._wanted: list[Wanted | None] = []
        self._doubt: str | None = None
        self._folder = os.path.realpath("renders")
        try:
            self._payer = _payer(self._folder)
        except SubmitError as error:
            self._doubt = error.message

    @property
    def is_keyless(self) -> bool:
        """Whether they are compared without knowing which key asks."""
        return self._payer is not None and not self._payer.key

    def note(self, report: Report) -> None:
        """Takes down what a storyboard without errors wants; standard input is remembered by no path and never paid."""
        self._wanted.append(None)
        if self._payer is None or self._doubt is not None or report.file == "-":
            return
        from storyboard.submitting.wanting import wanted_video

        try:
            self._wanted[-1] = wanted_video(report, self._folder)
        except SubmitError as error:
            self._doubt = error.message

    def steps(self) -> list[Step | None]:
        """What submitting each of them would do; None where that is not known, which is said."""
        found: dict[int, Step] = {}
        try:
            if self._payer is not None and self._doubt is None:
                found = self._planned(self._payer)
        except SubmitError as error:
            self._doubt = error.message
        if self._doubt is not None:
            say.words(f"{self._doubt}; so whether anything is paid for is not known")
        return [found.get(place) for place in range(len(self._wanted))]

    def _planned(self, payer: Account) -> dict[int, Step]:
        from storyboard.jobs.plan import Planner
        from storyboard.submitting import books

        wanted = {place: one for place, one in enumerate(self._wanted) if one is not None}
        with books.looking() as ledger:
            return dict(zip(wanted, Planner(ledger, payer).plan(list(wanted.values())), strict=True))


def _payer(folder: str) -> Account | None:
    """The account to plan with; nothing heavy is loaded where there is neither key, ledger nor folder of takes.

    Raises SubmitError.
    """
    from storyboard.jobs.paths import state_folder
    from storyboard.submitting.environment import api_key

    try:
        is_any = api_key() is not None or os.path.isdir(folder) or os.path.lexists(state_folder())
    except RuntimeError:
        is_any = False
    if not is_any:
        return None
    from storyboard.submitting.accounts import planning_account

    return planning_account()
