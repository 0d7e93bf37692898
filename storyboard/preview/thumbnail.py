"""A first frame made small enough for a corner of the screen; big, slow and broken ones cost no more than a refusal."""

from __future__ import annotations

import os
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from storyboard.disk import words_of
from storyboard.frames import FrameError, begin_frame, check_frame, frame_kind, resolve_inside
from storyboard.preview.errors import PreviewError
from storyboard.preview.picture import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.profiles import FrameLimits

_SIDE = 160
"""Pixels that the longer side keeps; more than any corner has cells."""
_PIXELS_AT_MOST = 50_000_000
"""Pixels of a picture that are decoded for a corner of the screen: about a second's work."""

Stamp = tuple[str, int, int]
Pair = tuple[tuple[int, int, int], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture in RGB, and what it was made from."""

    picture: Image.Image
    width: int
    height: int
    stamp: Stamp
    """Which version of which file; another one needs another thumbnail."""

    def half_blocks(self, columns: int, rows: int) -> Iterator[list[Pair]]:
        """Rows of cells of which each has an upper and a lower colour; no larger than this, in the picture's shape."""
        scale = min(columns / self.width, 2 * rows / self.height)
        across, down = (max(round(side * scale), 1) for side in (self.width, self.height))
        down += down % 2
        pixels = self.picture.resize((across, down), Image.Resampling.BOX).tobytes()
        line = 3 * across
        for top in range(0, down * line, 2 * line):
            yield [(_colour(pixels, place), _colour(pixels, place + line)) for place in range(top, top + line, 3)]


def make_thumbnail(
    reference: str, folder: str, limits: FrameLimits, known: Thumbnail | None = None
) -> Thumbnail | None:
    """A first frame, small; `known` where the file is still the one it was made from, None where only others see it.

    Raises FrameError and PreviewError with what is wrong.
    """
    kind = frame_kind(reference)
    if kind in {"url", "uuid"}:
        return None
    stamp = _stamp(resolve_inside(reference, folder)) if kind == "file" else (reference, 0, 0)
    if known is not None and known.stamp == stamp:
        return known
    seen = check_frame(reference, folder, limits)
    if seen is None or seen.pixels > _PIXELS_AT_MOST:
        raise PreviewError(f"more than {_PIXELS_AT_MOST // 1_000_000} million pixels are not shown here")
    if kind == "file":
        data, _ = begin_frame(reference, folder, limits, limits.bytes_at_most)
    else:
        data = b64decode(reference.partition(",")[2])
    return Thumbnail(decode(data, (_SIDE, _SIDE)), seen.width, seen.height, stamp)


def _stamp(path: str) -> Stamp:
    try:
        found = os.stat(path)
    except OSError as error:
        raise FrameError(words_of(error)) from None
    return path, found.st_mtime_ns, found.st_size


def _colour(pixels: bytes, place: int) -> tuple[int, int, int]:
    return pixels[place], pixels[place + 1], pixels[place + 2]
