"""Normal forms are those of the standard library, and take no text longer than another."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random
from time import process_time
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

import storyboard
from storyboard.checks import check_bytes
from storyboard.document import Document
from storyboard.normal_forms import normalized
from storyboard.own_key import without_key
from storyboard.versions.difference import difference

if TYPE_CHECKING:
    from storyboard.normal_forms import Form

FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")
LETTERS = "aé\u0301\u0323\u0344\u0f73\u0f71\u0327가\u1100\u1161\u11a8\ufb01ö\u0307\u1e69\u05b0\u05b4\ufb2e\U0001d15e"
"""Letters that compose, that come apart, marks out of order, and marks that are made of others."""
MARKS = "\u0301\u0323" * 60_000
SECONDS = 2


@pytest.mark.parametrize("form", FORMS)
def test_they_are_those_of_the_standard_library(form: Form) -> None:
    """Also for long texts, which go another way."""
    random = Random(1)
    for length in [*range(60), 201, 400, 1000] * 5:
        text = "".join(random.choices(LETTERS, k=length))
        assert normalized(form, text) == normalize(form, text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("piece", ["\u0301\u0323", "\u0f73", "\u0f73\u0301", "é", "가"])
def test_they_take_no_time(form: Form, piece: str) -> None:
    """What took ten seconds takes a hundredth of one."""
    begun = process_time()
    normalized(form, "a" + piece * (120_000 // len(piece)))
    assert process_time() - begun < SECONDS


def test_marks_upon_marks_hold_nothing_up() -> None:
    """Behind an @, in a prompt that is compared, and in an answer that is looked through for the key."""
    text = f"shots:\n- {{seconds: 3, prompt: '@a{MARKS}'}}\n"
    begun = process_time()
    check_bytes(text.encode(), "film", ".")
    difference(Document.parse(text.encode()), Document.parse(text.replace("3", "4").replace("@", "@b").encode()))
    without_key(MARKS, "Aa1" * 11, "x")
    assert process_time() - begun < SECONDS


def test_nobody_goes_past_it() -> None:
    """No other module asks the standard library for a normal form."""
    root = Path(storyboard.__path__[0])
    users = {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and any(name.name == "normalize" for name in node.names))
        or (isinstance(node, ast.Attribute) and node.attr == "normalize")
    }
    assert users == {"normal_forms.py"}
