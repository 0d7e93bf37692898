"""Submitting from the editor: what is shown before, what happens after, and that money needs a yes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest

from storyboard.submitting.offers import Offer, OfferedStoryboard
from storyboard.tui.submitting import what_it_does
from tests.tui.studio import FILM, drive, editing, until

if TYPE_CHECKING:
    from pathlib import Path

Would = Literal["buy", "go on", "reuse", "report"]
SOUND = FILM.replace("hand; it", "hand, it")


def test_a_sandbox_job_from_offer_to_video(film: Path) -> None:
    """The exact prompt and its price first; then live state, the path, and nothing left to pay."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "shot 3, 4, Close-up of a hand, it closes" in text)
            assert "RUNWARE_API_KEY is not set" in text
            assert "3 shots · 13 s · 1280×720 · 1 take    free" in text
            assert "(•) Sandbox" in text
            await pilot.click("#go")
            text = await until(pilot, lambda text: "✓ take 1" in text)
            assert "renders/sandbox/harbour-1.mp4" in re.sub(r"[\s▕]", "", text)  # wherever the path is wrapped
            assert (film.parent / "renders/sandbox/harbour-1.mp4").stat().st_size > 1000
            await pilot.press("f5")
            await until(pilot, lambda text: "Bring the videos home" in text)
            await pilot.press("escape")

    drive(scene())


def test_what_is_told_in_passing_hides_no_button(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a small screen, too: what F5 says of the missing key would lie over the answers for seconds."""
    monkeypatch.delenv("RUNWARE_API_KEY", raising=False)
    film.write_text(SOUND.replace("Slow push in.", "Slow push in. " + "Rain on the water. " * 20), encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (80, 24)) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "RUNWARE_API_KEY is not set" in text)
            assert "Cancel" in text
            assert "Render in the sandbox" in text
            assert text.count("RUNWARE_API_KEY") == 1

    drive(scene())


def test_all_of_a_long_prompt_can_be_read_before_it_is_paid_for(film: Path) -> None:
    """What there is no room for is scrolled to, by keys as well."""
    film.write_text(SOUND.replace("Slow push in.", "Slow push in. " + "Rain on the water. " * 20), encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (80, 24)) as (pilot, _):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "shot 1, 5, Wide shot" in text)
            assert "shot 3, 4, Close-up" not in text
            await pilot.press("shift+tab")
            while "sent" not in str(getattr(pilot.app.focused, "id", "")):
                await pilot.press("shift+tab")
            await pilot.press("end")
            await until(pilot, lambda text: "shot 3, 4, Close-up of a hand, it closes. soft dawn light;" in text)

    drive(scene())


@pytest.mark.parametrize(
    ("would", "total", "sandbox", "words"),
    [
        ("buy", "1.456", False, "Pay $1.456 and render"),
        ("go on", "1.456", False, "Pay $1.456 and render"),
        ("reuse", "0", False, "Bring the videos home"),
        ("report", "0", False, "Show what came of it"),
        ("stop", "0", False, "Paid before"),
        ("buy", "0", True, "Render in the sandbox"),
        ("reuse", "0", True, "Bring the videos home"),
    ],
)
def test_the_button_says_what_it_does(would: Would, total: str, sandbox: bool, words: str) -> None:
    """Nothing is rendered anew, nor brought home, that the words do not say."""
    one = OfferedStoryboard("f", "f", "p", 3, "720p", 1, would, Decimal(total), {})
    offer = Offer((one,), Decimal(total), "", sandbox, False, True, (), None, "", "", ())
    assert what_it_does(offer) == words


def test_with_errors_nothing_is_offered(film: Path) -> None:
    """The problems instead."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "nothing can be sent" in text)
            assert "SB107" in text
            assert pilot.app.screen is board

    drive(scene())


def test_unsaved_work_is_saved_first_or_nothing_is_sent(film: Path) -> None:
    """What is sent is what is saved."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert(" Gulls.")
            await pilot.press("f5")
            await until(pilot, lambda text: "What is sent is what is saved" in text)
            await pilot.press("escape", "f5")
            await pilot.pause()
            await pilot.click("#answer-save")
            await until(pilot, lambda text: "Slow push in. Gulls. soft dawn light" in text and "Cancel" in text)
            assert "Gulls" in film.read_text(encoding="utf-8")
            await pilot.press("escape")

    drive(scene())


def test_paying_needs_more_than_enter(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The focus is on Cancel, the button names the sum, and a guard below the price stops it."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            text = await until(pilot, lambda text: "Pay $1.456 and render" in text)
            assert "(•) Runware: pays" in text
            assert "not-a-real-key" not in text
            await pilot.click("#guard")
            await pilot.press("1")
            await pilot.click("#go")
            await until(pilot, lambda text: "this costs $1.456, more than $1.00" in text)
            await pilot.press("escape")
            await pilot.pause()
            assert pilot.app.screen is board
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.press("enter")
            await pilot.pause()
            assert pilot.app.screen is board
            assert board.desk is not None
            assert board.desk.jobs() == []

    drive(scene())


def test_a_dead_network_is_told_in_words_and_the_work_is_kept(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor goes on, and so does the job once there is a network."""
    monkeypatch.setenv("RUNWARE_API_KEY", "not-a-real-key")
    monkeypatch.setenv("RUNWARE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("STORYBOARD_HTTP_TIMEOUT", "1")
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f5")
            await until(pilot, lambda text: "Pay $1.456 and render" in text)
            await pilot.click("#go")
            await until(pilot, lambda text: "●" in text and "about $1.456" in text)
            await pilot.press("escape", "x")
            assert board.prompt_of(0).endswith("x")
            assert board.desk is not None
            assert [job.ended for job in board.desk.jobs()] == [False]
            board.session.undo()

    drive(scene())
