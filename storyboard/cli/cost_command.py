"""`storyboard cost`: what submitting would cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, some_storyboards
from storyboard.cli.prices import Row, price_lines
from storyboard.cli.refusals import as_ends
from storyboard.compiler.price import price
from storyboard.submitting.words import refuse_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Report


@click.command("cost")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_ends()
def command(paths: Sequence[str], *, as_json: bool) -> int:
    """Say what submitting storyboards would cost, by the model's price list."""
    reports = [check_input(file) for file in some_storyboards(paths)]
    refuse_errors(reports, "no price can be given")
    rows = [_row(report) for report in reports]
    if as_json:
        files = [row._asdict() | {"cost": float(row.cost)} for row in rows]
        say.json_data({"files": files, "total": float(sum(row.cost for row in rows))})
        return Exit.DONE
    for line in price_lines(rows):
        say.data(line)
    return Exit.DONE


def _row(report: Report) -> Row:
    """The price from the draft: the model is heavier to load, and says the same of what has no errors."""
    draft = report.draft
    data = report.document.data if report.document is not None else {}
    if draft is None:
        return Row(report.file, 0, "", 0, Decimal(0))
    resolution = draft.text("resolution") or "720p"
    takes = (data.get("output") or {}).get("takes", 1)
    seconds = draft.total_seconds or 0
    return Row(report.file, seconds, resolution, takes, price(draft.profile, resolution, seconds, takes))
