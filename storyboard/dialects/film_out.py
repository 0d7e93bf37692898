"""A storyboard that compiles, as exports see it: texts as they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.profiles import DEFAULT_ASPECT_RATIO, DEFAULT_RESOLUTION

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot: whole seconds, its compiled text, and the note for people."""

    seconds: int
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Film:
    """A film ready to be told in another notation."""

    title: str
    shots: tuple[Shot, ...]
    keys: Mapping[str, Any]
    """The storyboard's own keys, as the file has them."""

    @property
    def seconds(self) -> int:
        """The whole length."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def framed(self) -> bool:
        """Whether it starts from a picture."""
        return "first_frame" in self.keys

    @property
    def aspect_ratio(self) -> str:
        """Width to height."""
        return str(self.keys.get("aspect_ratio", DEFAULT_ASPECT_RATIO))

    @property
    def resolution(self) -> str:
        """720p or 1080p."""
        return str(self.keys.get("resolution", DEFAULT_RESOLUTION))

    def cuts(self) -> list[tuple[int, int, Shot]]:
        """Each shot with the second at which it begins and ends, as planned."""
        found, time = [], 0
        for shot in self.shots:
            found.append((time, time + shot.seconds, shot))
            time += shot.seconds
        return found
