"""What changed between two versions, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document.wanted import same
from storyboard.versions.alignment import Patience, changed_lines
from storyboard.versions.matching import SHOTS_AT_MOST, match, moved, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.document import Document

_WORDS_AT_MOST = 1000
_CONTEXT = 4
"""Unchanged words shown on each side of a change."""
_NOTHING = object()


def difference(old: Document, new: Document) -> list[str]:
    """Lines that say what changed; empty where not a byte differs."""
    if old.to_bytes() == new.to_bytes():
        return []
    before, after = _mapping(old.data), _mapping(new.data)
    if before is None or after is None or max(map(len, (_shots(before), _shots(after)))) > SHOTS_AT_MOST:
        return text_difference(old.text, new.text)
    patience = Patience()
    lines = list(_keys(before, after, patience))
    lines += _of_shots(_shots(before), _shots(after), patience)
    if not lines:
        changed = sum(line.startswith(("+", "-")) for line in text_difference(old.text, new.text))
        differ = "1 line differs" if changed == 1 else f"{changed} lines differ"
        lines = [f"the same storyboard: {differ} in comments, layout or the order of keys"]
    return lines


def text_difference(old: str, new: str) -> list[str]:
    """Lines that differ, for what cannot be compared shot by shot."""
    lines = list(changed_lines(old.splitlines(), new.splitlines()))
    return lines or ["line ends or the end of the file differ"]


def _mapping(data: Any) -> dict[Any, Any] | None:
    return {} if data is None else data if isinstance(data, dict) else None


def _shots(data: dict[Any, Any]) -> list[Any]:
    shots = data.get("shots")
    return shots if isinstance(shots, list) else []


def _keys(old: dict[Any, Any], new: dict[Any, Any], patience: Patience, path: str = "") -> Iterator[str]:
    """Everything but the shots."""
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, _NOTHING), new.get(key, _NOTHING)
        if same(before, after):
            continue
        name = f"{path}{key}"
        if (
            not path
            and key == "shots"
            and all(value is _NOTHING or isinstance(value, list) for value in (before, after))
        ):
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _keys(before, after, patience, f"{name}.")
        else:
            yield from _value(name, before, after, patience)


def _value(name: str, before: Any, after: Any, patience: Patience) -> Iterator[str]:
    if before is _NOTHING:
        yield f"{name} added: {_short(after)}"
    elif after is _NOTHING:
        yield f"{name} deleted (was {_short(before)})"
    elif isinstance(before, str) and isinstance(after, str) and max(len(before), len(after)) > 40:
        yield f"{name}: {_characters(before, after)}"
        yield from _words(before, after, patience)
    else:
        yield f"{name}: {_short(before)} → {_short(after)}"


def _of_shots(old: list[Any], new: list[Any], patience: Patience) -> Iterator[str]:
    pairs = match(old, new)
    came_from = {after: before for before, after in pairs.items()}
    left_order = moved(pairs)
    for index, shot in enumerate(new):
        if index not in came_from:
            yield f"shot {index + 1} added: {_summary(shot)}"
            continue
        before = came_from[index]
        said, details = _changes(old[before], shot, patience)
        if before in left_order:
            said.append(f"moved from {before + 1}")
        if said:
            yield f"shot {index + 1}: {'; '.join(said)}"
            yield from details
    for index, shot in enumerate(old):
        if index not in pairs:
            yield f"shot {index + 1} deleted: {_summary(shot)}"
    was, now = total(old), total(new)
    if was is not None and now is not None and was != now:
        yield f"total: {was} s → {now} s"


def _changes(old: Any, new: Any, patience: Patience) -> tuple[list[str], list[str]]:
    """What is said of a shot in one line, and the words that changed."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ([] if same(old, new) else [f"{_short(old)} → {_short(new)}"]), []
    said: list[str] = []
    details: list[str] = []
    if not same(old.get("seconds"), new.get("seconds")):
        said.append(f"{_short(old.get('seconds'))} s → {_short(new.get('seconds'))} s")
    before, after = old.get("prompt"), new.get("prompt")
    if not same(before, after):
        said.append(_characters(str(before), str(after)))
        details += _words(str(before), str(after), patience)
    for key in dict.fromkeys((*old, *new)):
        if key not in ("seconds", "prompt") and not same(old.get(key, _NOTHING), new.get(key, _NOTHING)):
            was, now = key in old, key in new
            said.append(f"{key} {'changed' if was and now else 'added' if now else 'deleted'}")
    return said, details


def _characters(old: str, new: str) -> str:
    change = len(new) - len(old)
    return f"{change:+d} characters" if change else "other words, as many characters"


def _words(old: str, new: str, patience: Patience) -> Iterator[str]:
    """The text once, what went in [-…-] and what came in {+…+}, long stretches of the same left out."""
    before, after = old.split(), new.split()
    if max(len(before), len(after)) > _WORDS_AT_MOST or (steps := patience.steps(before, after)) is None:
        return
    parts = []
    for kind, i, j, k, end in steps:
        if kind == "equal":
            parts.append(_stretch(before[i:j], first=i == 0, last=j == len(before)))
            continue
        parts += [f"[-{' '.join(before[i:j])}-]"] * (j > i) + [f"{{+{' '.join(after[k:end])}+}}"] * (end > k)
    if any(part.startswith(("[-", "{+")) for part in parts):
        yield f"    {' '.join(filter(None, parts))}"


def _stretch(words: list[str], *, first: bool, last: bool) -> str:
    if len(words) <= 2 * _CONTEXT + 1:
        return " ".join(words)
    head = [] if first else words[:_CONTEXT]
    tail = [] if last else words[-_CONTEXT:]
    return " ".join((*head, "…", *tail))


def _summary(shot: Any) -> str:
    if not isinstance(shot, dict):
        return _short(shot)
    prompt = str(shot.get("prompt", ""))
    return f"{_short(shot.get('seconds'))} s, {len(prompt)} characters: {_short(' '.join(prompt.split()), 60)}"


def _short(value: Any, most: int = 80) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
