"""What a call would do with each storyboard, from the ledger alone: buy, go on, or show what was paid before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Literal

from storyboard.jobs.claims import claimed
from storyboard.jobs.identity import account_fingerprint, digest, task_uuid
from storyboard.jobs.presence import is_here
from storyboard.jobs.proving import Papers
from storyboard.jobs.restoring import restore
from storyboard.jobs.rows import SANDBOX, UNKNOWN_ACCOUNT, Job
from storyboard.jobs.shelf import Shelves
from storyboard.jobs.states import BOUGHT, ENDS, UNSENT, State

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
    """Empty where there is none: good for planning alone."""

    @property
    def fingerprint(self) -> str:
        """What the ledger knows of the key."""
        return account_fingerprint(self.key)


@dataclass(slots=True)
class Step:
    """What is done about one wanted storyboard.

    "buy": a new job. "go on": a job that was approved before and may not have been sent. "reuse": a paid one.
    "report": one that ended badly; only `--again` tries anew. "stop": one that another key paid for, or may have, and
    whose videos are not here; only `--again` buys beside it.
    """

    wanted: Wanted
    kind: Literal["buy", "go on", "reuse", "report", "stop"]
    job: Job
    unfinished: Job | None = None
    """An earlier job for the same request that may still be sent; only `--again` buys beside it."""
    is_of_another_key: bool = False
    """Whether the job is one of another key, about which this one cannot ask."""

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
        self._papers = Papers()
        self._accounts: list[str] | None = None

    def plan(self, wanted: Sequence[Wanted], *, again: bool = False) -> list[Step]:
        """One step for each wanted storyboard, in their order.

        With an account without a key what any key has paid, or may have, counts as its own.
        """
        self._accounts = None
        steps = [self._again(one) if again else self._step(one) for one in wanted]
        return steps if self._account.key else [_of_any_key(step) for step in steps]

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
        restored = restore(self._ledger, wanted.order, job.service, partial(self.new_job, wanted), shelf)
        return restored or self._claimed(self._ledger, job)

    def _claimed(self, ledger: Ledger, job: Job) -> list[Job]:
        """Jobs of which receipts did not say whose they are, and that turn out to be this key's."""
        if UNKNOWN_ACCOUNT not in self._other_accounts(ledger):
            return []
        claimed(ledger, self._account, ledger.attempts(job.service, UNKNOWN_ACCOUNT, job.digest))
        return ledger.attempts(job.service, job.account, job.digest)

    def _attempts_of_others(self, wanted: Wanted, job: Job) -> list[Job]:
        """Every job of other keys for a request, receipts in the order's folder included, oldest first."""
        if self._ledger is None or self._is_free:
            return []
        ledger, known = self._ledger, list[Job]()
        if self._other_accounts(ledger):
            known = ledger.attempts_of_others(job.service, job.account, job.digest)
        if any(one.state is State.DONE and ledger.results(one) for one in known):
            return known
        if self._papers.take_in(ledger, wanted.order.folder, job.service, job.digest):
            self._accounts = None
            return ledger.attempts_of_others(job.service, job.account, job.digest)
        return known

    def _other_accounts(self, ledger: Ledger) -> list[str]:
        """The accounts of other keys, read once in a plan: mostly there are none, and nothing more is looked up."""
        if self._accounts is None:
            self._accounts = ledger.other_accounts(self._account.service, self._account.fingerprint)
        return self._accounts

    def _step(self, wanted: Wanted) -> Step:
        job = self.new_job(wanted, 1)
        if (planned := self._planned.get(job.digest)) is not None:
            kind = planned.kind if planned.kind in ("report", "stop") else "reuse"
            return Step(wanted, kind, planned.job, is_of_another_key=planned.is_of_another_key)
        attempts = self._attempts(wanted, job)
        if bought := [attempt for attempt in attempts if attempt.state in BOUGHT]:
            step = Step(wanted, "reuse", bought[-1])
        else:
            step = self._unbought_step(wanted, job, attempts)
        self._planned[job.digest] = step
        return step

    def _unbought_step(self, wanted: Wanted, job: Job, attempts: list[Job]) -> Step:
        """What is done where this key bought nothing: what others bought comes before anything that costs."""
        others = self._attempts_of_others(wanted, job)
        if here := [one for one in others if self._is_here(one, wanted)]:
            return Step(wanted, "reuse", here[-1], is_of_another_key=True)
        if unsent := [one for one in attempts if one.state in UNSENT and not self._is_paid_since(one)]:
            return Step(wanted, "go on", unsent[-1])
        if away := [one for one in others if self._is_away(one)]:
            bought = [one for one in away if one.state in BOUGHT]
            return Step(wanted, "stop", (bought or away)[-1], is_of_another_key=True)
        if not self._is_free:
            for jobs, is_of_another_key in ((attempts, False), (others, True)):
                if ended := [one for one in jobs if one.state in ENDS and one.state is not State.REJECTED]:
                    return Step(wanted, "report", ended[-1], is_of_another_key=is_of_another_key)
        return Step(wanted, "buy", self.new_job(wanted, attempts[-1].attempt + 1) if attempts else job)

    def _is_here(self, job: Job, wanted: Wanted) -> bool:
        """Whether another key's job is done and this order can have its videos without asking for them."""
        if self._ledger is None or job.state is not State.DONE:
            return False
        return is_here(self._ledger, job, wanted.order, self._shelves.at(wanted.order.folder))

    def _is_paid_since(self, job: Job) -> bool:
        """Whether another key has paid for what this job, which was never sent, was to buy."""
        return self._ledger is not None and job.was_never_sent and self._ledger.paid_since(job) is not None

    def _is_away(self, job: Job) -> bool:
        """Whether another key's job is or may be paid for, and only that key can have its videos."""
        if job.state in BOUGHT or (job.state in UNSENT and job.may_be_paid):
            return True
        return self._ledger is not None and job.was_never_sent and self._ledger.is_held_elsewhere(job)

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


def _of_any_key(step: Step) -> Step:
    """A step without a word about which key it is of."""
    kind = step.kind if step.kind != "stop" else "reuse" if step.job.state in BOUGHT else "go on"
    return replace(step, kind=kind, is_of_another_key=False)
