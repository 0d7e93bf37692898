"""What holds for every merge, whatever the two sides did."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.document import Document
from storyboard.versions.difference import difference
from storyboard.versions.matching import match
from storyboard.versions.merging import Conflict, merge_meanings
from storyboard.versions.rewriting import comments
from storyboard.versions.threeway import merge
from tests.versions.repository import FILM

WORDS = st.sampled_from(
    ["Wide shot of a pier", "Close-up of a lamp, dew", "A fox trots", "Gulls cry: loud", "#1 boat", "x"]
)
SHOT = st.fixed_dictionaries({"seconds": st.integers(1, 5), "prompt": WORDS}, optional={"note": WORDS})
LABELS = ("ours", "base", "theirs")
ODD = "x-list: [1]\nshots:\n  - seconds: 3\n    prompt: a fox trots\n"


@st.composite
def edits(draw: st.DrawFn) -> bytes:
    """The film after up to four edits, as the editor makes them, and a comment."""
    document = Document.parse(FILM.encode())
    for _ in range(draw(st.integers(0, 4))):
        count = len(document.data["shots"])
        index = draw(st.integers(0, count - 1))
        kind = draw(st.sampled_from(["seconds", "prompt", "insert", "delete", "move", "look", "note"]))
        if kind == "insert":
            document.insert_shot(index, draw(SHOT))
        elif kind == "delete" and count > 1:
            document.delete_shot(index)
        elif kind == "move":
            document.move_shot(index, draw(st.integers(0, count - 1)))
        elif kind == "look":
            document.set(["look"], draw(WORDS))
        elif kind == "seconds":
            document.set(["shots", index, "seconds"], draw(st.integers(1, 9)))
        elif kind in ("prompt", "note"):
            document.set(["shots", index, kind], draw(WORDS))
    comment = draw(st.sampled_from(["", "# mine\n", "# yours\n"]))
    return document.to_bytes() + comment.encode()


def _lines(data: bytes) -> set[str]:
    return {line.strip() for line in data.decode().splitlines() if line.strip()}


@settings(deadline=None, max_examples=120)
@given(edits(), edits())
def test_a_merge_says_what_both_sides_mean_and_loses_nothing(ours: bytes, theirs: bytes) -> None:
    """Without a conflict: the merged data and every comment; with one: every line of either side."""
    merged = merge(FILM.encode(), ours, theirs, LABELS)
    if merged.conflict:
        assert (_lines(ours) | _lines(theirs)) - _lines(FILM.encode()) <= _lines(merged.data)
        return
    result = Document.parse(merged.data)
    meaning = None
    with suppress(Conflict):
        meaning = merge_meanings(*(Document.parse(one).data for one in (FILM.encode(), ours, theirs)))
    if meaning is not None and not meaning.unsettled:
        assert result.data == meaning.data
    else:
        assert (_lines(ours) | _lines(theirs)) - _lines(FILM.encode()) <= _lines(merged.data)
    added = (comments(Document.parse(ours)) | comments(Document.parse(theirs))) - comments(
        Document.parse(FILM.encode())
    )
    assert not added - comments(result)


@settings(deadline=None, max_examples=40)
@given(edits())
def test_one_side_alone_is_the_merge(ours: bytes) -> None:
    """Byte for byte, whichever side it is."""
    assert merge(FILM.encode(), ours, FILM.encode(), LABELS)[:2] == (ours, False)
    assert merge(FILM.encode(), FILM.encode(), ours, LABELS)[:2] == (ours, False)
    assert merge(FILM.encode(), ours, ours, LABELS)[:2] == (ours, False)


@pytest.mark.parametrize(("old", "new"), [("[1]", "[true]"), ("seconds: 3", "seconds: 3.0")])
def test_a_value_of_another_kind_is_another_value(old: str, new: str) -> None:
    """Though Python takes `1`, `true` and `1.0` for equal: it is told, and no merge loses it."""
    ours, theirs = ODD.replace(old, new), ODD.replace("a fox", "two foxes")
    assert "the same storyboard" not in difference(Document.parse(ODD.encode()), Document.parse(ours.encode()))[0]
    merged = merge(ODD.encode(), ours.encode(), theirs.encode(), LABELS)
    assert (merged.data.decode(), merged.conflict) == (ours.replace("a fox", "two foxes"), False)


def test_what_is_no_number_is_no_change() -> None:
    """`.nan` is unlike itself in Python only; and where seconds are unsound, no total is told."""
    old, new = ODD.replace("[1]", ".nan"), ODD.replace("[1]", ".nan").replace("seconds: 3", "seconds: few")
    assert difference(Document.parse(old.encode()), Document.parse(new.encode())) == ["shot 1: 3 s → few s"]


@pytest.mark.parametrize("ours", ["shots:\n  - seconds: 3\n    prompt: x\n", "shots: [{seconds: 3, prompt: x}]\n"])
@pytest.mark.parametrize("shot", ["[1]", "", "5", "text"])
def test_shots_that_are_none_go_beside_others_or_are_a_conflict(ours: str, shot: str) -> None:
    """Lists, numbers, texts or nothing in the place of a shot, where the other side added a sound one."""
    merged = merge(b"title: a\n", f"title: a\n{ours}".encode(), f"title: a\nshots:\n  - {shot}\n".encode(), LABELS)
    assert merged.conflict or Document.parse(merged.data).data["shots"][0] == {"seconds": 3, "prompt": "x"}


@settings(deadline=None, max_examples=100)
@given(st.lists(SHOT, max_size=6), st.lists(SHOT, max_size=6))
def test_every_shot_has_one_partner_at_most(old: list[Any], new: list[Any]) -> None:
    """And equal lists are matched one to one."""
    pairs = match(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert match(old, list(old)).keys() == set(range(len(old)))


@settings(deadline=None, max_examples=60)
@given(edits())
def test_a_difference_is_said_where_there_is_one(other: bytes) -> None:
    """Lines where bytes differ, none where they do not."""
    lines = difference(Document.parse(FILM.encode()), Document.parse(other))
    assert bool(lines) == (other != FILM.encode())
