"""Edits that a messy document offers: the 30 of the cases, and those of nested and missing keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.document.editing.cases import HOSTILE, SHOTS, Case, Edit, edits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

VALUES: list[Any] = [*HOSTILE, None, True, 2.5, 10**20, {"a": 1, "b": "x: y"}, ["p", "q # r"], {}, []]


def all_edits(case: Case, data: dict[str, Any], random: Random) -> Iterator[Edit]:
    """The 30 edits, and some of each other kind."""
    labels = {label for line in case.lines for label in line.labels}
    yield from edits(case, data)
    for shot in range(SHOTS):
        yield from _of_shot(shot, data["shots"][shot], labels, random)
    for key in ("title", "negative_prompt", "look", "cast", "output", "x-tags", "x-empty"):
        if f"t.{key}" in labels:
            yield Edit("set", (key,), random.choice(VALUES), f"t.{key}")
            yield Edit("unset", (key,), label=f"t.{key}")
    for key in ("cast", "output"):
        yield from _of_mapping(key, data.get(key, {}), labels, random)


def _of_shot(shot: int, mapping: dict[str, Any], labels: set[str], random: Random) -> Iterator[Edit]:
    for texts in (VALUES, HOSTILE):
        yield Edit("set", ("shots", shot, "prompt"), random.choice(texts), f"{shot}.p")
    for key, label in (("seconds", "s"), ("prompt", "p"), ("note", "note"), ("x-meta", "x-meta")):
        if f"{shot}.{label}" in labels:
            yield Edit("unset", ("shots", shot, key), label=f"{shot}.{label}")
    if "note" not in mapping:
        yield Edit("add", ("shots", shot, "note"), random.choice(HOSTILE), str(shot))


def _of_mapping(key: str, mapping: dict[str, Any], labels: set[str], random: Random) -> Iterator[Edit]:
    label = f"t.{key}" if f"t.{key}" in labels else ""
    yield Edit("add", (key, "new"), random.choice(HOSTILE), label)
    for inner in mapping if label else ():
        yield Edit("set", (key, inner), random.choice(VALUES), f"{label}.{inner}")
        yield Edit("unset", (key, inner), label=label)


def is_forbidden(case: Case, edit: Edit) -> bool:
    """Whether YAML itself forbids an edit: an anchor that would come to stand below its alias."""
    if edit.kind != "move":
        return False
    names = [re.findall(r"([&*]\w+)", line.text) for line in case.lines]
    labels = [{label[0] for label in line.labels if label[0].isdigit()} for line in case.lines]
    in_shots = [{name for found, number in zip(names, labels, strict=True) if number for name in found}]
    return any(name.startswith("&") and f"*{name[1:]}" in in_shots[0] for name in in_shots[0])
