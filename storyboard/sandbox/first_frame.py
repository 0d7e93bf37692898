"""Whether `inputs` is exactly one first frame that the model would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard.sandbox.picture import PictureError, decode, is_reference, look_at_first_frame
from storyboard.sandbox.refusal import Refusal, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storyboard.profiles import FrameLimits

PARAMETER = "inputs.frameImages"


def check_first_frame(
    inputs: object, limits: FrameLimits, find_upload: Callable[[str], str | None]
) -> Iterator[Refusal]:
    """What is wrong with the task's `inputs`; pictures in it are decoded and looked at."""
    if not isinstance(inputs, dict):
        yield invalid("inputs", "inputs is an object with frameImages.", type="object")
        return
    for name in sorted(inputs.keys() - {"frameImages"}):
        shown = f"inputs.{name[:64]}"
        yield Refusal("unsupportedParameter", f"Unsupported parameter {shown!r}.", shown)
    image = first_frame_image(inputs)
    if image is None:
        words = 'frameImages is a list of exactly one picture: text, or {"image": text, "frame": "first"}.'
        yield invalid(PARAMETER, words, type="array")
        return
    try:
        _look(image, limits, find_upload)
    except PictureError as error:
        yield invalid(PARAMETER, f"The first frame cannot be taken: {error}.", type="string")


def first_frame_image(inputs: object) -> str | None:
    """The text of the one first frame in a task's `inputs`: UUID, URL, data URI or base64; None if it is not that."""
    items = inputs.get("frameImages") if isinstance(inputs, dict) else None
    if not isinstance(items, list) or len(items) != 1:
        return None
    item = items[0]
    if isinstance(item, dict):
        frame = item.get("frame")
        is_first = frame == "first" or (type(frame) is int and frame == 0)
        item = item.get("image") if is_first and item.keys() == {"image", "frame"} else None
    return item if isinstance(item, str) and item else None


def _look(image: str, limits: FrameLimits, find_upload: Callable[[str], str | None]) -> None:
    text = find_upload(image) or image
    if not is_reference(text):
        look_at_first_frame(decode(text, bytes_at_most=limits.bytes_at_most), limits)
