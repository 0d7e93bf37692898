"""What the desk shows: jobs as they stand, and what happens to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.submitting.errors import Kind


@dataclass(frozen=True, slots=True)
class TakeView:
    """One finished video of a job; number and path are None where it was not brought home yet."""

    number: int | None
    path: str | None
    on_disk: bool
    fetched: bool = False
    """Whether it was ever downloaded to `path`."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it stands, for one storyboard that wants it."""

    uuid: str
    file: str
    """The storyboard's real path."""
    shown: str
    """The storyboard as it was named when it was submitted."""
    service: str
    """The service's base URL, or "sandbox"."""
    state: str
    doing: str
    """The state for people, as "rendering"."""
    known: str
    """What is certain about it, money included, in a sentence."""
    ended: bool
    carried: bool
    """Whether this desk carries it now."""
    takes: tuple[TakeView, ...]
    cost: Decimal | None
    """US dollars as the service said; None where it has not."""
    estimate: Decimal
    """US dollars by the list; 0 in the sandbox."""
    seconds: float | None
    """From sending to now, or to its end; None where that is not known."""
    error: str | None
    """What went wrong, and what to do next."""
    progress: float | None
    """Percent, where the service says so."""
    elsewhere: bool = False
    """Whether another process carries it now."""
    sent: bool = True
    """Whether the service has it or may have it; nothing was paid for one that was never sent."""
    account: str = ""
    """The fingerprint of the key that paid, or would pay."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A job was written down, or got on."""

    job: JobView


@dataclass(frozen=True, slots=True)
class Finished:
    """The desk has finished with a job, well or not: `words` say what came of it."""

    job: JobView
    words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing of an offer was sent; `words` say why and what to do."""

    files: tuple[str, ...]
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Jobs could not be carried on; all work is kept, `words` say why and what to do."""

    jobs: tuple[str, ...]
    """Their UUIDs."""
    words: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that nobody expected: a full disk, or a bug. Jobs that were sent are kept."""

    words: str


Event = Changed | Finished | Refused | Stopped | Broken
