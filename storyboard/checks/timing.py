"""Rules on seconds: SB101 and SB102."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.checks.diagnostic import Finding, Fix
from storyboard.checks.kinds import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.draft import Draft


def total_in_range(draft: Draft) -> Iterator[Finding]:
    """SB101: the model makes films of so many seconds and no others."""
    bounds = draft.profile.total_seconds
    duration, total = draft.duration, draft.total_seconds
    if duration is not None and duration not in bounds:
        yield Finding(
            "SB101", ("duration",), f"{_seconds(duration)} in all: {_advice(duration, bounds.least, bounds.most)}"
        )
    if total is not None and total not in bounds and total != duration:
        yield Finding(
            "SB101", ("shots",), f"the shots make {_seconds(total)}: {_advice(total, bounds.least, bounds.most)}"
        )


def duration_is_the_sum(draft: Draft) -> Iterator[Finding]:
    """SB102: the promised duration equals the sum of the shots."""
    duration, total = draft.duration, draft.total_seconds
    if duration is None or total is None or duration == total:
        return
    off = abs(total - duration)
    way = "too many: take them from the shots" if total > duration else "missing: give them to the shots"
    yield Finding(
        "SB102",
        ("duration",),
        f"`duration` says {_seconds(duration)}, the shots make {_seconds(total)}: "
        f"{_seconds(off)} {way}, or write {short(total)}",
        fix=Fix(f"write {total}", ("duration",), total) if total in draft.profile.total_seconds else None,
    )


def _advice(seconds: int, least: int, most: int) -> str:
    if seconds > most:
        return f"{_seconds(seconds - most)} too many (from {least} to {most})"
    return f"{_seconds(least - seconds)} missing (from {least} to {most})"


def _seconds(number: int) -> str:
    return f"{short(number)} s"
