"""The fault plan: which request is answered badly, and how."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

On = Literal["submit", "poll", "details", "download"]
Kind = Literal[
    "401", "402", "403", "404", "410", "429", "500", "503", "504", "504_html",
    "reset", "stall", "slow", "drip", "cut",
    "truncated", "empty", "missing_uuid", "not_json", "html_200", "redirect",
    "repeated", "reordered", "partial", "extra", "foreign", "data_object", "empty_errors", "error_object", "error_list",
    "forget", "batch_refused",
    "wrong_length", "range_ignored", "wrong_range", "expired",
]  # fmt: skip

STATUSES = frozenset({"401", "402", "403", "404", "410", "429", "500", "503", "504_html"})
ONLY_API = frozenset(
    {"504", "truncated", "missing_uuid", "not_json", "repeated", "reordered", "partial", "extra", "foreign"}
    | {"data_object", "empty_errors", "error_object", "error_list", "forget", "batch_refused"}
)
ONLY_DOWNLOAD = frozenset({"wrong_length", "range_ignored", "wrong_range", "expired"})
# These hand over the true answer, in a strange form: without a charge there would be none to hand over.
TRUE_ANSWER = frozenset(
    {"slow", "drip", "repeated", "reordered", "partial", "extra", "foreign", "data_object", "empty_errors", "forget"}
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of bad answer, given to `count` requests from the `nth` fitting one on."""

    on: On
    kind: Kind
    nth: int = 1
    """From 1, counted among the requests that fit `on` and `uuid`."""
    count: int | None = 1
    """None is for ever."""
    when: Literal["before", "after"] | None = None
    """A submit: before or after it is accepted and charged. A download that resets or stalls: before the first byte
    or after half of the file. None is "after" for kinds that hand over the true answer, else "before"."""
    uuid: str | None = None
    """Only requests that name this taskUUID (for downloads: or this videoUUID)."""

    seconds: float | None = None
    """stall, slow, drip, forget: how long. A stall without it lasts until the client gives up."""
    retry_after: int | None = None
    """429 and 503: seconds in the Retry-After header."""
    retry_as_date: bool = False
    scoped: bool = False
    """401 to 503: the error names the request's first taskUUID."""
    limit: int = 1
    """batch_refused: the largest poll that is let through."""
    off_by: int = -64
    """wrong_length: what is added to the true Content-Length."""
    location: str | None = None
    """redirect: where to; without it a download is sent back to itself, an API call to `/elsewhere`."""

    def __post_init__(self) -> None:
        """Refuse plans that could not happen."""
        wrong = ONLY_API if self.on == "download" else ONLY_DOWNLOAD
        if self.kind in wrong:
            raise ValueError(f"{self.kind} cannot happen on {self.on}")
        if self.kind == "batch_refused" and self.on != "poll":
            raise ValueError("batch_refused is about polls")
        if self.on == "submit" and self.when == "before" and self.kind in TRUE_ANSWER:
            raise ValueError(f"{self.kind} hands over the true answer: it needs when='after'")

    @property
    def charges(self) -> bool:
        """Whether a submit that meets this fault is accepted and charged first."""
        return (self.when or ("after" if self.kind in TRUE_ANSWER else "before")) == "after"

    def fits(self, on: On, uuids: Collection[str]) -> bool:
        """Whether a request of this sort, naming these UUIDs, counts for this fault."""
        if self.on != on or (self.uuid is not None and self.uuid not in uuids):
            return False
        return self.kind != "batch_refused" or len(uuids) > self.limit


@dataclass
class _Slot:
    fault: Fault
    met: int = 0
    used: int = 0


@dataclass
class FaultPlan:
    """The faults with their counters; every request counts for all faults that it fits and meets at most one."""

    slots: list[_Slot] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, faults: Iterable[Fault]) -> None:
        """Append faults; they count from now."""
        with self.lock:
            self.slots.extend(_Slot(fault) for fault in faults)

    def meet(self, on: On, uuids: Collection[str]) -> Fault | None:
        """Count this request and give the first fault whose turn it is."""
        hit: _Slot | None = None
        with self.lock:
            for slot in self.slots:
                if not slot.fault.fits(on, uuids):
                    continue
                slot.met += 1
                first, count = slot.fault.nth, slot.fault.count
                due = slot.met >= first and (count is None or slot.met < first + count)
                if due and hit is None:
                    hit = slot
                    slot.used += 1
        return hit.fault if hit else None

    def unused(self) -> list[Fault]:
        """The faults that no request has met: a test that planned them did not test them."""
        with self.lock:
            return [slot.fault for slot in self.slots if not slot.used]
