"""Whose jobs these are: the account that may carry jobs of a service on, and words about those it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storyboard.addresses import one_spelling
from storyboard.jobs.claims import claimed
from storyboard.jobs.presence import is_on_disk
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import State
from storyboard.submitting.accounts import account, real_account
from storyboard.submitting.sandboxed import void_lost_jobs
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job

_NAMED = 3
"""Jobs that are named at most; `storyboard jobs` lists all."""


class Belonging(NamedTuple):
    """The account that carries `mine`; `words` about the jobs that are left, None where there are none."""

    payer: Account | None
    mine: list[Job]
    words: str | None
    lacks_key: bool = False
    """Whether they are left because there is no key at all."""


def belonging(ledger: Ledger, service: str, jobs: Sequence[Job]) -> Belonging:
    """Sorts jobs of one service by whether the environment's account can carry them on. Raises SubmitError.

    What another key has paid for and is on disk already can be copied by anybody.
    """
    payer = account(sandbox=True) if service == SANDBOX else real_account()
    belong = f"{counted(len(jobs), 'job')} {'belongs' if len(jobs) == 1 else 'belong'} to {service}"
    if payer is None:
        return Belonging(None, [], _and_forget(f"{belong}: set RUNWARE_API_KEY and run again", jobs), lacks_key=True)
    if payer.service != one_spelling(service):
        return Belonging(None, [], _and_forget(f"{belong}: set RUNWARE_BASE_URL to it and run again", jobs))
    if service == SANDBOX:
        void_lost_jobs(ledger)
    mine: list[Job] = []
    others: list[Job] = []
    for job in claimed(ledger, payer, jobs):
        (mine if job.account == payer.fingerprint or _can_be_copied(ledger, job) else others).append(job)
    return Belonging(payer, mine, _words_about_others(others))


def _can_be_copied(ledger: Ledger, job: Job) -> bool:
    return job.state is State.DONE and is_on_disk(ledger, job)


def _words_about_others(others: Sequence[Job]) -> str | None:
    """Jobs of other keys, by key: which it is, and what can be done."""
    words = []
    for fingerprint in sorted({job.account for job in others}):
        of_key = [job for job in others if job.account == fingerprint]
        sent = [job for job in of_key if not job.was_never_sent]
        key = f"another key (fingerprint {fingerprint})" if fingerprint else "another key"
        if sent:
            were = "was" if len(sent) == 1 else "were"
            words.append(f"{counted(len(sent), 'job')} {were} sent with {key}: set RUNWARE_API_KEY to it and run again")
        if unsent := [job for job in of_key if job.was_never_sent]:
            nothing = f"nothing of {counted(len(unsent), 'job')} with {key} was ever sent or paid"
            words.append(f"{nothing}: set RUNWARE_API_KEY to it, or {_forget(unsent)}")
    return "; ".join(words) or None


def _and_forget(words: str, jobs: Sequence[Job]) -> str:
    unsent = [job for job in jobs if job.was_never_sent]
    if not unsent:
        return words
    of_them = "nothing was ever sent or paid" if len(unsent) == len(jobs) else f"of {len(unsent)} nothing was ever sent"
    return f"{words}; {of_them}: {_forget(unsent)}"


def _forget(jobs: Sequence[Job]) -> str:
    named = " ".join(job.uuid[:8] for job in jobs[:_NAMED])
    more = " …" if len(jobs) > _NAMED else ""
    return f"`storyboard jobs forget {named}{more}` takes {'it' if len(jobs) == 1 else 'them'} out of the ledger"
