"""What a person can do about a job, and what each choice may cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import UNSENT, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.rows import Job

_FREE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do; `command` is None for doing nothing."""

    command: str | None
    does: str
    may_cost: Decimal
    """US dollars at most, beside what may have been paid so far."""


def choices(job: Job, file: str) -> Iterator[Choice]:
    """What can be done about a job that is not simply done; `file` is its storyboard as people type it."""
    resume, price = f"storyboard resume {job.uuid[:8]}", job.estimated_cost if job.service != SANDBOX else _FREE
    again = f"storyboard submit {_quoted(file)} --again"
    if job.state in UNSENT:
        yield Choice(resume, "asks the service, and sends the same task once where nobody knows it", price)
        if job.was_never_sent:
            forget = f"storyboard jobs forget {job.uuid[:8]}"
            yield Choice(forget, "takes it out of the ledger; nothing was ever sent or paid for it", _FREE)
        yield Choice(None, "nothing is sent; whatever was sent already stays as it is", _FREE)
    elif job.state in (State.ACCEPTED, State.READY):
        yield Choice(resume, "waits and brings the videos home", _FREE)
    elif job.state is State.REVIEW:
        yield Choice(resume, "asks the service once more; sends nothing, and brings home what it finds", _FREE)
        yield Choice(again, "buys another; paid twice if this one was charged", price)
        yield Choice(None, "nothing more is paid; this one may have been", _FREE)
    elif job.state is State.EXPIRED:
        yield Choice(resume, "asks once more for the videos", _FREE)
        yield Choice(again, "buys another; this one was paid", price)
    elif job.state is State.FAILED:
        yield Choice(again, "buys another of the same; a changed storyboard is a new job without --again", price)
    elif job.state is State.REJECTED:
        yield Choice(f"storyboard submit {_quoted(file)}", "sends it anew; nothing was paid for this one", price)


def _quoted(file: str) -> str:
    import shlex

    return shlex.quote(file)
