"""Whose jobs these are: the account that may carry jobs of a service on, and words about those it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storyboard.jobs.rows import SANDBOX
from storyboard.submitting.accounts import account, real_account
from storyboard.submitting.sandboxed import void_lost_jobs
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job


class Belonging(NamedTuple):
    """The account that carries `mine`; `words` about the jobs that are left, None where there are none."""

    payer: Account | None
    mine: list[Job]
    words: str | None


def belonging(ledger: Ledger, service: str, jobs: Sequence[Job]) -> Belonging:
    """Sorts jobs of one service by whether the environment's account owns them. Raises SubmitError."""
    payer = account(sandbox=True) if service == SANDBOX else real_account()
    belong = f"{counted(len(jobs), 'job')} {'belongs' if len(jobs) == 1 else 'belong'} to {service}"
    if payer is None:
        return Belonging(None, [], f"{belong}: set RUNWARE_API_KEY and run again")
    if payer.service != service:
        return Belonging(None, [], f"{belong}: set RUNWARE_BASE_URL to it and run again")
    if service == SANDBOX:
        void_lost_jobs(ledger)
    mine = [job for job in jobs if job.account == payer.fingerprint]
    return Belonging(payer, mine, _words_about_others(mine, [job for job in jobs if job.account != payer.fingerprint]))


def _words_about_others(mine: list[Job], others: list[Job]) -> str | None:
    """Jobs of other keys; those of which nothing was ever sent are worth a word only where there are no others."""
    sent = [job for job in others if job.sent_at is not None]
    if sent:
        were = "was" if len(sent) == 1 else "were"
        return f"{counted(len(sent), 'job')} {were} sent with another key: set RUNWARE_API_KEY to it and run again"
    if others and not mine:
        nothing = f"nothing of {counted(len(others), 'job')} with another key was ever sent or paid"
        return f"{nothing}: set RUNWARE_API_KEY to it, or submit the storyboard with this one"
    return None
