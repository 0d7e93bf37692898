"""A video model's limits, sizes and prices as data; another model is another row here and no new code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_MODEL = "klingai:kling-video@3.0-turbo"
DEFAULT_ASPECT_RATIO: Final = "16:9"
DEFAULT_RESOLUTION: Final = "720p"
DEFAULT_FORMAT: Final = "MP4"
DEFAULT_QUALITY: Final = 95
DEFAULT_TAKES: Final = 1

ASPECT_RATIOS = ("16:9", "1:1", "9:16")
RESOLUTIONS = ("720p", "1080p")
FORMATS = ("MP4", "WEBM", "MOV")
SAFETY_MODES = ("none", "fast", "full")


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `least` to `most`, both included."""

    least: int
    most: int

    def __contains__(self, number: int) -> bool:
        return self.least <= number <= self.most

    @property
    def numbers(self) -> tuple[int, ...]:
        """All of them."""
        return tuple(range(self.least, self.most + 1))


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """What the model takes as a first frame; sides in pixels, ratio as long side over short side."""

    bytes_at_most: int
    side_at_least: int
    ratio_at_most: float


@dataclass(frozen=True, slots=True)
class Profile:
    """What one model accepts and costs."""

    model: str
    label: str
    shots: Range
    total_seconds: Range
    shot_characters: int
    prompt_characters: Range
    framed_prompt_characters: Range
    recommended_prompt_characters: int
    sizes: Mapping[tuple[str, str], tuple[int, int]]
    """(resolution, aspect ratio) to (width, height) in pixels."""
    usd_per_second: Mapping[str, str]
    """Resolution to US dollars a second, as decimal text."""
    quality: Range
    takes: Range
    ttl_at_least: int
    frame: FrameLimits

    def prompt_limit(self, *, framed: bool) -> Range:
        """Characters the whole compiled prompt may have, with or without a first frame."""
        return self.framed_prompt_characters if framed else self.prompt_characters


# Limits: runware.ai/docs/models/klingai-video-3-0-turbo and its multi-shot-templating guide;
# first frames: Kling's 3.0 Turbo image-to-video page. Prices as listed there in November 2026.
KLING_3_TURBO = Profile(
    model=DEFAULT_MODEL,
    label="Kling VIDEO 3.0 Turbo",
    shots=Range(1, 6),
    total_seconds=Range(3, 15),
    shot_characters=512,
    prompt_characters=Range(3, 3072),
    framed_prompt_characters=Range(3, 2500),
    recommended_prompt_characters=2500,
    sizes={
        ("720p", "16:9"): (1280, 720),
        ("720p", "1:1"): (960, 960),
        ("720p", "9:16"): (720, 1280),
        ("1080p", "16:9"): (1920, 1080),
        ("1080p", "1:1"): (1440, 1440),
        ("1080p", "9:16"): (1080, 1920),
    },
    usd_per_second={"720p": "0.112", "1080p": "0.14"},
    quality=Range(20, 99),
    takes=Range(1, 4),
    ttl_at_least=60,
    frame=FrameLimits(bytes_at_most=50_000_000, side_at_least=300, ratio_at_most=2.5),
)

PROFILES = {profile.model: profile for profile in (KLING_3_TURBO,)}
