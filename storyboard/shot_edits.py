"""Edits of whole shots that keep the film's seconds together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document import EditRefused
from storyboard.timing import make_room, share_between

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storyboard.document import Document


def add(
    document: Document, index: int | None, prompt: str, seconds: int | None, *, total: int, locked: Collection[int]
) -> int:
    """A new shot before `index`, at the end by default; its index."""
    old = [_seconds(shot) for shot in shots(document)]
    if seconds is None:
        left, seconds = make_room(old, total, locked)
        write_seconds(document, left)
    place = len(old) if index is None else index
    document.insert_shot(place, {"seconds": seconds, "prompt": prompt})
    return place


def split(document: Document, index: int, position: int) -> int:
    """Two shots from one, cut at a character of its prompt; the new one's index."""
    shot = _shot(document, index)
    prompt = shot.get("prompt")
    if not isinstance(prompt, str):
        raise EditRefused("the shot has no prompt to split", 1)
    before, after = prompt[:position].rstrip(), prompt[position:].lstrip()
    if not before or not after:
        raise EditRefused("there is nothing to split on one side of the cursor", 1)
    first, second = share_between(_seconds(shot), len(before) / len(before + after))
    _write(document, index, "seconds", first)
    _write(document, index, "prompt", before)
    document.insert_shot(index + 1, {"seconds": second, "prompt": after})
    return index + 1


def merge_with_next(document: Document, index: int) -> int:
    """One shot from two: texts and notes joined, seconds added, keys that only the second has kept; its index."""
    first, second = _shot(document, index), _shot(document, index + 1)
    for key, value in second.items():
        if key == "seconds":
            _write(document, index, key, _seconds(first) + _seconds(second))
        elif key in ("prompt", "note") and isinstance(first.get(key), str) and isinstance(value, str):
            _write(document, index, key, f"{first[key].rstrip()} {value.strip()}".strip())
        elif key not in first:
            _write(document, index, key, value)
    document.delete_shot(index + 1)
    return index


def duplicate(document: Document, index: int) -> int:
    """A copy of a shot behind it, the seconds shared between the two; the copy's index."""
    shot = _shot(document, index)
    first, second = share_between(_seconds(shot), 0.5)
    _write(document, index, "seconds", first)
    document.insert_shot(index + 1, {**shot, "seconds": second})
    return index + 1


def delete(document: Document, index: int, give_seconds_to: int | None) -> int:
    """A shot taken out, its seconds given to another on request; the index of the shot in its place."""
    seconds = _seconds(_shot(document, index))
    if give_seconds_to is not None and give_seconds_to != index:
        taker = _seconds(_shot(document, give_seconds_to))
        _write(document, give_seconds_to, "seconds", taker + seconds)
    document.delete_shot(index)
    return min(index, len(shots(document)) - 1)


def write_seconds(document: Document, seconds: Sequence[int]) -> None:
    """Writes the seconds of shots that differ from what stands there."""
    for index, (shot, wanted) in enumerate(zip(shots(document), seconds, strict=True)):
        if not isinstance(shot, dict) or shot.get("seconds") != wanted:
            _write(document, index, "seconds", wanted)


def shots(document: Document) -> list[Any]:
    """The list of shots, empty where there is none."""
    data = document.data
    found = data.get("shots") if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _shot(document: Document, index: int) -> dict[str, Any]:
    found = shots(document)
    if not 0 <= index < len(found) or not isinstance(found[index], dict):
        raise EditRefused(f"there is no shot {index + 1}", 1)
    shot: dict[str, Any] = found[index]
    return shot


def _seconds(shot: Any) -> int:
    value = shot.get("seconds") if isinstance(shot, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 1


def _write(document: Document, index: int, key: str, value: Any) -> None:
    document.set(("shots", index, key), value)
