"""First frames: what the provider takes as one, and a maker of small true PNGs for tests."""

import base64
import binascii
import re
import struct
import zlib

from . import patterns

DATA_URI = re.compile(r"data:image/(png|jpeg|jpg);base64,(.*)", re.DOTALL)
LIMIT = 50 * 1024 * 1024
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAPicture(ValueError):
    """The text is no image UUID, URL, or PNG or JPEG that Kling takes."""


def check(image: str) -> None:
    """Accept an image UUID, an http(s) URL, a data URI or bare base64; else NotAPicture."""
    if patterns.UUID_ANY.fullmatch(image) or patterns.HTTP_URL.fullmatch(image):
        return
    match = DATA_URI.fullmatch(image)
    if image.startswith("data:") and match is None:
        raise NotAPicture("the data URI is not image/png or image/jpeg in base64")
    try:
        data = base64.b64decode(match[2] if match else image, validate=True)
    except (binascii.Error, ValueError) as why:
        raise NotAPicture("not base64") from why
    kind, width, height = _measure(data)
    if match and kind != match[1].replace("jpg", "jpeg"):
        raise NotAPicture(f"the data URI says {match[1]}, its bytes are {kind}")
    if len(data) > LIMIT or min(width, height) < 300 or max(width, height) > 2.5 * min(width, height):
        raise NotAPicture(f"{width}x{height}, {len(data)} bytes: sides of 300 px, 1:2.5 to 2.5:1, 50 MB at most")


def _measure(data: bytes) -> tuple[str, int, int]:
    """The kind, width and height that the header bytes state."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        return "png", *struct.unpack(">II", data[16:24])
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg", *_jpeg_size(data)
    raise NotAPicture("neither a PNG nor a JPEG")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise NotAPicture("a JPEG without a frame header")


def png(width: int = 640, height: int = 360) -> bytes:
    """A grey PNG of that size."""
    rows = (b"\x00" + b"\x80" * width) * height
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def data_uri(data: bytes, kind: str = "png") -> str:
    """`data` as a data URI of image/`kind`."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
