"""What a first frame is: an address, a stored picture's UUID, or a picture that can be looked at."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from storyboard import pictures
from storyboard.pixels import decode_whole

if TYPE_CHECKING:
    from storyboard.profiles import FrameLimits

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)

_DATA_URI = re.compile(r"data:image/(?:png|jpe?g|webp|bmp|gif);base64,", re.IGNORECASE)
_OTHER_MAGIC = {b"GIF8": "gif", b"BM": "bmp", b"RIFF": "webp"}


class PictureError(ValueError):
    """Text that holds no picture, or a picture that cannot be taken; the message says why."""


def is_reference(text: str) -> bool:
    """Whether the text points at a picture elsewhere, by http(s) address or UUID."""
    return UUID.fullmatch(text) is not None or WEB_ADDRESS.fullmatch(text) is not None


def decode(text: str, *, bytes_at_most: int) -> bytes:
    """The bytes of a data URI or of bare base64. Raises PictureError."""
    body = text
    if text[:5].lower() == "data:":
        head = _DATA_URI.match(text)
        if head is None:
            raise PictureError("the data URI is not one of a picture in base64")
        body = text[head.end() :]
    if len(body) // 4 * 3 > bytes_at_most + 2:
        raise PictureError(f"the picture is larger than {bytes_at_most} bytes")
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PictureError("neither a UUID, an http(s) URL, a data URI nor base64") from error
    if len(data) > bytes_at_most:
        raise PictureError(f"the picture is larger than {bytes_at_most} bytes")
    return data


def look_at_first_frame(data: bytes, limits: FrameLimits) -> None:
    """Whether the model takes this picture as its first frame, and all of it is there; PictureError."""
    try:
        picture = pictures.look(data)
        decode_whole(data, picture)
    except pictures.PictureError as error:
        raise PictureError(error.reason) from None
    short, long = sorted((picture.width, picture.height))
    if short < limits.side_at_least:
        sides = f"{picture.width}x{picture.height}"
        raise PictureError(f"{sides}: each side must be at least {limits.side_at_least} pixels")
    if long > limits.ratio_at_most * short:
        raise PictureError(f"{picture.width}x{picture.height}: at most {limits.ratio_at_most} times as long as wide")


def kind_of(data: bytes) -> str | None:
    """What kind of picture imageUpload would keep (runware.ai/docs/utilities/image-upload lists them); None if none."""
    for magic, kind in _OTHER_MAGIC.items():
        if data.startswith(magic):
            return kind
    try:
        return pictures.look(data).media_type.removeprefix("image/")
    except pictures.PictureError:
        return None
