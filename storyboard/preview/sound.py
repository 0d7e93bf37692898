"""A soft tone at each cut, as plain samples."""

from __future__ import annotations

import math
import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

RATE = 48_000
"""Samples a second, 16 bits each, one channel."""
_TONE_SECONDS = 0.12
_HERTZ = 660.0
_LOUDNESS = 0.10


def track(cuts_at: Iterable[int], seconds: int) -> bytes:
    """Silence of this many whole seconds with a tone at each of the given seconds; little-endian int16."""
    samples = bytearray(2 * RATE * seconds)
    tone = _tone()
    for at in cuts_at:
        samples[2 * RATE * at : 2 * RATE * at + len(tone)] = tone
    return bytes(samples)


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
