"""Two sides edit one film at random: a merge without a conflict has every edit, once, and no shot twice."""

from __future__ import annotations

import copy
import re
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.document import Document
from storyboard.versions.threeway import merge

LABELS = ("ours", "base", "theirs")
SHOTS = (
    "Wide shot of a harbour at dawn, boats rock, shot0",
    "An old keeper lights his lamp, close and warm, shot1",
    "From above: gulls over nets and crates, shot2",
    "Her hand in the water while ripples fade, shot3",
    "Someone runs upstairs with letters, shot4",
    "Two boys laugh at the clock tower, shot5",
)
NEW = (
    "A bell rings in the fog and nobody comes",
    "The ferry leaves, ropes fall, engines start below",
    "Snow on the quay, no, rain, and a dog waits",
)
MARK = re.compile(r"(?:ours|theirs|shot)\d+")
Shots = list[dict[str, Any]]


def film(shots: Shots, keys: dict[str, Any]) -> bytes:
    """A storyboard as people write it; without comments, which would make most of these merges a conflict."""
    lines = [f"{key}: {value}" for key, value in keys.items()] + ["shots:"]
    for shot in shots:
        lines.append(f"  - seconds: {shot['seconds']}")
        lines += [f"    {key}: {value!r}" for key, value in shot.items() if key != "seconds"]
    return ("\n".join(lines) + "\n").encode()


BASE: Shots = [{"seconds": 2, "prompt": text} for text in SHOTS]
KEYS = {"title": "Harbour", "look": "grey light"}


@st.composite
def side(draw: st.DrawFn, name: str) -> tuple[Shots, dict[str, Any]]:
    """The base after up to four edits, each of which leaves a mark of its own."""
    shots, keys = copy.deepcopy(BASE), dict(KEYS)
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(("word", "add", "delete", "move", "key")))
        index = draw(st.integers(0, len(shots) - 1))
        if kind == "word":
            words = shots[index]["prompt"].split(" ")
            words.insert(draw(st.integers(0, len(words) - 1)), f"{name}{number}")
            shots[index]["prompt"] = " ".join(words)
        elif kind == "add":
            text = f"{draw(st.sampled_from(NEW))}, {name}{number}"
            shots.insert(draw(st.integers(0, len(shots))), {"seconds": 1, "prompt": text})
        elif kind == "delete" and len(shots) > 1:
            del shots[index]
        elif kind == "move":
            shots.insert(draw(st.integers(0, len(shots) - 1)), shots.pop(index))
        elif kind == "key":
            keys[draw(st.sampled_from(("title", "look", "negative_prompt")))] = f"words {name}{number}"
    return shots, keys


def marks(shots: Any, keys: Any) -> Counter[str]:
    """Every mark, with how often it is there."""
    said = [shot["prompt"] for shot in shots] + [str(value) for key, value in keys.items() if key != "shots"]
    return Counter(mark for text in said for mark in MARK.findall(text))


@settings(deadline=None, max_examples=300)
@given(side("ours"), side("theirs"))
def test_no_edit_is_lost_and_no_shot_doubled(ours: Any, theirs: Any) -> None:
    """What either side wrote is there once, what either side deleted is gone; else it is a conflict with markers."""
    merged = merge(film(BASE, KEYS), film(*ours), film(*theirs), LABELS)
    if merged.conflict:
        assert b"<<<<<<< ours" in merged.data
        written = set(film(*ours).splitlines()) | set(film(*theirs).splitlines())
        assert written - set(film(BASE, KEYS).splitlines()) <= set(merged.data.splitlines())
        return
    data = Document.parse(merged.data).data
    found, mine, yours = marks(data["shots"], data), marks(*ours), marks(*theirs)
    assert set(found.values()) <= {1}, merged.data.decode()
    for mark in {*mine, *yours}:
        everywhere = not mark.startswith("shot") or (mark in mine and mark in yours)
        assert found[mark] == everywhere, merged.data.decode()


@settings(deadline=None, max_examples=150)
@given(side("ours"), st.sampled_from(NEW), st.data())
def test_one_shot_added_in_two_ways_is_never_two(ours: Any, text: str, data: st.DataObject) -> None:
    """Wherever it stands with its neighbours on both sides, a word apart: a conflict."""
    shots, keys = ours
    place = data.draw(st.integers(0, len(BASE)))
    theirs = copy.deepcopy(BASE)
    theirs.insert(place, {"seconds": 1, "prompt": f"{text} at dawn"})
    mine = copy.deepcopy(BASE)
    mine.insert(place, {"seconds": 1, "prompt": f"{text} at dusk"})
    merged = merge(film(BASE, KEYS), film(mine, keys), film(theirs, KEYS), LABELS)
    assert merged.conflict
    assert b"<<<<<<< ours" in merged.data
    without = [shot for shot in shots if MARK.search(shot["prompt"])]
    begun = merge(b"", film([*without, mine[place]], keys), film([*without, theirs[place]], keys), LABELS)
    assert begun.conflict
    assert b"<<<<<<< ours" in begun.data


def test_a_shot_moved_to_two_places_is_never_two() -> None:
    """Though git finds no two changes to the same lines."""
    first, *others = BASE
    ours, theirs = [*others, first], [*others[:2], first, *others[2:]]
    merged = merge(film(BASE, KEYS), film(ours, KEYS), film(theirs, KEYS), LABELS)
    assert merged.conflict
    assert b"<<<<<<< ours" in merged.data
    assert merged.remarks == ["both sides put the shots in another order"]
