"""Two commands timed in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ratio:
    """How much longer the first command takes than the second, over the pairs of runs."""

    name: str
    least: float
    middle: float
    most: float
    aim: float
    ours_seconds: float
    """Median of the first command; for orientation only."""

    def line(self) -> str:
        """The ratio for people."""
        verdict = "ok" if self.middle <= self.aim else "MISSED"
        spread = f"({self.least:.2f} to {self.most:.2f}; aim ≤ {self.aim:g}) {verdict}"
        return f"{self.name:<40} {self.middle:6.2f} ×   {spread}   [{self.ours_seconds * 1000:.0f} ms]"


def timed(command: Sequence[str], folder: Path) -> float:
    """Seconds that a command takes as a whole process, its output thrown away."""
    begin = perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return perf_counter() - begin


def compare(name: str, ours: Sequence[str], floor: Sequence[str], *, folder: Path, aim: float, runs: int) -> Ratio:
    """Runs both commands in turn, after one run of each that does not count."""
    timed(ours, folder), timed(floor, folder)
    pairs = [(timed(ours, folder), timed(floor, folder)) for _ in range(runs)]
    ratios = [mine / other for mine, other in pairs]
    return Ratio(name, min(ratios), median(ratios), max(ratios), aim, median(mine for mine, _ in pairs))
