"""Every rule of a videoInference task; the first that is broken refuses it."""

from decimal import Decimal
from typing import Any

from . import patterns, picture, template
from .errors import refuse
from .rules import MODEL, Row

SIZES_720 = {(1280, 720), (960, 960), (720, 1280)}
SIZES_1080 = {(1920, 1080), (1440, 1440), (1080, 1920)}
REQUIRED = ("model", "positivePrompt", "duration")
KNOWN = frozenset(
    {"taskType", "taskUUID", "model", "positivePrompt", "negativePrompt", "width", "height", "resolution", "duration"}
    | {"inputs", "numberResults", "outputType", "outputFormat", "outputQuality", "deliveryMethod", "includeCost", "ttl"}
    | {"safety", "uploadEndpoint", "webhookURL"}
)
CHOICES: dict[str, tuple[Any, ...]] = {
    "outputType": ("URL",),
    "outputFormat": ("MP4", "WEBM", "MOV"),
    "deliveryMethod": ("async",),
    "resolution": ("720p", "1080p"),
}
WHOLE_NUMBERS = {"duration": (3, 15), "numberResults": (1, 4), "outputQuality": (20, 99), "ttl": (60, 10**9)}


def check(task: Row) -> None:
    """Raise Refusal unless `task` may be run and billed as it stands."""
    check_uuid(task)
    for rule in (_keys, _choices, _whole_numbers, _inputs, _size, _texts, _safety, _addresses, _template):
        rule(task)


def price(task: Row) -> Decimal:
    """USD for one result of a task that passed `check`."""
    large = task.get("resolution") == "1080p" or (task.get("width"), task.get("height")) in SIZES_1080
    return Decimal("0.14" if large else "0.112") * int(task["duration"])


def check_uuid(task: Row) -> None:
    """Raise Refusal unless the task is named by a v4-shaped UUID."""
    if "taskUUID" not in task:
        raise refuse(task, "missingTaskUUID", "taskUUID is required.", "taskUUID")
    uuid = task["taskUUID"]
    if not isinstance(uuid, str) or not patterns.UUID_V4.fullmatch(uuid):
        raise refuse(task, "invalidTaskUUID", "taskUUID must be a v4 UUID.", "taskUUID", type="string")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def has_frame(task: Row) -> bool:
    """Whether the task is image-to-video."""
    return "inputs" in task


def _keys(task: Row) -> None:
    for key in task:
        if key not in KNOWN:
            raise refuse(task, "unsupportedParameter", f"Unsupported parameter '{key}'.", key)
    for key in REQUIRED:
        if key not in task:
            raise refuse(task, f"missing{key[0].upper()}{key[1:]}", f"'{key}' is required.", key)
    if task["model"] != MODEL:
        raise refuse(task, "invalidModel", "No such model.", "model", type="string")


def _choices(task: Row) -> None:
    for key, allowed in CHOICES.items():
        if key in task and (not isinstance(task[key], str) or task[key] not in allowed):
            code = f"invalid{key[0].upper()}{key[1:]}"
            raise refuse(task, code, f"'{key}' has no such value.", key, type="string", allowedValues=list(allowed))
    if not isinstance(task.get("includeCost", False), bool):
        raise refuse(task, "invalidIncludeCost", "'includeCost' must be a boolean.", "includeCost", type="boolean")


def _whole_numbers(task: Row) -> None:
    for key, (least, most) in WHOLE_NUMBERS.items():
        if key in task and not (_is_whole(task[key]) and least <= task[key] <= most):
            code = "invalidTTL" if key == "ttl" else f"invalid{key[0].upper()}{key[1:]}"
            message = f"'{key}' must be a whole number from {least} to {most}."
            raise refuse(task, code, message, key, type="integer", min=least, max=most)


def _inputs(task: Row) -> None:
    if "inputs" not in task:
        return
    inputs = task["inputs"]
    if not isinstance(inputs, dict) or set(inputs) != {"frameImages"}:
        raise refuse(task, "unsupportedParameter", "'inputs' takes frameImages and nothing else.", "inputs")
    frames = inputs["frameImages"]
    if not isinstance(frames, list) or len(frames) != 1:
        raise refuse(task, "invalidFrameImages", "Exactly one frame image.", "inputs.frameImages", min=1, max=1)
    try:
        picture.check(_image_of(frames[0]))
    except picture.NotAPicture as why:
        raise refuse(task, "invalidFrameImage", f"Frame image: {why}.", "inputs.frameImages") from why


def _image_of(frame: object) -> str:
    """The picture's text; only the first frame can be given."""
    if isinstance(frame, dict):
        if set(frame) != {"image", "frame"}:
            raise picture.NotAPicture("an object with image and frame is expected")
        place = frame["frame"]
        if place != "first" and not (_is_whole(place) and place == 0):
            raise picture.NotAPicture("frame must be 'first' or 0")
        frame = frame["image"]
    if not isinstance(frame, str):
        raise picture.NotAPicture("the image must be text")
    return frame


def _size(task: Row) -> None:
    pair = ["width", "height"]
    given = [key for key in pair if key in task]
    if has_frame(task):
        if given:
            raise refuse(task, "unsupportedDimensions", "The size follows the first frame.", pair)
        return
    if "resolution" in task:
        raise refuse(task, "unsupportedParameter", "'resolution' needs a first frame.", "resolution")
    if not given:
        raise refuse(task, "missingDimensions", "'width' and 'height' are required.", pair)
    size = (task.get("width"), task.get("height"))
    if not all(_is_whole(side) for side in size) or size not in SIZES_720 | SIZES_1080:
        allowed = [f"{width}x{height}" for width, height in sorted(SIZES_720 | SIZES_1080)]
        raise refuse(task, "unsupportedDimensions", "No such size.", pair, type="integer", allowedValues=allowed)


def _texts(task: Row) -> None:
    most = 2500 if has_frame(task) else 3072
    text = task["positivePrompt"]
    if not isinstance(text, str):
        raise refuse(task, "invalidPositivePrompt", "Must be text.", "positivePrompt", type="string")
    if not 3 <= len(text) <= most:
        message = f"positivePrompt must have 3 to {most} characters."
        raise refuse(task, "invalidPositivePromptLength", message, "positivePrompt", type="string", min=3, max=most)
    if "negativePrompt" in task:
        if not has_frame(task):
            raise refuse(task, "unsupportedParameter", "'negativePrompt' needs a first frame.", "negativePrompt")
        if not isinstance(task["negativePrompt"], str) or not task["negativePrompt"]:
            raise refuse(task, "invalidNegativePrompt", "Must be text.", "negativePrompt", type="string")


def _safety(task: Row) -> None:
    if "safety" not in task:
        return
    safety = task["safety"]
    if not isinstance(safety, dict) or set(safety) - {"mode", "checkContent"}:
        raise refuse(task, "invalidSafety", "An object with mode and checkContent.", "safety", type="object")
    if safety.get("mode", "none") not in ("none", "fast", "full"):
        raise refuse(task, "invalidSafetyMode", "No such mode.", "safety.mode", allowedValues=["none", "fast", "full"])
    if not isinstance(safety.get("checkContent", False), bool):
        raise refuse(task, "invalidSafetyCheckContent", "Must be a boolean.", "safety.checkContent", type="boolean")


def _addresses(task: Row) -> None:
    for key, code in (("uploadEndpoint", "invalidUploadEndpoint"), ("webhookURL", "invalidWebhookURL")):
        if key in task and not (isinstance(task[key], str) and patterns.HTTP_URL.fullmatch(task[key])):
            raise refuse(task, code, f"'{key}' must be an http(s) URL.", key, type="string")


def _template(task: Row) -> None:
    try:
        shots = template.shots(task["positivePrompt"])
    except template.NotATemplate as why:
        raise refuse(task, "invalidPositivePrompt", f"Multi-shot template: {why}.", "positivePrompt") from why
    total = sum(seconds for seconds, _ in shots)
    if total != task["duration"]:
        message = f"The shots last {total} s, duration is {task['duration']}."
        raise refuse(task, "invalidDuration", message, "duration", type="integer")
