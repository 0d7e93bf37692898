"""A document taken to other data, edit by edit, with every comment in its place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from storyboard.document.wanted import same
from storyboard.versions.matching import match

if TYPE_CHECKING:
    from storyboard.document import Document

Path = tuple[Any, ...]


def rewrite(document: Document, wanted: dict[Any, Any]) -> None:
    """Edits a document until its data is what is wanted; raises EditRefused part of the way."""
    now = document.data if isinstance(document.data, dict) else {}
    if isinstance(wanted.get("shots"), list) and isinstance(now.get("shots"), list):
        _rewrite_shots(document, wanted["shots"])
    _rewrite_mapping(document, (), now, wanted)


def _rewrite_shots(document: Document, wanted: list[Any]) -> None:
    kept = match(document.data["shots"], wanted)
    for index in reversed(range(len(document.data["shots"]))):
        if index not in kept and len(document.data["shots"]) > 1:
            document.delete_shot(index)
    places = [kept[index] for index in sorted(kept)]
    for index, shot in enumerate(wanted):
        if index < len(places) and places[index] == index:
            continue
        if index in places:
            document.move_shot(places.index(index), index)
            places.insert(index, places.pop(places.index(index)))
        else:
            document.insert_shot(index, shot)
            places.insert(index, index)
    for index in reversed(range(len(wanted), len(document.data["shots"]))):
        document.delete_shot(index)
    for index, shot in enumerate(wanted):
        now = document.data["shots"][index]
        if isinstance(shot, dict) and isinstance(now, dict):
            _rewrite_mapping(document, ("shots", index), now, shot)


def _rewrite_mapping(document: Document, path: Path, now: dict[Any, Any], wanted: dict[Any, Any]) -> None:
    for key in [key for key in now if key not in wanted]:
        document.unset((*path, key))
    for key, value in wanted.items():
        old = now.get(key)
        if key in now and same(old, value):
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            _rewrite_mapping(document, (*path, key), old, value)
        elif (path, key) != ((), "shots") or not isinstance(old, list):
            document.set((*path, key), value)


def comments(document: Document) -> Counter[str]:
    """Every comment of a document, with how often it stands there."""
    text, layout, found = document.text, document.reading.layout, Counter[str]()
    position = text.find("#")
    while position >= 0:
        end = layout.line_end(position)
        if (position == 0 or text[position - 1] in " \t\r\n") and document.reading.is_comment(position):
            found[text[position:end].strip()] += 1
            position = end
        position = text.find("#", position + 1)
    return found


def keeps_comments(base: Document, ours: Document, theirs: Document, result: Document) -> bool:
    """Whether every comment that one side added, and none deleted, stands in the result."""
    old, mine, yours, there = (comments(one) for one in (base, ours, theirs, result))
    for comment in {*mine, *yours}:
        before, one, other = old[comment], mine[comment], yours[comment]
        needed = other if one == before else one if other in (one, before) else max(one, other)
        if there[comment] < needed:
            return False
    return True
