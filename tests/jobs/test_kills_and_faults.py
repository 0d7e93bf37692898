"""Wherever the command dies and whatever the service does meanwhile: the next run finishes, and nothing is paid twice.

By default a covering part of the table is run: every kill point with every fault once, the other figures drawn by a
seed that the case's place in the table gives. STORYBOARD_SOAK=1 runs the whole product.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pytest

from tests.jobs.points import DEATH, POINTS
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.jobs.studio import Studio
from tests.provider import Fault, Provider

if TYPE_CHECKING:
    from pathlib import Path

FAULTS: dict[str, tuple[Fault, ...]] = {
    "none": (),
    "429 before": (Fault(on="submit", kind="429", retry_after=0),),
    "503 before": (Fault(on="submit", kind="503"),),
    "reset after charging": (Fault(on="submit", kind="reset", when="after"),),
    "500 after charging": (Fault(on="submit", kind="500", when="after"),),
    "silent after charging": (Fault(on="submit", kind="stall", when="after"),),
    "late after charging": (Fault(on="submit", kind="slow", seconds=0.5),),
    "truncated after charging": (Fault(on="submit", kind="truncated", when="after"),),
    "empty after charging": (Fault(on="submit", kind="empty", when="after"),),
    "repeated and reordered rows": (
        Fault(on="submit", kind="repeated"),
        Fault(on="poll", kind="repeated", count=3),
        Fault(on="poll", kind="reordered", count=3),
    ),
    "download cut": (Fault(on="download", kind="cut"),),
}
CONFLICTS: tuple[Literal["always", "running"], ...] = ("always", "running")
AGAIN = ("resume", "submit")
JOB_SECONDS = (0.01, 0.15)
"""Jobs that are over before the second run, and jobs that still run."""


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    kill: str
    fault: str
    conflict: Literal["always", "running"]
    again: str
    job_seconds: float

    def __str__(self) -> str:
        figures = (self.kill, self.fault, self.conflict, self.again, f"{self.job_seconds}s")
        return "-".join(figure.replace(" ", "_") for figure in figures)


def _product() -> list[Case]:
    return [
        Case(kill, fault, conflict, again, seconds)
        for kill in POINTS
        for fault in FAULTS
        for conflict in CONFLICTS
        for again in AGAIN
        for seconds in JOB_SECONDS
    ]


def _covering() -> list[Case]:
    """Each pair of kill point and fault once, and all other figures about equally often."""
    cases = []
    for place, (kill, fault) in enumerate((kill, fault) for kill in POINTS for fault in FAULTS):
        draw = random.Random(place)
        conflict = draw.choices(CONFLICTS, weights=(1, 3))[0]
        cases.append(Case(kill, fault, conflict, draw.choice(AGAIN), draw.choice(JOB_SECONDS)))
    return cases


@pytest.mark.parametrize("case", _product() if os.environ.get("STORYBOARD_SOAK") else _covering(), ids=str)
def test_killed_under_a_fault_and_run_again(case: Case, tmp_path: Path) -> None:
    """After the second run every board is done with intact files, each job paid for once, and nothing is left over."""
    with Provider(job_seconds=case.job_seconds, conflict=case.conflict, faults=FAULTS[case.fault]) as provider:
        studio = Studio(tmp_path, provider)
        boards = [studio.board("one"), studio.board("two", takes=2)]
        first = studio.killed("submit", *boards, "--yes", "--json", at=case.kill)
        # Where the fault leads round the point the first run may end by itself.
        assert first.code in (DEATH, 0)
        unwritten = case.kill == "before_commit"
        second = studio.submit(*boards) if unwritten or case.again == "submit" else studio.resume()
        if first.code == DEATH:
            assert_done(studio, second)
        third = studio.submit(*boards)
        assert_done(studio, third)
        assert all(line["reused"] for line in third.lines)
        assert_paid_once(studio, len(boards))
        assert_no_leftovers(studio)


def test_every_kill_point_is_reached_without_a_fault(studio: Studio) -> None:
    """The table's kills happen: a point that no run passes would test nothing. Doubt needs a fault."""
    for point in POINTS:
        if point == "on_unknown":
            studio.provider.add_faults(Fault(on="submit", kind="reset", when="after"))
        assert studio.killed("submit", studio.board(point), "--yes", at=point).code == DEATH, point
    assert_done(studio, studio.resume())


def test_killed_twice_under_a_lasting_fault(studio: Studio) -> None:
    """Two deaths while every answer to a submit is lost after charging still make one bill."""
    studio.provider.add_faults(Fault(on="submit", kind="reset", when="after", count=None))
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="on_unknown").code == DEATH
    assert studio.killed("resume", at="after_ready").code == DEATH
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)
