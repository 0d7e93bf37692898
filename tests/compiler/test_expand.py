"""A shot's text from its prompt, sentence by sentence of the interfaces' part 2."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.compiler.expand import (
    ShotText,
    add_look,
    ends_sentence,
    expand,
    fold_white_space,
    is_cast_name,
    names_in,
)

CAST = {
    "fox": "a red fox",
    "Fox": "Mr. Fox",
    "fox2": "the second fox",
    "red_fox-2": "a fox with a number",
    "Žofie": "a woman called Žofie",
    "李雷": "a man in a grey coat",
    "Ωμέγα": "an old watch",
    "again": "@fox again",
    "wide": "  two\n\twords ",
    "end": "the end.",
    "at": "@@",
}
NAMES: dict[str, str] = {
    "@fox": "a red fox",
    "@fox runs": "a red fox runs",
    "see @fox, @fox.": "see a red fox, a red fox.",
    "(@fox)": "(a red fox)",
    "'@fox's": "'a red fox's",
    "@Fox": "Mr. Fox",
    "@FOX": "@FOX",
    "@fox2": "the second fox",
    "@fox22": "@fox22",
    "@foxes": "@foxes",
    "@red_fox-2": "a fox with a number",
    "@fox-": "a red fox-",
    "@fox--": "a red fox--",
    "@fox-, and": "a red fox-, and",
    "@fox-2": "@fox-2",
    "@fox_": "@fox_",
    "@Žofie": "a woman called Žofie",
    "@李雷，": "a man in a grey coat，",
    "@Ωμέγα": "an old watch",
    "@@fox": "@fox",
    "@@": "@",
    "@@@fox": "@a red fox",
    "@@@@fox": "@@fox",
    "@@@@": "@@",
    "me@fox": "me@fox",
    "me@fox.example": "me@fox.example",
    "7@fox": "7@fox",
    "é@fox": "é@fox",
    "李@fox": "李@fox",
    "me@@fox": "me@fox",
    "@fox@fox": "a red fox@fox",
    "_@fox": "_a red fox",
    "-@fox": "-a red fox",
    ".@fox": ".a red fox",
    "@": "@",
    "@ fox": "@ fox",
    "@2fox": "@2fox",
    "@_fox": "@_fox",
    "@-fox": "@-fox",
    "@nobody": "@nobody",
    "@again": "@fox again",
    "@at": "@@",
    "a@wide": "a@wide",
    "a @wide.": "a two words .",
    "@wide": "two words",
    "x@@@wide": "x@ two words",
}
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000"


def expand_shot(prompt: str, cast: dict[str, str], look: str = "") -> ShotText:
    """The text sent for a shot with this prompt."""
    return add_look(expand(prompt, cast), expand(look, cast))


@pytest.mark.parametrize("prompt", NAMES)
def test_names(prompt: str) -> None:
    """A name is read as far as it goes and looked up whole; `@@` and addresses are plain; nothing is expanded twice."""
    assert expand_shot(prompt, CAST).text == NAMES[prompt]


@pytest.mark.parametrize(
    ("name", "good"),
    [
        *((name, True) for name in ("fox", "f", "F2_-x", "a--b", "李", "a_")),
        *((name, False) for name in ("", "2", "_a", "-a", "a-", "a b", "a.b", "@a", "a\n", "a\u200d")),
    ],
)
def test_what_a_name_is(name: str, good: bool) -> None:
    """A letter, then letters, digits, `_` or `-`, not ending in `-`; and exactly those are found in a text."""
    assert is_cast_name(name) == good
    assert (names_in(f"@{name}") == [name]) == good


def test_unknown_names_are_told_once_in_order() -> None:
    """Unknown names stay as they stand, and are reported, those of the look after those of the prompt."""
    text = expand_shot("@b @fox @a @b", CAST, "@c @a")
    assert text.text == "@b a red fox @a @b. @c @a"
    assert text.unknown_names == ("b", "a", "c")


@pytest.mark.parametrize("space", SPACES)
def test_white_space(space: str) -> None:
    """Every run of white space, of any kind and mixed, becomes one space; the ends are trimmed."""
    assert fold_white_space(f"{space}a{space}{space} {space}b{space}") == "a b"
    assert expand_shot(f"{space}a{space}@fox{space}", CAST, f"{space}x{space}y").text == "a a red fox. x y"


@pytest.mark.parametrize("character", ["\u200b", "\u2060", "\ufeff", "\u180e", "\x1c", "\x1f", "\0", "\u2800"])
def test_what_is_no_white_space(character: str) -> None:
    """Zero-width and control characters are not quietly dropped; the checks refuse them."""
    assert expand_shot(f"a {character} b", {}).text == f"a {character} b"


@pytest.mark.parametrize("end", list(".!?…。！？"))
@pytest.mark.parametrize(
    "closing", ["", '"', "'", "”", "’", "»", "“", ")", "]", "}", "）", "」", "』", "】", '")', "”’ )"[:2]]
)
def test_look_after_a_sentence(end: str, closing: str) -> None:
    """After a sentence's end, closing quotes and brackets aside, the look follows one space."""
    assert expand_shot(f"She leaves{end}{closing}", {}, "grain").text == f"She leaves{end}{closing} grain"


@pytest.mark.parametrize("end", ["s", ",", ":", "-", "—", ")", '"', "s)", "s.)x", "...-", "‥", "¿", "‼", "*", ". *"])
def test_look_after_anything_else(end: str) -> None:
    """After any other end the look follows a full stop and a space."""
    assert expand_shot(f"She leave{end}", {}, "grain").text == f"She leave{end}. grain"


@pytest.mark.parametrize(
    ("prompt", "look", "text"),
    [
        ("a", "", "a"),
        ("a", " \n", "a"),
        ("a.", "b", "a. b"),
        ("a. \n", "b", "a. b"),
        ("see @end", "b", "see the end. b"),
        ("a", "@fox, @@fox, me@fox", "a. a red fox, @fox, me@fox"),
        ("a", "@end", "a. the end."),
        ("a", "@again", "a. @fox again"),
        ("a", " b\u3000\nc ", "a. b c"),
        ('"Run!"', "grain.", '"Run!" grain.'),
    ],
)
def test_look(prompt: str, look: str, text: str) -> None:
    """The look is expanded and folded like a prompt, and joined to the text as it is once expanded."""
    assert expand_shot(prompt, CAST, look).text == text


def test_costs() -> None:
    """Each use of a name tells its characters; the look's cost holds what joins it."""
    text = expand_shot("@fox and @fox, @wide", CAST, "@Fox here")
    assert text.cast_costs == (("fox", 9), ("fox", 9), ("wide", 9), ("Fox", 7))
    assert text.look_cost == len(". Mr. Fox here")
    assert text.characters == len(text.text)


WORDS = st.lists(st.sampled_from([*'ab1_- .!)"@;\u3000\n', "@fox", "@@", "é"]), max_size=12).map("".join)


@settings(deadline=None, max_examples=300)
@given(WORDS, st.dictionaries(st.sampled_from(["fox", "a", "b1", "é"]), WORDS), WORDS)
def test_texts_are_folded_and_add_up(prompt: str, cast: dict[str, str], look: str) -> None:
    """Whatever the parts: one space at a time, no space at an end, and the look's cost is what it adds."""
    text = expand_shot(prompt, cast, look)
    alone = expand_shot(prompt, cast)
    assert text.text == fold_white_space(text.text)
    assert text.text.startswith(alone.text)
    assert len(text.text) == text.characters == alone.characters + text.look_cost
    assert text.look_cost == 0 or text.text[len(alone.text) :].startswith(" " if ends_sentence(alone.text) else ". ")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30).filter(lambda text: "@" not in text))
def test_doubled_signs_are_the_escape(text: str) -> None:
    """Any text with each `@` doubled comes out as it was, whatever the cast holds."""
    with_signs = text.replace("a", "@fox")
    assert expand_shot(with_signs.replace("@", "@@"), {"fox": "x"}).text == fold_white_space(with_signs)
