"""Marks that meet where texts are joined: SB245."""

from __future__ import annotations

import pytest

from storyboard.checks import check_bytes
from storyboard.checks.fixing import fix_document
from storyboard.document import Document

BOARD = """\
look: {look}
cast:
  keeper: {keeper}
shots:
  - seconds: 3
    prompt: {prompt}
"""


def board(prompt: str, look: str = "Soft grey light.", keeper: str = "an old man") -> str:
    """A storyboard of one shot."""
    return BOARD.format(look=repr(look), keeper=repr(keeper), prompt=repr(prompt))


def hints(text: str) -> list[str]:
    """What the rule says of a storyboard."""
    found = check_bytes(text.encode(), "film", ".").diagnostics
    return [one.message for one in found if one.code == "SB245"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (board("A harbour with a lamp,"), board("A harbour with a lamp.")),
        (board("A harbour with a lamp , "), board("A harbour with a lamp. ")),
        (board("A harbour - lamps:"), board("A harbour - lamps.")),
        (board("A harbour \u2014"), board("A harbour.")),
        (board("\u6e21\u53e3\uff0c"), board("\u6e21\u53e3\u3002")),
        (board('He says: "Wait,"'), board('He says: "Wait."')),
        (board("A harbour (with a lamp,)"), board("A harbour (with a lamp.)")),
        (board("@keeper, on a pier.", keeper="An old man."), board("@keeper, on a pier.", keeper="An old man")),
        (board("A pier with @keeper.", keeper="an old man."), board("A pier with @keeper.", keeper="an old man")),
        (board("@keeper, on a pier.", keeper="An old man, "), board("@keeper, on a pier.", keeper="An old man")),
        (board("A pier.", look=", soft light"), board("A pier.", look="soft light")),
        (board("नमक।"), board("नमक.")),
        (board("بحر،"), board("بحر.")),
        (board("@keeper، on.", keeper="رجل."), board("@keeper، on.", keeper="رجل")),
        (board("@keeper，走。", keeper="老人。"), board("@keeper，走。", keeper="老人")),
        (board("@keeper、走。", keeper="老人、"), board("@keeper、走。", keeper="老人")),
        (board("@keeper, on.", keeper='a man who says "Go."'), board("@keeper, on.", keeper='a man who says "Go"')),
        (board("@keeper, on.", keeper="a man (in yellow.)"), board("@keeper, on.", keeper="a man (in yellow)")),
        (board("@keeper walks.", keeper=", an old man"), board("@keeper walks.", keeper="an old man")),
    ],
)
def test_what_collides_is_mended(wrong: str, right: str) -> None:
    """One hint, and its fix leaves none."""
    assert len(hints(wrong)) == 1
    document = Document.parse(wrong.encode())
    fix_document(document, "film", ".", lambda one: one.code == "SB245")
    assert document.data == Document.parse(right.encode()).data
    assert hints(document.text) == []


@pytest.mark.parametrize(
    "text",
    [
        board("A harbour..."), board("A harbour\u2026"), board("What?!"), board('He says: "Go."'), board("A harbour"),
        board("Rated 16+"), board('He says: "But\u2014"'), board("A harbour,", look=""), board("A lamp etc."),
        board("@keeper, on a pier.", keeper="ropes, lamps, etc."), board("@keeper, a man.", keeper="Tom Jr."),
        board("@keeper, late.", keeper="at 5 a.m."), board("@keeper, on a pier.", keeper="so it goes..."),
        board("@keeper! A pier.", keeper="who?"), board("@keeper walks.", keeper="An old man."),
        board("@keeper... a pier.", keeper="An old man."), board('"@keeper" is here.', keeper="An old man."),
        board("A pier.", look="...soft light"), board("A pier.", look="soft light"),
        board("A pier.", look="(grain), 35mm"), board("A pier.", look=".5 stops under"),
        *(board("@keeper, here. @keeper. Then.", keeper=f"one {end}") for end in (
            "Esq.", "Prof.", "6 ft.", "9 in.", "70 yrs.", "4 cyl.", "usw.", "A. B.", "Mr.", "the U.S.", "aged 5.",
            "(etc.)",
        )),
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(text: str) -> None:
    """Ellipses, abbreviations, questions and speech that breaks off."""
    assert hints(text) == []


def test_a_question_keeps_its_mark() -> None:
    """Which of two marks is meant only its writer knows; a cast in a file is changed there."""
    text = board("@keeper. A pier.", keeper="who?")
    (found,) = [one for one in check_bytes(text.encode(), "film", ".").diagnostics if one.code == "SB245"]
    assert found.fix is None


ENDS = board("Wide shot. @keeper, tired, walks home.", look="@keeper Soft grey light.", keeper="An old man.")
SHOT = ENDS + "  - {seconds: 3, prompt: 'Close-up. @keeper The camera pushes in. Rain.'}\n"


@pytest.mark.parametrize(
    "text",
    [
        ENDS, SHOT.replace("@keeper Soft", "Soft"), SHOT.replace("@keeper The", "the (@keeper) The"),
        board("@keeper, a pier. @keeper", keeper="An old man."), board("Tom @keeper walks.", keeper=", an old man"),
    ],
)  # fmt: skip
def test_a_mark_that_another_place_needs_is_not_taken(text: str) -> None:
    """A hint without a fix: the same name ends a sentence elsewhere, in a shot or in the look."""
    (found,) = [one for one in check_bytes(text.encode(), "film", ".").diagnostics if one.code == "SB245"]
    assert found.fix is None
