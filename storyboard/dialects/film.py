"""What a notation says of a film, before it becomes a storyboard, and what is to be said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class NotRead(Exception):
    """A text in none of the notations; the words say what to do."""


@dataclass(slots=True)
class FoundShot:
    """One shot as a notation tells it."""

    prompt: str
    seconds: float | None = None
    note: str = ""
    others: dict[str, Any] = field(default_factory=dict)
    """What a storyboard has no key for."""


@dataclass(slots=True)
class FoundFilm:
    """A film as a notation tells it; keys are those of a storyboard file."""

    notation: str
    shots: list[FoundShot]
    keys: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    """What a storyboard has no key for."""
    remarks: list[str] = field(default_factory=list)

    @property
    def duration(self) -> float | None:
        """The seconds that it promises in all."""
        value = self.keys.get("duration")
        return value if isinstance(value, int | float) else None

    def count_anew(self, numbers: list[int]) -> None:
        """A remark where the numbers that shots were given do not count from 1."""
        if numbers != list(range(1, len(numbers) + 1)):
            self.remarks.append(f"shots were numbered {', '.join(map(str, numbers[:20]))}: they are counted from 1 now")
