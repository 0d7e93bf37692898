"""The `videoInference` task, as a model that refuses every combination the provider's page forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from storyboard.compiler.template import TemplateError, read_template
from storyboard.frames import frame_kind
from storyboard.model import KnownModel, WebAddress  # noqa: TC001 - pydantic looks them up
from storyboard.profiles import (
    DEFAULT_ASPECT_RATIO,
    DEFAULT_FORMAT,
    DEFAULT_QUALITY,
    DEFAULT_TAKES,
    KLING_3_TURBO,
    PROFILES,
)

if TYPE_CHECKING:
    from storyboard.model import Storyboard

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")
_WIRE = ConfigDict(frozen=True, extra="forbid", strict=True)


def _uuid4(text: str) -> str:
    if not _UUID4.match(text):
        raise ValueError("not a lower-case UUID of version 4")
    return text


def _seen_by_provider(text: str) -> str:
    if frame_kind(text) == "file":
        raise ValueError("a first frame is sent as an http(s) address, an image UUID or a data URI, never as a path")
    return text


class FrameImage(BaseModel):
    """The picture that the film starts from: an address, an image UUID or a data URI."""

    model_config = _WIRE

    image: Annotated[str, AfterValidator(_seen_by_provider)]
    frame: Literal["first"] = "first"


class Inputs(BaseModel):
    """Pictures that go with the prompt; the model takes exactly one."""

    model_config = _WIRE

    frameImages: tuple[FrameImage] = Field(strict=False)  # noqa: N815 - the provider's name


class Safety(BaseModel):
    """The provider's content check."""

    model_config = _WIRE

    mode: Literal["none", "fast", "full"]


class VideoRequest(BaseModel):
    """One paid task, with the provider's names and rules (runware.ai/docs/models/klingai-video-3-0-turbo)."""

    model_config = _WIRE

    taskType: Literal["videoInference"] = "videoInference"  # noqa: N815 - the provider's names, here and below
    taskUUID: Annotated[str, AfterValidator(_uuid4)]  # noqa: N815
    model: KnownModel
    positivePrompt: str  # noqa: N815
    negativePrompt: str | None = Field(default=None, min_length=1)  # noqa: N815
    width: int | None = None
    height: int | None = None
    resolution: Literal["720p", "1080p"] | None = None
    duration: int = Field(ge=KLING_3_TURBO.total_seconds.least, le=KLING_3_TURBO.total_seconds.most)
    inputs: Inputs | None = None
    outputType: Literal["URL"] = "URL"  # noqa: N815
    outputFormat: Literal["MP4", "WEBM", "MOV"] = DEFAULT_FORMAT  # noqa: N815
    outputQuality: int = Field(  # noqa: N815
        default=DEFAULT_QUALITY, ge=KLING_3_TURBO.quality.least, le=KLING_3_TURBO.quality.most
    )
    deliveryMethod: Literal["async"] = "async"  # noqa: N815
    includeCost: Literal[True] = True  # noqa: N815
    numberResults: int = Field(  # noqa: N815
        default=DEFAULT_TAKES, ge=KLING_3_TURBO.takes.least, le=KLING_3_TURBO.takes.most
    )
    ttl: int | None = Field(default=None, ge=KLING_3_TURBO.ttl_at_least)
    safety: Safety | None = None
    uploadEndpoint: WebAddress | None = None  # noqa: N815
    webhookURL: WebAddress | None = None  # noqa: N815

    @model_validator(mode="after")
    def _size_fits_the_kind(self) -> Self:
        size = (self.width, self.height)
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height come together or not at all")
        if self.inputs is None:
            if size not in PROFILES[self.model].sizes.values():
                raise ValueError(f"without a first frame, width and height must be a supported pair, not {size}")
            if self.resolution is not None:
                raise ValueError("resolution goes only with a first frame; without one, width and height say it")
            if self.negativePrompt is not None:
                raise ValueError("negativePrompt goes only with a first frame")
        else:
            if self.width is not None:
                raise ValueError("with a first frame the picture decides width and height")
            if self.resolution is None:
                raise ValueError("with a first frame, resolution is said")
        return self

    @model_validator(mode="after")
    def _prompt_is_the_template(self) -> Self:
        profile = PROFILES[self.model]
        limit = profile.prompt_limit(framed=self.inputs is not None)
        if len(self.positivePrompt) not in limit:
            raise ValueError(
                f"positivePrompt has {len(self.positivePrompt)} characters, not {limit.least} to {limit.most}"
            )
        try:
            lines = read_template(self.positivePrompt)
        except TemplateError as error:
            raise ValueError(f"positivePrompt is not the multi-shot template: {error}") from None
        if len(lines) not in profile.shots:
            raise ValueError(f"{len(lines)} shots")
        if longest := next((line for line in lines if len(line.text) > profile.shot_characters), None):
            raise ValueError(f"shot {longest.number} has {len(longest.text)} characters")
        if (total := sum(line.seconds for line in lines)) != self.duration:
            raise ValueError(f"the shots make {total} s, duration says {self.duration}")
        return self

    def task(self) -> dict[str, Any]:
        """The JSON object that is POSTed, without the keys that are not set."""
        return self.model_dump(exclude_none=True)


def build_request(storyboard: Storyboard, prompt: str, task_uuid: str, image: str | None) -> VideoRequest:
    """The task for a storyboard with this compiled prompt.

    `image` is what the provider gets as first frame (address, UUID or data URI), None for text-to-video.
    Raises ValueError where the storyboard has a first frame and `image` is None, or the other way round, and
    pydantic.ValidationError, which is one too, for anything that the provider would refuse or misread.
    """
    if storyboard.framed != (image is not None):
        raise ValueError("a storyboard with a first frame is sent with its image, one without is sent without")
    output = storyboard.output
    kind: dict[str, Any]
    if image is None:
        width, height = storyboard.profile.sizes[storyboard.resolution, storyboard.aspect_ratio or DEFAULT_ASPECT_RATIO]
        kind = {"width": width, "height": height, "negativePrompt": storyboard.negative_prompt}
    else:
        kind = {
            "resolution": storyboard.resolution,
            "inputs": Inputs(frameImages=(FrameImage(image=image),)),
            "negativePrompt": storyboard.negative_prompt,
        }
    return VideoRequest(
        taskUUID=task_uuid,
        model=storyboard.model,
        positivePrompt=prompt,
        duration=storyboard.seconds,
        outputFormat=output.format,
        outputQuality=output.quality,
        numberResults=output.takes,
        ttl=output.ttl,
        safety=Safety(mode=output.safety) if output.safety is not None else None,
        uploadEndpoint=output.upload_endpoint,
        webhookURL=output.webhook_url,
        **kind,
    )
