"""Everything at once, drawn by a seed: faults, deaths at any moment, two processes, a ledger that is lost.

Whatever happened, in the end each job was charged once, and its videos are on disk. `make soak` draws many more.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.jobs.rules import assert_no_leftovers, assert_paid_once, assert_takes
from tests.jobs.studio import Studio
from tests.provider import Fault, Provider

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.studio import Fork, Ran

STORMS = 150 if os.environ.get("STORYBOARD_SOAK") else 6
ROUNDS = 12
"""Runs after which a storm must be over; the sky is clear from the sixth on."""

FAULTS: tuple[Fault, ...] = (
    Fault(on="submit", kind="429", retry_after=0),
    Fault(on="submit", kind="503"),
    Fault(on="submit", kind="reset", when="after"),
    Fault(on="submit", kind="reset"),
    Fault(on="submit", kind="500", when="after"),
    Fault(on="submit", kind="stall", when="after"),
    Fault(on="submit", kind="truncated", when="after"),
    Fault(on="submit", kind="empty", when="after"),
    Fault(on="submit", kind="missing_uuid", when="after"),
    Fault(on="submit", kind="401"),
    Fault(on="poll", kind="500"),
    Fault(on="poll", kind="reset"),
    Fault(on="poll", kind="repeated"),
    Fault(on="poll", kind="reordered"),
    Fault(on="poll", kind="429", retry_after=0),
    Fault(on="download", kind="cut"),
    Fault(on="download", kind="500"),
    Fault(on="download", kind="reset"),
)
CONFLICTS: tuple[Literal["always", "running"], ...] = ("always", "running")


class Storm:
    """One seed's course of events."""

    def __init__(self, seed: int, place: Path, provider: Provider) -> None:
        self.draw = random.Random(seed)
        self.studio = Studio(place, provider)
        self.boards = [
            self.studio.board(f"board{number}", takes=self.draw.choice((1, 1, 2)))
            for number in range(self.draw.randint(2, 6))
        ]

    def rage(self) -> None:
        """Five rounds of trouble."""
        for _ in range(5):
            self.studio.provider.add_faults(*self.draw.sample(FAULTS, 3))
            forks = [self._start() for _ in range(self.draw.choice((1, 2)))]
            for fork in forks:
                self._perhaps_kill(fork)
                fork.wait()
            if self.draw.random() < 0.25:
                # Whoever loses a ledger needs longer for it than a request is on its way; nothing would tell of that.
                self.studio.provider.wait_for_quiet()
                shutil.rmtree(self.studio.state, ignore_errors=True)

    def calm_down(self) -> Ran:
        """Runs without trouble until every board is reported as done."""
        self.studio.provider._plan.slots.clear()
        for _ in range(ROUNDS):
            ran = self.studio.submit(*self.boards)
            if ran.code == 0:
                return ran
        raise AssertionError(ran)

    def _start(self) -> Fork:
        if self.draw.random() < 0.3:
            return self.studio.start("resume", "--json")
        return self.studio.start("submit", *self.boards, "--yes", "--json")

    def _perhaps_kill(self, fork: Fork) -> None:
        if self.draw.random() < 0.7:
            time.sleep(self.draw.uniform(0.0, 0.6))
            os.kill(fork.pid, signal.SIGKILL)


@pytest.mark.parametrize("seed", range(STORMS))
def test_a_storm(seed: int, tmp_path: Path, patience: Any) -> None:
    """Each job is charged once and ends with whole videos; no traceback, no key, nothing left over."""
    with Provider(job_seconds=0.2, conflict=CONFLICTS[seed % 2]) as provider:
        patience(arrival=0.5)
        storm = Storm(seed, tmp_path / "studio", provider)
        storm.rage()
        ran = storm.calm_down()
        assert len(ran.lines) == len(storm.boards)
        for line in ran.lines:
            assert (line["state"], line["error"]) == ("done", None)
            assert_takes(storm.studio, line, in_order=False)
        assert_paid_once(storm.studio, len(storm.boards))
        assert_no_leftovers(storm.studio)
