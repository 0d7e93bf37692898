"""The `videoInference` task: exactly the interfaces' keys, and no combination that the provider refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from storyboard.compiler.request import VideoRequest, build_request
from storyboard.model import Storyboard
from storyboard.profiles import DEFAULT_MODEL

UUID = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
PROMPT = "shot 1, 3, a fox; shot 2, 4, an owl;"
ADDRESS = "https://example.com/a.png"
SHOTS = [{"seconds": 3, "prompt": "a fox"}, {"seconds": 4, "prompt": "an owl"}]
TEXT: dict[str, Any] = {
    "taskUUID": UUID,
    "model": DEFAULT_MODEL,
    "positivePrompt": PROMPT,
    "duration": 7,
    "width": 1280,
    "height": 720,
}
IMAGE: dict[str, Any] = {
    "taskUUID": UUID,
    "model": DEFAULT_MODEL,
    "positivePrompt": PROMPT,
    "duration": 7,
    "resolution": "720p",
    "inputs": {"frameImages": [{"image": ADDRESS}]},
}


def _long(*lengths: int) -> dict[str, Any]:
    prompt = " ".join(f"shot {number}, 1, {'x' * length};" for number, length in enumerate(lengths, start=1))
    return {"positivePrompt": prompt, "duration": len(lengths)}


ILLEGAL: dict[str, dict[str, Any]] = {
    "no size": TEXT | {"width": None, "height": None},
    "a width alone": TEXT | {"height": None},
    "a height alone": TEXT | {"width": None},
    "a size of its own": TEXT | {"width": 1280, "height": 721},
    "a size lying down": TEXT | {"width": 720, "height": 720},
    "a size as text": TEXT | {"width": "1280"},
    "a size as a float": TEXT | {"width": 1280.0},
    "a resolution without a frame": TEXT | {"resolution": "720p"},
    "a negative prompt without a frame": TEXT | {"negativePrompt": "blur"},
    "a size with a frame": IMAGE | {"width": 1280, "height": 720},
    "a width with a frame": IMAGE | {"width": 1280},
    "a height with a frame": IMAGE | {"height": 720},
    "a frame without a resolution": IMAGE | {"resolution": None},
    "another resolution": IMAGE | {"resolution": "4k"},
    "an empty negative prompt": IMAGE | {"negativePrompt": ""},
    "no frame in inputs": IMAGE | {"inputs": {"frameImages": []}},
    "two frames": IMAGE | {"inputs": {"frameImages": [{"image": ADDRESS}, {"image": ADDRESS}]}},
    "a last frame": IMAGE | {"inputs": {"frameImages": [{"image": ADDRESS, "frame": "last"}]}},
    "a path as frame": IMAGE | {"inputs": {"frameImages": [{"image": "a.png"}]}},
    "nothing as frame": IMAGE | {"inputs": {"frameImages": [{"image": ""}]}},
    "a frame with more": IMAGE | {"inputs": {"frameImages": [{"image": ADDRESS, "weight": 1}]}},
    "inputs with more": IMAGE | {"inputs": {"frameImages": [{"image": ADDRESS}], "audio": 1}},
    "a wrong sum": TEXT | {"duration": 8},
    "too short": TEXT | {"positivePrompt": "shot 1, 2, a;", "duration": 2},
    "too long": TEXT | {"positivePrompt": "shot 1, 16, a;", "duration": 16},
    "no duration": {key: value for key, value in TEXT.items() if key != "duration"},
    "a duration that is true": TEXT | {"duration": True},
    "a duration as a float": TEXT | {"duration": 7.0},
    "no template": TEXT | {"positivePrompt": "a fox runs over the snow"},
    "a stray semicolon": TEXT | {"positivePrompt": "shot 1, 3, a; b; shot 2, 4, c;"},
    "no prompt": TEXT | {"positivePrompt": ""},
    "seven shots": TEXT | _long(*[5] * 7),
    "a shot of 513": TEXT | _long(5, 5, 513),
    "a prompt of 3073": TEXT | _long(*[499] * 5, 501),
    "a framed prompt of 2501": IMAGE | _long(*[487] * 4, 489),
    "an unknown model": TEXT | {"model": "klingai:kling-video@2.0"},
    "a UUID of another version": TEXT | {"taskUUID": "3f0c1a52-8d7e-1b39-9a61-0c2f5be81d47"},
    "a UUID of another variant": TEXT | {"taskUUID": "3f0c1a52-8d7e-4b39-0a61-0c2f5be81d47"},
    "a UUID in capitals": TEXT | {"taskUUID": UUID.upper()},
    "a UUID and more": TEXT | {"taskUUID": UUID + "\n"},
    "no takes": TEXT | {"numberResults": 0},
    "five takes": TEXT | {"numberResults": 5},
    "a quality of 19": TEXT | {"outputQuality": 19},
    "a quality of 100": TEXT | {"outputQuality": 100},
    "a ttl of 59": TEXT | {"ttl": 59},
    "another format": TEXT | {"outputFormat": "GIF"},
    "another output": TEXT | {"outputType": "base64Data"},
    "another delivery": TEXT | {"deliveryMethod": "sync"},
    "no cost": TEXT | {"includeCost": False},
    "another task": TEXT | {"taskType": "imageInference"},
    "another safety": TEXT | {"safety": {"mode": "strict"}},
    "safety with more": TEXT | {"safety": {"mode": "fast", "checkContent": True}},
    "an address of another kind": TEXT | {"uploadEndpoint": "ftp://example.com"},
    "an address with a space": TEXT | {"webhookURL": "https://example.com/a b"},
    "a wrong variable": TEXT | {"webhookURL": "https://example.com/${MY-KEY}"},
    "a seed": TEXT | {"seed": 7},
    "a steering scale": TEXT | {"CFGScale": 7},
}


@pytest.mark.parametrize("name", ILLEGAL)
def test_what_the_provider_would_refuse_or_misread(name: str) -> None:
    """Each illegal value or combination is refused before anything is sent."""
    with pytest.raises(ValidationError):
        VideoRequest.model_validate(ILLEGAL[name])


@pytest.mark.parametrize("size", [(1280, 720), (960, 960), (720, 1280), (1920, 1080), (1440, 1440), (1080, 1920)])
def test_the_sizes(size: tuple[int, int]) -> None:
    """Six sizes are taken, and the illegal table differs from what is legal by one thing each."""
    VideoRequest.model_validate(TEXT | {"width": size[0], "height": size[1]})


def test_what_is_legal() -> None:
    """The starting points of the table are themselves taken, up to each limit."""
    for legal in (
        TEXT,
        IMAGE,
        TEXT | _long(*[499] * 5, 500),
        TEXT | _long(5, 5, 512),
        IMAGE | _long(*[487] * 5),
        IMAGE | {"negativePrompt": "blur"},
        TEXT | {"ttl": 60, "outputQuality": 20, "numberResults": 4, "safety": {"mode": "none"}},
        TEXT | {"webhookURL": "https://example.com/${TOKEN}", "uploadEndpoint": "${UPLOAD}"},
    ):
        VideoRequest.model_validate(legal)


def _task(board: dict[str, Any], image: str | None) -> dict[str, Any]:
    storyboard = Storyboard.model_validate(board)
    task: dict[str, Any] = json.loads(json.dumps(build_request(storyboard, PROMPT, UUID, image).task()))
    return task


ALWAYS = {
    "taskType": "videoInference",
    "taskUUID": UUID,
    "model": "klingai:kling-video@3.0-turbo",
    "positivePrompt": PROMPT,
    "duration": 7,
    "outputType": "URL",
    "outputFormat": "MP4",
    "outputQuality": 95,
    "deliveryMethod": "async",
    "includeCost": True,
    "numberResults": 1,
}
OUTPUT = {
    "format": "WEBM",
    "quality": 80,
    "takes": 3,
    "safety": "fast",
    "ttl": 600,
    "upload_endpoint": "https://example.com/${KEY}",
    "webhook_url": "https://example.com/hook",
}
SENT = {
    "outputFormat": "WEBM",
    "outputQuality": 80,
    "numberResults": 3,
    "safety": {"mode": "fast"},
    "ttl": 600,
    "uploadEndpoint": "https://example.com/${KEY}",
    "webhookURL": "https://example.com/hook",
}


def test_text_to_video_is_what_the_interfaces_say_and_nothing_else() -> None:
    """Without a first frame: width and height, and no resolution; people's keys are not sent."""
    assert _task({"shots": SHOTS}, None) == ALWAYS | {"width": 1280, "height": 720}
    board = {"title": "x", "look": "y", "cast": {"a": "b"}, "duration": 7, "shots": SHOTS, "output": OUTPUT}
    assert _task(board | {"aspect_ratio": "9:16", "resolution": "1080p"}, None) == ALWAYS | SENT | {
        "width": 1080,
        "height": 1920,
    }


def test_image_to_video_is_what_the_interfaces_say_and_nothing_else() -> None:
    """With a first frame: resolution and the frame, and neither width nor height."""
    frame: dict[str, Any] = {"inputs": {"frameImages": [{"image": ADDRESS, "frame": "first"}]}}
    board: dict[str, Any] = {"shots": SHOTS, "first_frame": ADDRESS}
    assert _task(board, ADDRESS) == ALWAYS | frame | {"resolution": "720p"}
    board |= {"negative_prompt": "blur", "resolution": "1080p", "output": OUTPUT}
    assert _task(board, ADDRESS) == ALWAYS | SENT | frame | {"resolution": "1080p", "negativePrompt": "blur"}


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("720p", "16:9", (1280, 720)),
        ("720p", "1:1", (960, 960)),
        ("720p", "9:16", (720, 1280)),
        ("1080p", "16:9", (1920, 1080)),
        ("1080p", "1:1", (1440, 1440)),
        ("1080p", "9:16", (1080, 1920)),
    ],
)
def test_resolution_and_ratio_make_the_size(resolution: str, ratio: str, size: tuple[int, int]) -> None:
    """Each pair has its size."""
    task = _task({"shots": SHOTS, "resolution": resolution, "aspect_ratio": ratio}, None)
    assert (task["width"], task["height"]) == size


def test_a_frame_is_never_lost_nor_made_up() -> None:
    """A storyboard with a first frame is not sent without it, nor one without a frame with one."""
    with pytest.raises(ValueError, match="first frame"):
        _task({"shots": SHOTS, "first_frame": ADDRESS}, None)
    with pytest.raises(ValueError, match="first frame"):
        _task({"shots": SHOTS}, ADDRESS)
    with pytest.raises(ValidationError, match="negativePrompt goes only with a first frame"):
        _task({"shots": SHOTS, "negative_prompt": "blur"}, None)
