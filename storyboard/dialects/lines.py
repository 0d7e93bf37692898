"""One shot a line: `label | 4 | prompt`; and cue words: `Begin with … Cut to … End on …`."""

from __future__ import annotations

import re

from storyboard.dialects.film import FoundFilm, FoundShot
from storyboard.dialects.numbers import seconds_of

_PLAIN = re.compile(r"(?:shot|scene|clip)?\s?#?\d{0,3}", re.IGNORECASE)
_CUE = re.compile(
    r"(?:\A|(?<=[.!?]\s))(?:begin with|open on|start with|cut to|then cut to|end on|end with|finish on):?\s",
    re.IGNORECASE,
)


def read_pipes(text: str) -> FoundFilm | None:
    """Lines of three fields, the second a number of seconds; None unless every line is one."""
    shots = []
    for line in text.splitlines():
        if not line.strip():
            continue
        label, _, rest = line.partition("|")
        length, bar, prompt = rest.partition("|")
        seconds = seconds_of(length.strip())
        if seconds is None or not bar or not label.strip() or not prompt.strip():
            return None
        label = label.strip()
        shots.append(FoundShot(prompt.strip(), seconds, "" if _PLAIN.fullmatch(label) else label))
    return FoundFilm("lines of label | seconds | prompt", shots) if shots else None


def read_cues(text: str) -> FoundFilm | None:
    """Sentences that begin with a cue for a cut; None unless the text begins with one and has another."""
    starts = list(_CUE.finditer(text.strip()))
    if len(starts) < 2 or starts[0].start():
        return None
    text = text.strip()
    ends = [match.start() for match in starts[1:]] + [len(text)]
    shots = [FoundShot(text[match.end() : end].strip()) for match, end in zip(starts, ends, strict=True)]
    return FoundFilm("cue words", shots)
