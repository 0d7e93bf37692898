"""Which shot of one version is which of another: by what they say, wherever they stand."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from storyboard.normal_forms import normalized

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOTS_AT_MOST = 60
"""Shots up to which versions are compared shot by shot: a storyboard has six, a mistake perhaps more."""
_ALIKE = 0.5
_NO_LETTERS = re.compile(r"[\W_]+")
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHERS = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3041-\u30ff\u31f0-\u31ff"
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai, Japanese syllables."""
_WITHOUT_SPACES = re.compile(f"([{_HAN}]+|[{_OTHERS}]+)")
_CHINESE = re.compile(f"[{_HAN}]")

Shot = Any
"""A shot's mapping, or what stands in its place."""


def total(shots: Sequence[Shot]) -> int | None:
    """The seconds of all shots, None where one of them has none that are whole."""
    seconds = [shot.get("seconds") if isinstance(shot, dict) else None for shot in shots]
    whole = [one for one in seconds if type(one) is int]
    return sum(whole) if len(whole) == len(seconds) else None


def match(old: Sequence[Shot], new: Sequence[Shot]) -> dict[int, int]:
    """Indexes of old shots to those of new ones: the same, the most alike, then what is alone in its place."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, before, after in sorted(_likely(old, new)):
        if before not in found and after not in taken:
            found[before] = after
            taken.add(after)
    if len(old) == len(new):
        for index in range(len(old)):
            if index not in found and index not in taken:
                found[index] = index
                taken.add(index)
    return found


def _likely(old: Sequence[Shot], new: Sequence[Shot]) -> list[tuple[float, int, int, int]]:
    before, after = [_bag(shot) for shot in old], [_bag(shot) for shot in new]
    found = []
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            likeness = 2.0 if one == other else _likeness(before[i], after[j])
            if likeness >= _ALIKE:
                found.append((-likeness, abs(i - j), i, j))
    return found


def likeness(one: Shot, other: Shot) -> float:
    """How much of two shots' prompts is the same, from 0 to 1."""
    return _likeness(_bag(one), _bag(other))


def _bag(shot: Shot) -> Counter[str]:
    prompt = str(shot.get("prompt") if isinstance(shot, dict) else shot)
    return Counter(_words(prompt) or prompt.split())


def _words(text: str) -> list[str]:
    """Letters and digits by words, whatever their case and marks; without spaces between words, parts of them.

    A Chinese character says about as much as a word; of alphabets, pairs of letters do, one letter is in every text.
    """
    found: list[str] = []
    if not text.isascii():  # marks on letters, joiners and soft hyphens would end words
        spelled = normalized("NFKD", text)
        text = "".join(letter for letter in spelled if unicodedata.category(letter) not in ("Mn", "Mc", "Me", "Cf"))
    for run in _NO_LETTERS.split(text.casefold()):
        for part in _WITHOUT_SPACES.split(run):
            if _WITHOUT_SPACES.match(part):
                found += part if _CHINESE.match(part) else [part[at : at + 2] for at in range(max(1, len(part) - 1))]
            elif part:
                found.append(part)
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Words in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def moved(pairs: dict[int, int]) -> set[int]:
    """Old indexes of shots that left their order: those outside the longest run that kept it."""
    order = [old for _, old in sorted((new, old) for old, new in pairs.items())]
    best: list[list[int]] = []
    for old in order:
        before: list[list[int]] = [run for run in best if run[-1] < old]
        longest: list[int] = max(before, key=len) if before else []
        best.append([*longest, old])
    kept: list[int] = max(best, key=len) if best else []
    return set(order).difference(kept)
