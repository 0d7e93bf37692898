"""What was measured: lines for people, JSON for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME = 50
"""Columns that a name takes at least."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that was measured several times."""

    name: str
    least: float
    middle: float
    """The median."""
    most: float
    aim: float | None
    """What it should not be above; None where nothing is promised."""

    @property
    def is_missed(self) -> bool:
        """Whether it is above its aim."""
        return self.aim is not None and self.middle > self.aim

    def spread(self, digits: str) -> str:
        """Least and most, and how they compare with the aim."""
        verdict = ")" if self.aim is None else f"; aim ≤ {self.aim:g}) {'MISSED' if self.is_missed else 'ok'}"
        return f"({self.least:{digits}} to {self.most:{digits}}{verdict}"


@dataclass(frozen=True, slots=True)
class Ratio(Measured):
    """How much longer the first takes than the second, over the pairs of runs."""

    ours_seconds: float
    """Median of the first; for orientation only."""

    def line(self) -> str:
        """The ratio for people."""
        took = self.ours_seconds * 1000
        ours = f"[{took:,.{2 if took < 20 else 0}f} ms]"
        return f"{self.name:<{_NAME}} {self.middle:7.2f} ×   {self.spread('.2f')}   {ours}"


@dataclass(frozen=True, slots=True)
class Amount(Measured):
    """How much there was of something each time."""

    @classmethod
    def of(cls, name: str, amounts: Sequence[float], aim: float | None) -> Self:
        """Of so many times."""
        return cls(name, min(amounts), round(median(amounts), 2), max(amounts), aim)

    def line(self) -> str:
        """The amount for people."""
        return f"{self.name:<{_NAME}} {self.middle:7g}     {self.spread('g')}"


@dataclass(frozen=True, slots=True)
class Growth:
    """What one file or job costs where there are more and more of them."""

    name: str
    unit: str
    costs: Mapping[str, Mapping[int, float]]
    """Program to (how many there were, to the cost of one)."""

    def line(self) -> str:
        """A line for each program."""
        rows = [self.name]
        for program, points in self.costs.items():
            row = "  ".join(f"{count:,}: {cost:.3g}" for count, cost in points.items())
            rows.append(f"    {program:<{_NAME - 4}} {row}   {self.unit}")
        return "\n".join(rows)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be measured."""

    name: str
    reason: str

    def line(self) -> str:
        """The reason, loud enough to be seen among figures."""
        return f"{self.name:<{_NAME}} SKIPPED: {self.reason}"


Figure = Ratio | Amount | Growth | Skipped
_KINDS = {"ratio": Ratio, "amount": Amount, "growth": Growth, "skipped": Skipped}


def to_json(figure: Figure) -> dict[str, Any]:
    """A figure with the name of its kind."""
    kind = next(name for name, known in _KINDS.items() if isinstance(figure, known))
    return {"kind": kind, **asdict(figure)}


def from_json(data: Mapping[str, Any]) -> Figure:
    """The figure that was written; KeyError, TypeError for anything else."""
    fields = {name: value for name, value in data.items() if name != "kind"}
    if data["kind"] == "growth":
        fields["costs"] = {
            program: {int(count): cost for count, cost in points.items()} for program, points in fields["costs"].items()
        }
    figure: Figure = _KINDS[data["kind"]](**fields)
    return figure
