"""Documents that say little or nothing yet, and those that come to say nothing."""

from __future__ import annotations

from typing import Any

import pytest

from storyboard.document import Document, EditRefused

SHOT = {"seconds": 2, "prompt": "x"}
LINES = "shots:\n  - seconds: 2\n    prompt: x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "a: 1\n"),
        ("# c\n", "# c\na: 1\n"),
        ("# c", "# c\na: 1"),
        ("---\n", "---\na: 1\n"),
        ("---\n# c\n...\n", "---\n# c\na: 1\n...\n"),
        ("{}\n", "a: 1\n"),
        ("{}  # c\n", "a: 1  # c\n"),
        ("null\n", "a: 1\n"),
        ("--- {}\n", "--- {a: 1}\n"),
        ("\ufeff", "\ufeffa: 1\n"),
        ("b: 2", "b: 2\na: 1"),
        ("b: 2\n...\n", "b: 2\na: 1\n...\n"),
        ("b: {c: 1}\n", "b: {c: 1}\na: 1\n"),
    ],
)
def test_a_first_key_is_written(before: str, after: str) -> None:
    """Below comments and markers, with the habits that are there."""
    document = Document.parse(before.encode())
    document.set(["a"], 1)
    assert document.to_bytes().decode() == after
    assert document.undo()
    assert document.to_bytes().decode() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", LINES),
        ("{}\n", LINES),
        ("a: 1\n", "a: 1\n" + LINES),
        ("a: 1", "a: 1\n" + LINES[:-1]),
        ("shots:\n", LINES),
        ("shots:  # c\nb: 1\n", LINES.replace(":\n", ":  # c\n", 1) + "b: 1\n"),
        ("shots: []\n", LINES),
        ("shots: []  # c\n", LINES.replace(":\n", ":  # c\n", 1)),
        ("shots: ~\n", LINES),
        ("cast:\n    k: v\nshots: null\n", "cast:\n    k: v\nshots:\n    - seconds: 2\n      prompt: x\n"),
        ("{shots: []}\n", "{shots: [{seconds: 2, prompt: x}]}\n"),
        ("{a: 1}\n", "{a: 1, shots: [{seconds: 2, prompt: x}]}\n"),
    ],
)
def test_a_first_shot_is_written(before: str, after: str) -> None:
    """The list is made where it is missing, empty or null."""
    document = Document.parse(before.encode())
    document.insert_shot(0, SHOT)
    assert document.to_bytes().decode() == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1\n", ["a"], "{}\n"),
        ("a: 1  # c\n", ["a"], "{}  # c\n"),
        ("a: 1\nb:\n  c: 2\n", ["b", "c"], "a: 1\nb:\n  {}\n"),
        ("{a: 1}\n", ["a"], "{}\n"),
        ("shots:\n- {p: 1, q: 2}\n", ["shots", 0, "p"], "shots:\n- {q: 2}\n"),
        ("shots:\n- p: 1\n  q: 2\n", ["shots", 0, "p"], "shots:\n- q: 2\n"),
        ("a: 1\na: 2\nb: 3\n", ["a"], "b: 3\n"),
        ("a: &x 1\nb: *x\nc: *x\n", ["a"], "b: &x 1\nc: *x\n"),
        ("b: 1\na: |+\n  x\n\nc: 1\n\nd: 1\n", ["c"], "b: 1\na: |+\n  x\n\nd: 1\n"),
    ],
)
def test_a_key_is_taken_out(before: str, path: list[Any], after: str) -> None:
    """With its lines; the last one leaves an empty mapping."""
    document = Document.parse(before.encode())
    document.unset(path)
    assert document.to_bytes().decode() == after


def test_the_last_shot_leaves_an_empty_list() -> None:
    """And the next one begins a list again."""
    document = Document.parse(("a: 1\n" + LINES + "b: 2\n").encode())
    document.delete_shot(0)
    assert document.text == "a: 1\nshots: []\nb: 2\n"
    document.insert_shot(0, SHOT)
    assert document.text == "a: 1\n" + LINES + "b: 2\n"


def test_setting_a_merged_key_adds_an_own_key() -> None:
    """What is merged stays as it is for the others."""
    document = Document.parse(b"x-base: &b\n  seconds: 3\nshots:\n- <<: *b\n  prompt: x\n- <<: *b\n")
    document.set(["shots", 0, "seconds"], 5)
    document.set(["shots", 1, "prompt"], "z")
    assert document.text == (
        "x-base: &b\n  seconds: 3\nshots:\n- <<: *b\n  prompt: x\n  seconds: 5\n- <<: *b\n  prompt: z\n"
    )


def test_a_definition_moves_to_its_first_use() -> None:
    """When the shot goes that has it."""
    document = Document.parse(b"shots:\n- prompt: &p >-\n    a\n    b\n- prompt: *p  # c\n- prompt: *p\n")
    document.delete_shot(0)
    assert document.text == "shots:\n- prompt: &p a b  # c\n- prompt: *p\n"


def test_nested_keys_are_made_where_a_mapping_is_missing_or_null() -> None:
    """`cast` of a new film."""
    document = Document.parse(b"cast:  # people\nshots: []\n")
    document.set(["cast", "ana"], "a dancer")
    document.set(["output", "takes"], 2)
    assert document.text == "cast:  # people\n  ana: a dancer\nshots: []\noutput:\n  takes: 2\n"


@pytest.mark.parametrize("path", [[], ["shots", 0, "p"], ["shots", 0], ["a", "b"], ["l", 1], ["l", "x"], [0]])
def test_a_place_that_cannot_be_is_refused(path: list[Any]) -> None:
    """No item is made up, no text becomes a mapping."""
    document = Document.parse(b"shots:\na: text\nl: [1]\n")
    with pytest.raises(EditRefused):
        document.set(path, "x")
    with pytest.raises(EditRefused):
        document.insert_shot(1, SHOT)
    with pytest.raises(EditRefused):
        document.delete_shot(0)
    with pytest.raises(EditRefused):
        document.unset(path)
    assert document.text == "shots:\na: text\nl: [1]\n"
