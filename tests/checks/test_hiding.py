"""SB247 and SB248: what hides from the eye is told, and what scripts and emoji are written with is not."""

from __future__ import annotations

import pytest

from storyboard.checks.fixing import fix_document
from storyboard.document import Document
from tests.checks.boards import check, codes

FINE = (
    "\u2764\ufe0f",
    "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f",
    "1\ufe0f\u20e3",
    "\u845b\U000e0100\u98fe",
    "\u2801\u2800\u2803",
    "\u1820\u180b\u1820",
    "\u2122\ufe0e",
    "a" + " " * 39 + "b",
)
HIDING = (
    "a\U000e0101",
    "\u2764\ufe0f\ufe0f",
    "\u2764\ufe0f\U000e0155",
    "\u845b\U000e0100\U000e0100",
    "\ufe0f",
    "a\ufe0f",
    "1\ufe0f",
    "x \u2800 y",
    "\u2801\u2800\u2800",
    "a\u180b",
    "a" + " " * 60 + "b",
    "a" + "\u3000" * 40 + "b",
    "a" + "\n" * 40 + "b",
)


def _escaped(text: str) -> str:
    return "".join(f"\\U{ord(one):08x}" for one in text)


def _of(text: str, *wanted: str) -> list[str]:
    return [code for code in codes(text) if code in wanted]


@pytest.mark.parametrize("text", FINE)
def test_what_is_seen_is_fine(text: str) -> None:
    """One selector behind an emoji, a Han character or a Mongolian letter; a blank within Braille; some spaces."""
    assert _of(f'shots: [{{seconds: 3, prompt: "A {_escaped(text)} x"}}]', "SB247", "SB108") == []


@pytest.mark.parametrize("text", HIDING)
def test_what_hides_is_a_warning_everywhere(text: str) -> None:
    """In each text of the file; the board goes on compiling to the same text."""
    for board in (
        f'shots: [{{seconds: 3, prompt: "A {_escaped(text)} x"}}]',
        f'title: "A {_escaped(text)} x"\nshots: [{{seconds: 3, prompt: x}}]',
        f'look: "A {_escaped(text)} x"\nshots: [{{seconds: 3, prompt: x}}]',
        f'cast: {{a: "A {_escaped(text)} x"}}\nshots: [{{seconds: 3, prompt: "@a"}}]',
        f'shots: [{{seconds: 3, prompt: x, note: "A {_escaped(text)} x"}}]',
    ):
        assert "SB247" in _of(board, "SB247")
        assert not check(board).has_errors


@pytest.mark.parametrize("text", ["\ufff0", "\U000e0080", "\U000e01f0", "\U000e0fff"])
def test_what_is_no_character_yet_is_an_error(text: str) -> None:
    """Code points that are ignored by whoever draws a text, and mean nothing in any script."""
    assert codes(f'shots: [{{seconds: 3, prompt: "A {_escaped(text)}x"}}]') == ["SB108"]


def test_fixes_that_change_nothing_that_is_sent() -> None:
    """Long blanks become one space, which they are when compiled; selectors go from texts that are never sent."""
    text = f'title: "a{_escaped(chr(0xE0101))}b"\nshots: [{{seconds: 3, prompt: "A{" " * 400}fox"}}]\n'
    document = Document.parse(text.encode())
    before = check(text).draft
    fixed = fix_document(document, "film", ".", lambda one: one.code == "SB247")
    assert document.data == {"title": "ab", "shots": [{"seconds": 3, "prompt": "A fox"}]}
    assert before is not None
    assert fixed.report.draft is not None
    assert before.shots[0].text == fixed.report.draft.shots[0].text


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("mara", "m\u0430ra"), "has U+0430 CYRILLIC SMALL LETTER A"),
        (("m\u0430ra",), "mixes letters of two alphabets (Latin and Cyrillic)"),
        (("\u0441\u043e\u0441\u043e", "coco"), "@coco looks like @\u0441\u043e\u0441\u043e"),
        (("\u0391nna", "Bo"), "mixes letters"),
        (("AI", "Al"), "@Al looks like @AI"),
        (("\uff41da", "ada"), "@ada looks like @\uff41da"),
        (("mara", "mara\ufe01"), "@mara\ufe01 looks like @mara"),
    ],
)
def test_names_that_look_alike(names: tuple[str, ...], said: str) -> None:
    """Letters of two alphabets in one name, and names that are drawn alike; warnings, at the name."""
    cast = ", ".join(f"{name}: a fox" for name in names)
    found = [
        one for one in check(f"cast: {{{cast}}}\nshots: [{{seconds: 3, prompt: x}}]").diagnostics if one.code == "SB248"
    ]
    assert len(found) == 1
    assert said in found[0].message
    assert (found[0].severity, found[0].line) == ("warning", 1)


def test_names_of_any_one_alphabet_are_fine() -> None:
    """Also beside names of another one, and with digits, or kana and Han and Latin as in Japanese."""
    names = (
        "\u0410\u043d\u043d\u0430: a, \u039f\u03bb\u03b3\u03b1: b, \u82b1\u5b50A: c, Zo\u00eb2: d, mara: e, marek: f"
    )
    assert _of(f"cast: {{{names}}}\nshots: [{{seconds: 3, prompt: x}}]", "SB247", "SB248") == []


def test_names_with_what_nobody_sees() -> None:
    """A filler is a letter, and a selector a mark: both may stand in a name."""
    for one in ("mara\u3164", "mara\ufe01"):
        found = check(f"cast: {{{one}: a fox}}\nshots: [{{seconds: 3, prompt: x}}]").diagnostics
        assert [(one.code, one.line) for one in found if one.code == "SB247"] == [("SB247", 1)]


def test_a_name_in_a_prompt_that_looks_like_one_of_the_cast() -> None:
    """The error says which letter is another one: the names themselves look the same."""
    (found,) = [
        one
        for one in check("cast: {mara: a}\nshots: [{seconds: 3, prompt: '@m\u0430ra'}]").diagnostics
        if one.code == "SB110"
    ]
    assert "@mara is, and looks the same, but this has U+0430 CYRILLIC SMALL LETTER A" in found.message
