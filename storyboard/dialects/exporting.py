"""A film in another notation, and what that notation cannot carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storyboard.dialects import requests_out, tables_out, timelines_out
from storyboard.frames import frame_kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.dialects.film_out import Film


class Notation(NamedTuple):
    """One way out: how it is written, and which keys of a storyboard it carries beside seconds and texts."""

    write: Callable[[Film], str]
    carries: frozenset[str]


_FRAME = ("first_frame", "negative_prompt")
_PLANNED = frozenset(("srt", "edl", "otio"))

NOTATIONS = {
    "kling": Notation(requests_out.kling, frozenset(("aspect_ratio", "resolution", *_FRAME))),
    "kling-turbo": Notation(
        requests_out.kling_turbo, frozenset(("aspect_ratio", "resolution", "first_frame", "model"))
    ),
    "fal": Notation(requests_out.fal, frozenset(("aspect_ratio", *_FRAME))),
    "comfyui": Notation(requests_out.comfyui, frozenset(("aspect_ratio", "resolution"))),
    "runware": Notation(requests_out.runware, frozenset(("aspect_ratio", "resolution", *_FRAME, "output", "model"))),
    "template": Notation(requests_out.template, frozenset()),
    "shots": Notation(tables_out.labelled, frozenset()),
    "csv": Notation(tables_out.comma_separated, frozenset(("notes",))),
    "markdown": Notation(tables_out.markdown, frozenset(("notes",))),
    "srt": Notation(timelines_out.srt, frozenset()),
    "edl": Notation(timelines_out.edl, frozenset(("title",))),
    "otio": Notation(timelines_out.otio, frozenset(("title", "notes"))),
}
_CHECKED = ("title", "model", "aspect_ratio", "resolution", "first_frame", "negative_prompt", "output")


def export(film: Film, to: str) -> tuple[str, list[str]]:
    """The film in the notation `to`, a key of NOTATIONS, and remarks on what it does not carry."""
    notation = NOTATIONS[to]
    lost = [key for key in _CHECKED if key in film.keys and key not in notation.carries]
    if any(shot.note for shot in film.shots) and "notes" not in notation.carries:
        lost.append("notes")
    lost += [key for key in film.keys if isinstance(key, str) and key.startswith("x-")]
    remarks = [f"not carried: {', '.join(lost)}"] if lost else []
    expanded = [key for key in ("cast", "look") if key in film.keys]
    if expanded:
        remarks.append(f"{' and '.join(expanded)} stand written out in every shot")
    if to in _PLANNED:
        remarks.append("times are planned, not measured: the model cuts near them")
    if film.framed and "first_frame" in notation.carries and frame_kind(film.keys["first_frame"]) == "file":
        remarks.append(
            "the first frame stands as the storyboard names it: the service cannot see a file on this machine"
        )
    if to == "csv" and (wrong := tables_out.formulas(film)):
        remarks.append(
            f"shot {wrong[0]} begins as a formula does: a ' stands before it, which storyboard import takes off again"
        )
    if to == "srt" and (wrong := timelines_out.timed(film)):
        remarks.append(f"shot {wrong[0]} holds what readers of subtitles take for a time: it is written in another way")
    return notation.write(film), remarks
