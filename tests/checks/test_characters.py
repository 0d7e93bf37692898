"""SB108 and SB107: what cannot be seen is refused; what scripts and emoji are written with is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.checks.characters import hidden_characters
from tests.checks.boards import check, codes

FINE: dict[str, str] = {
    "a family": "👩‍👩‍👧 walks",
    "a profession with a skin tone": "👩🏽‍🚀 floats",
    "a heart on fire": "❤️‍🔥",
    "an eye in a bubble": "👁️‍🗨️",
    "a black cat": "🐈‍⬛ sleeps",
    "a broken chain": "⛓️‍💥",
    "the rainbow flag": "🏳️‍🌈",
    "the pirate flag": "🏴‍☠️",
    "the flag of Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "a keycap": "1️⃣",
    "Persian": "می‌خواهم بروم",
    "Persian after a Latin word": "PDF‌ها",
    "Hindi with a joiner": "क्‍ष",
    "Hindi with a non-joiner": "क्‌ष",
    "Sinhala": "ශ්‍රී ලංකා",
    "Mongolian": "ᠠᠮᠠ᠎ᠠ",
    "Hebrew and Arabic": "עברית and العربية",
    "combining marks": "e\u0301 Ωμέγα",
    "white space of all kinds": "a\u00a0b\u3000c\u2028d\u2029e\u0085f\tg\nh",
    "a private use character": "\ue000",
}
HIDDEN: dict[str, tuple[str, str]] = {
    "NUL": ("\0", "U+0000 control character"),
    "ESC": ("\x1b", "U+001B control character"),
    "a file separator": ("\x1c", "U+001C control character"),
    "DEL": ("\x7f", "U+007F control character"),
    "a C1 control": ("\x9b", "U+009B control character"),
    "soft hyphen": ("\u00ad", "U+00AD SOFT HYPHEN"),
    "zero-width space": ("\u200b", "U+200B ZERO WIDTH SPACE"),
    "a joiner between Latin letters": ("\u200d", "U+200D ZERO WIDTH JOINER"),
    "a non-joiner between Latin letters": ("\u200c", "U+200C ZERO WIDTH NON-JOINER"),
    "word joiner": ("\u2060", "U+2060 WORD JOINER"),
    "BOM": ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    "left-to-right mark": ("\u200e", "U+200E LEFT-TO-RIGHT MARK"),
    "right-to-left override": ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "an isolate": ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
    "Arabic letter mark": ("\u061c", "U+061C ARABIC LETTER MARK"),
    "a Hangul filler": ("\u3164", "U+3164 HANGUL FILLER"),
    "a Mongolian separator elsewhere": ("\u180e", "U+180E MONGOLIAN VOWEL SEPARATOR"),
    "a tag without a flag": ("\U000e0061", "U+E0061 TAG LATIN SMALL LETTER A"),
    "an interlinear anchor": ("\ufff9", "U+FFF9 INTERLINEAR ANNOTATION ANCHOR"),
    "a noncharacter": ("\ufffe", "U+FFFE"),
    "another noncharacter": ("\ufdd0", "U+FDD0"),
}


@pytest.mark.parametrize("name", FINE)
def test_what_texts_are_written_with_is_fine(name: str) -> None:
    """Joiners of emoji and of scripts, flags and white space are no hidden characters."""
    assert hidden_characters(FINE[name]) == []


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_characters_are_named(name: str) -> None:
    """A hidden character is told with its code point, its name and its position, in every text of the file."""
    character, called = HIDDEN[name]
    written = f"fo{''.join(chr(92) + f'U{ord(one):08x}' for one in character)}x"
    (found,) = check(f'shots: [{{seconds: 3, prompt: "A {written}"}}]').diagnostics
    assert (found.code, found.message) == ("SB108", f"shot 1: {called} at character 5: delete it")
    for key in ("title", "look", "negative_prompt"):
        frame = "first_frame: https://example.com/a.png\n" if key == "negative_prompt" else ""
        assert codes(f'{frame}{key}: "{written}"\nshots: [{{seconds: 3, prompt: x}}]') == ["SB108"]
    assert codes(f'cast: {{a: "{written}"}}\nshots: [{{seconds: 3, prompt: x}}]') == ["SB108"]
    assert codes(f'shots: [{{seconds: 3, prompt: x, note: "{written}"}}]') == ["SB108"]


@pytest.mark.parametrize(
    "text", ["👩\u200d", "\u200d👩", "👩\u200d\u200d👧", "می\u200c", "\u200cمی", "می\u200c \u200cخ"]
)
def test_joiners_that_join_nothing(text: str) -> None:
    """A joiner needs its two sides."""
    assert len(hidden_characters(text)) == text.count("\u200d") + text.count("\u200c")


def test_names_and_counts_of_many() -> None:
    """The first is told with its place, the others by their number."""
    (found,) = check('shots: [{seconds: 3, prompt: "a\\u200bb\\u200bc\\u2060"}]').diagnostics
    assert found.message == "shot 1: U+200B ZERO WIDTH SPACE at character 2, and 2 more: delete it"


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cn", "Cs", "Co"])))
def test_visible_text_has_nothing_hidden(text: str) -> None:
    """Letters, marks, digits, signs and spaces are never taken for hidden ones, but for the few blank letters."""
    blank = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
    assert [found.position for found in hidden_characters(text)] == [
        index for index, character in enumerate(text, start=1) if character in blank
    ]


@pytest.mark.parametrize("sign", ["；", "︔", "﹔", "⁏", "׃", ":", ","])
def test_look_alikes_of_the_semicolon_are_fine(sign: str) -> None:
    """Only `;` and U+037E end a shot."""
    assert codes(f"shots: [{{seconds: 3, prompt: 'a fox{sign} snow'}}]") == []


def test_semicolons_wherever_a_shots_text_comes_from(tmp_path: object) -> None:
    """SB107 stands where the semicolon is written: once, in file order, used names only."""
    text = (
        "look: warm, @lens\n"
        "cast: {fox: 'red; small', owl: 'grey; old', lens: 35 mm\u037e soft}\n"
        "shots:\n"
        "- {seconds: 3, prompt: '@fox waits; @fox runs'}\n"
        "- {seconds: 3, prompt: '@fox sleeps, mail owl@owl'}\n"
    )
    report = check(text)
    assert [(found.line, found.code, found.path) for found in report.diagnostics] == [
        (2, "SB107", ("cast", "fox")),
        (2, "SB107", ("cast", "lens")),
        (4, "SB107", ("shots", 0, "prompt")),
    ]
