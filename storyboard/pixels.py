"""The pixels of a JPEG, decoded where Pillow is installed, to know that all of them are there."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

from storyboard.pictures import PictureError

if TYPE_CHECKING:
    from storyboard.pictures import Picture

PIXELS_AT_MOST = 89_000_000
"""Pixels up to which pictures are decoded: Pillow warns from here on, and no video model wants more."""
_VISITS_AT_MOST = 20 * PIXELS_AT_MOST
"""Pixels times scans: some seconds' work. A usual progressive JPEG has ten scans."""


def decode_whole(data: bytes, picture: Picture) -> None:
    """Decodes the scans of a JPEG and forgets them; raises PictureError where that fails.

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
    try:
        with JpegImageFile(BytesIO(data)) as decoded:
            # An eighth of the size: every scan is read to its end all the same, in a third of the time.
            decoded.draft("L", (1, 1))
            decoded.load()
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error) as error:
        raise PictureError(f"a damaged JPEG, it cannot be decoded ({error})") from None
