"""How values are written: what any reader would misread is quoted, the old style stays where it can."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from storyboard.document import Document
from storyboard.document.loader import CoreLoader
from storyboard.document.quoting import flow_text, is_plain, quoted
from tests.document.editing.cases import HOSTILE
from tests.document.editing.judging import same

NUMBER_LIKE = st.from_regex(r"[-+.0-9exobyntTfF:_~<=]{1,9}", fullmatch=True)
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), NUMBER_LIKE)
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def readers(text: str) -> list[Any]:
    """What readers of YAML 1.1 and of 1.2 make of a text."""
    return [
        yaml.load(text, Loader=CoreLoader),
        yaml.load(text, Loader=yaml.CSafeLoader),
        yaml.load(text, Loader=yaml.SafeLoader),
        YAML(typ="safe", pure=True).load(text),
    ]


@given(TEXTS)
def test_every_reader_takes_a_plain_text_for_that_text(text: str) -> None:
    """In a block and in brackets."""
    if is_plain(text, flow=False):
        assert [read["a"] for read in readers(f"a: {text}\n")] == [text] * 4
    if is_plain(text, flow=True):
        assert [read["a"] for read in readers(f"{{a: {text}, b: c}}\n")] == [text] * 4


@given(TEXTS)
def test_double_quotes_hold_any_text(text: str) -> None:
    """A lone surrogate is no text that a file could hold."""
    assert yaml.load(quoted(text), Loader=CoreLoader) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=20))
def test_double_quotes_are_json_within_the_basic_plane(text: str) -> None:
    """So that a document written as JSON stays JSON."""
    if text.isprintable():
        assert json.loads(quoted(text)) == text


@given(VALUES)
def test_any_value_can_be_written_on_one_line(value: Any) -> None:
    """And is read back in kind and content."""
    text = flow_text({"a": value})
    assert "\n" not in text
    assert same(yaml.load(text, Loader=CoreLoader), {"a": value})


@pytest.mark.parametrize("value", [1e22, 1e-300, 1.5e300, -0.0, 0.1, 3.0])
def test_numbers_are_numbers_to_every_reader(value: float) -> None:
    """YAML 1.1 wants a point in 1.0e+22."""
    assert [type(read) for read in readers(flow_text(value))] == [float] * 4


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=3), VALUES)
def test_any_value_can_be_set_anywhere(mapping: dict[str, Any], value: Any) -> None:
    """As a key's value, inside brackets, and as the mapping of a shot."""
    document = Document.parse(b"a: x\nb: {c: [y]}\nshots:\n- p: z\n")
    document.set(["a"], value)
    document.set(["b", "c", 0], value)
    document.set(["new", "inner"], value)
    document.insert_shot(1, mapping)
    wanted = {"a": value, "b": {"c": [value]}, "shots": [{"p": "z"}, mapping], "new": {"inner": value}}
    assert same(Document.parse(document.to_bytes()).data, wanted)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: old", "new", "a: new"),
        ("a: 'it''s'", "it's new", "a: 'it''s new'"),
        ('a: "old"', "new", 'a: "new"'),
        ("a: old", "a: b", 'a: "a: b"'),
        ("a: old", 'say "x: y"', "a: 'say \"x: y\"'"),
        ("a: old", "x\ny", "a: |-\n  x\n  y"),
        ("a: |\n   old", "x\n y\n", "a: |\n   x\n    y"),
        ("a: |\n   old", " x\n", "a: |3\n    x"),
        ("a: >\n   old\n   text", "old text, new\n", "a: >\n   old\n   text, new"),
        ("a: old", "w " * 60 + "end", "a: >-\n  " + "w " * 42 + "w\n  " + "w " * 17 + "end"),
        ("{a: old}", "x, y", '{a: "x, y"}'),
        ('{"a":"old"}', "x", '{"a":"x"}'),
        ("a:", "x", "a: x"),
        ("a:  # c", "x", "a: x  # c"),
        ("a: ~", "x", "a: x"),
        ("a: 'x\n  y'", "x z", "a: 'x\n  z'"),
        ("a: x\n  y", "x z", "a: x\n  z"),
        ("a:\n  x", "w", "a:\n  w"),
        ("a:\n  k: v  # c", "w", "a: w"),
        ("a: {}  # c", {"k": 1}, "a:  # c\n  k: 1"),
        ("a: []", ["k"], "a: [k]"),
        ("a: !!int 3", 4, "a: !!int 4"),
        ("a: &n !!int 3", "x", "a: &n x"),
        ("a: &n", "x", "a: &n x"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_value_keeps_its_style(before: str, value: Any, after: str, newline: str) -> None:
    """Where that can say the new value."""
    document = Document.parse((before + "\n").replace("\n", newline).encode())
    document.set(["a"], value)
    assert document.text == (after + "\n").replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a: ""  # c\n', "a: Wide shot  # c\n"),
        ("a: ''\n", "a: Wide shot\n"),
        ('{"a": ""}\n', '{"a": "Wide shot"}\n'),
    ],
)
def test_an_empty_text_had_no_choice_but_quotes(before: str, after: str) -> None:
    """They are no style to keep, outside of braces."""
    document = Document.parse(before.encode())
    document.set(("a",), "Wide shot")
    assert document.to_bytes().decode() == after
