"""Two commands, or two calls, timed in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


_BATCHES = 15
_CALLS = 40


class Line(Protocol):
    """A figure, or the reason why there is none."""

    def line(self) -> str:
        """For people."""


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


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there was of something each time."""

    name: str
    least: int
    middle: int
    most: int
    aim: int

    @classmethod
    def of(cls, name: str, amounts: Sequence[int], aim: int) -> Self:
        """Of so many times."""
        return cls(name, min(amounts), round(median(amounts)), max(amounts), aim)

    def line(self) -> str:
        """The amount for people."""
        verdict = "ok" if self.middle <= self.aim else "MISSED"
        return f"{self.name:<41} {self.middle:6}     ({self.least} to {self.most}; aim ≤ {self.aim}) {verdict}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be measured."""

    name: str
    reason: str

    def line(self) -> str:
        """The reason, loud enough to be seen among figures."""
        return f"{self.name:<41} SKIPPED: {self.reason}"


def timed(command: Sequence[str], folder: Path) -> float:
    """Seconds that a command takes as a whole process, its output thrown away."""
    begin = perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return perf_counter() - begin


def compare(name: str, ours: Sequence[str], floor: Sequence[str], *, folder: Path, aim: float, runs: int) -> Ratio:
    """Runs both commands in turn, after one run of each that does not count."""
    timed(ours, folder), timed(floor, folder)
    return ratio_of(name, [(timed(ours, folder), timed(floor, folder)) for _ in range(runs)], aim)


def compare_calls(name: str, ours: Callable[[], object], floor: Callable[[], object], *, aim: float) -> Ratio:
    """Makes both calls in turn, a batch of each in every pair, after a batch of each that does not count."""
    pairs = [(_batch(ours), _batch(floor)) for _ in range(_BATCHES + 1)]
    return ratio_of(name, pairs[1:], aim)


def _batch(call: Callable[[], object]) -> float:
    """Seconds of one call among many."""
    begin = perf_counter()
    for _ in range(_CALLS):
        call()
    return (perf_counter() - begin) / _CALLS


def ratio_of(name: str, pairs: Sequence[tuple[float, float]], aim: float) -> Ratio:
    """Seconds of the first beside those of the second, pair by pair."""
    ratios = [mine / other for mine, other in pairs]
    return Ratio(name, min(ratios), median(ratios), max(ratios), aim, median(mine for mine, _ in pairs))
