"""A shot's text from its prompt, sentence by sentence of the interfaces' part 2."""

from __future__ import annotations

import re
from time import process_time
from typing import Literal
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.compiler.expand import (
    ShotText,
    add_look,
    begun_name,
    ends_sentence,
    expand,
    fold_white_space,
    is_cast_name,
    names_in,
    rename_in,
    start_of_reference,
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


MARKED = {
    "राम": "\u0930\u093e\u092e",
    "ที่": "\u0e17\u0e35\u0e48",
    "José, composed": "Jos\u00e9",
    "José, in parts": "Jose\u0301",
    "Tiếng": "Tie\u0302\u0301ng",
    "a mark, then more": "a\u0301-b_2\u0308c",
}


@pytest.mark.parametrize("name", MARKED.values(), ids=MARKED.keys())
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_have_combining_marks(name: str, form: Literal["NFC", "NFD"]) -> None:
    """Read as far as they go, found however they are composed, renamed and counted as the cast spells them."""
    assert is_cast_name(name)
    said = normalize(form, name)
    text = f"A @{said}, @{said}- and x@{said}"
    sent = expand(text, {name: "man"})
    assert sent.text == f"A man, man- and x@{said}"
    assert [used for used, _ in sent.cast_costs] == [name, name]
    assert names_in(text, {name}) == [name, name]
    assert rename_in(text, name, "tom") == f"A @tom, @tom- and x@{said}"
    assert begun_name(f"A @{said}") == said
    assert start_of_reference(f"A @{said} b", 2 + len(said)) == 2
    assert expand(f"@{said}", {name[0]: "other"}).unknown_names == (said,)


@pytest.mark.parametrize("name", ["\u0301a", "a\u0301-", "a\u200db", "a\u200c", "", "@", "-a", "\u093e"])
def test_what_is_no_name_with_marks(name: str) -> None:
    """A mark begins none, a joiner is none, and no name ends in `-`."""
    assert not is_cast_name(name)


OLD_REFERENCE = re.compile(r"@@|(?<![^\W_])@([^\W\d_](?:[\w-]*\w)?)")
"""What a name was before names had marks."""


@given(st.text("@ab-_1é.\u0301\u0308\u0930\u093e;½한", max_size=30))
def test_what_compiled_compiles_to_the_same_text(text: str) -> None:
    """A text that names read with marks would change is refused, never sent as another one."""
    cast = {name: f"<{number}>" for number, name in enumerate(["a", "b", "ab", "é", "aé", "á", "a-b", "ä", "\u0930"])}
    before = OLD_REFERENCE.sub(lambda match: "@" if match[1] is None else cast.get(match[1], match[0]), text)
    was_sound = all(name in cast for name in OLD_REFERENCE.findall(text) if name)
    now = expand(text, cast)
    assert not was_sound or now.unknown_names or now.text == fold_white_space(before)
    if not any(category(character)[0] == "M" for character in text):
        assert bool(now.unknown_names) != was_sound or not OLD_REFERENCE.search(text)
        assert now.text == fold_white_space(before)


def test_many_names_take_no_more_than_their_number() -> None:
    """A stranger's cast of thousands, none of them the one that is named."""
    cast = {f"n{number}\u0301": "x" for number in range(20_000)}
    text = " ".join(f"@n{number}\u0301y" for number in range(20_000)) + "@a" + "\u0301" * 50_000
    began = process_time()
    names_in(text, cast)
    expand(text, cast)
    assert process_time() - began < 5
