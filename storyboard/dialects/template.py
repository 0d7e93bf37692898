"""The multi-shot template `shot 1, 3, text; …` as people write it: no last semicolon, full stops, `3s`."""

from __future__ import annotations

import re

from storyboard.dialects.film import FoundFilm, FoundShot

_START = re.compile(
    r"(?:(?<=[;；.。\n])|(?<=[;；.。\n] )|\A)[ \t\r\n]{0,20}shot\s{1,3}(\d{1,3})\s?[,，]\s{0,3}(\d{1,4}(?:\.\d{1,3})?)"
    r"\s?(?:seconds?|secs?|s)?\s?[,，]\s?",
    re.IGNORECASE,
)


def read(text: str) -> FoundFilm | None:
    """The shots of a template; None where the text begins with anything else."""
    starts = list(_START.finditer(text))
    if not starts or text[: starts[0].start()].strip():
        return None
    shots = []
    for place, match in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        words = text[match.end() : end].strip()
        shots.append(FoundShot(words[:-1].rstrip() if words.endswith((";", "；")) else words, float(match[2])))
    film = FoundFilm("the multi-shot template", shots)
    film.count_anew([int(match[1]) for match in starts])
    return film
