"""What was left is gone: boards, folders and panels that nobody looks at any more take no memory."""

from __future__ import annotations

import gc
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest

from storyboard.tui.board import Board
from storyboard.tui.folder import Folder
from tests.tui.studio import FILM, PATIENCE, drive, editing, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

SOUND = FILM.replace("hand; it", "hand, it")


async def alive(pilot: Pilot[int], old: list[ref[Any]]) -> list[Any]:
    """Those that are still there once everything that was going on has ended."""
    end = monotonic() + PATIENCE
    while _collected(old) < len(old) and monotonic() < end:
        await pilot.pause(0.05)
    return [one() for one in old if one() is not None]


def _collected(old: list[ref[Any]]) -> int:
    """How many are gone; it names none, because a name would keep it."""
    gc.collect()
    return sum(one() is None for one in old)


def _is_ready(screen: object) -> bool:
    """Whether it is a folder whose list takes keys."""
    return isinstance(screen, Folder) and screen.focused is not None and screen.list.current is not None


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["f2", "tab", "x", "escape", "ctrl+z"],
        ["f9", "f4", "f10", "f8", "f3"],
        ["f1", "escape", "ctrl+g", "escape", "alt+i", "escape", "at", "k", "escape", "ctrl+z", "ctrl+z"],
        ["f5", "escape"],
    ],
    ids=["nothing", "settings", "panels", "dialogs", "submit"],
)
def test_a_board_that_was_left_is_gone(film: Path, keys: list[str]) -> None:
    """Whatever was open in it; the folder too, once a board has taken its place."""
    film.write_text(SOUND, encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, _):  # which holds the first board itself
            old: list[ref[Any]] = []
            for _ in range(2):
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause()
                    if key == "f5":  # the offer is made in a thread
                        await until(pilot, lambda text: pilot.app.screen.is_modal)
                await pilot.press("ctrl+o")
                await until(pilot, lambda text: "Harbour" in text and _is_ready(pilot.app.screen))
                old.append(ref(pilot.app.screen))
                await pilot.press("enter")
                await until(pilot, lambda text: "Slow push in" in text and isinstance(pilot.app.screen, Board))
                old.append(ref(pilot.app.screen))
            assert await alive(pilot, old[:-1]) == []

    drive(scene())


def test_a_panel_that_was_closed_is_gone(film: Path) -> None:
    """With its fields, while its board is still there."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            old: list[ref[Any]] = []
            for name in ("settings", "cast", "problems"):
                await board.open_panel(name)
                old.append(ref(board.panel))
            await board.open_panel("compiled")
            assert await alive(pilot, old) == []

    drive(scene())
