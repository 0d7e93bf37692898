"""What can be read off a shot's text: its size on screen, and which of its words are spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EARLY = 160
"""Characters within which a size is the shot's own and not one that is talked about."""

# Name, words in any letter case, and short forms in capitals. At one place the first row that fits counts: longer
# names stand before those they contain.
_SIZES = (
    ("Extreme wide shot", r"extreme (?:wide|long)|establishing shot|gran plano general|大远景|大遠景", "EWS|ELS"),
    ("Medium close-up", r"medium close[ -]?up|近景|primer plano medio", "MCU"),
    ("Extreme close-up", r"extreme close[ -]?up|primerísimo primer plano|大特写|大特寫", "ECU"),
    ("Medium wide shot", r"medium (?:wide|long|full)|cowboy shot|plano americano", "MWS|MLS"),
    ("Wide shot", r"\b(?:wide|full|long)(?:[ -]angle)? shot|\bwide view|plano general|全景|远景|와이드", "WS|LS"),
    ("Medium shot", r"\b(?:medium|mid)[ -]?shot|plano medio|中景|ミディアムショット|미디엄 ?샷", "MS"),
    ("Macro", r"\bmacro\b|微距", ""),
    ("Close-up", r"\bclose[ -]?up\b|primer plano|特写|特寫|クローズアップ|클로즈업", "CU"),
    ("Over the shoulder", r"over[ -]the[ -]shoulder|过肩", "OTS"),
    ("Two-shot", r"\btwo[ -]shot\b", ""),
    ("Three-shot", r"\bthree[ -]shot\b", ""),
    ("Point of view", r"\bpoint[ -]of[ -]view\b", "POV"),
    ("Insert", r"\binsert(?: shot)?\b(?= of|:|,)", ""),
    ("Top-down shot", r"\btop[ -]down\b|\bbird'?s[ -]eye\b|\boverhead shot\b", ""),
    ("Aerial shot", r"\b(?:aerial|drone) (?:shot|view)\b", ""),
)  # fmt: skip
_PATTERNS = tuple(
    (name, re.compile(f"(?i:{words})" + (rf"|\b(?:{short})\b" if short else ""))) for name, words, short in _SIZES
)

_QUOTED = re.compile(r"“[^”]+”|„[^“”]+[“”]|«[^»]+»|「[^」]+」|『[^』]+』|\"[^\"]+\"")
_LABEL = re.compile(r"(?:\[[^\]\[]{1,90}\]|[^\W\d_][\w'’.-]*(?: [\w'’.-]+){0,3})\s*[:：]\s*$")
_WRITTEN = re.compile(r"(?i:\b(?:reads?|reading|written|labell?ed|titled|named|called|sign|words?|letters?)\W*)$")
_FOLLOWING = re.compile(r"[.,;:!?…。，！？]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a shot's text; `spoken` where somebody says it."""

    text: str
    spoken: bool


def shot_size(text: str) -> str:
    """The name of the shot's size, such as `Close-up`; empty where the text names none early on."""
    found = [(match.start(), place, name) for place, (name, match) in enumerate(_matches(text[:_EARLY])) if match]
    return min(found)[2] if found else ""


def parts_of(text: str) -> list[Part]:
    """The text cut into what is seen and what is said; put together again with spaces it is the text."""
    parts: list[Part] = []
    end = 0
    for match in _QUOTED.finditer(text):
        before = text[end : match.start()]
        if not _is_speech(match[0]) or _WRITTEN.search(before):
            continue
        label = _LABEL.search(before)
        start = end + label.start() if label else match.start()
        closing = _FOLLOWING.match(text, match.end())
        stop = closing.end() if closing else match.end()
        parts += [Part(text[end:start].strip(), spoken=False), Part(text[start:stop].strip(), spoken=True)]
        end = stop
    parts.append(Part(text[end:].strip(), spoken=False))
    return [part for part in parts if part.text]


def _matches(text: str) -> list[tuple[str, re.Match[str] | None]]:
    return [(name, pattern.search(text)) for name, pattern in _PATTERNS]


def _is_speech(quoted: str) -> bool:
    """A single word in quotes is a name or a sign; where words are not parted by spaces, four signs are a sentence."""
    inside = quoted[1:-1].strip()
    return " " in inside or inside[-1:] in "!?！？。" or (not inside.isascii() and len(inside) >= 4)
