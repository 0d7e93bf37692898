"""The known word that an unknown one was probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar of the known words, None where none is alike."""
    from difflib import get_close_matches

    candidates = {candidate.casefold().replace("-", "_"): candidate for candidate in known}
    close = get_close_matches(word[:80].casefold().replace("-", "_"), candidates, n=1, cutoff=0.5)
    return candidates[close[0]] if close else None
