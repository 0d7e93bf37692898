"""Plain scalars mean what the YAML 1.2 core rules say, not what YAML 1.1 made of them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from storyboard.document import Document, DocumentError

READINGS: dict[str, Any] = {
    "12:30": "12:30",
    "16:9": "16:9",
    "9:16": "9:16",
    "1:1": "1:1",
    "-1:30": "-1:30",
    "190:20:30.15": "190:20:30.15",
    "yes": "yes",
    "no": "no",
    "on": "on",
    "off": "off",
    "y": "y",
    "NO": "NO",
    "2026-11-01": "2026-11-01",
    "2026-11-01T10:00:00Z": "2026-11-01T10:00:00Z",
    "true": True,
    "True": True,
    "TRUE": True,
    "tRUE": "tRUE",
    "false": False,
    "0": 0,
    "-0": 0,
    "+7": 7,
    "-7": -7,
    "010": 10,
    "08": 8,
    "0o17": 15,
    "0o8": "0o8",
    "0x1F": 31,
    "0X1F": "0X1F",
    "-0x1F": "-0x1F",
    "0b101": "0b101",
    "1_000": "1_000",
    "1,000": "1,000",
    "1e3": 1000.0,
    "1E-2": 0.01,
    "1.": 1.0,
    ".5": 0.5,
    "5.0": 5.0,
    "1.2.3": "1.2.3",
    ".inf": math.inf,
    "-.INF": -math.inf,
    "+.Inf": math.inf,
    "inf": "inf",
    "nan": "nan",
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "nULL": "nULL",
    "": None,
    "None": "None",
    "=": "=",
    "<<": "<<",
    "'5'": "5",
    '"true"': "true",
    "''": "",
    '"\\u00e9\\0\\e"': "é\0\x1b",
    "!!str 5": "5",
    "!!int '5'": 5,
    "!!float 5": 5.0,
    "!!bool 'true'": True,
    "!foo 5": "5",
    "!foo [1, two]": [1, "two"],
    "!foo {a: 1}": {"a": 1},
    "five": "five",
    "#5": None,
    "5 # five": 5,
    "5#": "5#",
    "9" * 1000: int("9" * 1000),
}


@pytest.mark.parametrize("written", READINGS)
def test_core_rules(written: str) -> None:
    """A value is what the core rules say, type included."""
    value = Document.parse(f"key: {written}\n".encode()).data["key"]
    assert (type(value), value) == (type(READINGS[written]), READINGS[written])


def test_not_a_number() -> None:
    """`.nan` is the one value that does not equal itself."""
    assert math.isnan(Document.parse(b"key: .nan").data["key"])


@pytest.mark.parametrize(
    ("written", "key"),
    [("yes", "yes"), ("5", 5), ("05", 5), ('"5"', "5"), ("1.5", 1.5), ("true", True), ("~", None), ("12:30", "12:30")],
)
def test_keys_are_read_by_the_same_rules(written: str, key: object) -> None:
    """A key is what the core rules say, type included."""
    (read,) = Document.parse(f"{written}: x".encode()).data
    assert (type(read), read) == (type(key), key)


def test_merge_keys() -> None:
    """`<<` as a key takes over another mapping's pairs; what the mapping says itself counts more."""
    data = Document.parse(b"base: &b {x: 1, y: 2}\nmine: {<<: *b, y: 3}\n").data
    assert data["mine"] == {"x": 1, "y": 3}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("!!python/object:os.system x", "`!!python/object:os.system` is not allowed: delete it"),
        ("!!binary aGk=", "`!!binary` is not allowed"),
        ("!!set {a}", "`!!set` is not allowed"),
        ("!!timestamp 2026-11-01", "`!!timestamp` is not allowed"),
        ("!<urn:x> y", "`!<urn:x>` is not allowed"),
        ("!!int five", "'five' cannot be read as a whole number"),
        ("!!bool yes", "'yes' cannot be read as true or false"),
        ("!!str [a]", "does not fit"),
        ("!!map x", "does not fit"),
        ("!!seq {a: b}", "does not fit"),
        ("9" * 1001, "a number of 1001 digits"),
        ("0x" + "f" * 5000, "a number of 5002 digits"),
    ],
)
def test_what_is_no_plain_data_is_refused(written: str, words: str) -> None:
    """Tags that make objects, tags that do not fit, and numbers without end are errors at their place."""
    with pytest.raises(DocumentError) as caught:
        Document.parse(f"a: 1\nkey: {written}\n".encode())
    assert words in caught.value.reason
    assert (caught.value.line, caught.value.column) == (2, 6)
