"""Characters that nobody sees: one list, and what each room takes of it."""

from __future__ import annotations

import re
import sys
from unicodedata import category

import pytest

from storyboard.checks.characters import hidden_characters
from storyboard.cli.say import printable
from storyboard.document.quoting import quoted
from storyboard.filing import can_be_seen
from storyboard.tui.masking import visible
from storyboard.unseen import JOINERS, STRAY, UNSEEN

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
LISTED = {one for one in EVERY if re.match(f"[{UNSEEN}]", one)}
TAGS = {chr(code) for code in range(0xE0020, 0xE0080)}
# Format characters that are drawn: signs above or around numbers, how hieroglyphs are stacked.
DRAWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]")


def test_the_list_has_everything_that_unicode_calls_control_or_format() -> None:
    """But for joiners and for what is drawn."""
    unseen = {one for one in EVERY if category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and not DRAWN.match(one)}
    assert unseen - LISTED == set(JOINERS)


def test_nothing_on_it_is_drawn() -> None:
    """No letter with a shape, no mark, no sign."""
    blank = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
    kinds = {category(one) for one in LISTED - blank}
    assert kinds <= {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize("one", ["\x1b", "\u034f", "\u115f", "\u202e", "\u3164", "\ufdd0", "\U0001d173", "\U000e0041"])
def test_every_room_knows_them(one: str) -> None:
    """Told as a problem, refused in names, escaped in words, painted as a picture."""
    assert hidden_characters(f"a{one}b")
    assert not can_be_seen(one)
    assert printable(one).isascii()
    assert visible(one) != one
    assert one in TAGS or quoted(one).isascii()


def test_each_room_leaves_out_what_it_says() -> None:
    """Layout on the screen, white space in prompts, flags in a file; joiners everywhere but alone in a prompt."""
    assert {one for one in LISTED if visible(one) == one} == set("\t\n")
    white = {one for one in LISTED if not hidden_characters(f"a{one}b")}
    assert white == set("\t\n\v\f\r\x85\u2028\u2029")
    assert {one for one in LISTED if one in quoted(one)} == TAGS
    assert all(can_be_seen(one) and printable(one) == one and visible(one) == one for one in JOINERS)
    stray = {one for one in EVERY if re.match(STRAY, one)}
    assert {one for one in EVERY if not can_be_seen(one)} == LISTED | stray
    assert all(visible(one) != one and printable(one).isascii() and quoted(one).isascii() for one in stray)
