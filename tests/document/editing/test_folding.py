"""Folding: lines that YAML reads back as one text, with the breaks that were there."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from storyboard.document.folding import can_fold, can_stay_folded, rewrap, wrap
from storyboard.document.loader import CoreLoader

BODIES = st.text("ab c\n.é", min_size=1, max_size=120).filter(lambda body: can_fold(body) and body[-1] != "\n")

RAGGED = st.text("ab c\n.é", min_size=1, max_size=120).filter(lambda b: can_stay_folded(b) and b[-1] != "\n")


def unfolded(lines: list[str]) -> str:
    """What YAML reads from a folded block of these lines."""
    text = ">-\n" + "".join(f"  {line}\n" if line else "\n" for line in lines)
    return str(yaml.load(text, Loader=CoreLoader))


PARAGRAPH = (
    "Wide shot of a harbour at dawn; boats leave one after the other in a long line towards the open sea; the gulls "
    "circle above them and cry in the wind; an old keeper watches from the pier with a lamp in his hand; he waves."
)


@given(st.lists(st.integers(0, len(PARAGRAPH.split()) - 1), max_size=6), st.sampled_from(["", "X", "a longer word"]))
def test_lines_that_were_not_touched_stay(places: list[int], word: str) -> None:
    """However many words change, and wherever: an old line that none of them stands in is still a line."""
    old = wrap(PARAGRAPH, 50)
    words = PARAGRAPH.split()
    untouched, begin = [], 0
    for line in old:
        end = begin + len(line.split())
        if not any(begin - 1 <= place <= end for place in places):
            untouched.append(line)
        begin = end
    for place in places:
        words[place] = word or words[place]
    body = " ".join(words)
    lines = rewrap(body, old)
    assert unfolded(lines) == body
    assert [line for line in lines if line in untouched] == untouched


def test_one_character_for_another_keeps_every_break() -> None:
    """Semicolons made commas: as many lines as before, each with its own words."""
    old = wrap(PARAGRAPH, 50)
    assert rewrap(PARAGRAPH.replace(";", ","), old) == [line.replace(";", ",") for line in old]


@pytest.mark.parametrize("body", ["", "\na", " a", "a ", "a\n b", "a \nb", "a\t\nb"])
def test_what_begins_or_ends_a_line_with_white_space_cannot_be_folded(body: str) -> None:
    """Folding would change it."""
    assert not can_fold(body)


@given(BODIES, st.integers(0, 60))
def test_wrapped_lines_read_back_as_the_text(body: str, width: int) -> None:
    """Whatever the width."""
    assert unfolded(wrap(body, width)) == body


@given(RAGGED, RAGGED, st.integers(20, 60))
def test_rewrapped_lines_read_back_as_the_text(old: str, new: str, width: int) -> None:
    """Whatever the lines were before."""
    assert unfolded(rewrap(new, wrap(old, width))) == new


def test_no_line_is_wider_than_asked_for_where_words_allow() -> None:
    """Words longer than a line stay whole."""
    assert wrap("aaa bbb ccc " + "d" * 30 + " eee", 20) == ["aaa bbb ccc", "d" * 30, "eee"]


def test_runs_of_spaces_are_not_broken() -> None:
    """A break stands for one space only."""
    assert wrap("aaaaaaaaaaaaaaaaaaa  b c", 20) == ["aaaaaaaaaaaaaaaaaaa  b", "c"]


OLD = ["one two three", "four five six", "", "seven eight"]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("one two three four five six\nseven eight", OLD),
        ("one two three four FIVE six\nseven eight", ["one two three", "four FIVE six", "", "seven eight"]),
        ("ONE two three four five six\nseven eight", ["ONE two three", "four five six", "", "seven eight"]),
        ("one two three four five six\nseven nine", ["one two three", "four five six", "", "seven nine"]),
        ("one two three four five six", ["one two three", "four five six"]),
        ("one two three four five six\n\nseven eight", ["one two three", "four five six", "", "", "seven eight"]),
        ("four five six\nseven eight", ["four five six", "", "seven eight"]),
    ],
)
def test_breaks_that_still_fit_are_kept(body: str, lines: list[str]) -> None:
    """So that a change of one word is a change of one line or two."""
    assert rewrap(body, OLD) == lines
