"""The clocks by which it is judged whether something still holds; all that money hangs on reads them here."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any

AHEAD = 60.0
"""Seconds by which a stamp may lie ahead of this machine's clock before it cannot be true."""

_THROUGH_SLEEP: dict[str, int] = {
    platform: getattr(time, name)
    for platform, name in (("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC"))
    if hasattr(time, name)
}
"""By platform, the clock of `clock_gettime` that goes on while the machine sleeps."""


def now() -> float:
    """Seconds since 1970; this clock can be set, forward and back."""
    return time.time()


def ticks() -> float:
    """Seconds since some moment: a clock that nobody can set, and that goes on while the machine sleeps.

    Linux stops the one of `time.monotonic` while the machine is suspended, and so does macOS; Windows does not.
    """
    clock = _THROUGH_SLEEP.get(sys.platform)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of this process by both clocks, now unless they say otherwise."""

    # Looked up at each call: tests put other clocks in their place.
    at: float = field(default_factory=lambda: now())  # noqa: PLW0108
    tick: float = field(default_factory=lambda: ticks())  # noqa: PLW0108

    @property
    def age(self) -> float:
        """Seconds since, by whichever clock says more: one of them may have been set, the other may have stood."""
        return max(now() - self.at, ticks() - self.tick)


def is_moment(value: Any) -> bool:
    """Whether a value is seconds since 1970, now or before; for ones that others have written down."""
    return isinstance(value, int | float) and 0 <= value <= now() + AHEAD
