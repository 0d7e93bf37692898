"""Jobs that a person is done with: taken out of the ledger where nothing was paid, else given up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import ABANDONED, State
from storyboard.submitting.choosing import chosen_jobs
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.telling import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job


def forget(ledger: Ledger, prefixes: Sequence[str]) -> list[Job]:
    """Takes the jobs whose UUIDs begin so out of the ledger, all of them or none; those that are gone now.

    Raises SubmitError where there is none, or no telling which; of kind MONEY where one was or may have been sent; of
    kind SERVICE where another process carries one just now.
    """
    with ledger.transaction():
        jobs = chosen_jobs(ledger, prefixes)
        # The process that holds a job may be about to send it; held here, no other can until this is written.
        held = ledger.hold(jobs)
        sent = [job for job in jobs if not job.was_never_sent]
        carried = [job for job in jobs if job.was_never_sent and job.uuid not in held]
        if sent or carried:
            lines = [f"{job.uuid[:8]}: {_why_kept(job)}" for job in sent]
            lines += [f"{job.uuid[:8]}: another storyboard process carries it just now: wait for it" for job in carried]
            words = "no job was taken out" if len(jobs) > 1 else "it stays in the ledger"
            raise SubmitError(Kind.MONEY if sent else Kind.SERVICE, words, lines)
        for job in jobs:
            ledger.forget(job)
    return jobs


def _why_kept(job: Job) -> str:
    """Why a job cannot be forgotten, and what can be done about it instead."""
    if job.state is State.DONE:
        return "it is paid for, and its record keeps it from being paid twice"
    if job.state is State.REJECTED:
        return f"{known(job)}: nothing waits for it; submitting its storyboard sends a new one"
    return f"{known(job)}: see `storyboard jobs show {job.uuid[:8]}`"


_KEPT_ENDS = {
    State.REJECTED: "nothing was paid for it, and nothing waits for it",
    State.FAILED: "it has failed, and nothing waits for it",
    State.EXPIRED: "it has ended, and nothing waits for it",
    State.DONE: "it is done, and all its videos came",
}


@dataclass(frozen=True, slots=True)
class GivingUp:
    """What giving jobs up would mean; nothing has been changed."""

    jobs: tuple[Job, ...]
    lines: tuple[str, ...]
    """About each of them: what it may have cost, and what is lost."""
    may_cost: Decimal
    """US dollars in all, by the list."""


def giving_up(ledger: Ledger, prefixes: Sequence[str]) -> GivingUp:
    """What giving up the jobs whose UUIDs begin so would mean.

    Raises SubmitError where there is none, or no telling which, or nothing of one is left to give up.
    """
    jobs = chosen_jobs(ledger, prefixes)
    wrong = [f"{job.uuid[:8]}: {why}" for job in jobs if (why := _why_not_given_up(ledger, job)) is not None]
    if wrong:
        raise SubmitError(Kind.USAGE, "no job was given up" if len(jobs) > 1 else "it stays as it is", wrong)
    cost = sum((job.estimated_cost for job in jobs if job.service != SANDBOX), Decimal(0))
    return GivingUp(tuple(jobs), tuple(f"{job.uuid[:8]}: {_lost_with(ledger, job)}" for job in jobs), cost)


def give_up(ledger: Ledger, what: GivingUp) -> None:
    """Gives jobs up, all of them or none; nothing is sent, and what they have cost is not paid back.

    One that is done stays so, and is not wanted any more where its videos did not come to. Raises SubmitError of kind
    SERVICE where another process carries one, or where one has changed since it was looked at.
    """
    with ledger.transaction():
        held = ledger.hold(what.jobs)
        busy = [job for job in what.jobs if job.uuid not in held]
        moved = [job for job in what.jobs if job.uuid in held and ledger.fresh(job).state is not job.state]
        for job in what.jobs:
            if job.uuid in held:
                ledger.release(job)
        if busy or moved:
            lines = [f"{job.uuid[:8]}: another storyboard process carries it just now: wait for it" for job in busy]
            lines += [f"{job.uuid[:8]}: it has changed just now: look at it again" for job in moved]
            raise SubmitError(Kind.SERVICE, "no job was given up", lines)
        for job in what.jobs:
            if job.state is State.DONE:
                ledger.drop_waiting_orders(job)
            else:
                words = "a person gave it up; it is free" if job.service == SANDBOX else _words_of(job)
                ledger.move(job, State.FAILED, code=ABANDONED, message=words)


def _words_of(job: Job) -> str:
    was = "it was paid for" if job.state in (State.ACCEPTED, State.READY) else "it may have been paid for"
    return f"a person gave it up ({job.state.value}); {was}"


def _why_not_given_up(ledger: Ledger, job: Job) -> str | None:
    """Why there is nothing to give up; None where there is."""
    if job.was_never_sent:
        return f"nothing was ever sent or paid for it: `storyboard jobs forget {job.uuid[:8]}` takes it out"
    if job.state is State.DONE and not all(ledger.is_delivered(job, order) for order in ledger.orders(job)):
        return None
    return _KEPT_ENDS.get(job.state)


def _lost_with(ledger: Ledger, job: Job) -> str:
    """What is known of a job, what it may have cost, and what is lost with it."""
    if job.state is State.DONE:
        waiting = [order for order in ledger.orders(job) if not ledger.is_delivered(job, order)]
        places = ", ".join(dict.fromkeys(order.folder for order in waiting))
        return f"it is paid for and stays so; its videos do not come to {places} any more"
    if job.service == SANDBOX:
        return "it is free, in the sandbox"
    price = dollars(job.estimated_cost)
    cost = f"{price} by the list " + ("is" if job.state in (State.ACCEPTED, State.READY) else "may have been")
    return f"{known(job)}; {cost} paid for it, and its videos are not fetched any more"
