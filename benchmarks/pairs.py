"""Two commands, or two calls, timed in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import os
import subprocess
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.figures import Ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_BATCHES = 15
CALLS = 40
"""Calls in a batch."""


def timed(command: Sequence[str], folder: Path, *, cores: int | None = None) -> float:
    """Seconds that a command takes as a whole process, its output thrown away; `cores` are those it may use."""
    begin = perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        preexec_fn=None if cores is None else lambda: _keep_to(cores),
    )
    return perf_counter() - begin


def _keep_to(cores: int) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])


def compare(
    name: str, ours: Sequence[str], floor: Sequence[str], *, folder: Path, aim: float | None, runs: int
) -> Ratio:
    """Runs both commands in turn, after one run of each that does not count."""
    timed(ours, folder), timed(floor, folder)
    return ratio_of(name, [(timed(ours, folder), timed(floor, folder)) for _ in range(runs)], aim)


def compare_calls(name: str, ours: Callable[[], object], floor: Callable[[], object], *, aim: float | None) -> Ratio:
    """Makes both calls in turn, a batch of each in every pair, after a batch of each that does not count."""
    return compare_batches(name, lambda: batch(ours), lambda: batch(floor), aim=aim)


def compare_batches(name: str, ours: Callable[[], float], floor: Callable[[], float], *, aim: float | None) -> Ratio:
    """The same for batches that say themselves how many seconds a call took."""
    pairs = [(ours(), floor()) for _ in range(_BATCHES + 1)]
    return ratio_of(name, pairs[1:], aim)


def batch(call: Callable[[], object]) -> float:
    """Seconds of one call among many."""
    begin = perf_counter()
    for _ in range(CALLS):
        call()
    return (perf_counter() - begin) / CALLS


def ratio_of(name: str, pairs: Sequence[tuple[float, float]], aim: float | None) -> Ratio:
    """Seconds of the first beside those of the second, pair by pair."""
    ratios = [mine / other for mine, other in pairs]
    return Ratio(name, min(ratios), median(ratios), max(ratios), aim, median(mine for mine, _ in pairs))
