"""Limits in words are those of the model that is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storyboard.checks import draft
from storyboard.profiles import KLING_3_TURBO, Range
from tests.tui.studio import drive, editing, screen_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LONGER = replace(KLING_3_TURBO, shot_characters=700, total_seconds=Range(4, 30))


def test_the_board_and_its_help_name_the_limits_of_the_model(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counter, help and the question for a total."""
    monkeypatch.setattr(draft, "KLING_3_TURBO", LONGER)

    async def scene() -> None:
        async with editing(film, (120, 100)) as (pilot, _):
            assert " of 700" in screen_text(pilot)
            await pilot.press("f1")
            await pilot.pause()
            text = " ".join(screen_text(pilot).split())
            assert "cast; 700 " in text
            assert "all shots together 4 to 30" in text
            await pilot.press("escape", "alt+i", "9", "9", "enter")
            await pilot.pause()
            assert "whole seconds from 4 to 30" in screen_text(pilot)
            await pilot.press("escape")

    drive(scene())


def test_a_file_that_is_no_storyboard_has_the_usual_limits(film: Path) -> None:
    """Nothing is asked of it that cannot be answered."""
    film.write_text("- a\n", encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            assert board.profile is KLING_3_TURBO
            await pilot.press("alt+i", "9", "enter")
            await pilot.pause()
            assert board.session.text == "- a\n"
            assert "bug" not in screen_text(pilot)

    drive(scene())
