"""The editor driven without a terminal: a storyboard in a folder, keys pressed, the screen read as text."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from storyboard.tui.app import Editor
from storyboard.tui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from pathlib import Path

    from textual.pilot import Pilot

    from storyboard.tui.board import Board

PATIENCE = 60.0
"""Seconds that every wait has at most."""
NO_CRAFT = 'ignore = ["SB203", "SB204", "SB205", "SB206", "SB207", "SB208", "SB209", "SB21", "SB22", "SB23", "SB24"]\n'
"""Settings of a project that wants no advice on its prompts: these tests are about the editor."""

FILM = """\
# A film by the sea; keep this line
title: Harbour   # working title
duration: 13
cast:
  keeper: an old keeper in a yellow oilskin
look: soft dawn light
shots:
  # the opening
  - seconds: 5   # was 4
    prompt: >-
      Wide shot of a harbour at dawn, @keeper walks along the pier
      with a lamp. Slow push in.
  - seconds: 4
    prompt: Medium shot of the lamp on its hook   # keep
    note: the only warm light
  - {seconds: 4, prompt: "Close-up of a hand; it closes"}
"""


def drive(scene: Coroutine[Any, Any, None]) -> None:
    """Runs a scene to its end."""
    asyncio.run(scene)


@asynccontextmanager
async def editing(
    path: Path, size: tuple[int, int] = (120, 40), preferences: Preferences | None = None
) -> AsyncIterator[tuple[Pilot[int], Board]]:
    """The editor on a file, once its board stands."""
    app = Editor(path, preferences or Preferences())
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        await pilot.pause()
        board = app.board
        assert board is not None
        try:
            yield pilot, board
        finally:
            board.session.close()


def screen_text(pilot: Pilot[int]) -> str:
    """Everything that is drawn, without colours or trailing spaces."""
    app = pilot.app
    lines = []
    for screen in app.screen_stack[-1:]:
        width, height = app.size
        strips = screen._compositor.render_strips()
        lines = [strip.crop(0, width).text.rstrip() for strip in strips[:height]]
    return "\n".join(lines) + "\n"


async def until(pilot: Pilot[int], what: Callable[[str], bool]) -> str:
    """The screen once it shows something."""
    end = monotonic() + PATIENCE
    while True:
        await pilot.pause(0.05)
        if what(text := screen_text(pilot)):
            return text
        assert monotonic() < end, text


async def until_done(pilot: Pilot[int], done: Callable[[], bool]) -> None:
    """Waits for something that is not read from the screen, which would draw all of it."""
    end = monotonic() + PATIENCE
    while not done():
        assert monotonic() < end, "waited in vain"
        await pilot.pause(0.02)
    await pilot.pause()
