"""A storyboard as far as it can be understood: what rules look at, whatever else is wrong with the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.compiler.expand import ShotText, add_look, expand
from storyboard.profiles import (
    DEFAULT_ASPECT_RATIO,
    DEFAULT_RESOLUTION,
    DEFAULT_TAKES,
    KLING_3_TURBO,
    PROFILES,
    Profile,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storyboard.checks.diagnostic import Path


@dataclass(slots=True)
class DraftShot:
    """One shot; None stands for what is missing or of the wrong kind."""

    index: int
    seconds: int | None = None
    prompt: str | None = None
    note: str | None = None
    text: ShotText | None = None
    """The text that would be sent."""

    @property
    def name(self) -> str:
        """How people call it: counted from 1."""
        return f"shot {self.index + 1}"


@dataclass(slots=True)
class Draft:
    """The sound parts of a storyboard's data."""

    folder: str
    """Where relative paths in the file start."""
    fields: dict[str, object]
    """Top-level keys whose values are of the right kind, `shots`, `cast` and `output` aside."""
    given: frozenset[str]
    """Top-level keys that the file has, sound or not."""
    shots: list[DraftShot] = field(default_factory=list)
    shots_are_whole: bool = False
    """Whether `shots` is a list of mappings, so that sums over it mean something."""
    cast: dict[str, str] | None = None
    """Names to texts; None where the cast cannot be read."""
    broken_names: set[str] = field(default_factory=set)
    """Names that the cast has, but whose texts are unsound."""
    cast_file: str | None = None
    """The path of the cast's file, as given."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Sound addresses under `output` that somebody calls, by their keys."""
    takes: int = DEFAULT_TAKES
    """Videos that one submission makes; the usual number where the file's is unsound."""

    def text(self, key: str) -> str | None:
        """A top-level text, None where it is missing or unsound."""
        value = self.fields.get(key)
        return value if isinstance(value, str) else None

    @property
    def profile(self) -> Profile:
        """The model's profile; the default one's for an unknown model."""
        return PROFILES.get(self.text("model") or "", KLING_3_TURBO)

    @property
    def resolution(self) -> str:
        """As given, else the usual one; checked elsewhere."""
        return self.text("resolution") or DEFAULT_RESOLUTION

    @property
    def aspect_ratio(self) -> str:
        """As given, else the usual one; checked elsewhere."""
        return self.text("aspect_ratio") or DEFAULT_ASPECT_RATIO

    @property
    def framed(self) -> bool:
        """Whether it is meant as image-to-video."""
        return "first_frame" in self.given

    @property
    def duration(self) -> int | None:
        """The promised total in seconds."""
        value = self.fields.get("duration")
        return value if isinstance(value, int) else None

    @property
    def total_seconds(self) -> int | None:
        """The sum of the shots' seconds, None where any of them is unsound."""
        seconds = [shot.seconds for shot in self.shots]
        if not self.shots_are_whole or not seconds or None in seconds:
            return None
        return sum(second for second in seconds if second is not None)

    def texts(self) -> Iterator[tuple[Path, str, str]]:
        """All texts that people write: the path, what it is called, and the text, empty where there is none."""
        for key in ("title", "negative_prompt", "look"):
            yield (key,), f"`{key}`", self.text(key) or ""
        for name, text in (self.cast or {}).items():
            yield self.cast_path(name), f"the text of @{name}", text
        for shot in self.shots:
            yield ("shots", shot.index, "prompt"), shot.name, shot.prompt or ""
            yield ("shots", shot.index, "note"), f"{shot.name}, note", shot.note or ""

    def cast_path(self, name: str) -> Path:
        """Where the storyboard gives this text, or names the file that does."""
        return ("cast",) if self.cast_file else ("cast", name)

    def expand(self) -> None:
        """Makes the text of every shot that has a prompt."""
        names: Mapping[str, str] = self.cast or {}
        look = expand(self.text("look") or "", names)
        for shot in self.shots:
            if shot.prompt is not None:
                shot.text = add_look(expand(shot.prompt, names), look)
