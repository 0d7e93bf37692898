"""A checked storyboard made ready to send: its model, prompt, first frame and price."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.compiler.price import price
from storyboard.compiler.request import VideoRequest, build_request
from storyboard.compiler.template import TemplateError, read_template, write_template
from storyboard.frames import check_frame, frame_kind, load_frame
from storyboard.model import Storyboard, without_private_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from storyboard.pictures import Picture
    from storyboard.profiles import FrameLimits


class CompileError(ValueError):
    """A storyboard that cannot be made into a request."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A storyboard that can be sent as it is; the request's UUID is given when it is known who pays."""

    storyboard: Storyboard
    prompt: str
    image: str | None
    """What the provider gets as first frame."""
    frame_bytes: bytes | None
    """A local first frame as it was read for this request."""

    @property
    def price(self) -> Decimal:
        """US dollars by the list."""
        board = self.storyboard
        return price(board.profile, board.resolution, board.seconds, board.output.takes)

    def request(self, task_uuid: str) -> VideoRequest:
        """The task under this UUID."""
        return build_request(self.storyboard, self.prompt, task_uuid, self.image)


def compile_prompt(texts: Sequence[tuple[int, str]]) -> str:
    """The template for (seconds, text) pairs, read back and compared before it is given out; else CompileError."""
    try:
        prompt = write_template(texts)
        lines = read_template(prompt)
    except TemplateError as error:
        raise CompileError(str(error)) from None
    if [(line.seconds, line.text) for line in lines] != list(texts):
        raise CompileError("the compiled prompt does not read back as the same shots")
    return prompt


def prepare(data: Mapping[str, Any], texts: Sequence[tuple[int, str]], folder: str) -> Prepared:
    """Makes a storyboard's data and its shots' compiled texts ready to send; reads the first frame.

    Raises CompileError, frames.FrameError or pydantic.ValidationError for what must not be paid.
    """
    storyboard, prompt = sound_parts(data, texts)
    image, frame_bytes = first_frame(storyboard, folder, load_frame)
    return Prepared(storyboard, prompt, image, frame_bytes)


def sound_parts(data: Mapping[str, Any], texts: Sequence[tuple[int, str]]) -> tuple[Storyboard, str]:
    """The model and the compiled prompt, known to fit each other; raises CompileError or pydantic.ValidationError."""
    storyboard = Storyboard.model_validate(without_private_keys(dict(data)))
    if [shot.seconds for shot in storyboard.shots] != [seconds for seconds, _ in texts]:
        raise CompileError("the compiled shots are not those of the file")
    if storyboard.duration not in (None, storyboard.seconds):
        raise CompileError("`duration` is not the sum of the shots")
    return storyboard, compile_prompt(texts)


def first_frame(
    storyboard: Storyboard, folder: str, load: Callable[[str, str, FrameLimits], tuple[bytes, Picture]]
) -> tuple[str | None, bytes | None]:
    """What the provider gets as first frame, and the bytes of a local one, which `load` reads; FrameError."""
    reference, limits = storyboard.first_frame, storyboard.profile.frame
    if reference is None:
        return None, None
    if frame_kind(reference) != "file":
        check_frame(reference, folder, limits)
        return reference, None
    data, picture = load(reference, folder, limits)
    return f"data:{picture.media_type};base64,{b64encode(data).decode()}", data
