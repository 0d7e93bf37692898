"""A worker dies, the database is restarted, and in the end each job was charged once and its video is there."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.farm.farm import Farm

SOAK = bool(os.environ.get("STORYBOARD_SOAK"))
JOBS, SECONDS = (1000, "5") if SOAK else (40, "1")
WORKERS = (2, 4) if SOAK else (2,)
OPTIONS = () if SOAK else ("--stalled-after", "3", "--concurrency", "10")


def _worked_off(farm: Farm, workers: int, disturb: Callable[[Farm], None] = lambda _: None) -> float:
    """Submits, works off with so many workers, and is disturbed on the way; the seconds that it took."""
    farm.boards(JOBS)
    assert farm.run("submit", "boards", "--max-cost", str(JOBS)).code == 0
    began = time.monotonic()
    for _ in range(workers):
        farm.start_worker(*OPTIONS)
    disturb(farm)
    ran = farm.run("wait", "boards", "--json", patience=1200)
    took = time.monotonic() - began
    assert ran.code == 0, ran.err
    assert {line["state"] for line in ran.lines} == {"done"}
    assert len(ran.lines) == JOBS
    farm.assert_paid_once(JOBS)
    farm.assert_videos(JOBS)
    return took


def _kill_and_restart(farm: Farm) -> None:
    """The first worker is killed with jobs of every stage in its hands; then the database goes away for a moment."""
    farm.until_paid(JOBS // 2, patience=600)
    farm.workers[0].kill()
    farm.until_paid(JOBS * 5 // 8, patience=600)
    assert farm.postgres.cluster is not None
    farm.postgres.cluster.restart()


@pytest.mark.parametrize("workers", WORKERS)
def test_a_killed_worker_and_a_restarted_database(make_farm: Callable[..., Farm], workers: int) -> None:
    """All are done, each charged once; in the soak within twice the undisturbed time."""
    options = ("--job-seconds", SECONDS, "--conflict", "running")
    farm = make_farm(*options)
    if farm.postgres.cluster is None:
        pytest.skip("the database is somebody else's and cannot be restarted")
    disturbed = _worked_off(farm, workers, _kill_and_restart)
    if SOAK:
        undisturbed = _worked_off(make_farm(*options), workers)
        print(f"\n{JOBS} jobs, {workers} workers: {undisturbed:.1f} s undisturbed, {disturbed:.1f} s disturbed")
        assert disturbed <= 2 * undisturbed
