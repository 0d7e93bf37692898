"""Seconds and clock times as people write them."""

from __future__ import annotations

import re

SECONDS = r"\d{1,4}(?:[.,]\d{1,3})?"
"""A number of seconds, without its unit."""
UNIT = r"(?:\s?(?:seconds?|secs?|s|秒)\b|秒)"
CLOCK = r"(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
"""Minutes and seconds, perhaps with hours before and a fraction behind."""

LONGEST = 9_999
"""Seconds up to which a number is a shot's length; far more than any model makes."""

_WITH_UNIT = re.compile(rf"({SECONDS}){UNIT}?\Z", re.IGNORECASE)
_SPAN = re.compile(rf"({CLOCK}|{SECONDS}){UNIT}?\s?[-–—]\s?({CLOCK}|{SECONDS}){UNIT}?", re.IGNORECASE)


def seconds_of(value: object) -> float | None:
    """Seconds from a number, or a text such as `3s`, `2.5 seconds`, `0:03`, `0:03-0:05`; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if 0 < value <= LONGEST else None
    text = str(value).strip()
    if len(text) > 40:
        return None
    if match := _WITH_UNIT.match(text):
        return float(match[1].replace(",", ".")) or None
    if match := _SPAN.fullmatch(text):
        return between(clock_seconds(match[1]), clock_seconds(match[2]))
    return (clock_seconds(text) or None) if re.fullmatch(CLOCK, text) else None


def between(begin: float, end: float) -> float | None:
    """Seconds from one time to another; None where there are none, for no shot lasts less than nothing."""
    return max(end - begin, 0) or None


def clock_seconds(text: str) -> float:
    """Seconds of a clock time, or of a plain number."""
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds
