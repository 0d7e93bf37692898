"""What a call would do with each storyboard, from the ledger alone: buy, go on, or show what was paid before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from hashlib import sha256
from time import time
from typing import TYPE_CHECKING, Literal

from storyboard.jobs.identity import account_fingerprint, canonical, digest, task_uuid
from storyboard.jobs.restoring import restore
from storyboard.jobs.rows import SANDBOX, Job, Order
from storyboard.jobs.states import BOUGHT, UNSENT, State
from storyboard.jobs.wire import stored_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.compiler.prepare import Prepared
    from storyboard.jobs.ledger import Ledger

_NO_UUID = "00000000-0000-4000-8000-000000000000"


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A storyboard ready to send, and where its videos should go."""

    prepared: Prepared
    order: Order


@dataclass(slots=True)
class Step:
    """What is done about one wanted storyboard.

    "buy": a new job. "go on": a job that was approved before and may not have been sent. "reuse": a paid one.
    "report": one that ended badly; only `--again` tries anew.
    """

    wanted: Wanted
    kind: Literal["buy", "go on", "reuse", "report"]
    job: Job

    @property
    def cost(self) -> Decimal:
        """US dollars that this step may newly spend."""
        return self.job.estimated_cost if self.kind in ("buy", "go on") else Decimal(0)


def request_digest(prepared: Prepared) -> str:
    """What the ledger calls a storyboard's request, whoever pays."""
    return digest(_identity(prepared))


def _identity(prepared: Prepared) -> bytes:
    return canonical(prepared.request(_NO_UUID).task(), prepared.frame_identity)


class Planner:
    """Plans storyboards one after another; a request that occurs twice is bought once."""

    def __init__(self, ledger: Ledger | None, account: Account) -> None:
        self._ledger = ledger
        self._account = account
        self._planned: dict[str, Step] = {}

    def plan(self, wanted: Sequence[Wanted], *, again: bool = False) -> list[Step]:
        """One step for each wanted storyboard, in their order."""
        return [self._again(one) if again else self._step(one) for one in wanted]

    def new_job(self, wanted: Wanted, attempt: int) -> Job:
        """The job that this attempt at a storyboard's request is; written nowhere."""
        prepared = wanted.prepared
        identity = _identity(prepared)
        uuid = task_uuid(self._account.key, identity, attempt)
        data = prepared.frame_bytes
        frame = sha256(data).hexdigest() if data is not None else None
        return Job(
            service=self._account.service,
            uuid=uuid,
            account=self._account.fingerprint,
            digest=digest(identity),
            attempt=attempt,
            state=State.PREPARED,
            request=stored_task(prepared.request(uuid).task(), frame),
            frame=frame,
            media_type=(prepared.image or "")[5:].partition(";")[0] if frame is not None else None,
            estimated_cost=prepared.price,
            takes=prepared.storyboard.output.takes,
            reused=False,
            code=None,
            message=None,
            created_at=time(),
            sent_at=None,
            accepted_at=None,
            finished_at=None,
        )

    @property
    def _is_free(self) -> bool:
        """Whether what ended badly can simply be made anew."""
        return self._account.service == SANDBOX

    def _attempts(self, wanted: Wanted, job: Job) -> list[Job]:
        if self._ledger is None:
            return []
        known = self._ledger.attempts(job.service, job.account, job.digest)
        return known or restore(self._ledger, wanted.order, job.service, partial(self.new_job, wanted))

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
        step = Step(wanted, "buy", job)
        self._planned[job.digest] = step
        return step
