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
from storyboard.submitting import permission
from storyboard.submitting.guarding import refuse_above, total_cost, why_not_delivered, why_stopped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from storyboard.addresses import Disclosure
    from storyboard.jobs.plan import Step


def require_approval(
    steps: list[Step], *, yes: bool, limit: Decimal | None, done: str, is_free: bool = False
) -> list[Disclosure]:
    """What these steps may tell whom, once somebody has approved that and what they may newly cost.

    Else ends the command; `done` says what has not happened then: "sent", "queued". `yes` and `limit` approve the
    cost alone. `is_free`: the sandbox's, with calls of what it is asked to call.
    """
    cost = total_cost([]) if is_free else total_cost(steps)
    told = permission.disclosures_of(steps, callbacks=is_free)
    left = permission.not_allowed(told)
    refuse_above(cost, limit)
    asks_for_money = bool(cost) and not (yes or limit is not None)
    if asks_for_money:
        for line in step_lines(steps):
            say.words(line)
    for line in permission.lines(told, left):
        say.words(line)
    if asks_for_money or left:
        _ask(cost if asks_for_money else None, left, done)
    return told


def _ask(cost: Decimal | None, left: list[Disclosure], done: str) -> None:
    """Returns after a yes to a cost and to what would be told, else ends the command."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if cost is not None:
            raise Stop(Exit.MONEY_GUARD, f"this costs {dollars(cost)}: say --yes or --max-cost; nothing was {done}")
        raise Stop(Exit.PERSON, f"{permission.how_to_allow(left)}; nothing was {done}")
    doing = [f"pay {dollars(cost)}"] if cost is not None else []
    doing += ["tell these values"] if left else []
    question = f"{', '.join(doing)} and render? [y/N] "
    with interrupts.saying(f"interrupted; nothing was {done}"):
        answer = say.question(question[0].upper() + question[1:])
    if answer.lower() not in ("y", "yes"):
        raise Stop(Exit.MONEY_GUARD if cost is not None else Exit.PERSON, f"nothing was {done}")


def told_by(step: Step, *, callbacks: bool = False) -> list[dict[str, object]]:
    """What a step tells whom, as JSON."""
    told = permission.disclosures_in(step, callbacks=callbacks)
    left = permission.not_allowed(told)
    return [{"name": one.name, "host": one.host, "allowed": one not in left} for one in told]


def say_told(steps: Iterable[Step], *, callbacks: bool = False) -> None:
    """Says of a plan which values of the environment it would tell whom, and which of these are allowed."""
    told = permission.disclosures_of(steps, callbacks=callbacks)
    for line in permission.lines(told, permission.not_allowed(told)):
        say.words(line)


def say_stopped(steps: Iterable[Step | None]) -> None:
    """Says of each step that another key's job stands in its way, and what can be done."""
    for step in steps:
        if step is not None and (why := why_stopped(step)) is not None:
            say.words(f"{reported(step.wanted.order.shown)}: {why}")


def say_not_delivered(steps: Iterable[Step | None]) -> None:
    """Says of each step what its storyboard wants done with the videos and that a job asked for before does not do."""
    for step in steps:
        if step is not None and (why := why_not_delivered(step)) is not None:
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
