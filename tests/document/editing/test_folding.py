"""Folding: lines that YAML reads back as one text, with the breaks that were there."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from storyboard.document.folding import can_fold, rewrap, wrap
from storyboard.document.loader import CoreLoader

BODIES = st.text("ab c\n.é", min_size=1, max_size=120).filter(lambda body: can_fold(body) and body[-1] != "\n")


def unfolded(lines: list[str]) -> str:
    """What YAML reads from a folded block of these lines."""
    text = ">-\n" + "".join(f"  {line}\n" if line else "\n" for line in lines)
    return str(yaml.load(text, Loader=CoreLoader))


@pytest.mark.parametrize("body", ["", "\na", " a", "a ", "a\n b", "a \nb", "a\t\nb"])
def test_what_begins_or_ends_a_line_with_white_space_cannot_be_folded(body: str) -> None:
    """Folding would change it."""
    assert not can_fold(body)


@given(BODIES, st.integers(0, 60))
def test_wrapped_lines_read_back_as_the_text(body: str, width: int) -> None:
    """Whatever the width."""
    assert unfolded(wrap(body, width)) == body


@given(BODIES, BODIES, st.integers(20, 60))
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
