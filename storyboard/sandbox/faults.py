"""A fault plan: which requests are answered badly, and how. The same plan and requests give the same faults."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storyboard.sandbox.messages import Conflict

On = Literal["submit", "poll", "details", "upload", "download"]
When = Literal["before", "after"]

REQUESTS: tuple[On, ...] = ("submit", "poll", "details", "upload", "download")
STATUSES = ("401", "402", "403", "404", "410", "429", "500", "503", "504")
TRANSPORT = ("reset", "stall", "slow", "drip", "cut", "html")
API = ("truncated", "empty", "missing_uuid", "repeated", "reordered", "partial", "extra")
JOB = ("fail", "forget")
DOWNLOAD = ("wrong_length", "range_ignored", "expired")
KINDS = (*STATUSES, *TRANSPORT, *API, *JOB, *DOWNLOAD)
# These hand over a true answer in a strange shape, or are about a job that was taken.
_NEEDS_ANSWER = frozenset(("slow", "drip", "repeated", "reordered", "partial", "extra", "missing_uuid", *JOB))


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of bad answer, given to `count` fitting requests from the `nth` on; see docs/sandbox.md."""

    on: On
    kind: str
    nth: int = 1
    count: int | None = 1
    """None is for ever."""
    chance: float = 1.0
    """From 0 to 1: how likely each of these requests meets the fault."""
    when: When | None = None
    """Whether a submit is taken and charged before the fault, or the fault comes first."""
    uuid: str | None = None
    """Only requests about this taskUUID, or for downloads this videoUUID."""
    seconds: float | None = None
    retry_after: int | None = None
    retry_as_date: bool = False
    scoped: bool = False
    """Whether an error of a status names the request's first task."""
    bytes: int = -64
    """What `wrong_length` adds to the true length."""
    code: str = "inferenceError"
    message: str = "The sandbox's fault plan let this job fail."

    @property
    def is_after(self) -> bool:
        """Whether the sandbox deals with the request before the fault comes."""
        return (self.when or ("after" if self.kind in _NEEDS_ANSWER else "before")) == "after"

    def fits(self, on: On, uuids: Collection[str]) -> bool:
        """Whether a request of this sort, about these UUIDs, counts for this fault."""
        return self.on == on and (self.uuid is None or self.uuid in uuids)


@dataclass
class FaultPlan:
    """Faults with their counters: a request counts for all that it fits, and meets the first whose turn it is."""

    faults: Sequence[Fault] = ()
    seed: int = 0
    conflict: Conflict | None = None
    """How long a taskUUID is refused, where the plan says so."""
    _met: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def meet(self, on: On, uuids: Collection[str]) -> tuple[int, Fault] | None:
        """Count this request; the fault that it meets, with its number in the plan from 1."""
        hit = None
        with self._lock:
            for number, fault in enumerate(self.faults, start=1):
                if not fault.fits(on, uuids):
                    continue
                turn = self._met[number] = self._met.get(number, 0) + 1
                if hit is None and self._is_due(number, fault, turn):
                    hit = number, fault
        return hit

    def _is_due(self, number: int, fault: Fault, turn: int) -> bool:
        if turn < fault.nth or (fault.count is not None and turn >= fault.nth + fault.count):
            return False
        return fault.chance >= 1 or Random(f"{self.seed}/{number}/{turn}").random() < fault.chance
