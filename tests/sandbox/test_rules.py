"""What the provider refuses, the sandbox refuses."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from storyboard.profiles import KLING_3_TURBO
from storyboard.sandbox.picture import PictureError, decode
from tests.sandbox.twin import data_uri, image_to_video, jpeg, png, text_to_video

if TYPE_CHECKING:
    from tests.sandbox.twin import Task, Twin

UUID = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
FIVE_SECONDS = "shot 1, 5, A keeper climbs;"
URL = "https://example.org/frame.png"


def long_prompt(characters: int) -> str:
    """A prompt of exactly so many characters, of shots within their limit, seven seconds in all."""
    frame = "shot 1, 1, ; shot 2, 1, ; shot 3, 1, ; shot 4, 1, ; shot 5, 1, ; shot 6, 2, ;"
    share, rest = divmod(characters - len(frame), 6)
    lengths = [share + (number < rest) for number in range(6)]
    return " ".join(f"shot {n}, {2 if n == 6 else 1}, {'x' * length};" for n, length in enumerate(lengths, start=1))


TAKEN = {
    "text to video": text_to_video(),
    "only what is needed": text_to_video(
        outputType=None, outputFormat=None, outputQuality=None, includeCost=None, numberResults=None
    ),
    "default duration": text_to_video(positivePrompt=FIVE_SECONDS, duration=None),
    "longest prompt": text_to_video(positivePrompt=long_prompt(3072)),
    "longest prompt with a frame": image_to_video(positivePrompt=long_prompt(2500)),
    "everything": text_to_video(
        outputFormat="WEBM", outputQuality=20, numberResults=4, ttl=60, uploadEndpoint="https://example.org/put?s=1",
        webhookURL="http://localhost:1/hook", safety={"mode": "fast", "checkContent": True},
    ),
    "frame as data URI": image_to_video(negativePrompt="blur"),
    "frame as JPEG": image_to_video(data_uri(jpeg(300, 750), "jpeg")),
    "frame as base64": image_to_video(base64.b64encode(png(300, 300)).decode()),
    "frame number 0": image_to_video({"image": data_uri(png(750, 300)), "frame": 0}),
    "frame at a URL": image_to_video(URL, resolution="1080p"),
    "frame by UUID": image_to_video(UUID, resolution=None),
} | {f"size {size}": text_to_video(width=size[0], height=size[1]) for size in KLING_3_TURBO.sizes.values()}  # fmt: skip

DAMAGED = png(300, 300).replace(b"\x01\x2c", b"\x02\x2c", 1)

REFUSED: dict[str, tuple[Task, str]] = {
    "unknown parameter": (text_to_video(seed=1), "unsupportedParameter"),
    "old frameImages": (text_to_video(frameImages=[{"inputImage": UUID}]), "unsupportedParameter"),
    "no taskUUID": (text_to_video(taskUUID=None), "missingTaskUUID"),
    "taskUUID of version 1": (text_to_video(taskUUID="3f0c1a52-8d7e-1b39-9a61-0c2f5be81d47"), "invalidTaskUUID"),
    "taskUUID of another variant": (text_to_video(taskUUID="3f0c1a52-8d7e-4b39-7a61-0c2f5be81d47"), "invalidTaskUUID"),
    "taskUUID with a line end": (text_to_video(taskUUID=UUID + "\n"), "invalidTaskUUID"),
    "no model": (text_to_video(model=None), "missingModel"),
    "unknown model": (text_to_video(model="klingai:1@1"), "invalidModel"),
    "width alone": (text_to_video(height=None), "missingDimensions"),
    "no size": (text_to_video(width=None, height=None), "missingDimensions"),
    "odd size": (text_to_video(width=1000), "unsupportedDimensions"),
    "size as text": (text_to_video(width="1280"), "unsupportedDimensions"),
    "sides swapped from two pairs": (text_to_video(width=1280, height=1080), "unsupportedDimensions"),
    "size with a frame": (image_to_video(width=1280, height=720), "unsupportedDimensions"),
    "resolution without a frame": (text_to_video(resolution="720p"), "unsupportedParameter"),
    "negative prompt without a frame": (text_to_video(negativePrompt="blur"), "unsupportedParameter"),
    "negative prompt as a list": (image_to_video(negativePrompt=["blur"]), "invalidNegativePrompt"),
    "unknown resolution": (image_to_video(resolution="4k"), "invalidResolution"),
    "sync": (text_to_video(deliveryMethod="sync"), "invalidDeliveryMethod"),
    "no delivery method": (text_to_video(deliveryMethod=None), "missingDeliveryMethod"),
    "base64 output": (text_to_video(outputType="base64Data"), "invalidOutputType"),
    "GIF": (text_to_video(outputFormat="GIF"), "invalidOutputFormat"),
    "quality 100": (text_to_video(outputQuality=100), "invalidOutputQuality"),
    "quality 19": (text_to_video(outputQuality=19), "invalidOutputQuality"),
    "no results": (text_to_video(numberResults=0), "invalidNumberResults"),
    "five results": (text_to_video(numberResults=5), "invalidNumberResults"),
    "true results": (text_to_video(numberResults=True), "invalidNumberResults"),
    "short ttl": (text_to_video(ttl=59), "invalidTtl"),
    "includeCost as text": (text_to_video(includeCost="true"), "invalidIncludeCost"),
    "safety as text": (text_to_video(safety="fast"), "invalidSafety"),
    "safety mode": (text_to_video(safety={"mode": "strict"}), "invalidMode"),
    "safety check": (text_to_video(safety={"checkContent": 1}), "invalidCheckContent"),
    "safety with more": (text_to_video(safety={"level": 1}), "unsupportedParameter"),
    "webhook of another scheme": (text_to_video(webhookURL="ftp://example.org"), "invalidWebhookURL"),
    "duration 7.0": (text_to_video(duration=7.0), "invalidDuration"),
    "duration as text": (text_to_video(duration="7"), "invalidDuration"),
    "duration not the sum": (text_to_video(duration=8), "invalidDuration"),
    "duration left out": (text_to_video(duration=None), "invalidDuration"),
    "two seconds": (text_to_video(positivePrompt="shot 1, 2, x;", duration=2), "invalidDuration"),
    "sixteen seconds": (text_to_video(positivePrompt="shot 1, 16, x;", duration=16), "invalidDuration"),
    "no prompt": (text_to_video(positivePrompt=None), "missingPositivePrompt"),
    "prompt as a list": (text_to_video(positivePrompt=["shot 1, 7, x;"]), "invalidPositivePrompt"),
    "empty prompt": (text_to_video(positivePrompt=""), "invalidPositivePromptLength"),
    "prompt too long": (text_to_video(positivePrompt=long_prompt(3073)), "invalidPositivePromptLength"),
    "prompt too long for a frame": (image_to_video(positivePrompt=long_prompt(2501)), "invalidPositivePromptLength"),
    "bare prompt": (text_to_video(positivePrompt="A keeper climbs the stairs."), "invalidPositivePrompt"),
    "gap in the numbers": (text_to_video(positivePrompt="shot 1, 3, x; shot 3, 4, y;"), "invalidPositivePrompt"),
    "seven shots": (
        text_to_video(positivePrompt=" ".join(f"shot {n}, 1, x;" for n in range(1, 8))), "invalidPositivePrompt"
    ),
    "513 characters": (text_to_video(positivePrompt=f"shot 1, 7, {'x' * 513};"), "invalidPositivePrompt"),
    "seconds without end": (text_to_video(positivePrompt=f"shot 1, {'9' * 3000}, x;"), "invalidDuration"),
    "inputs as a list": (image_to_video(inputs=[]), "invalidInputs"),
    "inputs with more": (image_to_video(inputs={"frameImages": [UUID], "audio": 1}), "unsupportedParameter"),
    "no frame": (image_to_video(inputs={"frameImages": []}), "invalidFrameImages"),
    "two frames": (image_to_video(inputs={"frameImages": [UUID, UUID]}), "invalidFrameImages"),
    "a last frame": (image_to_video({"image": UUID, "frame": "last"}), "invalidFrameImages"),
    "frame false": (image_to_video({"image": UUID, "frame": False}), "invalidFrameImages"),
    "frame not said": (image_to_video({"image": UUID}), "invalidFrameImages"),
    "a path": (image_to_video("./frame.png"), "invalidFrameImages"),
    "base64 of no picture": (image_to_video(base64.b64encode(b"words").decode()), "invalidFrameImages"),
    "a GIF": (image_to_video(data_uri(b"GIF89a" + bytes(100), "gif")), "invalidFrameImages"),
    "small side": (image_to_video(data_uri(png(299, 400))), "invalidFrameImages"),
    "too long": (image_to_video(data_uri(png(751, 300))), "invalidFrameImages"),
    "a PNG cut off": (image_to_video(data_uri(png(300, 300)[:-4])), "invalidFrameImages"),
    "a damaged PNG": (image_to_video(data_uri(DAMAGED)), "invalidFrameImages"),
    "a JPEG cut off": (image_to_video(data_uri(jpeg(300, 300)[:-2], "jpeg")), "invalidFrameImages"),
    "a data URI of text": (image_to_video("data:text/plain;base64,QUFB"), "invalidFrameImages"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_what_the_provider_takes(twin: Twin, name: str) -> None:
    """A task within the published parameters is acknowledged, once."""
    answer = twin.post(TAKEN[name])
    assert answer.status_code == 200
    assert answer.json() == {"data": [{"taskType": "videoInference", "taskUUID": TAKEN[name]["taskUUID"]}]}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_provider_refuses(twin: Twin, name: str) -> None:
    """Any other task is refused with a code and its own UUID, and nothing is charged."""
    task, code = REFUSED[name]
    answer = twin.post(task)
    body = answer.json()
    assert (answer.status_code, body["data"]) == (400, [])
    assert code in {error["code"] for error in body["errors"]}
    assert all(error["message"] and error["taskType"] == "videoInference" for error in body["errors"])
    assert all(error.get("taskUUID") == task.get("taskUUID") or code.endswith("TaskUUID") for error in body["errors"])
    assert twin.app.state.charges() == {}


def test_limits_stand_in_the_error(twin: Twin) -> None:
    """An error about a limit carries the limit, and one about a choice the choices."""
    quality, size, mode = (
        twin.post(task).json()["errors"][0]
        for task in (
            text_to_video(outputQuality=100),
            text_to_video(width=1),
            text_to_video(outputFormat="AVI"),
        )
    )
    assert (quality["parameter"], quality["type"], quality["min"], quality["max"]) == (
        "outputQuality",
        "integer",
        20,
        99,
    )
    assert size["parameter"] == ["width", "height"]
    assert "1280x720" in size["allowedValues"]
    assert mode["allowedValues"] == ["MP4", "WEBM", "MOV"]


def test_every_fault_is_said_at_once(twin: Twin) -> None:
    """A task with three faults gets three errors, so that one round is enough to put it right."""
    errors = twin.post(text_to_video(seed=1, ttl=1, duration=9)).json()["errors"]
    assert {error["parameter"] for error in errors} == {"seed", "ttl", "duration"}


@pytest.mark.parametrize("text", ["A" * 66_700_000, "A" * 66_666_672])
def test_picture_over_fifty_megabytes(text: str) -> None:
    """A first frame over the limit is refused, be it by much or by a byte or two."""
    with pytest.raises(PictureError, match="larger than 50000000 bytes"):
        decode(text, bytes_at_most=KLING_3_TURBO.frame.bytes_at_most)
