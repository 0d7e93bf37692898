"""Tasks that are right, for tests to send and to break."""

import uuid
from typing import Any

from .picture import data_uri, png
from .rules import MODEL, Row

TEMPLATE = "shot 1, 3, A keeper climbs the stairs.; shot 2, 4, Her hand finds the switch;"
FRAME = data_uri(png(300, 300))


def name() -> str:
    """A fresh taskUUID."""
    return str(uuid.uuid4())


def text_task(**changes: Any) -> Row:
    """A text-to-video task that is right; a change to None leaves the key out."""
    task = {
        "taskType": "videoInference", "taskUUID": name(), "model": MODEL, "positivePrompt": TEMPLATE, "duration": 7,
        "width": 1280, "height": 720, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95,
        "deliveryMethod": "async", "includeCost": True, "numberResults": 1,
    }  # fmt: skip
    return {key: value for key, value in (task | changes).items() if value is not None}


def frame_task(image: Any = None, **changes: Any) -> Row:
    """An image-to-video task that is right."""
    frames = {"inputs": {"frameImages": [{"image": FRAME, "frame": "first"} if image is None else image]}}
    return text_task(**({"width": None, "height": None, "resolution": "720p"} | frames | changes))


def shots(*words: str) -> Row:
    """The prompt and duration of shots of 3 s each."""
    return {
        "positivePrompt": " ".join(f"shot {n}, 3, {text};" for n, text in enumerate(words, 1)),
        "duration": 3 * len(words),
    }


def shots_of(total: int) -> Row:
    """Five shots whose whole prompt has exactly `total` characters (at most 2624)."""
    frame = len(shots(*[""] * 5)["positivePrompt"])
    share, rest = divmod(total - frame, 5)
    return shots("x" * (share + rest), *["x" * share] * 4)
