"""What a storyboard means: frozen models of the file's keys, without where they stand or what is weak."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from storyboard.addresses import address_fault
from storyboard.profiles import (
    DEFAULT_FORMAT,
    DEFAULT_MODEL,
    DEFAULT_QUALITY,
    DEFAULT_RESOLUTION,
    DEFAULT_TAKES,
    KLING_3_TURBO,
    PROFILES,
    Profile,
)

_CLOSED = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


def _address(text: str) -> str:
    if fault := address_fault(text):
        raise ValueError(fault)
    return text


def _known(text: str) -> str:
    if text not in PROFILES:
        raise ValueError(f"unknown model; known: {', '.join(PROFILES)}")
    return text


Text = Annotated[str, StringConstraints(min_length=1)]
KnownModel = Annotated[str, AfterValidator(_known)]
"""The identifier of a model that has a profile."""
WebAddress = Annotated[str, StringConstraints(min_length=1), AfterValidator(_address)]
"""An http(s) address, parts of which may be ${NAME}."""


class _Part(BaseModel):
    """What holds of every mapping in the file."""

    model_config = _CLOSED

    @model_validator(mode="before")
    @classmethod
    def _no_key_without_value(cls, data: object) -> object:
        if isinstance(data, dict) and (empty := [str(key) for key, value in data.items() if value is None]):
            raise ValueError(f"no value stands at {', '.join(empty)}: an optional key is left out")
        return data


class Shot(_Part):
    """One shot between two cuts."""

    seconds: int = Field(ge=1)
    """Whole seconds that the shot lasts."""
    prompt: Annotated[str, StringConstraints(pattern=r"\S")]
    """What is seen and heard; `@name` becomes the text of the cast, `@@` is a plain @."""
    note: str | None = None
    """For people; never sent."""


class Output(_Part):
    """How the video is made and delivered."""

    format: Literal["MP4", "WEBM", "MOV"] = DEFAULT_FORMAT
    """The file format of the video."""
    quality: int = Field(default=DEFAULT_QUALITY, ge=KLING_3_TURBO.quality.least, le=KLING_3_TURBO.quality.most)
    """Encoding quality, 20 to 99."""
    takes: int = Field(default=DEFAULT_TAKES, ge=KLING_3_TURBO.takes.least, le=KLING_3_TURBO.takes.most)
    """How many versions are made; each one is paid."""
    safety: Literal["none", "fast", "full"] | None = None
    """The provider's content check: none, key frames (fast) or every frame (full)."""
    ttl: int | None = Field(default=None, ge=KLING_3_TURBO.ttl_at_least)
    """Seconds that the provider's address of the video lives."""
    upload_endpoint: WebAddress | None = None
    """Where the provider also sends the finished file (HTTP PUT); may hold ${NAME} from the environment."""
    webhook_url: WebAddress | None = None
    """Whom the provider tells when a take is finished; may hold ${NAME} from the environment."""


class Storyboard(_Part):
    """A film of one to six shots, as its file says it."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """For people; never sent. Without one, the file's name."""
    model: KnownModel = DEFAULT_MODEL
    """The video model, by the provider's identifier."""
    duration: int | None = None
    """Total seconds; must equal the sum of the shots' seconds."""
    aspect_ratio: Literal["16:9", "1:1", "9:16"] | None = None
    """Width to height, 16:9 without one; with a first frame the picture decides, and this key is an error."""
    resolution: Literal["720p", "1080p"] = DEFAULT_RESOLUTION
    """The video's resolution."""
    first_frame: Text | None = None
    """The picture it starts from: a path from the file, an http(s) address, a Runware image UUID or a data URI."""
    negative_prompt: Text | None = None
    """What should not be seen; only with a first frame."""
    cast: dict[str, Text] | Text | None = None
    """Names to descriptions that `@name` in a prompt stands for, or the path of a YAML file with such a mapping."""
    look: str | None = None
    """Said again at the end of every shot."""
    shots: tuple[Shot, ...] = Field(min_length=1, max_length=KLING_3_TURBO.shots.most, strict=False)
    """The shots in order."""
    output: Output = Output()
    """How the video is made and delivered."""

    @property
    def profile(self) -> Profile:
        """The limits, sizes and prices of the model."""
        return PROFILES[self.model]

    @property
    def seconds(self) -> int:
        """The film's length: the sum of its shots."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def framed(self) -> bool:
        """Whether it is image-to-video."""
        return self.first_frame is not None


def without_private_keys(data: dict[Any, Any]) -> dict[Any, Any]:
    """A storyboard's mapping without the `x-…` keys of the file and of its shots, which are kept but never read."""
    kept = _public(data)
    if isinstance(shots := kept.get("shots"), list):
        kept["shots"] = [_public(shot) if isinstance(shot, dict) else shot for shot in shots]
    return kept


def _public(mapping: dict[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in mapping.items() if not (isinstance(key, str) and key.startswith("x-"))}
