"""The request for people to look at: what `prepare` would send, with no more than the beginning of a local picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from storyboard.compiler.prepare import first_frame, sound_parts
from storyboard.compiler.request import build_request
from storyboard.frames import begin_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_BYTES = 360
"""Of a local picture; a multiple of 3, so that its base64 is the beginning of the whole picture's."""


def glimpse(data: Mapping[str, Any], texts: Sequence[tuple[int, str]], folder: str, task_uuid: str) -> dict[str, Any]:
    """The task as a JSON object, never to be sent; quick, however large the picture is. Raises as `prepare`."""
    storyboard, prompt = sound_parts(data, texts)
    image, _ = first_frame(storyboard, folder, partial(begin_frame, count=_BYTES))
    return build_request(storyboard, prompt, task_uuid, image).task()
