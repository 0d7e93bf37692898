"""Words and colours that stand for how a session is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.session import Session
from storyboard.tui import wording
from tests.tui.studio import FILM

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("duration", "seconds", "words", "style"),
    [
        (13, [5, 4, 4], "13 of 13 s", ""),
        (12, [5, 4, 4], "13 of 12 s: 1 s too many", "bold red"),
        (15, [5, 4, 4], "13 of 15 s: 2 s left", "yellow"),
        (None, [5, 4, 4], "13 s", ""),
        (None, [9, 4, 4], "17 s: 2 s too many", "bold red"),
        (None, [1, 1], "2 s: 1 s missing", "bold red"),
    ],
)
def test_the_clock_has_the_colour_of_what_it_says(
    film: Path, duration: int | None, seconds: list[int], words: str, style: str
) -> None:
    """Wrong is red, unfinished yellow, sound plain."""
    session = Session(film, FILM.encode())
    if len(seconds) == 2:
        session.delete_shot(0)
    session.unset(("duration",))
    session.set_seconds(seconds)
    if duration is not None:
        session.set(("duration",), duration)
    clock = wording.clock(session)
    assert clock.plain == words
    assert [str(span.style) for span in clock.spans] == ([style] if style else [])
    session.close()


@pytest.mark.parametrize(
    ("folder", "words"), [("/h/me/films", "~/films"), ("/h/me", "~"), ("/h/mean", "/h/mean"), ("/films", "/films")]
)
def test_a_folder_is_called_as_its_user_calls_it(monkeypatch: pytest.MonkeyPatch, folder: str, words: str) -> None:
    """Below home from the tilde on."""
    monkeypatch.setenv("HOME", "/h/me")
    assert wording.place(folder) == words
