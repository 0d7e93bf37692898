"""The first frame: decoded with care, fitted sharp, and blurred to a dark ground."""

from __future__ import annotations

import struct
import sys
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from storyboard.pictures import PictureError, look
from storyboard.pixels import PIXELS_AT_MOST, in_helper, is_slow, limit_seconds, quiet_pillow, refuse_empty_scans
from storyboard.preview.errors import PreviewError
from storyboard.preview.shapes import rounded_mask

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

    from storyboard.preview.plan import Box
    from storyboard.preview.runs import Colour

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What each of EXIF's orientations but the first asks for; the check reads it in the same way."""
_SMALL = 160
_DARKNESS = 0.72


def decode(data: bytes, room: tuple[int, int], *, is_helper: bool = False) -> Image.Image:
    """The PNG or JPEG as it is seen and in RGB, no larger than `room` pixels; raises PreviewError.

    One that takes long is decoded by a helper process, unless this is it.
    """
    quiet_pillow()
    try:
        seen = look(data)
        if seen.pixels > PIXELS_AT_MOST:
            raise PreviewError(
                f"The first frame has {seen.width} x {seen.height} pixels; "
                f"{PIXELS_AT_MOST // 1_000_000} million are the most that can be previewed. Save it smaller."
            )
        refuse_empty_scans(data, seen)
        if is_slow(seen) and not is_helper:
            return _in_helper(data, room)
        picture = _open(data)
        picture.draft("RGB", room)
        picture.load()
        turn = _TURNS.get(seen.orientation)
        upright = picture if turn is None else picture.transpose(turn)
        plain = upright if upright.mode in {"L", "RGB", "RGBA"} else _rgb(upright)
        plain.thumbnail(room, Image.Resampling.LANCZOS)
        return _rgb(plain)
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, struct.error, zlib.error) as error:
        reason = error.reason if isinstance(error, PictureError) else error
        raise PreviewError(
            f"The first frame cannot be decoded ({reason}). "
            "Open it in an image program and save it again as PNG or JPEG."
        ) from error


def _in_helper(data: bytes, room: tuple[int, int]) -> Image.Image:
    """The same from a process that is killed where it takes too long; PictureError."""
    shown = in_helper("storyboard.preview.picture", [str(side) for side in room], data)
    size = int.from_bytes(shown[:4], "big"), int.from_bytes(shown[4:8], "big")
    return Image.frombytes("RGB", size, shown[8:])


def _help() -> None:
    limit_seconds()
    picture = decode(sys.stdin.buffer.read(), (int(sys.argv[2]), int(sys.argv[3])), is_helper=True)
    for part in (*(side.to_bytes(4, "big") for side in picture.size), picture.tobytes()):
        sys.stdout.buffer.write(part)


def dark_cover(picture: Image.Image, size: tuple[int, int], ground: Colour) -> Image.Image:
    """The picture as a ground for text: filling `size`, blurred, and mixed with `ground`."""
    scale = _SMALL / max(size)
    small = ImageOps.fit(
        picture, (max(1, round(size[0] * scale)), max(1, round(size[1] * scale))), Image.Resampling.BOX
    )
    soft = small.filter(ImageFilter.GaussianBlur(_SMALL / 20))
    return Image.blend(soft, Image.new("RGB", soft.size, ground), _DARKNESS).resize(size, Image.Resampling.BICUBIC)


def place_sharp(canvas: Image.Image, picture: Image.Image, box: Box, radius: int) -> None:
    """Fit the whole picture into the box, at its top right, with round corners."""
    fitted = ImageOps.contain(picture, (box.width, box.height), Image.Resampling.LANCZOS)
    canvas.paste(fitted, (box.right - fitted.width, box.top), rounded_mask(*fitted.size, radius))


def _open(data: bytes) -> ImageFile:
    # Named decoders instead of Image.open: nothing but PNG and JPEG is ever tried, and the size is ours to judge.
    return (PngImageFile if data.startswith(b"\x89PNG") else JpegImageFile)(BytesIO(data))


def _rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, (0, 0, 0, 255)), clear).convert("RGB")
    return picture.convert("RGB")


if __name__ == "__main__":
    _help()
