"""Animatic and sheet from the editor: of an open storyboard, and of one in the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from tests.tui import folder_desk
from tests.tui.studio import FILM, drive, editing, until, until_done

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SOUND = FILM.replace("hand; it", "hand, it")


def test_both_are_drawn_from_the_text_as_it_stands(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F6 and F7 say where the files are; what is not saved yet is on them, and the file stays as it was."""
    monkeypatch.chdir(film.parent)
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert(" Gulls.")
            await pilot.pause()
            await pilot.press("f6")
            await until(pilot, lambda text: "renders/harbour.animatic.mp4" in text)
            await pilot.press("f7")
            await until(pilot, lambda text: "renders/harbour.sheet.pdf" in text)

    drive(scene())
    with av.open(str(film.parent / "renders/harbour.animatic.mp4")) as animatic:
        assert animatic.duration == 13_000_000
        told = [bytes(packet).decode(errors="replace") for packet in animatic.demux(subtitles=0)]
    assert any("Gulls" in text for text in told)
    assert (film.parent / "renders/harbour.sheet.pdf").read_bytes().startswith(b"%PDF")
    assert film.read_text(encoding="utf-8") == SOUND


def test_errors_and_foreign_files_are_said(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn with errors, and nothing is replaced that is no preview."""
    monkeypatch.chdir(film.parent)
    (film.parent / "renders").mkdir()
    foreign = film.parent / "renders/harbour.sheet.pdf"
    foreign.write_bytes(b"somebody's")

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("f7")
            await until(pilot, lambda text: "nothing can be drawn" in text)
        film.write_text(SOUND, encoding="utf-8")
        async with editing(film) as (pilot, _):
            await pilot.press("f7")
            await until(pilot, lambda text: "move it away" in text)

    drive(scene())
    assert foreign.read_bytes() == b"somebody's"


def test_the_folder_draws_the_one_under_the_cursor(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F6 and F7 there too, once it has no errors."""
    monkeypatch.chdir(film.parent)

    async def scene() -> None:
        async with folder_desk.browsing(film.parent) as (pilot, screen):

            async def press(key: str, words: str) -> None:
                await pilot.press(key)
                await until_done(pilot, lambda: any(words in one for one in folder_desk.said(pilot)))

            await press("f7", "harbour has errors: nothing can be drawn")
            film.write_text(SOUND, encoding="utf-8")
            await press("f6", "renders/harbour.animatic.mp4")
            await press("f7", "renders/harbour.sheet.pdf")
            assert pilot.app.screen is screen

    drive(scene())
    assert (film.parent / "renders/harbour.sheet.pdf").read_bytes().startswith(b"%PDF")
    assert film.read_text(encoding="utf-8") == SOUND
