"""`storyboard cost`: what submitting would cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.inputs import check_input, storyboards_in
from storyboard.cli.report import counted, refuse_errors
from storyboard.compiler.price import dollars, price

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.checks import Report


@click.command("cost")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(paths: Sequence[str], *, as_json: bool) -> int:
    """Say what submitting storyboards would cost, by the model's price list."""
    files = list(storyboards_in(paths))
    if not files:
        raise click.UsageError(f"no storyboards below {', '.join(paths)}")
    reports = [check_input(file) for file in files]
    refuse_errors(reports, "no price can be given")
    rows = [_row(report) for report in reports]
    total = sum((Decimal(str(row["cost"])) for row in rows), Decimal(0))
    if as_json:
        say.json_data({"files": rows, "total": float(total)})
        return Exit.DONE
    for row in rows:
        takes = counted(row["takes"], "take")
        say.data(f"{dollars(row['cost']):>9}  {row['seconds']:>2} s  {row['resolution']:>5}  {takes}  {row['file']}")
    say.data(f"{dollars(total):>9}  in all")
    return Exit.DONE


def _row(report: Report) -> dict[str, Any]:
    draft = report.draft
    data = report.document.data if report.document is not None else {}
    if draft is None:
        return {}
    resolution = draft.text("resolution") or "720p"
    takes = (data.get("output") or {}).get("takes", 1)
    seconds = draft.total_seconds or 0
    cost = price(draft.profile, resolution, seconds, takes)
    return {"file": report.file, "seconds": seconds, "resolution": resolution, "takes": takes, "cost": float(cost)}
