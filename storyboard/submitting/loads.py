"""Jobs to carry, and for whom; steps of a plan, written down before any byte of them leaves."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.jobs.presence import want_again
from storyboard.jobs.rows import SANDBOX, Order
from storyboard.jobs.states import UNSENT, State
from storyboard.jobs.wanted import FrameChanged
from storyboard.jobs.wire import is_as_approved
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.outcome import shown_path
from storyboard.submitting.permission import refuse_untold
from storyboard.submitting.places import default_folder, real_folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from storyboard.addresses import Disclosure
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Step
    from storyboard.jobs.rows import Job


@dataclass(slots=True)
class Load:
    """A job to carry, and for whom."""

    job: Job
    order: Order
    shown: str | None = None
    """What the storyboard is called in this call; its path from here without one."""
    reused: bool | None = None
    """None: as the ledger says once it is carried."""

    @property
    def name(self) -> str:
        """What the storyboard is called."""
        return self.shown if self.shown is not None else shown_path(self.order.file)


def write_all(ledger: Ledger, steps: Iterable[Step], approved: Collection[Disclosure] = ()) -> list[Load]:
    """Writes steps down, all of them or none, before any byte leaves.

    Raises SubmitError where a first frame is not the one that was checked any more, another key came first, or a
    value of the environment would be told that neither settings nor the `approved` ones cover. So a job that stands
    in the ledger has been allowed to tell what it tells: receipts never make one that may be sent.
    """
    with ledger.transaction():
        loads = []
        for step in steps:
            if step.kind == "buy":
                _refuse_paid_since(ledger, step)
            loads.append(write_down(ledger, step, approved))
        return loads


def write_down(ledger: Ledger, step: Step, approved: Collection[Disclosure] = ()) -> Load:
    """Writes a step down, before any byte of it leaves. Raises SubmitError as `write_all` does."""
    refuse_untold([step], approved, "sent")
    order = step.wanted.order
    if step.kind == "buy":
        job = ledger.add(step.job, _frame_bytes(step), order)
        # Another process may have written the same job down, and even sent it, since this one planned it.
        return Load(job, order, order.shown, reused=None if job.state in UNSENT else True)
    if step.kind == "report":
        return Load(step.job, order, order.shown, reused=False)
    job = step.job
    if step.kind == "go on":
        ledger.add(job, None, order)  # another process may have taken it out since it was planned
        job = _made_good(ledger, step)
    ledger.add_order(job, order)
    want_again(ledger, job, order)
    job = ledger.fresh(job)
    return Load(job, order, order.shown, reused=True if step.kind == "reuse" else None)


def _refuse_paid_since(ledger: Ledger, step: Step) -> None:
    """Raises SubmitError where another key has come first since a step was planned."""
    if (other := ledger.paid_since(step.job)) is not None:
        words = f"the same was paid for with another key just now (job {other.uuid[:8]}); nothing was sent"
        raise SubmitError(Kind.MONEY, f"{step.wanted.order.shown}: {words}, run it again")


def _made_good(ledger: Ledger, step: Step) -> Job:
    """An unfinished job with what a damaged ledger lost of it put back."""
    job = step.job
    if job.frame is not None and ledger.frame_bytes(job.frame) is None:
        ledger.keep_frame(job.frame, _frame_bytes(step) or b"")
    return job if is_as_approved(job) else ledger.keep_request(job, step.wanted.task | {"taskUUID": job.uuid})


def _frame_bytes(step: Step) -> bytes | None:
    try:
        return step.wanted.frame_bytes()
    except FrameChanged as error:
        raise SubmitError(Kind.STORYBOARD, f"{step.wanted.order.shown}: {error}; nothing was sent") from None


def next_attempt(ledger: Ledger, step: Step) -> int:
    """The first attempt at a step's request from the planned one on that the ledger does not know."""
    attempts = ledger.attempts(step.job.service, step.job.account, step.job.digest)
    return max([step.job.attempt, *(job.attempt + 1 for job in attempts)])


def loads_of(ledger: Ledger, job: Job, redirected: Sequence[Order] = ()) -> list[Load]:
    """A job for each of its orders, as the ledger has them now; a job without orders comes to the usual folder.

    One that is done, only for those that were just redirected, else for those that lack videos, where there are any.
    What it cost was said with the first order of it, and before where it is done: it is reused for all others.
    """
    job = ledger.fresh(job)
    if not ledger.orders(job):
        name, usual = job.uuid[:8], default_folder(sandbox=job.service == SANDBOX)
        ledger.add_order(job, Order(os.path.realpath(name), real_folder(usual), name))
    orders = ledger.orders(job)
    if job.state is not State.DONE:
        return [Load(job, order, reused=None if order == orders[0] else True) for order in orders]
    waiting = [order for order in orders if not ledger.is_delivered(job, order)]
    return [Load(job, order, reused=True) for order in redirected or waiting or orders]
