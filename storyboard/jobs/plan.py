"""What a call would do with each storyboard, from the ledger alone: buy, go on, or show what was paid before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Literal

from storyboard.jobs.identity import account_fingerprint, digest, task_uuid
from storyboard.jobs.restoring import restore
from storyboard.jobs.rows import SANDBOX, Job
from storyboard.jobs.shelf import Shelves
from storyboard.jobs.states import BOUGHT, UNSENT, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Account:
    """Who pays, and where."""

    service: str
    """The service's base URL, or "sandbox"."""
    key: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What the ledger knows of the key."""
        return account_fingerprint(self.key)


@dataclass(slots=True)
class Step:
    """What is done about one wanted storyboard.

    "buy": a new job. "go on": a job that was approved before and may not have been sent. "reuse": a paid one.
    "report": one that ended badly; only `--again` tries anew.
    """

    wanted: Wanted
    kind: Literal["buy", "go on", "reuse", "report"]
    job: Job
    unfinished: Job | None = None
    """An earlier job for the same request that may still be sent; only `--again` buys beside it."""

    @property
    def cost(self) -> Decimal:
        """US dollars that this step may newly spend."""
        return self.job.estimated_cost if self.kind in ("buy", "go on") else Decimal(0)


class Planner:
    """Plans storyboards one after another; a request that occurs twice is bought once."""

    def __init__(self, ledger: Ledger | None, account: Account) -> None:
        self._ledger = ledger
        self._account = account
        self._planned: dict[str, Step] = {}
        self._shelves = Shelves()

    def plan(self, wanted: Sequence[Wanted], *, again: bool = False) -> list[Step]:
        """One step for each wanted storyboard, in their order."""
        return [self._again(one) if again else self._step(one) for one in wanted]

    def new_job(self, wanted: Wanted, attempt: int) -> Job:
        """The job that this attempt at a storyboard's request is; written nowhere."""
        identity = wanted.identity
        uuid = task_uuid(self._account.key, identity, attempt)
        return Job(
            service=self._account.service,
            uuid=uuid,
            account=self._account.fingerprint,
            digest=digest(identity),
            attempt=attempt,
            state=State.PREPARED,
            request=wanted.task | {"taskUUID": uuid},
            frame=wanted.frame,
            media_type=wanted.media_type,
            estimated_cost=wanted.price,
            takes=wanted.takes,
        )

    @property
    def _is_free(self) -> bool:
        """Whether what ended badly can simply be made anew."""
        return self._account.service == SANDBOX

    def _attempts(self, wanted: Wanted, job: Job) -> list[Job]:
        if self._ledger is None:
            return []
        known = self._ledger.attempts(job.service, job.account, job.digest)
        if known:
            return known
        shelf = self._shelves.at(wanted.order.folder)
        return restore(self._ledger, wanted.order, job.service, partial(self.new_job, wanted), shelf)

    def _step(self, wanted: Wanted) -> Step:
        job = self.new_job(wanted, 1)
        if (planned := self._planned.get(job.digest)) is not None:
            return Step(wanted, "report" if planned.kind == "report" else "reuse", planned.job)
        attempts = self._attempts(wanted, job)
        step = Step(wanted, "buy", job)
        if bought := [attempt for attempt in attempts if attempt.state in BOUGHT]:
            step = Step(wanted, "reuse", bought[-1])
        elif unsent := [attempt for attempt in attempts if attempt.state in UNSENT]:
            step = Step(wanted, "go on", unsent[-1])
        elif not self._is_free and (ended := [one for one in attempts if one.state is not State.REJECTED]):
            step = Step(wanted, "report", ended[-1])
        elif attempts:
            step = Step(wanted, "buy", self.new_job(wanted, attempts[-1].attempt + 1))
        self._planned[job.digest] = step
        return step

    def _again(self, wanted: Wanted) -> Step:
        job = self.new_job(wanted, 1)
        planned = self._planned.get(job.digest)
        attempts = self._attempts(wanted, job)
        last = planned.job if planned is not None else attempts[-1] if attempts else None
        if last is not None:
            job = self.new_job(wanted, last.attempt + 1)
        step = Step(wanted, "buy", job, next((one for one in attempts if one.state in UNSENT), None))
        self._planned[job.digest] = step
        return step
