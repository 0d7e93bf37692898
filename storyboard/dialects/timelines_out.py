"""Exports for editing programs: SRT, CMX 3600, OpenTimelineIO. Times are planned ones: the model cuts near them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from storyboard.unseen import CONTROL, SEPARATORS, SURROGATES

if TYPE_CHECKING:
    from storyboard.dialects.film_out import Film

_RATE = 24
"""Frames a second in which cuts are written; whole seconds fall on frames at any rate."""
_PLANNED = "planned times, not measured: the model cuts near them"
_STAMP = re.compile(r"(\d:\d{1,2}:\d{1,2})[.,](?=\d)")
"""The end of what readers of subtitles take for a time, wherever it stands in a line."""
_CONTROLS = re.compile(f"[{CONTROL}{SEPARATORS}{SURROGATES}]+")


def srt(film: Film) -> str:
    """A subtitle for each shot, with its text."""
    cues = [
        f"{number}\n{_clock(start)},000 --> {_clock(end)},000\n{_untimed(shot.text)}\n"
        for number, (start, end, shot) in enumerate(film.cuts(), start=1)
    ]
    return "\n".join(cues).rstrip("\n")


def timed(film: Film) -> list[int]:
    """Shots whose text could pass for a subtitle's times and is written another way, from 1."""
    return [number for number, shot in enumerate(film.shots, start=1) if _untimed(shot.text) != shot.text]


def _untimed(text: str) -> str:
    return _STAMP.sub(r"\1:", text.replace("-->", "→"))


def edl(film: Film) -> str:
    """CMX 3600 at 24 frames, cuts only; texts stand in comments."""
    lines = [f"TITLE: {_plain(film.title)[:70].rstrip()}", "FCM: NON-DROP FRAME"]
    for number, (start, end, shot) in enumerate(film.cuts(), start=1):
        times = " ".join(f"{_clock(time)}:00" for time in (start, end, start, end))
        lines += [f"{number:03}  AX       V     C        {times}", f"* FROM CLIP NAME: SHOT {number}"]
        lines += [f"* COMMENT: {_plain(shot.text)}"]
        if number == 1:
            # A comment belongs to the event above it; before the first one some readers take it for a broken event.
            lines.append(f"* {_PLANNED.upper()}")
    return "\n".join(lines)


def otio(film: Film) -> str:
    """OpenTimelineIO's JSON: one track of clips without media, a text each in its metadata."""
    clips = [
        {
            "OTIO_SCHEMA": "Clip.2",
            "name": f"shot {number}",
            "source_range": _range(0, shot.seconds),
            "media_references": {
                "DEFAULT_MEDIA": {
                    "OTIO_SCHEMA": "MissingReference.1",
                    "name": "",
                    "metadata": {},
                    "available_range": None,
                }
            },
            "active_media_reference_key": "DEFAULT_MEDIA",
            "effects": [],
            "markers": [],
            "enabled": True,
            "metadata": {"storyboard": {"prompt": shot.text, "note": shot.note, "times": _PLANNED}},
        }
        for number, shot in enumerate(film.shots, start=1)
    ]
    track = _part("Track.1", "shots", children=clips, kind="Video")
    stack = _part("Stack.1", "tracks", children=[track])
    timeline = {"OTIO_SCHEMA": "Timeline.1", "name": film.title, "global_start_time": None, "tracks": stack}
    return json.dumps(timeline | {"metadata": {"storyboard": {"times": _PLANNED}}}, indent=2, ensure_ascii=False)


def _part(schema: str, name: str, **others: Any) -> dict[str, Any]:
    common: dict[str, Any] = {
        "OTIO_SCHEMA": schema,
        "name": name,
        "source_range": None,
        "effects": [],
        "markers": [],
        "enabled": True,
    }
    return common | others | {"metadata": {}}


def _range(start: int, seconds: int) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(start), "duration": _time(seconds)}


def _time(seconds: int) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(_RATE), "value": float(seconds * _RATE)}


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _plain(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
