"""What a first frame is: an address, a stored picture's UUID, or a picture that can be looked at."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.profiles import FrameLimits

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.IGNORECASE)

_DATA_URI = re.compile(r"data:image/(?:png|jpe?g|webp|bmp|gif);base64,", re.IGNORECASE)
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_OTHER_MAGIC = {b"GIF8": "gif", b"BM": "bmp", b"RIFF": "webp"}
# Start-of-frame markers; C4, C8 and CC in that row are other segments.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})


class PictureError(ValueError):
    """Text that holds no picture, or a picture that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the first bytes of a picture say; sides in pixels."""

    kind: str
    width: int
    height: int


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


def look_at(data: bytes) -> Look:
    """Kind and sides of a PNG or JPEG that is there to its end. Raises PictureError."""
    if data.startswith(_PNG_MAGIC):
        return Look("png", *_png_sides(data))
    if data.startswith(b"\xff\xd8\xff"):
        return Look("jpeg", *_jpeg_sides(data))
    raise PictureError("neither a PNG nor a JPEG picture")


def look_at_first_frame(data: bytes, limits: FrameLimits) -> Look:
    """Kind and sides of a picture that the model takes as its first frame. Raises PictureError."""
    look = look_at(data)
    short, long = sorted((look.width, look.height))
    if short < limits.side_at_least:
        raise PictureError(f"{look.width}x{look.height}: each side must be at least {limits.side_at_least} pixels")
    if long > limits.ratio_at_most * short:
        raise PictureError(f"{look.width}x{look.height}: at most {limits.ratio_at_most} times as long as wide")
    return look


def kind_of(data: bytes) -> str | None:
    """What kind of picture imageUpload would keep (runware.ai/docs/utilities/image-upload lists them); None if none."""
    for magic, kind in _OTHER_MAGIC.items():
        if data.startswith(magic):
            return kind
    try:
        return look_at(data).kind
    except PictureError:
        return None


def _png_sides(data: bytes) -> tuple[int, int]:
    sides: tuple[int, int] | None = None
    position = len(_PNG_MAGIC)
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            break
        # A broken header or a missing end would only come out when the video is made, long after the job was taken.
        if zlib.crc32(memoryview(data)[position + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            raise PictureError("the PNG is damaged")
        if kind == b"IHDR" and length == 13 and sides is None:
            sides = struct.unpack_from(">II", data, position + 8)
        if kind == b"IEND" and sides is not None:
            return sides
        position = end
    raise PictureError("the PNG is cut off")


def _jpeg_sides(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            break
        marker = data[position + 1]
        if marker == 0xFF or marker in _JPEG_BARE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _JPEG_FRAMES and position + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, position + 5)
            if b"\xff\xd9" not in data[position:]:
                break
            return width, height
        if marker in (0xD9, 0xDA):
            break
        position += 2 + struct.unpack_from(">H", data, position + 2)[0]
    raise PictureError("the JPEG is damaged or cut off")
