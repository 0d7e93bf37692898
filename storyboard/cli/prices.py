"""Storyboards with what they cost, in aligned lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from storyboard.compiler.price import dollars
from storyboard.jobs.states import UNSENT
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storyboard.jobs.plan import Step


_REMARKS = {
    "buy": "",
    "go on": "sent before, not certain",
    "reuse": "paid before",
    "report": "ended badly before",
    "stop": "paid before",
}


def remark(step: Step | None) -> str:
    """What submitting would do with a storyboard, where that is not simply to buy it."""
    if step is None:
        return ""
    if step.kind == "reuse" and step.job.state in UNSENT:
        return "the same as another of them"
    if step.is_of_another_key:
        return f"{_REMARKS[step.kind]} with another key" + ("; its video is not here" if step.kind == "stop" else "")
    return _REMARKS[step.kind]


class Row(NamedTuple):
    """One storyboard; `cost` in US dollars for all its takes."""

    file: str
    seconds: int
    resolution: str
    takes: int
    cost: Decimal


def price_lines(rows: Sequence[Row], remarks: Sequence[str] = ()) -> Iterator[str]:
    """A line for each storyboard, and the sum where there are several."""
    for index, row in enumerate(rows):
        remark = f"  ({remarks[index]})" if remarks and remarks[index] else ""
        takes = counted(row.takes, "take")
        yield f"{aligned(row.cost)}  {row.seconds:>2} s  {row.resolution:>5}  {takes:<7}  {row.file}{remark}"
    if len(rows) != 1:
        yield f"{aligned(sum((row.cost for row in rows), Decimal(0)))}  in all"


def aligned(cost: Decimal | float, before: str = "") -> str:
    """A sum that stands with its point below the points of others."""
    text = before + dollars(cost)
    return f"{text + ' ' * (3 - len(text.partition('.')[2])):>10}"
