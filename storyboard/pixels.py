"""The pixels of a JPEG, decoded where Pillow is installed, to know that all of them are there."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from operator import ne
from typing import TYPE_CHECKING

from storyboard.pictures import PictureError

if TYPE_CHECKING:
    from PIL.JpegImagePlugin import JpegImageFile

    from storyboard.pictures import Picture

PIXELS_AT_MOST = 89_000_000
"""Pixels up to which pictures are decoded: Pillow warns from here on, and no video model wants more."""
_VISITS_AT_MOST = 20 * PIXELS_AT_MOST
"""Pixels times scans: some seconds' work. A usual progressive JPEG has ten scans."""
_MORE = bytes(37 * place * place % 251 for place in range(8192))
"""Bytes that pass for a picture's, with no mark among them."""
_UNLIKE_AT_MOST = 0.002
"""The part of a picture's bytes that may be missing: some cameras save the last bits."""


def decode_whole(data: bytes, picture: Picture) -> None:
    """Decodes the scans of a JPEG and forgets them; raises PictureError where that fails or a part is missing.

    Does nothing for a PNG, which `pictures.look` has unpacked already, for a picture too large to decode, and where
    Pillow is not installed.
    """
    if picture.media_type != "image/jpeg" or picture.pixels > PIXELS_AT_MOST:
        return
    if picture.pixels * picture.scans > _VISITS_AT_MOST:
        return
    try:
        from PIL.JpegImagePlugin import JpegImageFile
    except ImportError:
        return
    shown = _shown(JpegImageFile, data)
    # What decodes the scans makes grey of what is missing, without a word. More bytes before the end show the gap: they
    # change nothing but a picture that lacks some.
    more = _MORE * (1 + len(data) // 8 // len(_MORE))
    other = _shown(JpegImageFile, data[: picture.end] + more + data[picture.end :])
    if shown != other and sum(map(ne, shown, other)) > len(shown) * _UNLIKE_AT_MOST:
        raise PictureError("a damaged JPEG, a part of its picture is missing")


def quiet_pillow() -> None:
    """Lets Pillow's warnings pass, say of EXIF that is cut short: what is wrong with a picture is said in findings.

    For the whole process, because `warnings.catch_warnings` is not safe where several threads open pictures.
    """
    warnings.filterwarnings("ignore", module=r"PIL\.")


def _shown(reader: type[JpegImageFile], data: bytes) -> bytes:
    quiet_pillow()
    try:
        with reader(BytesIO(data)) as decoded:
            # An eighth of the size: every scan is read to its end all the same, in a third of the time.
            decoded.draft("L", (1, 1))
            return decoded.tobytes()
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error) as error:
        raise PictureError(f"a damaged JPEG, it cannot be decoded ({error})") from None
