"""What the ledger's rows hold, as frozen records."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from time import time
from typing import Any

from storyboard.jobs.states import State

SANDBOX = "sandbox"
"""The service of jobs that cost nothing."""

UNKNOWN_ACCOUNT = ""
"""The account of a job that a receipt proves: it does not say which key has paid."""
_GOING_ON = (State.ACCEPTED, State.READY)
_DOUBTFUL = (State.SUBMITTING, State.UNKNOWN)

JOB_COLUMNS = (
    "service, uuid, account, digest, attempt, state, request, frame, media_type, estimated_cost, takes, reused, "
    "code, message, created_at, sent_at, accepted_at, finished_at"
)


STATE_COLUMNS = "state, reused, code, message, sent_at, accepted_at, finished_at"
"""What of a job changes."""


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the ledger."""

    service: str
    uuid: str
    account: str
    digest: str
    attempt: int
    state: State
    request: dict[str, Any]
    frame: str | None
    media_type: str | None
    estimated_cost: Decimal
    takes: int
    reused: bool = False
    code: str | None = None
    message: str | None = None
    created_at: float = field(default_factory=time)
    sent_at: float | None = None
    accepted_at: float | None = None
    finished_at: float | None = None

    @property
    def provider(self) -> str:
        """Who makes its videos, as reports name it."""
        return SANDBOX if self.service == SANDBOX else "runware"

    @property
    def kept_words(self) -> str:
        """How a job that was taken and is not on disk is kept, as the rest of "it is …"."""
        return "kept" if self.service == SANDBOX else "paid for and kept"

    @property
    def was_never_sent(self) -> bool:
        """Whether nothing was paid for it: no byte of it left this machine, or the service did not take it."""
        return self.state in (State.PREPARED, State.SUBMITTING) and self.sent_at is None

    @property
    def is_in_doubt(self) -> bool:
        """Whether it was sent, or may have been, and no answer has said what became of it."""
        return self.state is State.UNKNOWN or (self.state is State.SUBMITTING and self.sent_at is not None)

    @property
    def may_be_paid(self) -> bool:
        """Whether it was paid for, or may have been."""
        return self.state is not State.REJECTED and not self.was_never_sent

    @property
    def may_be_there(self) -> bool:
        """Whether it was sent and is not at its end: the service has it, or may have it."""
        return self.state in _GOING_ON or (self.state in _DOUBTFUL and self.sent_at is not None)

    @property
    def can_be_given_up(self) -> bool:
        """Whether it was sent, or may have been, and a person may still wait for something."""
        return self.may_be_there or self.state is State.REVIEW

    def cost_of(self, result: Result) -> float | None:
        """US dollars for one of its videos; None where the service named no believable price."""
        return 0.0 if self.service == SANDBOX else result.cost


@dataclass(frozen=True, slots=True)
class Result:
    """One finished video of a job."""

    video_uuid: str
    number: int
    url: str | None
    seed: int | None
    cost: float | None
    nsfw: bool | None
    sha256: str | None
    bytes: int | None

    @property
    def is_there(self) -> bool:
        """Whether it can be, or could be, fetched: one that is only named may not be made yet."""
        return self.url is not None or self.sha256 is not None


@dataclass(frozen=True, slots=True)
class Order:
    """A storyboard that wants a job's videos in a folder."""

    file: str
    folder: str
    shown: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells orders of one job apart."""
        return self.file, self.folder


def job_values(job: Job) -> tuple[object, ...]:
    """A job's row, in the order of JOB_COLUMNS."""
    return (
        job.service,
        job.uuid,
        job.account,
        job.digest,
        job.attempt,
        job.state,
        json.dumps(job.request, ensure_ascii=False),
        job.frame,
        job.media_type,
        str(job.estimated_cost),
        job.takes,
        int(job.reused),
        job.code,
        job.message,
        job.created_at,
        job.sent_at,
        job.accepted_at,
        job.finished_at,
    )


def job_from_row(row: tuple[Any, ...]) -> Job:
    """A job from its row, in the order of JOB_COLUMNS."""
    service, uuid, account, digest, attempt, state, request, frame, media_type, cost, takes, reused, *rest = row
    return Job(
        service,
        uuid,
        account,
        digest,
        attempt,
        State(state),
        json.loads(request),
        frame,
        media_type,
        Decimal(cost),
        takes,
        bool(reused),
        *rest,
    )


def job_as_it_stands(known: Job, row: tuple[Any, ...]) -> Job:
    """A job that was read before, with what of it has changed, in the order of STATE_COLUMNS."""
    state, reused, code, message, sent_at, accepted_at, finished_at = row
    return replace(
        known,
        state=State(state),
        reused=bool(reused),
        code=code,
        message=message,
        sent_at=sent_at,
        accepted_at=accepted_at,
        finished_at=finished_at,
    )
