"""The states of a job, and which of them are ends."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a job stands; the ledger holds the last one that is certain."""

    PREPARED = "prepared"
    """Written down; no byte has left."""
    SUBMITTING = "submitting"
    """Being sent; after a crash, the same as unknown."""
    UNKNOWN = "unknown"
    """Sent, and nobody can say whether it arrived."""
    ACCEPTED = "accepted"
    """The service has it, and it is paid or will be."""
    READY = "ready"
    """Finished at the service, not yet all on disk."""
    DONE = "done"
    """Every finished take is on disk, checked, with its receipt."""
    REJECTED = "rejected"
    """Refused by the service before it was taken; not paid."""
    FAILED = "failed"
    """Taken by the service, and failed there."""
    EXPIRED = "expired"
    """Finished, but the service does not give the video out any more."""
    REVIEW = "review"
    """Sent, and asking cannot tell whether it was taken; a person decides."""


ABANDONED = "abandoned"
"""The code of a job that a person has given up; it is FAILED, and may have been charged."""
ODD_LENGTH = "oddLength"
"""The code of a job that is done although a video of it is longer or shorter than it was ordered."""

UNSENT = frozenset((State.PREPARED, State.SUBMITTING, State.UNKNOWN))
"""States in which the service may not have the job."""
BOUGHT = frozenset((State.ACCEPTED, State.READY, State.DONE))
"""States in which money was spent and there is, or will be, something for it."""
ENDS = frozenset((State.DONE, State.REJECTED, State.FAILED, State.EXPIRED, State.REVIEW))
"""States that nothing but a person's word leaves."""
