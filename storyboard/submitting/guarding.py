"""Nothing is sent before somebody said yes to what it may newly cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import State
from storyboard.jobs.wire import missing_variables, where_key_is_told
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.outcome import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storyboard.jobs.plan import Step

_PAID_ELSEWHERE = {
    State.ACCEPTED: "paid before with another key, and not all of its videos are here",
    State.READY: "paid before with another key, and its video is not on disk yet",
    State.DONE: "paid before with another key, and its video is not here",
}
_DELIVERY = ("uploadEndpoint", "webhookURL", "ttl")
"""Keys of a request that do not make it another one."""
_NOT_DONE = {
    "uploadEndpoint": "nothing is sent to upload_endpoint {}{}",
    "webhookURL": "webhook_url {} is not called{}",
    "ttl": "ttl {} has no effect{}",
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
    """Raises SubmitError where a request that would be sent holds a ${NAME} that is not set, or tells the key."""
    for step in steps:
        if missing := missing_in(step, callbacks=callbacks):
            words = f"{step.wanted.order.shown}: set {' and '.join(missing)} in the environment; nothing was sent"
            raise SubmitError(Kind.STORYBOARD, words)
        if step.cost and (told := where_key_is_told(step.job.request)) is not None:
            raise SubmitError(Kind.STORYBOARD, f"{step.wanted.order.shown}: {told}; nothing was sent")


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


def why_not_delivered(step: Step, again: str = "`--again`") -> str | None:
    """What a storyboard wants done with its videos that its job, asked for before, does not do; None: nothing.

    Where videos go does not make them others: the same request to another address is the same job. `again` is what
    buys it anew.
    """
    if step.kind not in ("reuse", "go on"):
        return None
    task, was = step.wanted.task, step.job.request
    differing = {key: str(task[key]) for key in _DELIVERY if key in task and task[key] != was.get(key)}
    if not differing:
        return None
    said = "; ".join(_NOT_DONE[key].format(value, _as_it_was(was.get(key))) for key, value in differing.items())
    folder = shown_path(step.wanted.order.folder)
    self_sent = f", or send the video from {folder} there yourself" if "uploadEndpoint" in differing else ""
    return f"the same was asked for before, so {said}: {again} buys it anew with that{self_sent}"


def _as_it_was(value: object) -> str:
    return f" but {value}" if value is not None else ""


def refuse_stopped(steps: Iterable[Step], done: str) -> None:
    """Raises SubmitError where another key paid, or may have, and only it can have the videos."""
    if lines := [f"{step.wanted.order.shown}: {why}" for step in steps if (why := why_stopped(step)) is not None]:
        raise SubmitError(Kind.MONEY, f"nothing was {done}: it would be paid twice", lines)
