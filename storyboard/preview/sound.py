"""A soft tone at each cut, as plain samples."""

from __future__ import annotations

import math
import sys
from array import array
from functools import cache

RATE = 48_000
"""Samples a second, 16 bits each, one channel."""
_TONE_SECONDS = 0.12
_HERTZ = 660.0
_LOUDNESS = 0.10


def one_second(*, tone: bool) -> bytes:
    """A second of silence, or of a tone at its beginning and silence after it; little-endian int16."""
    return (_tone() if tone else b"").ljust(2 * RATE, b"\0")


@cache
def _tone() -> bytes:
    """A sine that swells and dies away, so that it does not click."""
    length = round(RATE * _TONE_SECONDS)
    peak = 32_767 * _LOUDNESS
    tone = array(
        "h",
        (
            round(peak * math.sin(math.pi * at / length) ** 2 * math.sin(2 * math.pi * _HERTZ * at / RATE))
            for at in range(length)
        ),
    )
    if sys.byteorder == "big":
        tone.byteswap()
    return tone.tobytes()
