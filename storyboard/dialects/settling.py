"""From what a notation says to what a storyboard may say; every change is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.compiler.expand import expand, fold_white_space
from storyboard.profiles import KLING_3_TURBO

if TYPE_CHECKING:
    from storyboard.dialects.film import FoundFilm, FoundShot

_USUAL = 3
_KEY_ORDER = (
    "title",
    "model",
    "duration",
    "aspect_ratio",
    "resolution",
    "first_frame",
    "negative_prompt",
    "look",
    "output",
)
_SEMICOLONS = (";", "\u037e")


def settle(film: FoundFilm, total: int | None = None) -> dict[str, Any]:
    """The data of a storyboard file; `total` is the seconds to spread where shots have none. Adds to the remarks."""
    seconds = _seconds(film, total)
    shots = [_shot(shot, number, seconds[number - 1], film) for number, shot in enumerate(film.shots, start=1)]
    _promise(film, sum(seconds))
    _exclusions(film)
    data: dict[str, Any] = {key: _clean(film.keys[key]) for key in _KEY_ORDER if key in film.keys}
    if "look" in data:
        data["look"] = _plain_text(data["look"], "the look", film)
    data["shots"] = shots
    if film.others:
        data["x-imported"] = {_clean(str(key))[:200]: _kept(value) for key, value in film.others.items()}
        named = ", ".join(key[:40] for key in list(data["x-imported"])[:8])
        film.remarks.append(f"kept under x-imported, and never sent: {named}")
    return data


def _shot(shot: FoundShot, number: int, seconds: int, film: FoundFilm) -> dict[str, Any]:
    name = f"shot {number}"
    made: dict[str, Any] = {"seconds": seconds, "prompt": _plain_text(_clean(shot.prompt), name, film)}
    if not made["prompt"].strip():
        film.remarks.append(f"{name} has no text")
    if shot.note:
        made["note"] = _clean(shot.note)
    others = {_clean(str(key)): value for key, value in shot.others.items()}
    made |= {f"x-{key[:60]}": _kept(value) for key, value in others.items()}
    if others and not any("x- keys" in remark for remark in film.remarks):
        film.remarks.append(f"kept as x- keys, and never sent: {', '.join(list(others)[:8])[:200]}")
    return made


def _plain_text(text: str, name: str, film: FoundFilm) -> str:
    """A text that compiles to itself: semicolons as commas, every @ a plain one."""
    if found := sum(text.count(mark) for mark in _SEMICOLONS):
        film.remarks.append(
            f"{name}: {found} semicolon{'s' if found > 1 else ''} became a comma: it would end the shot"
        )
        for mark in _SEMICOLONS:
            text = text.replace(mark, ",")
    sent = expand(text, {})
    if sent.unknown_names or sent.text != fold_white_space(text):
        film.remarks.append(f"{name}: @ is written @@, so that it stays a plain @")
        text = text.replace("@", "@@")
    return text


def _clean(value: Any) -> Any:
    """Halves of characters, which no file can hold, become U+FFFD."""
    if isinstance(value, dict):
        return {key: _clean(inner) for key, inner in value.items()}
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def _kept(value: Any) -> Any:
    """What is kept aside: texts and numbers as they are, anything larger as JSON in a text."""
    if isinstance(value, str):
        return _clean(value)
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 1e15):
        return value
    import json

    return _clean(json.dumps(value, ensure_ascii=False))


def _seconds(film: FoundFilm, total: int | None) -> list[int]:
    """Whole seconds for every shot."""
    given = [shot.seconds for shot in film.shots]
    if any(one is None for one in given):
        given = _spread(film, total)
    return _whole([one for one in given if one is not None], film)


def _spread(film: FoundFilm, total: int | None) -> list[float | None]:
    """Seconds for shots without: a share of what the total leaves, the rest to the last."""
    missing = [number for number, shot in enumerate(film.shots) if shot.seconds is None]
    known = sum(shot.seconds or 0 for shot in film.shots)
    wanted = total if total is not None else film.duration
    bounds = KLING_3_TURBO.total_seconds
    if wanted is None:
        wanted = min(max(known + _USUAL * len(missing), bounds.least), max(bounds.most, known + len(missing)))
    left = max(int(wanted - known), len(missing))
    share, rest = divmod(left, len(missing))
    seconds = [shot.seconds for shot in film.shots]
    for number in missing:
        seconds[number] = share + (rest if number == missing[-1] else 0)
    which = "no shot says" if len(missing) == len(seconds) else f"{len(missing)} of {len(seconds)} shots do not say"
    film.remarks.append(f"{which} how long it lasts: {left} s were spread evenly, the rest to the last")
    return seconds


def _whole(given: list[float], film: FoundFilm) -> list[int]:
    """Whole seconds whose cuts lie as near as can be to those given."""
    if all(one == int(one) and one >= 1 for one in given):
        return [int(one) for one in given]
    made: list[int] = []
    time = 0.0
    for number, one in enumerate(given, start=1):
        time += one
        made.append(max(int(time + 0.5) - sum(made), 1))
        if made[-1] != one:
            film.remarks.append(f"shot {number}: {one:g} s became {made[-1]} s: seconds are whole, and at least 1")
    return made


def _promise(film: FoundFilm, total: int) -> None:
    stated = film.keys.pop("duration", None)
    if stated is None:
        return
    if stated == total:
        film.keys["duration"] = total
    else:
        film.remarks.append(
            f"{stated:g} s were stated, the shots make {total} s: the shots were kept, the promise was not"
        )


def _exclusions(film: FoundFilm) -> None:
    """What a storyboard may not have together."""
    if "first_frame" in film.keys and "aspect_ratio" in film.keys:
        film.others["aspect_ratio"] = film.keys.pop("aspect_ratio")
        film.remarks.append("with a first frame the picture decides the aspect ratio")
    if "first_frame" not in film.keys and "negative_prompt" in film.keys:
        film.others["negative_prompt"] = film.keys.pop("negative_prompt")
        film.remarks.append("a negative prompt goes only with a first frame")
    if isinstance(title := film.keys.get("title"), str) and len(title) > 200:
        film.others["title"] = film.keys.pop("title")
    if "look" in film.keys and not str(film.keys["look"]).strip():
        del film.keys["look"]
