"""Shots that begin with a label, a number or a time: `Shot 1 (3s): …`, `[00:00 - 00:03] …`, `(0-3s) …`."""

from __future__ import annotations

import re
from typing import NamedTuple

from storyboard.dialects.film import FoundFilm, FoundShot
from storyboard.dialects.numbers import CLOCK, SECONDS, UNIT, between, clock_seconds

_BOLD = r"[*_]{0,3}"
_BULLET = r"[ \t]{0,8}(?:[-*•#>]{1,6}[ \t]{1,3})?[ \t]{0,4}"
_BEGIN = rf"(?:^{_BULLET}|(?<=[.!?;。；”\"])[ \t]+){_BOLD}"
"""The start of a line, or what follows a sentence."""
_TIME = rf"(?:{CLOCK}|{SECONDS}{UNIT}?)"
_TIMES = rf"{_TIME}\s?(?:-|–|—|to|→)\s?{_TIME}"
_NAME = r"(?:multi-?shot prompt|shot|scene|clip|cut)\s?[#№]?\s?(?P<number>\d{1,3})|(?:镜头|分镜|鏡頭)\s?(?P<zh>\d{1,3})"
_LENGTH = rf"(?:[(\[（|,:–—-]\s?(?P<times>{_TIMES}|{SECONDS}{UNIT})\s?[)\]）]?)?"
_MARK = rf"{_BOLD}\s?(?P<mark>[:：.,–—|-])?{_BOLD}[ \t]*"
_NUMBERED = re.compile(
    rf"{_BEGIN}(?P<opened>\[)?(?:{_NAME})\b{_BOLD}\s?{_LENGTH}(?P<closed>\])?{_MARK}", re.IGNORECASE | re.MULTILINE
)
_BARE_TIMES = rf"(?:{CLOCK}\s?[-–—]\s?{CLOCK}|{SECONDS}{UNIT}?\s?[-–—]\s?{SECONDS}{UNIT})(?=\s?[:：|]|[ \t]*$)"
_TIMED = re.compile(
    rf"{_BEGIN}(?:\[(?P<one>{_TIMES})\]|\((?P<two>{_TIMES})\)|(?P<three>{_BARE_TIMES})){_BOLD}\s?[:：|]?{_BOLD}[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_RANGE = re.compile(rf"({CLOCK}|{SECONDS}){UNIT}?\s?(?:-|–|—|to|→)\s?({CLOCK}|{SECONDS})", re.IGNORECASE)
_SINGLE = re.compile(SECONDS)
_WITHIN = re.compile(rf"{_TIMES}|{SECONDS}{UNIT}", re.IGNORECASE)
_TOTAL = re.compile(
    rf"^[ \t]{{0,8}}{_BOLD}total(?: duration| length| time)?\s?:{_BOLD}\s?({SECONDS}){UNIT}?\.?$",
    re.IGNORECASE | re.MULTILINE,
)
_NOTED = rf"\(\s?(?:duration|length|dur)\s?[:=]?\s?({SECONDS}){UNIT}?\s?\)\.?"
_DURATION = re.compile(rf"[ \t]{{0,4}}(?:{_NOTED}|\(({SECONDS}){UNIT}\)\.?\Z)", re.IGNORECASE)
_DURATION_LINE = re.compile(
    rf"^[ \t]{{0,8}}{_BOLD}(?:duration|length)\s?:{_BOLD}\s?({SECONDS}){UNIT}?[ \t]{{0,8}}$",
    re.IGNORECASE | re.MULTILINE,
)
_AUDIO_LINE = re.compile(
    r"^[ \t]{0,8}(audio|sfx|sound|music|ambient)\s?:\s?([^\r\n\[\]]{1,400})$", re.IGNORECASE | re.MULTILINE
)
_MASTER = re.compile(
    rf"{_BOLD}(?:master prompt|global (?:style|rules?|look)|style|look)\s?:{_BOLD}\s?(.{{1,2000}})",
    re.IGNORECASE | re.DOTALL,
)


class _Start(NamedTuple):
    """Where a shot's label begins and ends, the number and the times in it, and what of it belongs to the text."""

    begin: int
    end: int
    number: int | None
    times: str
    kept: str = ""
    marked: bool = False
    """Whether a colon or dash ends the label: a dash behind it is the text's."""


def read(text: str) -> FoundFilm | None:
    """Labelled shots; None for a text without labels."""
    numbered, timed = _numbered(text), _timed(text)
    starts = timed if len(timed) > len(numbered) else numbered
    if not starts:
        return None
    film = FoundFilm("shots with time codes" if starts is timed else "shots with labels", [])
    _preamble(text[: starts[0].begin], film)
    for place, start in enumerate(starts):
        end = starts[place + 1].begin if place + 1 < len(starts) else len(text)
        film.shots.append(_shot(start, text[start.end : end]))
    _lengths(film, starts)
    if match := _TOTAL.search(film.shots[-1].prompt):
        film.keys["duration"] = float(match[1].replace(",", "."))
        film.shots[-1].prompt = film.shots[-1].prompt[: match.start()].rstrip() + film.shots[-1].prompt[match.end() :]
    film.count_anew([start.number for start in starts if start.number is not None])
    return film


def _numbered(text: str) -> list[_Start]:
    starts = []
    for match in _NUMBERED.finditer(text):
        opened, mark, times = bool(match["opened"]), match["mark"], match["times"] or ""
        balanced = "]" in match[0] if opened else not match["closed"]
        if opened and not balanced and mark in (":", "："):  # [Shot 1: Wide shot] text
            end = text.find("]", match.end(), match.end() + 120)
            if end < 0:
                continue
            kept = text[match.end() : end].strip()
            if span := _WITHIN.match(kept):
                times, kept = span[0], kept[span.end() :].strip(" :,|-–—")
            starts.append(_Start(match.start(), end + 1, _number(match), times, kept))
        elif balanced and (mark or times or opened or text[match.end() :][:1] in ("\n", "\r")):
            starts.append(_Start(match.start(), match.end(), _number(match), times, marked=bool(mark)))
    return starts


def _number(match: re.Match[str]) -> int:
    return int(match["number"] or match["zh"])


def _timed(text: str) -> list[_Start]:
    return [
        _Start(match.start(), match.end(), None, match["one"] or match["two"] or match["three"])
        for match in _TIMED.finditer(text)
    ]


def _shot(start: _Start, text: str) -> FoundShot:
    seconds = None
    for pattern in (_DURATION, _DURATION_LINE):
        if match := pattern.search(text.rstrip()):
            seconds = float(next(filter(None, match.groups())).replace(",", "."))
            text = text[: match.start()] + text[match.end() :]
            break
    if text.count("**") % 2:
        text = re.sub(r"\*\*(?=[ \t]{0,4}(?:\n|\Z))|^\s{0,4}\*\*", "", text, count=1)
    words = _AUDIO_LINE.sub(lambda match: f"[{match[1]}: {match[2].strip()}]", text.strip()).rstrip(" \t\n")
    if not start.marked:
        words = re.sub(r"\A[-–—:][ \t]{1,4}", "", words)
    words = re.sub(r"\n[ \t]*(?:-{3,}|\*{3,}|```)[ \t]*\Z", "", words).rstrip()
    return FoundShot(f"{start.kept}, {words}" if start.kept else words, seconds)


def _preamble(text: str, film: FoundFilm) -> None:
    """What stands before the first shot: a master prompt becomes the look, anything else is kept aside."""
    text = re.sub(r"\A```\w{0,12}", "", text.strip()).strip()
    if not text:
        return
    if match := _MASTER.fullmatch(text):
        film.keys["look"] = match[1].strip()
        film.remarks.append(
            "the master prompt became the look: it is said again in every shot, and costs characters in each"
        )
    else:
        film.others["preamble"] = text
        film.remarks.append("what stands before the first shot is kept under x-imported, and not sent")


def _lengths(film: FoundFilm, starts: list[_Start]) -> None:
    """Seconds from labels: their own, or from one cut to the next."""
    ranges = [_RANGE.search(start.times) for start in starts]
    times = [(clock_seconds(one[1]), clock_seconds(one[2])) if one else None for one in ranges]
    for place, (shot, start) in enumerate(zip(film.shots, starts, strict=True)):
        span = times[place]
        if span is None:
            if start.times and (match := _SINGLE.search(start.times)):
                shot.seconds = float(match[0].replace(",", "."))
            continue
        following = times[place + 1] if place + 1 < len(times) else None
        end = following[0] if following is not None else span[1]
        shot.seconds = between(span[0], end)
        if end != span[1]:
            kind = "gap" if end > span[1] else "overlap"
            film.remarks.append(
                f"shot {place + 1}: {kind} between {span[1]:g} and {end:g} s: it lasts until the next one begins"
            )
