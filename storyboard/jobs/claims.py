"""Jobs of which receipts did not say whose they are, taken by the key that has paid for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.jobs.identity import task_uuid
from storyboard.jobs.rows import UNKNOWN_ACCOUNT
from storyboard.jobs.wire import identity_of, is_as_approved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job


def claimed(ledger: Ledger, account: Account, jobs: Iterable[Job]) -> list[Job]:
    """The same jobs; those of an unknown key that only this account's key can have made are this account's now."""
    return [_claim(ledger, account, job) if _is_made_by(account, job) else job for job in jobs]


def _is_made_by(account: Account, job: Job) -> bool:
    """Whether a job of an unknown key has the UUID that this key makes for its request."""
    if job.account != UNKNOWN_ACCOUNT or job.service != account.service or not is_as_approved(job):
        return False
    return task_uuid(account.key, identity_of(job.request), job.attempt) == job.uuid


def _claim(ledger: Ledger, account: Account, job: Job) -> Job:
    ledger.claim(job, account.fingerprint)
    return ledger.get(job.service, job.uuid) or job
