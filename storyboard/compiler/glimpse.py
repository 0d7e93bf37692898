"""The request for people to look at: what `prepare` would send, with no more than the beginning of a local picture."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from storyboard.compiler.prepare import sound_parts
from storyboard.compiler.request import build_request
from storyboard.frames import begin_frame, check_frame, frame_kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storyboard.model import Storyboard

_BYTES = 360
"""Of a local picture; a multiple of 3, so that its base64 is the beginning of the whole picture's."""


def glimpse(data: Mapping[str, Any], texts: Sequence[tuple[int, str]], folder: str, task_uuid: str) -> dict[str, Any]:
    """The task as a JSON object, never to be sent; quick, however large the picture is. Raises as `prepare`."""
    storyboard, prompt = sound_parts(data, texts)
    return build_request(storyboard, prompt, task_uuid, _image(storyboard, folder)).task()


def _image(storyboard: Storyboard, folder: str) -> str | None:
    reference, limits = storyboard.first_frame, storyboard.profile.frame
    if reference is None:
        return None
    if frame_kind(reference) != "file":
        check_frame(reference, folder, limits)
        return reference
    data, picture = begin_frame(reference, folder, limits, _BYTES)
    return f"data:{picture.media_type};base64,{b64encode(data).decode()}"
