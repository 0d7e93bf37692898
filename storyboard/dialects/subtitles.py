"""SRT and WebVTT: each cue a shot, from its beginning to the next one's."""

from __future__ import annotations

import re

from storyboard.dialects.film import FoundFilm, FoundShot
from storyboard.dialects.numbers import between, clock_seconds

_CLOCK = r"((?:\d{1,3}:)?\d{1,3}:\d{2}[.,]\d{3})"
_CUE = re.compile(
    rf"^(?:\d{{1,6}}[ \t]{{0,4}}\r?\n)?{_CLOCK}[ \t]{{1,4}}-->[ \t]{{1,4}}{_CLOCK}[^\r\n]*$", re.MULTILINE
)


def read(text: str) -> FoundFilm | None:
    """Cues as shots; None for a text without cues."""
    starts = list(_CUE.finditer(text))
    if not starts:
        return None
    film = FoundFilm("subtitles", [])
    for place, match in enumerate(starts):
        following = starts[place + 1] if place + 1 < len(starts) else None
        words = text[match.end() : following.start() if following else len(text)].strip()
        end = clock_seconds(following[1]) if following else clock_seconds(match[2])
        film.shots.append(FoundShot(words, between(clock_seconds(match[1]), end)))
    return film
