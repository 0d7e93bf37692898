"""The craft of prompts: each rule by its own examples, and what must not be said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.checks.catalogue import explanations
from storyboard.checks.craft import CRAFT_RULES
from storyboard.checks.craft.rule import example_text
from storyboard.checks.craft.vocabulary import actions, find_phrases
from tests.checks.boards import everything, shots

BY_CODE = {rule.code: rule for rule in CRAFT_RULES}


@pytest.mark.parametrize("code", BY_CODE)
def test_a_rule_finds_what_its_example_shows(code: str) -> None:
    """The failing example has the code, with the rule's severity and no error beside it."""
    found = everything(example_text(BY_CODE[code].wrong)).diagnostics
    assert code in {one.code for one in found}
    assert {one.severity for one in found if one.code == code} == {BY_CODE[code].severity}
    assert "error" not in {one.severity for one in found}


@pytest.mark.parametrize("code", BY_CODE)
def test_advice_that_is_followed_is_enough(code: str) -> None:
    """The passing example has neither the code nor any warning."""
    found = everything(example_text(BY_CODE[code].right)).diagnostics
    assert [one.message for one in found if one.code == code or one.severity != "info"] == []


@pytest.mark.parametrize("code", explanations())
def test_every_code_explains_itself(code: str) -> None:
    """Reason and source are said; the wrong example has the code, the right one has not."""
    one = explanations()[code]
    assert one.reason.endswith(".")
    assert one.source
    assert code in {found.code for found in everything(one.wrong).diagnostics}
    assert code not in {found.code for found in everything(one.right).diagnostics}


def test_there_are_enough_rules() -> None:
    """At least 25 of the craft; none shares its code."""
    assert len(BY_CODE) == len(CRAFT_RULES) >= 25


QUIET: dict[str, tuple[str, ...]] = {
    "SB203": (
        "Wide shot, a woman and then a man enter. Static camera. Steps.",
        'Medium shot, the same black car parked in the rain. [Boy, low]: \\"Not again.\\" Static.',
        "Close-up, a boy walks back to a red car and stops. Static camera. Rain.",
        "Still life of pears on a table. Static camera.",
        "Next to a window stands a boy in a red coat.",
    ),
    "SB204": (
        "Medium shot, a woman ties her lace.",
        "Close-up of a hand, its nails red. Static camera.",
    ),
    "SB205": (
        "Wide shot, a woman in a red coat, a man in a blue coat.",
        "Close-up, a woman in a red coat.",
    ),
    "SB206": (
        "Wide shot, a baker waits.",
        "Close-up, the baker smiles.",
        "Wide shot, the man in a grey coat.",
    ),
    "SB208": ("Wide shot of a pier, boats at rest.", "Wide shot of a lamp on a pier."),
    "SB210": (
        "Wide shot, slow push-in to a frying pan.",
        "Medium shot, a man tilts his head. Pan left.",
    ),
    "SB213": ("Wide shot, slow push-in, then the camera holds on the lamp.",),
    "SB218": (
        'Medium shot, a neon sign reads "All nights open". Static camera.',
        'Medium shot, a baker says quietly, "You are late." Static camera.',
        'Close-up. "You are late," whispers a baker. Static camera.',
        'Medium shot, a baker wipes a table. Baker: "You are late." Static camera.',
    ),
    "SB225": ('Medium shot, a baker waits. [Narrator, calm voice]: \\"It was late.\\" Static camera.',),
    "SB231": ("Wide shot of a pier. [Ambient: tram bells, fado] [Audio: rain]",),
    "SB232": ("Wide shot at 10:30 in the morning, a 35 mm lens, 3 boats.", "Close-up of shot glasses, 2, 3 of them."),
    "SB234": ("Weitwinkel: ein Hafen, Möwen. Static camera.", "全景，一只狐狸在雪地里奔跑。"),
    "SB238": ("Wide shot of an empty street, no music, only wind.", "Close-up of a man who is no longer young."),
}


@pytest.mark.parametrize("code", QUIET)
def test_what_is_fine_is_left_alone(code: str) -> None:
    """Texts close by that people write on purpose."""
    text = shots(*(prompt.replace('\\"', '"').replace('"', '\\"') for prompt in QUIET[code]))
    assert [one.message for one in everything(text).diagnostics if one.code == code] == []


def test_who_is_still_writing_is_not_told_what_is_missing() -> None:
    """Advice on missing sizes, sounds and cameras waits until every shot says something."""
    assert everything(shots("A fox in", "Snow")).diagnostics == []


def test_what_is_missing_is_said_once() -> None:
    """However many shots lack it."""
    found = everything(shots(*(f"A fox number {number} trots over a meadow" for number in range(4)))).diagnostics
    codes = [one.code for one in found]
    assert [codes.count(code) for code in ("SB207", "SB212", "SB224")] == [1, 1, 1]


def test_names_that_begin_alike_need_not_be_neighbours() -> None:
    """A name of the same family that comes between them in the alphabet hides nothing."""
    cast = "cast: {ana: a girl, ana-b: her dog, ana2: her twin, anabel: a tall woman}\n"
    found = everything(cast + shots("Wide shot, @ana, @ana-b, @ana2 and @anabel wait on a pier.")).diagnostics
    assert [one.path for one in found if one.code == "SB228"] == [("cast", "anabel")]


def test_words_are_found_whole_and_the_longest_first() -> None:
    """`extreme close up` is one size; a push-in is a move whether it has a hyphen or not."""
    words = ("extreme", "close", "up", "slow", "push", "in")
    found = [(one.kind, one.meaning) for one in find_phrases(words)]
    assert found == [("size", "extreme close-up"), ("size", "close-up"), ("move", "push in")]
    assert {"walks", "running", "carries", "lying"} & actions() == {"walks", "running", "carries"}


HOSTILE = ('"' * 90, "[" * 90, "“a" * 60, "@a" * 60, "shot 1, " * 40, "(1-2" * 50, "A: " * 60)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=200) | st.sampled_from(HOSTILE), min_size=1, max_size=6))
def test_nothing_that_is_written_breaks_a_rule(prompts: list[str]) -> None:
    """Any text at all: rules speak in one line that is not too long, or not at all."""
    import json

    text = "shots:\n" + "".join(f"- seconds: 2\n  prompt: {json.dumps(prompt)}\n" for prompt in prompts)
    report = everything(text)
    assert all("\n" not in found.message and len(found.message) < 400 for found in report.diagnostics)
