"""A machine that sleeps, or a process that is stopped, at any point: what others did meanwhile is not paid again.

By default a covering part of the table is run, as in `test_kills_and_faults`. STORYBOARD_SOAK=1 runs the whole product.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from tests.jobs import points
from tests.jobs.points import DEATH
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.jobs.studio import Studio
from tests.jobs.test_kills_and_faults import CONFLICTS, FAULTS, JOB_SECONDS
from tests.provider import Provider

if TYPE_CHECKING:
    from pathlib import Path

Other = Literal["nobody", "machine", "process"]

POINTS = (
    "before_sending", "after_commit", "connected", "headers_sent", "body_sent", "after_response", "polling",
    "before_deliver", "mid_download", "after_rename", "after_receipt",
)  # fmt: skip
"""None within a transaction: as long as that is open, nobody else writes to the ledger."""
OTHERS: tuple[Other, ...] = ("nobody", "machine", "process")
ENDS = ("wakes", "dies")
SLEEP = 150.0
"""Seconds: longer than an answer is good for, and than a lease lasts."""


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    point: str
    other: Other
    fault: str
    conflict: Literal["always", "running"]
    end: str
    job_seconds: float

    def __str__(self) -> str:
        figures = (self.point, self.other, self.fault, self.conflict, self.end, f"{self.job_seconds}s")
        return "-".join(figure.replace(" ", "_") for figure in figures)


def _product() -> list[Case]:
    """All but how long the jobs take, which is drawn."""
    draw = random.Random(0)
    return [
        Case(point, other, fault, conflict, end, draw.choice(JOB_SECONDS))
        for point in POINTS
        for other in OTHERS
        for fault in FAULTS
        for conflict in CONFLICTS
        for end in ENDS
    ]


def _covering() -> list[Case]:
    """Each point with each other one once without a fault, waking, under the reading that forgets; the rest drawn."""
    cases = [Case(point, other, "none", "running", "wakes", 0.01) for point in POINTS[1:5] for other in OTHERS[1:]]
    for place, point in enumerate(POINTS):
        draw = random.Random(place)
        other, fault, end = draw.choice(OTHERS), draw.choice(list(FAULTS)), draw.choice(ENDS)
        cases.append(Case(point, other, fault, draw.choice(CONFLICTS), end, draw.choice(JOB_SECONDS)))
    return cases


@pytest.mark.parametrize("case", _product() if os.environ.get("STORYBOARD_SOAK") else _covering(), ids=str)
def test_asleep_at_a_point(case: Case, tmp_path: Path) -> None:
    """Whoever does the same board meanwhile, whether the sleeper wakes or dies: one bill, and all have the videos."""
    with Provider(job_seconds=case.job_seconds, conflict=case.conflict, faults=FAULTS[case.fault]) as provider:
        here, there = (Studio(tmp_path / name, provider) for name in ("here", "there"))
        board = here.board("one")
        there.board("one")
        wake = here.folder / "wake"
        asleep = points.sleep_until(wake, SLEEP, points.die if case.end == "dies" else lambda: None)
        sleeper = here.start("submit", board, "--yes", "--json", at=case.point, act=asleep)
        is_asleep = sleeper.reaches(wake.with_suffix(".waiting"))  # a fault may lead round the point
        provider.advance(SLEEP)
        if is_asleep and case.other == "machine":
            assert_done(there, there.start("submit", board, "--yes", "--json", ahead=SLEEP).wait())
        elif is_asleep and case.other == "process":
            assert_done(here, here.start("resume", "--json", ahead=SLEEP).wait())
        provider.advance(SLEEP)
        wake.touch()
        first = sleeper.wait()
        assert first.code == (DEATH if is_asleep and case.end == "dies" else 0), first
        second = here.start("submit", board, "--yes", "--json", ahead=SLEEP).wait()
        assert_done(here, second)
        assert_paid_once(here, 1)
        assert_no_leftovers(here)
        assert_no_leftovers(there)
