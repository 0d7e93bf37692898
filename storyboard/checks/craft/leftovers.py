"""What was pasted from elsewhere and means nothing here, or something else."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from storyboard.checks.craft.film import is_cjk
from storyboard.checks.craft.rule import Said, rule
from storyboard.checks.diagnostic import Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.checks.craft.film import Film, Seen

_LOOK_ALIKES = "\uff1b\u204f\ufe54"
_FULL_WIDTH = "\uff0c\u3002\uff1a\uff01\uff1f\u3001"


@cache
def _blanks() -> re.Pattern[str]:
    ways = (
        r"\[(?=[^\[\]a-z]{0,40}[A-Z]{2})[A-Z0-9 _/-]{2,40}\]",
        r"\[(?:describe|insert|your|add|name of)\b[^\[\]]{0,80}\]",
        r"\{\{[^{}]{0,80}\}\}",
        r"\{[a-z_]{2,30}\}",
        r"<(?:your|insert|describe)\b[^<>]{0,80}>",
    )
    return re.compile("|".join(ways), re.ASCII)


@cache
def _dialects() -> re.Pattern[str]:
    clock, number = r"\d{1,2}:\d\d(?:\.\d{1,3})?", r"\d{1,3}(?:\.\d{1,2})?"
    ways = (
        r"<<<\s?\w{1,40}\s?>>>",
        r"\[?@(?:Image|Video|Audio|Element)\s?\d{0,3}\]?",
        rf"\bshot \d{{1,2}}\s?\({number}\s?(?:s|sec|seconds)\)",
        r"\bshot \d{1,2}, ?\d{1,3}, ",
        r"\bshot \d{1,2}:",
        rf"[\[(]{clock}\s?[-–]\s?{clock}[\])]",
        rf"\(duration: ?{number} ?s?\)",
        rf"\({number}\s?[-–]\s?{number}\s?(?:s|sec)\)",
    )
    return re.compile("|".join(ways), re.IGNORECASE)


@rule(
    "SB231",
    "warning",
    "a blank that nobody filled in",
    reason="Templates hold blanks such as [COLOUR] or {{name}}; the model draws them, or guesses.",
    source="published storyboards; Kling's own prompt templates",
    wrong=("Close-up of the sole of a [COLOUR] sneaker on stone. Static camera. A soft click.",),
    right=("Close-up of the sole of a red sneaker on stone. Static camera. A soft click.",),
)
def blank_left(film: Film) -> Iterator[Said]:
    """Capitals in brackets, braces, TODO and their like."""
    for shot in film.shots:
        if blank := _blank_in(shot.reading.text) or _unfinished(shot):
            yield Said(shot.path, f"{shot.name}: {blank[:60]} is a blank to fill in")


@lru_cache(maxsize=64)
def _blank_in(text: str) -> str:
    match = _blanks().search(text) if any(mark in text for mark in "[{<") else None
    return match[0] if match else ""


def _unfinished(shot: Seen) -> str:
    return next(
        (one.written.upper() for one in shot.reading.of("blank") if one.written.upper() in shot.reading.text), ""
    )


@rule(
    "SB232",
    "warning",
    "a leftover of another notation",
    reason="Element marks, time codes and shot numbers of other tools are read as words; Turbo takes no elements.",
    source="kling.ai/document-api, Kling 3.0 Turbo",
    wrong=("Wide shot, <<<element_1>>> walks along a pier and stops. Static camera. Gulls.",),
    right=("Wide shot, an old keeper walks along a pier and stops. Static camera. Gulls.",),
)
def dialect_left(film: Film) -> Iterator[Said]:
    """Marks of elements and pictures, numbers and seconds of shots, time codes."""
    for shot in film.shots:
        if mark := _dialect_in(shot.reading.text):
            advice = "say what is seen" if mark[0] in "<[@" else "`storyboard import` reads such notations"
            yield Said(shot.path, f"{shot.name}: “{mark[:40]}” belongs to another notation: {advice}")


@lru_cache(maxsize=64)
def _dialect_in(text: str) -> str:
    match = _dialects().search(text) if any(mark in text for mark in "<@[(") or "shot " in text.lower() else None
    return match[0].strip() if match else ""


@rule(
    "SB233",
    "warning",
    "a character that looks like a semicolon",
    reason="It ends no shot, but is often meant as the semicolon that must not stand here, and may be read as one.",
    source="Runware's multi-shot template; Unicode",
    wrong=("Wide shot of a fox\uff1b snow falls and settles. Static camera. Wind.",),
    right=("Wide shot of a fox, snow falls and settles. Static camera. Wind.",),
)
def look_alike(film: Film) -> Iterator[Said]:
    """U+FF1B, U+204F and U+FE54; between Chinese or Japanese characters the first one is right."""
    for shot in film.shots:
        if shot.prompt.isascii():
            continue
        wrong = [index for index, character in enumerate(shot.prompt) if _is_look_alike(shot.prompt, index, character)]
        if wrong:
            character = shot.prompt[wrong[0]]
            mended = "".join("," if index in wrong else found for index, found in enumerate(shot.prompt))
            words = f"{shot.name}: U+{ord(character):04X} looks like a semicolon: write a comma or a full stop instead"
            yield Said(shot.path, words, Fix("write a comma", shot.path, mended))


def _is_look_alike(text: str, index: int, character: str) -> bool:
    if character not in _LOOK_ALIKES:
        return False
    return character != "\uff1b" or not any(map(is_cjk, text[max(index - 1, 0) : index + 2]))


@rule(
    "SB234",
    "info",
    "full-width punctuation in Latin text",
    reason="It comes with text pasted from a Chinese page, and splits no sentence for a reader of Latin text.",
    source="published storyboards",
    wrong=("Wide shot of a fox\uff0c snow falls and settles. Static camera. Wind.",),
    right=("Wide shot of a fox, snow falls and settles. Static camera. Wind.",),
)
def full_width(film: Film) -> Iterator[Said]:
    """Full-width marks in a text without Chinese, Japanese or Korean."""
    for shot in film.shots:
        text = shot.reading.text
        if text.isascii():
            continue
        mark = next((character for character in text if character in _FULL_WIDTH), None)
        if mark is not None and not any(map(is_cjk, text)):
            yield Said(shot.path, f"{shot.name}: “{mark}” is the full-width form: write the plain one")


RULES = (blank_left, dialect_left, look_alike, full_width)
