"""What a sandbox video shows: everything that decides its picture, and nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.compiler.template import ShotLine, read_template
from storyboard.pictures import look
from storyboard.profiles import PROFILES
from storyboard.sandbox.first_frame import first_frame_image
from storyboard.sandbox.picture import decode, is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from storyboard.profiles import Profile

BANNER = "SANDBOX - NOT RENDERED BY THE MODEL"
_DEFAULT_RESOLUTION = "720p"


@dataclass(frozen=True, slots=True)
class Plan:
    """One video to render; sides in pixels."""

    cuts: tuple[ShotLine, ...]
    width: int
    height: int
    title: str
    first_frame: bytes | None
    container: str

    def digest(self) -> str:
        """The same for the same picture, in every process and after every restart."""
        frame = None if self.first_frame is None else hashlib.sha256(self.first_frame).hexdigest()
        facts = [BANNER, self.cuts, self.width, self.height, self.title, frame, self.container]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def plan_video(task: Mapping[str, object], place: int, find_picture: Callable[[str], str]) -> Plan:
    """The video of a task that passed the rules; `place` counts its results from 1.

    `find_picture` turns a first frame as it stands in the task into its UUID, URL, data URI or base64.
    """
    image = first_frame_image(task.get("inputs"))
    frame = None if image is None else _bytes(find_picture(image), _profile(task))
    width, height = _size(task, frame, framed=image is not None)
    return Plan(
        cuts=tuple(read_template(str(task["positivePrompt"]))),
        width=width,
        height=height,
        title=f"Take {place} of {task.get('numberResults', 1)}",
        first_frame=frame,
        container=str(task.get("outputFormat", "MP4")),
    )


def simulated_cost(task: Mapping[str, object]) -> float:
    """US dollars that one result of the task would cost at the provider."""
    profile = _profile(task)
    seconds = sum(shot.seconds for shot in read_template(str(task["positivePrompt"])))
    return float(Decimal(profile.usd_per_second[_resolution(task, profile)]) * seconds)


def _profile(task: Mapping[str, object]) -> Profile:
    return PROFILES[str(task["model"])]


def _resolution(task: Mapping[str, object], profile: Profile) -> str:
    size = (task.get("width"), task.get("height"))
    by_size = {pair: resolution for (resolution, _), pair in profile.sizes.items()}
    return next((name for pair, name in by_size.items() if pair == size), None) or str(
        task.get("resolution", _DEFAULT_RESOLUTION)
    )


def _bytes(image: str, profile: Profile) -> bytes | None:
    return None if is_reference(image) else decode(image, bytes_at_most=profile.frame.bytes_at_most)


def _size(task: Mapping[str, object], frame: bytes | None, *, framed: bool) -> tuple[int, int]:
    profile = _profile(task)
    if not framed:
        return int(str(task["width"])), int(str(task["height"]))
    long, short = profile.sizes[_resolution(task, profile), "16:9"]
    if frame is None:
        return long, short
    picture = look(frame)
    scale = min(short / min(picture.width, picture.height), long / max(picture.width, picture.height))
    return _even(picture.width * scale), _even(picture.height * scale)


def _even(side: float) -> int:
    return round(side / 2) * 2
