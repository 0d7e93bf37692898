"""Sizes, frames, takes and the rest of other tools' requests, as keys of a storyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from storyboard.dialects.numbers import seconds_of
from storyboard.profiles import (
    ASPECT_RATIOS,
    DEFAULT_FORMAT,
    DEFAULT_QUALITY,
    DEFAULT_TAKES,
    FORMATS,
    KLING_3_TURBO,
    PROFILES,
    RESOLUTIONS,
    SAFETY_MODES,
)

if TYPE_CHECKING:
    from storyboard.dialects.film import FoundFilm

_FRAMES = (
    "image",
    "image_url",
    "start_image_url",
    "first_frame",
    "firstFrame",
    "first_frame_image",
    "image_uri",
    "image_urls",
    "promptImage",
)
_MODES = {"std": "720p", "standard": "720p", "pro": "1080p"}
_SAID_ALREADY = {
    "taskType": ("videoInference",),
    "outputType": ("URL", ["URL"]),
    "deliveryMethod": ("async",),
    "includeCost": (True, False),
    "type": (),
}
_RATIO = re.compile(r"(\d{2,5})[:x×](\d{2,5})")


def take_settings(level: dict[str, Any], film: FoundFilm) -> None:
    """Moves what a storyboard has keys for into the film's keys, and everything else aside; nothing is lost."""
    left = dict(level)
    for taker in (_texts, _size, _frame, _output, _duration):
        taker(left, film)
    settings = left.pop("settings", None)
    if isinstance(settings, dict):
        take_settings(settings, film)
    elif settings is not None:
        left["settings"] = settings
    for key, value in left.items():
        if value in _SAID_ALREADY.get(key, ()) or value in (None, "", [], {}):
            continue
        name = key if key not in film.others else f"{key} (2)"
        film.others[name] = value


def _texts(left: dict[str, Any], film: FoundFilm) -> None:
    for key, name in (
        ("negative_prompt", "negative_prompt"),
        ("negativePrompt", "negative_prompt"),
        ("title", "title"),
        ("look", "look"),
    ):
        if isinstance(left.get(key), str) and left[key].strip() and name not in film.keys:
            film.keys[name] = left.pop(key)
    if isinstance(left.get("model"), str) and left["model"] in PROFILES:
        film.keys["model"] = left.pop("model")


def _size(left: dict[str, Any], film: FoundFilm) -> None:
    for key in ("aspect_ratio", "aspectRatio", "ratio"):
        value = left.get(key)
        if value in ASPECT_RATIOS:
            film.keys["aspect_ratio"] = left.pop(key)
        elif (
            isinstance(value, str)
            and (match := _RATIO.fullmatch(value))
            and _of_pixels(int(match[1]), int(match[2]), film)
        ):
            left.pop(key)
    if isinstance(left.get("resolution"), str) and left["resolution"].lower() in RESOLUTIONS:
        film.keys["resolution"] = left.pop("resolution").lower()
    if isinstance(left.get("mode"), str) and left["mode"] in _MODES and "resolution" not in film.keys:
        film.keys["resolution"] = _MODES[left.pop("mode")]
    width, height = left.get("width"), left.get("height")
    if isinstance(width, int) and isinstance(height, int) and _of_pixels(width, height, film):
        del left["width"], left["height"]


def _of_pixels(width: int, height: int, film: FoundFilm) -> bool:
    """Whether these pixels are a size that the model makes; then it is noted."""
    for (resolution, aspect), size in KLING_3_TURBO.sizes.items():
        if size == (width, height):
            film.keys["resolution"], film.keys["aspect_ratio"] = resolution, aspect
            return True
    return False


def _frame(left: dict[str, Any], film: FoundFilm) -> None:
    for key in _FRAMES:
        value = left.get(key)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict) and isinstance(value.get("uri"), str) and len(value) == 1:
            value = value["uri"]
        if isinstance(value, str) and value and "first_frame" not in film.keys:
            film.keys["first_frame"] = value
            del left[key]
    inputs = left.get("inputs")
    frames = inputs.get("frameImages") if isinstance(inputs, dict) else left.get("frameImages")
    if isinstance(frames, list) and len(frames) == 1 and "first_frame" not in film.keys:
        image = frames[0]
        image = image.get("image") or image.get("inputImage") if isinstance(image, dict) else image
        if isinstance(image, str):
            film.keys["first_frame"] = image
            if isinstance(inputs, dict) and len(inputs) == 1:
                del left["inputs"]
            elif not isinstance(inputs, dict):
                del left["frameImages"]


def _output(left: dict[str, Any], film: FoundFilm) -> None:
    profile = KLING_3_TURBO
    output: dict[str, Any] = {}
    if (value := left.get("outputFormat")) in FORMATS:
        output |= {"format": value} if value != DEFAULT_FORMAT else {}
        left.pop("outputFormat")
    if (value := _whole(left.get("outputQuality"))) in profile.quality:
        output |= {"quality": value} if value != DEFAULT_QUALITY else {}
        left.pop("outputQuality")
    if (value := _whole(left.get("numberResults"))) in profile.takes:
        output |= {"takes": value} if value != DEFAULT_TAKES else {}
        left.pop("numberResults")
    safety = left.get("safety")
    if isinstance(safety, dict) and set(safety) == {"mode"} and safety["mode"] in SAFETY_MODES:
        output["safety"] = left.pop("safety")["mode"]
    if _whole(left.get("ttl")) >= profile.ttl_at_least:
        output["ttl"] = left.pop("ttl")
    for key, name in (("uploadEndpoint", "upload_endpoint"), ("webhookURL", "webhook_url")):
        if isinstance(left.get(key), str):
            output[name] = left.pop(key)
    if output:
        film.keys["output"] = film.keys.get("output", {}) | output


def _whole(value: Any) -> int:
    """A whole number; -1 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _duration(left: dict[str, Any], film: FoundFilm) -> None:
    if (seconds := seconds_of(left.get("duration"))) is not None and "duration" not in film.keys:
        film.keys["duration"] = seconds
        del left["duration"]
