"""Edits of whole shots that keep the film's seconds together; each raises EditRefused where it cannot be made."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from storyboard.compiler.expand import start_of_reference
from storyboard.document import EditRefused
from storyboard.timing import CannotFit, make_room, share_between, steal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storyboard.document import Document


def add(
    document: Document, index: int, prompt: str, seconds: int | None, *, total: int, locked: Collection[int]
) -> int:
    """A new shot before `index`; its index. Without seconds, room is made for it in the total."""
    if seconds is None:
        left, seconds = make_room([_seconds(shot) for shot in shots(document)], total, locked)
        write_seconds(document, left)
    document.insert_shot(index, {"seconds": seconds, "prompt": prompt})
    return index


def split(document: Document, index: int, position: int, locked: Collection[int]) -> int:
    """Two shots from one, cut at a character of its prompt, or before the cast name there; the new one's index."""
    shot = _shot(document, index)
    prompt = shot.get("prompt")
    if not isinstance(prompt, str):
        raise EditRefused("the shot has no prompt to split", 1)
    cut = start_of_reference(prompt, max(position, 0))
    before, after = prompt[:cut].rstrip(), prompt[cut:].lstrip()
    if not before or not after:
        raise EditRefused("there is nothing to split on one side of the cursor", 1)
    first, second = share_between(_at_least_two(document, index, locked), len(before), len(after))
    _write(document, index, "seconds", first)
    _write(document, index, "prompt", before)
    document.insert_shot(index + 1, {"seconds": second, "prompt": after})
    return index + 1


def merge_with_next(document: Document, index: int) -> int:
    """One shot from two: texts and notes joined, seconds added, keys that only the second has kept; its index.

    What cannot be joined is refused rather than lost.
    """
    first, second = _shot(document, index), _shot(document, index + 1)
    _write(document, index, "seconds", _seconds(first) + _seconds(second))
    for key, value in second.items():
        if key == "seconds" or value is None or value == first.get(key):
            continue
        _write(document, index, key, _joined(key, first.get(key), value))
    document.delete_shot(index + 1)
    return index


def _joined(key: str, first: Any, second: Any) -> Any:
    if first is None:
        return second
    if key in ("prompt", "note") and isinstance(first, str) and isinstance(second, str):
        return f"{first.rstrip()} {second.strip()}".strip()
    raise EditRefused(f"both shots have `{key}`, and the two cannot be joined: delete one of them first", 1)


def duplicate(document: Document, index: int, locked: Collection[int]) -> int:
    """A copy of a shot behind it, the seconds shared between the two; the copy's index."""
    shot = _shot(document, index)
    first, second = share_between(_at_least_two(document, index, locked), 1, 1)
    _write(document, index, "seconds", first)
    document.insert_shot(index + 1, {**shot, "seconds": second})
    return index + 1


def delete(document: Document, index: int, give_seconds_to: int | None) -> int:
    """A shot taken out, its seconds given to another on request; the index of the shot in its place."""
    seconds = _seconds(_shot(document, index))
    if give_seconds_to == index:
        raise EditRefused("a deleted shot cannot keep its seconds: give them to another", 1)
    if give_seconds_to is not None:
        taker = _seconds(_shot(document, give_seconds_to))
        _write(document, give_seconds_to, "seconds", taker + seconds)
    document.delete_shot(index)
    return max(min(index, len(shots(document)) - 1), 0)


def write_seconds(document: Document, seconds: Sequence[int]) -> None:
    """Writes the seconds of all shots; refuses what are no seconds, or not one a shot."""
    found = shots(document)
    if len(found) != len(seconds) or any(type(one) is not int or one < 1 for one in seconds):
        raise EditRefused("each shot needs whole seconds, at least one", 1)
    for index, wanted in enumerate(seconds):
        _write(document, index, "seconds", wanted)


def _at_least_two(document: Document, index: int, locked: Collection[int]) -> int:
    """The seconds of a shot that becomes two; one that has a single second takes another from its neighbours."""
    seconds = [_seconds(shot) for shot in shots(document)]
    if seconds[index] > 1:
        return seconds[index]
    with suppress(CannotFit):
        write_seconds(document, steal(seconds, index, 1, set(locked) - {index}))
    return _seconds(shots(document)[index])


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
