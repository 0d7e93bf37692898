"""JSON: requests of Runware, Kling, fal, Replicate, Runway and others, ComfyUI's fields, shot lists of planners."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from storyboard.bounded import TooDeep, read_json
from storyboard.dialects import labels, template
from storyboard.dialects.film import FoundFilm, FoundShot, NotRead
from storyboard.dialects.numbers import LONGEST, between, seconds_of
from storyboard.dialects.settings import take_settings

_SHOT_LISTS = (
    "multi_prompt",
    "multiPrompt",
    "multi_prompts",
    "shots",
    "storyboards",
    "scenes",
    "shot_list",
    "segments",
)
_IN_SHOTS = ("prompt", "text", "description", "action", "visual")
_PROMPTS = (*_IN_SHOTS, "positivePrompt")
_SECONDS = ("duration", "seconds", "duration_seconds", "durationSec", "durationSeconds", "duration_sec", "length")
_SPANS = (("startSec", "endSec"), ("start", "end"), ("start_time", "end_time"))
_WHOLE = ("positivePrompt", "prompt", "text")
_COMFY = re.compile(r"(?:\w{1,40}\.)?storyboard_(\d{1,2})_(prompt|duration)")
_LEVELS = 12
_ITEMS_AT_MOST = 200

Data = dict[str, Any]


def read(text: str) -> FoundFilm | None:
    """A film from JSON; None for a text that is no JSON, NotRead for JSON that holds no shots or nests too deeply."""
    text, around = _out_of_fence(text)
    if not around:
        return _read(text)
    try:
        film = _read(text)
    except NotRead:
        return None  # the words around it may hold a film in another notation
    if film is not None:
        film.others["around the JSON"] = around
        film.remarks.append("what stands around the JSON is kept under x-imported, and not sent")
    return film


def _out_of_fence(text: str) -> tuple[str, str]:
    """What stands in the first Markdown fence, as chats answer, and the words around it; the whole without a fence."""
    if text.lstrip().startswith(("{", "[")):
        return text, ""
    lines = text.split("\n")
    fences = [place for place, line in enumerate(lines) if line.lstrip().startswith("```")][:2]
    if len(fences) < 2:
        return text, ""
    begin, end = fences
    return "\n".join(lines[begin + 1 : end]), "\n".join([*lines[:begin], *lines[end + 1 :]]).strip()


def _read(text: str) -> FoundFilm | None:
    stripped = text.strip()
    if not stripped.startswith(("{", "[")):
        return None
    try:
        data = read_json(stripped)
    except TooDeep as error:
        if stripped[1:].lstrip()[:1] not in ('"', "[", "{"):
            return None  # a label in brackets
        raise NotRead(f"this JSON is {error}") from None
    except ValueError:
        return None
    if isinstance(data, list) and data and all(map(_is_shot, data)):
        return _film({"shots": data})
    tasks = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else [data]
    if len(tasks) > _ITEMS_AT_MOST:
        raise NotRead(f"a list of {len(tasks)} items: at most {_ITEMS_AT_MOST} are read, a film has six shots")
    for task in tasks:
        film = _film(task)
        if film is not None:
            others = {f"item {number}": one for number, one in enumerate(tasks, start=1) if one is not task}
            film.others |= others
            if any(_film(one) is not None for one in others.values()):
                film.remarks.append(
                    "only the first of several items with shots was taken; the others are under x-imported"
                )
            return film
    raise NotRead(
        "this JSON holds no shots: looked for multi_prompt, shots, storyboard_1_prompt, positivePrompt and prompt"
    )


def _film(task: Data) -> FoundFilm | None:
    """The film of one object: where its shots stand, and what the objects around them say."""
    for path in _paths(task):
        owner = path[-1]
        found = _listed(owner) or _comfy(owner) or _whole(owner)
        if found is not None:
            film, used = found
            for outer, inner in pairwise(path):
                take_settings({key: value for key, value in outer.items() if value is not inner}, film)
            take_settings({key: value for key, value in owner.items() if key not in used}, film)
            return film
    return None


def _paths(task: Data) -> list[list[Data]]:
    """Objects from the outside in, each with those around it; objects with shot lists before all others."""
    found: list[list[Data]] = []
    queue: list[list[Data]] = [[task]]
    while queue and len(found) < 2000:
        path = queue.pop(0)
        found.append(path)
        if len(path) < _LEVELS:
            queue += [[*path, value] for value in path[-1].values() if isinstance(value, dict)]
    return sorted(found, key=lambda path: not _has_shots(path[-1]))


def _has_shots(owner: Data) -> bool:
    return any(owner.get(key) for key in _SHOT_LISTS) or any(_COMFY.fullmatch(key) for key in owner)


def _is_shot(item: object) -> bool:
    return isinstance(item, dict) and _text(item, _IN_SHOTS) is not None


def _text(item: Data, keys: tuple[str, ...]) -> str | None:
    return next((item[key] for key in keys if isinstance(item.get(key), str)), None)


def _listed(owner: Data) -> tuple[FoundFilm, set[str]] | None:
    for key in _SHOT_LISTS:
        items = owner.get(key)
        if isinstance(items, str):
            try:
                items = read_json(items)
            except ValueError:
                continue
        if not isinstance(items, list) or not items or not all(isinstance(item, dict | str) for item in items):
            continue
        dicts = [{"prompt": item} if isinstance(item, str) else item for item in items]
        if all(isinstance(item.get("index"), int) for item in dicts):
            dicts.sort(key=lambda item: item["index"])
        if any(_text(item, _PROMPTS) is not None for item in dicts):
            used = {key, "multi_shot", "multiShot", "multi_shots", "shot_type", "shotType"}
            if owner.get("prompt") == "":
                used.add("prompt")
            return FoundFilm(f"JSON with {key}", [_shot(item) for item in dicts]), used
    return None


def _shot(item: Data) -> FoundShot:
    prompt_key = next((key for key in _PROMPTS if isinstance(item.get(key), str)), None)
    shot = FoundShot(item[prompt_key] if prompt_key else "")
    used = {prompt_key, "index", "number"}
    for key in _SECONDS:
        if (seconds := seconds_of(item.get(key))) is not None:
            shot.seconds = seconds
            used.add(key)
            break
    for start, end in _SPANS:
        span = item.get(start), item.get(end)
        if shot.seconds is None and all(isinstance(one, int | float) and abs(one) <= LONGEST for one in span):
            shot.seconds = between(*span)  # type: ignore[arg-type]
            used |= {start, end} if shot.seconds is not None else set()
    for key in ("note", "notes"):
        if isinstance(item.get(key), str):
            shot.note = item[key]
            used.add(key)
    shot.others = {key: value for key, value in item.items() if key not in used}
    return shot


def _comfy(owner: Data) -> tuple[FoundFilm, set[str]] | None:
    fields = [(key, match) for key in owner if (match := _COMFY.fullmatch(key))]
    prompts = {
        int(match[1]): owner[key] for key, match in fields if match[2] == "prompt" and isinstance(owner[key], str)
    }
    if not prompts:
        return None
    seconds = {int(match[1]): seconds_of(owner[key]) for key, match in fields if match[2] == "duration"}
    stated = next((value for key, value in owner.items() if key.endswith("multi_shot") and isinstance(value, str)), "")
    count = int(match[0]) if (match := re.match(r"\d{1,2}", stated)) else len(prompts)
    film = FoundFilm("ComfyUI's storyboard fields", [])
    for number in sorted(prompts):
        if len(film.shots) < count and (prompts[number].strip() or number <= count):
            film.shots.append(FoundShot(prompts[number], seconds.get(number)))
        elif prompts[number].strip():
            film.others[f"storyboard_{number}_prompt"] = prompts[number]
            film.remarks.append(
                f"storyboard {number} is beyond the {count} that are switched on: kept under x-imported"
            )
    return film, {key for key, _ in fields} | {key for key in owner if key.endswith("multi_shot")}


def _whole(owner: Data) -> tuple[FoundFilm, set[str]] | None:
    """A prompt in one text: the template, labelled shots, or one shot."""
    contents = owner.get("contents")
    if isinstance(contents, list):
        return _contents(contents)
    for key in _WHOLE:
        text = owner.get(key)
        if isinstance(text, str) and text.strip():
            film = template.read(text) or labels.read(text) or FoundFilm("one prompt", [FoundShot(text)])
            film.notation = f"JSON with {key}, {film.notation}"
            return film, {key}
    return None


def _contents(contents: list[Any]) -> tuple[FoundFilm, set[str]] | None:
    """Kling's `contents`: parts with a type."""
    parts = {part["type"]: part for part in contents if isinstance(part, dict) and isinstance(part.get("type"), str)}
    text = parts.get("prompt", {}).get("text")
    found = _whole({"prompt": text}) if isinstance(text, str) else None
    if found is None:
        return None
    if isinstance(url := parts.get("first_frame", {}).get("url"), str):
        found[0].keys["first_frame"] = url
    rest = [part for kind, part in parts.items() if kind not in ("prompt", "first_frame")]
    if rest:
        found[0].others["contents"] = rest
    return found[0], {"contents"}
