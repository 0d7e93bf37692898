"""Two commands, or two calls, timed in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


_BATCHES = 15
_CALLS = 40


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much longer the first takes than the second, over the pairs of runs."""

    name: str
    least: float
    middle: float
    most: float
    aim: float
    ours_seconds: float
    """Median of the first; for orientation only."""

    def line(self) -> str:
        """The ratio for people."""
        verdict = "ok" if self.middle <= self.aim else "MISSED"
        spread = f"({self.least:.2f} to {self.most:.2f}; aim ≤ {self.aim:g}) {verdict}"
        took = self.ours_seconds * 1000
        return f"{self.name:<41} {self.middle:6.2f} ×   {spread}   [{took:.{2 if took < 20 else 0}f} ms]"


def timed(command: Sequence[str], folder: Path) -> float:
    """Seconds that a command takes as a whole process, its output thrown away."""
    begin = perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return perf_counter() - begin


def compare(name: str, ours: Sequence[str], floor: Sequence[str], *, folder: Path, aim: float, runs: int) -> Ratio:
    """Runs both commands in turn, after one run of each that does not count."""
    timed(ours, folder), timed(floor, folder)
    return _ratio(name, [(timed(ours, folder), timed(floor, folder)) for _ in range(runs)], aim)


def compare_calls(name: str, ours: Callable[[], object], floor: Callable[[], object], *, aim: float) -> Ratio:
    """Makes both calls in turn, a batch of each in every pair, after a batch of each that does not count."""
    pairs = [(_batch(ours), _batch(floor)) for _ in range(_BATCHES + 1)]
    return _ratio(name, pairs[1:], aim)


def _batch(call: Callable[[], object]) -> float:
    """Seconds of one call among many."""
    begin = perf_counter()
    for _ in range(_CALLS):
        call()
    return (perf_counter() - begin) / _CALLS


def _ratio(name: str, pairs: list[tuple[float, float]], aim: float) -> Ratio:
    ratios = [mine / other for mine, other in pairs]
    return Ratio(name, min(ratios), median(ratios), max(ratios), aim, median(mine for mine, _ in pairs))
