"""White space taken off the ends of a text's lines; and values set to what they are already."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.document import Document, EditRefused
from tests.document.editing.cases import Case, load_cases

CASES = [variant for case in load_cases() for variant in case.variants()]
P = ("shots", 0, "prompt")


def board(value: str) -> bytes:
    """A shot with this prompt and a comment behind it; `·` stands for a space at the end of a line."""
    return f"# top··\nshots:\n  - seconds: 3··\n    prompt: {value}\n    note: last··\n".replace("·", " ").encode()


TRIMMED: dict[str, tuple[str, str]] = {
    "a literal": ("|\n      one··\n      two·\n", "|\n      one\n      two\n"),
    "a literal with a comment": ("|-  # c··\n      one·\n      two", "|-  # c··\n      one\n      two"),
    "blank lines in a literal": ("|\n      one\n      ···\n      two", "|\n      one\n\n      two"),
    "a folded text": (">-\n      one··\n      two··", ">-\n      one\n      two"),
    "double quotes": ('"one··"  # c', '"one"  # c'),
    "single quotes over lines": ("'one··\n      two '", "'one\n      two'"),
    "plain over lines": ("one··\n      two  # c··", "one\n      two  # c··"),
    "an escaped space": ('"one\\·\n      two··"', '"one\\·\n      two"'),
    "tabs": ("|\n      one\t \t\n      two", "|\n      one\n      two"),
    "nothing to do": ("one", "one"),
}


@pytest.mark.parametrize("name", TRIMMED)
def test_only_the_text_is_trimmed(name: str) -> None:
    """Its own lines lose their last blanks; no other line of the file does."""
    before, after = TRIMMED[name]
    document = Document.parse(board(before))
    words = document.data["shots"][0]["prompt"].split()
    document.trim(P)
    # A blank line that was made of spaces loses all of them, its indentation included.
    assert document.to_bytes() == board(after)
    assert document.data["shots"][0]["prompt"].split() == words
    assert not document.reading.is_ragged(P)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &x {p: 'one '}\nshots: [*x, *x]", ("shots", 0, "p")),
        ("a: &x {p: 'one '}\nshots: [{<<: *x}]", ("shots", 0, "p")),
        ("a: &x 'one '\nb: *x", ("b",)),
        ("a: 5 \nb: 'x '", ("a",)),
        ("a: 'x '", ("b",)),
        ("a: 'x '", ()),
    ],
)
def test_what_stands_elsewhere_is_not_trimmed(text: str, path: tuple[str | int, ...]) -> None:
    """Merged, repeated and missing texts are refused, and nothing is changed."""
    document = Document.parse(text.encode())
    with pytest.raises(EditRefused):
        document.trim(path)
    assert document.to_bytes() == text.encode()


@given(st.lists(st.sampled_from(["one", " ", "\t", "\n", "\\", '"', "'", "#", ": "]), max_size=12))
def test_trimming_keeps_the_words_or_is_refused(parts: list[str]) -> None:
    """Whatever the text and however it is written."""
    text = "".join(parts)
    for style in ("x", "|\n      x\n", ">-\n      x\n      y\n", '"x"', "'x'"):
        document = Document.parse(board(style))
        document.set(P, text)
        before = document.to_bytes()
        try:
            document.trim(P)
        except EditRefused:
            assert document.to_bytes() == before
        assert document.data["shots"][0]["prompt"].split() == text.split()


def paths(data: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path for key, value in inner for path in [(*here, key), *paths(value, (*here, key))]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_setting_what_is_there_changes_nothing(case: Case) -> None:
    """No byte, and no step of undo, whatever way the value is written."""
    document = Document.parse(case.data)
    for path in paths(document.data):
        value = document.data
        for step in path:
            value = value[step]
        document.set(path, value)
    assert document.to_bytes() == case.data
    assert not document.undo()


def test_replacing_needs_a_value_to_replace() -> None:
    """Unlike `set`, `replace` adds nothing."""
    document = Document.parse(b"a: &x {p: 1}\nshots: [{<<: *x}]\n")
    for path in (("b",), ("shots", 0, "p"), ("shots", 1)):
        with pytest.raises(EditRefused):
            document.replace(path, 2)
    with pytest.raises(EditRefused):
        Document.parse(b"").replace(("a",), 1)
    document.replace(("shots", 0), {"p": 3})
    assert document.to_bytes() == b"a: &x {p: 1}\nshots: [{p: 3}]\n"
