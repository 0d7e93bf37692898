"""Nothing is sent before somebody said yes to what it may newly cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars
from storyboard.jobs.wire import missing_variables
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storyboard.jobs.plan import Step


def total_cost(steps: Iterable[Step]) -> Decimal:
    """US dollars that these steps may newly spend, by the list."""
    return sum((step.cost for step in steps), Decimal(0))


def missing_in(step: Step) -> list[str]:
    """Names that a request which would be sent wants from the environment and that are not set there."""
    return missing_variables(step.job.request) if step.cost else []


def refuse_missing_variables(steps: Sequence[Step]) -> None:
    """Raises SubmitError where a request that would be sent holds a ${NAME} that is not set."""
    for step in steps:
        if missing := missing_in(step):
            words = f"{step.wanted.order.shown}: set {' and '.join(missing)} in the environment; nothing was sent"
            raise SubmitError(Kind.STORYBOARD, words)


def refuse_above(cost: Decimal, limit: Decimal | None) -> None:
    """Raises SubmitError for a cost above the limit."""
    if limit is not None and cost > limit:
        words = f"this would cost {dollars(cost)}, more than {dollars(limit)}; nothing was sent"
        raise SubmitError(Kind.MONEY, words)
