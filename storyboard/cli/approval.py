"""Somebody's yes to what a call may newly buy: by an option, or at the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit, Stop
from storyboard.cli.prices import Row, price_lines, remark
from storyboard.compiler.price import dollars
from storyboard.disk import reported
from storyboard.submitting.guarding import refuse_above, total_cost, why_stopped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from storyboard.jobs.plan import Step


def require_approval(steps: list[Step], *, yes: bool, limit: Decimal | None, done: str) -> None:
    """Returns once somebody has approved what these steps may newly cost, else ends the command.

    `done` says what has not happened then: "sent", "queued".
    """
    cost = total_cost(steps)
    if not cost:
        return
    refuse_above(cost, limit)
    if yes or limit is not None:
        return
    for line in step_lines(steps):
        say.words(line)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(Exit.MONEY_GUARD, f"this costs {dollars(cost)}: say --yes or --max-cost; nothing was {done}")
    with interrupts.saying(f"interrupted; nothing was {done}"):
        answer = say.question(f"Pay {dollars(cost)} and render? [y/N] ")
    if answer.lower() not in ("y", "yes"):
        raise Stop(Exit.MONEY_GUARD, f"nothing was {done}")


def say_stopped(steps: Iterable[Step | None]) -> None:
    """Says of each step that another key's job stands in its way, and what can be done."""
    for step in steps:
        if step is not None and (why := why_stopped(step)) is not None:
            say.words(f"{reported(step.wanted.order.shown)}: {why}")


def say_keyless(steps: Iterable[Step | None]) -> None:
    """Says of a plan that was made without a key, and that has found jobs, how it has found them."""
    if any(step is not None and step.kind != "buy" for step in steps):
        say.words("RUNWARE_API_KEY is not set: what is paid for is found by its request, whichever key has paid")


def step_lines(steps: list[Step]) -> Iterator[str]:
    """A plan with its prices, and a remark on what is not simply bought."""
    rows = []
    for step in steps:
        wanted = step.wanted
        rows.append(Row(wanted.order.shown, wanted.seconds, wanted.resolution, wanted.takes, step.cost))
    return price_lines(rows, [remark(step) for step in steps])
