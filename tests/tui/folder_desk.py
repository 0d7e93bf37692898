"""The editor on a folder, driven without a terminal."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from storyboard.tui.app import Editor
from storyboard.tui.folder import Folder
from storyboard.tui.preferences import Preferences
from tests.tui.studio import until_done

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from textual.pilot import Pilot

PIER = """\
title: {title}
shots:
  - seconds: 2
    prompt: Wide shot of a pier at dawn. A keeper walks along it with a lamp. Static camera. Gulls.
  - seconds: {seconds}
    prompt: Close-up of the lamp on its hook at dawn, the flame settles. Static camera.
"""


def write(folder: Path, name: str, title: str = "Pier", seconds: int = 1) -> Path:
    """A storyboard below the folder, without a fault."""
    file = folder / f"{name}.storyboard.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PIER.format(title=title, seconds=seconds), encoding="utf-8")
    return file


@asynccontextmanager
async def browsing(folder: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[tuple[Pilot[int], Folder]]:
    """The editor on a folder, once all its files were read."""
    app = Editor(folder, Preferences())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = folder_of(pilot)
        await until_done(pilot, lambda: screen._reading is None)
        yield pilot, screen
        if app.board is not None:
            app.board.session.close()


def folder_of(pilot: Pilot[int]) -> Folder:
    """The folder that is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, Folder)
    return screen


def names(screen: Folder) -> list[str]:
    """What is listed, in order."""
    return [entry.name for entry in screen.list.entries]


async def answer(pilot: Pilot[int], key: str, text: str) -> None:
    """Presses a key that asks for a name, and gives this one."""
    from textual.widgets import Input

    await pilot.press(key)
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


def said(pilot: Pilot[int]) -> list[str]:
    """What was told in passing."""
    return [one.message for one in pilot.app._notifications]
