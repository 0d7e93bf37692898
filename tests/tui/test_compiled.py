"""The compiled panel: the prompt at each key, the request when typing pauses, whatever picture it begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyboard import frames
from storyboard.tui.panels import compiled
from tests.test_frames import png
from tests.tui.studio import FILM, drive, editing, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from storyboard.pictures import Picture
    from storyboard.profiles import FrameLimits
    from storyboard.session import Session

SOUND = FILM.replace("hand; it", "hand, it")
FRAMED = SOUND.replace("duration: 13", "duration: 13\nfirst_frame: frame.png")


def test_the_request_is_made_when_typing_pauses(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in a row change the prompt in sight one by one, and make one request, that of the last."""
    film.write_text(SOUND, encoding="utf-8")
    made: list[str] = []
    make = compiled.shown_request

    def counted(session: Session) -> str | None:
        made.append(session.prompt or "")
        return make(session)

    monkeypatch.setattr(compiled, "shown_request", counted)

    async def scene() -> None:
        async with editing(film, (120, 60)) as (pilot, board):
            await board.open_panel("compiled")
            await until(pilot, lambda text: '"positivePrompt"' in text)
            made.clear()
            for key in "fog":
                board.editor.insert(key)
            await until(pilot, lambda _: bool(made))
            assert made == [board.session.prompt]

    drive(scene())


def test_a_large_first_frame_is_not_read(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its header and what is shown of it is enough; copying the request reads all of it."""
    film.write_text(FRAMED, encoding="utf-8")
    with (film.parent / "frame.png").open("wb") as stream:
        stream.write(png(800, 450))
        stream.truncate(50_000_000)
    read: list[int] = []
    begin = frames.begin_frame

    def noted(reference: str, folder: str, limits: FrameLimits, count: int) -> tuple[bytes, Picture]:
        read.append(count)
        return begin(reference, folder, limits, count)

    monkeypatch.setattr("storyboard.compiler.prepare.load_frame", None)
    monkeypatch.setattr("storyboard.compiler.glimpse.begin_frame", noted)

    async def scene() -> None:
        async with editing(film, (120, 60)) as (pilot, board):
            await board.open_panel("compiled")
            text = await until(pilot, lambda text: '"data:image/png;base64,iVBORw0KGgo' in text)
            assert "…" in text
            assert max(read) < 1000
            assert "there are errors" not in screen_text(pilot)

    drive(scene())


def test_errors_take_the_request_away_at_once(film: Path) -> None:
    """What could not be sent is not shown as a request."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film, (120, 60)) as (pilot, board):
            await board.open_panel("compiled")
            await until(pilot, lambda text: '"positivePrompt"' in text)
            board.editor.insert("; fog")
            await pilot.pause()
            text = screen_text(pilot)
            assert "nothing can be sent" in text
            assert "positivePrompt" not in text

    drive(scene())
