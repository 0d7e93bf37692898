"""Masks: whatever a text holds, it comes back, and what is typed beside it changes nothing of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from storyboard.document.quoting import quoted
from storyboard.tui.dialogs import Ask, Line
from storyboard.tui.masking import UNSEEN
from storyboard.tui.masks import Masks
from tests.tui.studio import FILM, drive, editing, screen_text
from tests.tui.test_files import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

ODD = "\x00\t\n\r\x1b\x85\u200b\u2028\ufeff\ud800\U000e0041\ue000\U000f0000\U000f001b\U000fff41\U00100000\U0010fffd"
ODD += "".join(map(chr, range(0x10FFF0, 0x10FFFD)))
TEXTS = st.text(st.sampled_from(ODD + "ab@é日") | st.characters(), max_size=40)
ICONS = "\U000f0000 \U000f001b \U0010fffd \U0010fffc"


@given(st.lists(TEXTS, max_size=6), st.booleans())
def test_every_text_comes_back(texts: list[str], one_line: bool) -> None:
    """One after another, and put together; as long as before, in one line, with nothing that is not seen."""
    masks = Masks(one_line=one_line)
    masked = [masks.mask(text) for text in texts]
    whole = "".join(masked)
    assert [masks.unmask(one) for one in masked] == texts
    assert masks.unmask(whole) == "".join(texts)
    assert masks.unmask(whole[::-1]) == "".join(texts)[::-1]
    assert [masks.mask(text) for text in texts] == masked
    assert [len(one) for one in masked] == list(map(len, texts))
    assert not UNSEEN.search(whole)
    assert len(masks.shown(whole)) == len(whole)
    assert not UNSEEN.search(masks.shown(whole))
    lines = whole.replace("\n", "").splitlines() if not one_line else whole.splitlines()
    assert len(lines) <= 1


@given(TEXTS)
def test_only_what_is_not_seen_is_painted_as_that(text: str) -> None:
    """Private characters of the text itself are shown as they are."""
    masks = Masks()
    masked = masks.mask(text)
    hidden = list(masks.hidden(masked))
    assert [place for span in hidden for place in range(*span)] == [match.start() for match in UNSEEN.finditer(text)]
    assert all(first[1] < second[0] for first, second in pairwise(hidden))
    assert masks.shown(masked) == "".join(
        shown if UNSEEN.match(one) else one for one, shown in zip(text, masks.shown(masked), strict=True)
    )


@pytest.mark.parametrize("private", [ICONS, ICONS + "\x1b\u2028", "\x1b\u2028" + ICONS[::-1]])
def test_private_characters_of_a_file_stay_what_they_are(film: Path, private: str) -> None:
    """Typed beside, taken out, cut and put back, undone: the file changes by what was typed and nothing else."""
    head = FILM.encode().partition(b"Medium")[0].decode()
    film.write_text(FILM.replace("Medium shot of the lamp on its hook", quoted(private)), encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            await pilot.press("x")
            assert board.prompt_of(1) == private + "x"
            board.editor.insert("\x1b" + private[-1])
            assert board.prompt_of(1) == private + "x\x1b" + private[-1]
            board.editor.select_all()
            await pilot.press("ctrl+x", "ctrl+v", "ctrl+v")
            assert board.prompt_of(1) == (private + "x\x1b" + private[-1]) * 2
            assert board.session.text.startswith(head)
            assert "\x1b" not in screen_text(pilot)
            board.editor.select_all()
            await pilot.press("ctrl+c")
            assert pilot.app.clipboard == board.prompt_of(1)

    drive(scene())


@pytest.mark.parametrize("private", [ICONS, "\x1b\t\u2028" + ICONS])
def test_fields_of_one_line_keep_them_too(film: Path, private: str) -> None:
    """A note, with line breaks."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.edit(lambda session: session.set(("shots", 0, "note"), private))
            await pilot.press("alt+n", "end", "x")
            assert board.session.document.data["shots"][0]["note"] == private + "x"
            pilot.app.post_message(events.Paste("\U0010fffd\x1b"))
            await pilot.pause()
            assert board.session.document.data["shots"][0]["note"] == private + "x\U0010fffd\x1b"
            await pilot.press("shift+home", "ctrl+x", "ctrl+v")
            await pilot.pause()
            assert board.session.document.data["shots"][0]["note"] == private + "x\U0010fffd\x1b"

    drive(scene())


@pytest.mark.parametrize("hidden", [text for text in HOSTILE if UNSEEN.search(text)])
def test_a_name_with_what_is_not_seen_is_refused_as_it_is(film: Path, hidden: str) -> None:
    """Pasted into a question it is shown as pictures, and no file is made of it."""

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("alt+a")
            await pilot.pause()
            question = pilot.app.screen
            assert isinstance(question, Ask)
            question.query_one(Line).clear()
            pilot.app.post_message(events.Paste(hidden))
            await pilot.pause()
            assert question.query_one(Line).said == hidden
            assert not UNSEEN.search(screen_text(pilot))
            await pilot.press("enter")
            await pilot.pause()
            assert "control or invisible characters" in screen_text(pilot)
            await pilot.press("escape")

    drive(scene())
    assert [file.name for file in film.parent.glob("*.yaml")] == [film.name]
