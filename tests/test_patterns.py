"""No pattern is slower than linear: each is given texts that are made from its own parts."""

from __future__ import annotations

import re

import pytest

from tests.patterns import Used, every_pattern, slow_text

SHORT: dict[str, int] = {
    "storyboard.checks.craft.film._quoted()": 2000,
    "storyboard.dialects.fountain._ASIDE": 1000,
    "storyboard.preview.reading._QUOTED": 512,
    "storyboard.preview.reading._LABEL": 512,
}
"""Patterns whose texts are bounded before they see them: a shot's text, which is checked, or places to begin at."""
UNREAD = {
    ("storyboard.own_key", "f'{edge}{re.escape(form)}{edge}'"),  # plain text between two classes
    ("storyboard.dialects.secret_signs", "'[\\\\w.+/~-]+' if plain(name) == 'secret' else '\\\\S+'"),  # one class again
}
"""Patterns that only a running function knows, looked at by hand."""
SLOW: dict[str, tuple[str, frozenset[str]]] = {
    "a line break that is read in two ways": (
        r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*(%)[^\r\n]*(?:\r\n|\n|\r)",
        frozenset(("match",)),
    ),
    "blanks tried from each of them": (r"[ \t]+(?=[\r\n]|\Z)", frozenset()),
    "repetitions of repetitions": (
        r"(?:&[^ \t\r\n]*(?:[ \t\r\n]+(?:#[^\r\n]*)?)*)?(![^ \t\r\n]*)",
        frozenset(("match",)),
    ),
    "two repetitions of the same": (r"https?://[^\s/?#]+[^\s]*\Z", frozenset(("match",))),
    "white space before what is not there": (r"\s*#[\w.-]{1,20}#\s*\Z", frozenset()),
    "a bracket that is never closed": (r"[ \t]*\[[ \t]*([^\]\s]+)[ \t]*([^\]]*)\](.*)", frozenset(("match",))),
    "a beginning again and again": (r'\s[#;][^"]*$', frozenset()),
}
"""Patterns as they were once, and how they were used."""


def test_every_pattern_is_linear() -> None:
    """Search in 8,000 characters takes a millisecond or two; what grows with the square of the length, 50 and more."""
    found = {}
    for used in every_pattern()[0]:
        if (slow := slow_text(used, SHORT.get(used.where, 8_000))) is not None:
            found[used.where] = (used.pattern.pattern, slow)
    assert found == {}


def test_every_pattern_is_seen() -> None:
    """Globals, tables of them, functions that make one, and calls of `re` with a text; others are looked at by hand."""
    used, unread = every_pattern()
    places = {one.where.partition(":")[0] for one in used}
    for where in (
        "document.tree._LINE_BEFORE",
        "document.inplace._UNITS",
        "checks.craft.film._label()",
        "dialects.labels",
    ):
        assert f"storyboard.{where}" in places
    assert {(one.where, one.source) for one in unread} == UNREAD
    assert len(used) > 200
    assert SHORT.keys() <= places


@pytest.mark.parametrize("name", SLOW)
def test_slow_patterns_are_found(name: str) -> None:
    """What was slow once would be found today."""
    pattern, ways = SLOW[name]
    slow = slow_text(Used(name, re.compile(pattern), ways))
    assert slow is not None
