"""`storyboard jobs totals`: what was spent, by day, by storyboard, and for each take that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.prices import aligned
from storyboard.cli.refusals import as_ends, say_damage
from storyboard.compiler.price import dollars
from storyboard.jobs.spending import Spent, bills, sums
from storyboard.submitting import books
from storyboard.submitting.outcome import shown_path
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.spending import Bill

_NAME_COLUMNS = 40


@click.command("totals")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@as_ends()
def totals(*, as_json: bool) -> int:
    """Sum up what was spent, by day and by storyboard.

    "A kept take" is what each of them cost with all that were not kept. Sandbox jobs are free and left out. "May be
    charged" are jobs that failed or are in doubt.
    """
    found, code = _bills()
    days, boards = sums(found, lambda bill: bill.day), sums(found, lambda bill: bill.file)
    days = dict(sorted(days.items(), reverse=True))
    whole = sum((bill.spent for bill in found), Spent())
    if as_json:
        say.json_data(
            {
                "days": [{"day": day} | _as_json(spent) for day, spent in days.items()],
                "storyboards": [{"file": shown_path(file)} | _as_json(spent) for file, spent in boards.items()],
                "total": _as_json(whole),
            },
            indent=2,
        )
    elif found:
        for line in _lines(days, boards, whole):
            say.data(line)
    else:
        say.words("nothing was paid yet")
    return code


def _bills() -> tuple[list[Bill], Exit]:
    if not books.has_ledger():
        return [], Exit.DONE
    with books.open_ledger() as ledger:
        return list(bills(ledger, ledger.all())), say_damage(ledger, Exit.DONE)


def _lines(days: dict[str, Spent], boards: dict[str, Spent], whole: Spent) -> Iterator[str]:
    yield "by day"
    yield from _table(days)
    yield "by storyboard"
    yield from _table({shown_path(file): spent for file, spent in boards.items()})
    yield "in all"
    yield f"{aligned(whole.cost)}  {in_words(whole)}"


def _table(rows: dict[str, Spent]) -> Iterator[str]:
    width = min(max(map(len, rows), default=0), _NAME_COLUMNS)
    for name, spent in rows.items():
        yield f"{aligned(spent.cost)}  {name:<{width}}  {in_words(spent)}"


def in_words(spent: Spent) -> str:
    """Takes, what differs from the list, what is in doubt, and the price of a kept take."""
    parts = [counted(spent.takes, "take")]
    if spent.kept or spent.rejected:
        parts.append(f"{spent.kept} kept, {spent.rejected} rejected")
    if (each := spent.per_kept_take) is not None:
        parts.append(f"{dollars(each)} a kept take")
    if spent.listed != spent.cost:
        parts.append(f"{dollars(spent.listed)} by the list")
    if spent.in_doubt:
        parts.append(f"{dollars(spent.in_doubt)} more may be charged")
    return "; ".join(parts)


def _as_json(spent: Spent) -> dict[str, Any]:
    each = spent.per_kept_take
    return {
        "jobs": spent.jobs,
        "takes": spent.takes,
        "kept": spent.kept,
        "rejected": spent.rejected,
        "cost": float(spent.cost),
        "estimated_cost": float(spent.listed),
        "may_be_charged": float(spent.in_doubt),
        "cost_per_kept_take": None if each is None else float(round(each, 4)),
    }
