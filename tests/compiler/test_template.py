"""The multi-shot template: written exactly, read back exactly, and nothing else read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.checks import check_bytes
from storyboard.compiler.prepare import CompileError, compile_prompt
from storyboard.compiler.template import ShotLine, TemplateError, read_template, write_template
from tests.document.cases import BOARDS


def test_the_form() -> None:
    """`shot n, m, text;`, numbered from 1, joined by one space, each ended by `;`, one shot included."""
    assert write_template([(3, "a fox")]) == "shot 1, 3, a fox;"
    assert write_template([(3, "a, b"), (12, "shot 2, 3, c")]) == "shot 1, 3, a, b; shot 2, 12, shot 2, 3, c;"
    assert read_template("shot 1, 3, a, b; shot 2, 12, shot 2, 3, c;") == [
        ShotLine(1, 3, "a, b"),
        ShotLine(2, 12, "shot 2, 3, c"),
    ]


_text = st.text(st.characters(exclude_characters=";\u037e\u2028\u2029", exclude_categories=["Cc", "Cs"]), min_size=1)
_texts = st.lists(
    st.tuples(st.integers(1, 15), _text.map(str.strip).filter(bool) | st.just("shot 1, 3, x, shot 2, 2, y")),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=200)
@given(_texts)
def test_reading_is_the_inverse_of_writing(texts: list[tuple[int, str]]) -> None:
    """`parse(compile(x))` gives back the same numbers, seconds and texts."""
    lines = read_template(compile_prompt(texts))
    assert [(line.seconds, line.text) for line in lines] == texts
    assert [line.number for line in lines] == list(range(1, len(texts) + 1))


@pytest.mark.parametrize("sign", [*";\u037e\0\x1b\x7f\x85\n\r\t\u2028\u2029"])
def test_what_the_template_cannot_carry(sign: str) -> None:
    """Semicolons, control characters and line breaks are refused when writing, and when compiling as CompileError."""
    with pytest.raises(TemplateError, match=r"shot 2: .*cannot stand"):
        write_template([(1, "fine"), (1, f"a{sign}b")])
    with pytest.raises(CompileError):
        compile_prompt([(1, f"a{sign}b")])


@pytest.mark.parametrize("texts", [[(1, "")], [(1, " a")], [(1, "a\u3000")], [(0, "a")], [(-1, "a")]])
def test_shots_that_are_none(texts: list[tuple[int, str]]) -> None:
    """An empty or untrimmed text, and seconds below one, are refused."""
    with pytest.raises(TemplateError, match="shot 1"):
        write_template(texts)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " ",
        "a fox runs",
        "shot 1, 3, a",
        "shot 1, 3, a.",
        "shot 1, 3, ;",
        "shot 1, 3,  a;",
        "shot 1, 3, a ;",
        "shot 1, 3, a; ",
        " shot 1, 3, a;",
        "Shot 1, 3, a;",
        "shot 1,3, a;",
        "shot 1, 3 a;",
        "shot 01, 3, a;",
        "shot 1, 03, a;",
        "shot 1, 0, a;",
        "shot 1, 2.5, a;",
        "shot 1, -3, a;",
        "shot 0, 3, a;",
        "shot 2, 3, a;",
        "shot 1, 3, a; shot 3, 3, b;",
        "shot 1, 3, a; shot 1, 3, b;",
        "shot 1, 3, a;shot 2, 3, b;",
        "shot 1, 3, a;  shot 2, 3, b;",
        "shot 1, 3, a;\nshot 2, 3, b;",
        "shot 1, 3, a; and then",
        "shot 1, 3, a; b; shot 2, 3, c;",
        "shot 1, ٣, a;",
        "shot 1, 3, a\u037e b;",
        "shot 1, 3, a\nb;",
        f"shot 1, {'9' * 5000}, a;",
        f"shot {'1' * 5000}, 3, a;",
    ],
)
def test_what_is_not_exactly_the_template(prompt: str) -> None:
    """Anything that the model could cut in another way than written is no template."""
    with pytest.raises(TemplateError):
        read_template(prompt)


def _compiled(text: str) -> tuple[str, list[tuple[int, str]]] | None:
    report = check_bytes(text.encode(), "a", "/nowhere")
    if report.has_errors or report.draft is None:
        return None
    texts = [(shot.seconds or 0, shot.text.text if shot.text else "") for shot in report.draft.shots]
    return compile_prompt(texts), texts


_SOUND = [*"ab .,!?:-…)”\"'", "@fox", "@@", "me@x", "shot 2, 3, ", "👩‍👩‍👧", "می‌خ", "\u3000", "\u2028", "\t\n"]
_UNSOUND = [*";\u037e\u200b\x1b\0", "@nobody"]
_words = st.lists(st.sampled_from(_SOUND), min_size=1, max_size=10).map("".join)
_signs = st.one_of(*[_words] * 9, st.lists(st.sampled_from(_SOUND + _UNSOUND), max_size=10).map("".join))


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(2, 5), _signs), min_size=1, max_size=4), _signs, _signs)
def test_what_is_checked_can_be_sent(shots: list[tuple[int, str]], fox: str, look: str) -> None:
    """The compiled prompt of a storyboard without errors holds no stray sign, fits, and reads back as its shots."""
    rows = "".join(f"- {{seconds: {seconds}, prompt: {_quoted(prompt)}}}\n" for seconds, prompt in shots)
    compiled = _compiled(f"cast: {{fox: {_quoted(fox)}}}\nlook: {_quoted(look)}\nshots:\n{rows}")
    if compiled is None:
        return
    prompt, texts = compiled
    lines = read_template(prompt)
    assert [(line.seconds, line.text) for line in lines] == texts
    assert sum(line.seconds for line in lines) == sum(seconds for seconds, _ in shots)
    assert 3 <= sum(line.seconds for line in lines) <= 15
    assert prompt.count(";") == len(shots)
    assert not re.search("[\u037e\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\u200b]", prompt)
    assert all(1 <= len(line.text) <= 512 for line in lines)


def test_boards_compile() -> None:
    """Real storyboards become the template, their casts and looks in it."""
    compiled = {name: _compiled(data.decode()) for name, data in BOARDS.items()}
    assert all(compiled.values())
    assert compiled["two-words"] is not None
    assert compiled["two-words"][0] == "shot 1, 2, Grey rooftops; shot 2, 4, Drift across snow;"
    assert compiled["curtain-call"] is not None
    assert compiled["curtain-call"][0].count(". warm tungsten, fine film grain;") == 6
    assert compiled["sneaker-drop"] is not None
    assert compiled["sneaker-drop"][0].count("a low-top with a white zigzag seam") == 3
    assert "@" not in compiled["sneaker-drop"][0]
