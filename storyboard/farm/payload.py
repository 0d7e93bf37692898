"""A task's arguments: the job as it will be sent, sealed with the account's key, and nothing secret."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from storyboard.jobs.identity import digest, task_uuid
from storyboard.jobs.rows import Job
from storyboard.jobs.states import State
from storyboard.jobs.wire import identity_of

if TYPE_CHECKING:
    from storyboard.jobs.plan import Account

_PURPOSE = b"storyboard farm task 1\0"
_OF_TAKES = b"storyboard farm takes 1\0"
_OF_A_TAKE = ("video", "url", "cost", "seed")
"""What another worker takes over of a take."""
_KEYS = frozenset(("uuid", "attempt", "service", "request", "frame", "media_type", "estimated_cost", "seal"))


class NotOurs(Exception):
    """A task that nobody who has this account's key can have written; the text says why."""


def queue_of(account: Account) -> str:
    """The queue of one account at one service: workers with another key never see its tasks."""
    return f"storyboard-{account.fingerprint}-{sha256(account.service.encode()).hexdigest()[:8]}"


def account_of(queue: str, mine: str) -> str | None:
    """The fingerprint of the account whose queue at the same service as `mine` this is; None for any other queue."""
    begin, _, service = mine.rpartition("-")
    start = begin.rpartition("-")[0] + "-"
    is_one = queue.startswith(start) and queue.endswith(f"-{service}")
    return queue.removeprefix(start).removesuffix(f"-{service}") if is_one else None


@dataclass(frozen=True, slots=True)
class Payload:
    """What a worker must know to send a job, or to ask for it."""

    uuid: str
    attempt: int
    service: str
    request: dict[str, Any]
    """The task as ledger and receipts keep it: a local first frame as its digest, no `${NAME}` filled in."""
    frame: str | None
    media_type: str | None
    estimated_cost: str

    @classmethod
    def of(cls, job: Job) -> Self:
        """What there is to know of a planned job."""
        cost = str(job.estimated_cost)
        return cls(job.uuid, job.attempt, job.service, job.request, job.frame, job.media_type, cost)

    @classmethod
    def opened(cls, arguments: dict[str, Any], account: Account) -> Self:
        """What a task's arguments say, where this account's key has sealed them. Raises NotOurs."""
        if set(arguments) != _KEYS:
            raise NotOurs("its arguments are not those of this version of storyboard")
        content = {key: value for key, value in arguments.items() if key != "seal"}
        if not hmac.compare_digest(str(arguments["seal"]).encode(), _seal(content, account).encode()):
            raise NotOurs("its seal is not of this account's key: it was changed, or written by somebody else")
        payload = cls(**content)
        if payload.service != account.service:
            raise NotOurs(f"it belongs to {payload.service}")
        if task_uuid(account.key, identity_of(payload.request), payload.attempt) != payload.uuid:
            raise NotOurs("this account would not give its request this UUID")
        return payload

    def sealed(self, account: Account) -> dict[str, Any]:
        """The task's arguments, so that nobody without the key can change what is sent, or where results go."""
        content = asdict(self)
        return content | {"seal": _seal(content, account)}

    def job(self, account: Account) -> Job:
        """The job as nobody has sent it yet."""
        takes = self.request.get("numberResults", 1)
        try:
            cost = Decimal(self.estimated_cost)
        except InvalidOperation:
            raise NotOurs(f"{self.estimated_cost!r} is no cost") from None
        return Job(
            service=self.service,
            uuid=self.uuid,
            account=account.fingerprint,
            digest=digest(identity_of(self.request)),
            attempt=self.attempt,
            state=State.PREPARED,
            request=self.request,
            frame=self.frame,
            media_type=self.media_type,
            estimated_cost=cost,
            takes=takes,
        )


def seal_takes(line: dict[str, Any], uuid: str, account: Account) -> dict[str, Any]:
    """A line of what came of a job, as the database keeps it: nobody without the key can make up its takes."""
    return line | {"seal": _seal(_takes_in(line, uuid), account, _OF_TAKES)}


def genuine_takes(line: object, uuid: str, account: Account) -> list[dict[str, Any]]:
    """The takes in a line of the database, where this account's key has sealed them; none where it has not."""
    if not isinstance(line, dict):
        return []
    try:
        content = _takes_in(line, uuid)
    except (KeyError, TypeError):
        return []
    is_ours = hmac.compare_digest(str(line.get("seal")).encode(), _seal(content, account, _OF_TAKES).encode())
    return list(content["takes"]) if is_ours else []


def _takes_in(line: dict[str, Any], uuid: str) -> dict[str, Any]:
    return {"uuid": uuid, "takes": [{key: take[key] for key in _OF_A_TAKE} for take in line["takes"]]}


def _seal(content: dict[str, Any], account: Account, purpose: bytes = _PURPOSE) -> str:
    plain = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    return hmac.digest(account.key.encode(), purpose + plain, "sha256").hex()
