"""Nothing is sent before somebody said yes to what it may newly cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import State
from storyboard.jobs.wire import missing_variables
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storyboard.jobs.plan import Step

_PAID_ELSEWHERE = {
    State.ACCEPTED: "paid before with another key, and not all of its videos are here",
    State.READY: "paid before with another key, and its video is not on disk yet",
    State.DONE: "paid before with another key, and its video is not here",
}
_MAYBE_PAID = "being paid for with another key, or in doubt"


def total_cost(steps: Iterable[Step]) -> Decimal:
    """US dollars that these steps may newly spend, by the list."""
    return sum((step.cost for step in steps), Decimal(0))


def missing_in(step: Step, *, callbacks: bool = False) -> list[str]:
    """Names that a request which would be sent wants from the environment and that are not set there.

    The sandbox wants none, but for `callbacks`.
    """
    is_filled = step.cost and (step.job.service != SANDBOX or callbacks)
    return missing_variables(step.job.request) if is_filled else []


def refuse_missing_variables(steps: Sequence[Step], *, callbacks: bool = False) -> None:
    """Raises SubmitError where a request that would be sent holds a ${NAME} that is not set."""
    for step in steps:
        if missing := missing_in(step, callbacks=callbacks):
            words = f"{step.wanted.order.shown}: set {' and '.join(missing)} in the environment; nothing was sent"
            raise SubmitError(Kind.STORYBOARD, words)


def refuse_above(cost: Decimal, limit: Decimal | None) -> None:
    """Raises SubmitError for a cost above the limit."""
    if limit is not None and cost > limit:
        words = f"this would cost {dollars(cost)}, more than {dollars(limit)}; nothing was sent"
        raise SubmitError(Kind.MONEY, words)


def why_stopped(step: Step, again: str = "--again") -> str | None:
    """Why another key's job stands in the way of a step, and what to do; None where none does.

    `again` is what buys it anew.
    """
    if step.kind != "stop":
        return None
    job = step.job
    key = f"the key with the fingerprint {job.account}" if job.account else "that key"
    resume = f"set RUNWARE_API_KEY to {key} and run `storyboard resume {job.uuid[:8]}`"
    return f"{_PAID_ELSEWHERE.get(job.state, _MAYBE_PAID)}: {resume}; {again} buys it anew"


def refuse_stopped(steps: Iterable[Step], done: str) -> None:
    """Raises SubmitError where another key paid, or may have, and only it can have the videos."""
    if lines := [f"{step.wanted.order.shown}: {why}" for step in steps if (why := why_stopped(step)) is not None]:
        raise SubmitError(Kind.MONEY, f"nothing was {done}: it would be paid twice", lines)
