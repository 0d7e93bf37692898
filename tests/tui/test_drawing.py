"""Drawing only what changed: it ends at the same screen as drawing all of it, and asks nobody who has nothing new."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.containers import Vertical
from textual.widget import Widget

from storyboard.tui.dialogs import Ask
from storyboard.tui.panels.fields import LongField
from storyboard.tui.shots import ShotList
from tests.tui.emulator import Emulator
from tests.tui.studio import drive, editing, screen_text, until, until_done

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.strip import Strip

COMMAND = str(Path(sys.executable).with_name("storyboard"))
UP, F2, F3, ESCAPE, ALT_2, ALT_L, ALT_N, UNDO = "\x1b[A", "\x1bOQ", "\x1bOR", "\x1b", "\x1b2", "\x1bl", "\x1bn", "\x1a"


@pytest.mark.skipif(sys.platform == "win32", reason="drives a pseudo-terminal")
def test_pieces_come_to_the_same_screen_as_the_whole(film: Path) -> None:
    """After each step the terminal shows what it shows once everything was drawn anew, at another size and back."""
    steps = ["a fog; 霧", UP, "\r\rten words that are new here, @keeper", ALT_2, ALT_L, F2, "Quay", F3, ESCAPE, ALT_N]
    env = {"STORYBOARD_STATE_DIR": str(film.parent / "state")}
    with Emulator.start([COMMAND, "edit", str(film)], 120, 40, env, cwd=film.parent) as terminal:
        terminal.wait_for("SB107")
        for step in [*steps, "a note", UNDO, UNDO]:
            terminal.wait_quiet(0.1)
            terminal.send(step)
            terminal.wait_burst(0.25)
            pieces = terminal.screen()
            terminal.resize(119, 40)
            terminal.wipe()
            terminal.wait_for(any)
            terminal.wait_quiet(0.1)
            terminal.resize(120, 40)
            terminal.wipe()
            terminal.wait_for(lambda rows: rows == pieces)  # noqa: B023 - called here and no later


def test_a_key_asks_only_those_who_have_something_new(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what lies behind nor what lies between is drawn, wherever on the screen the changes are."""
    asked: set[str] = set()
    draw = Widget.render_lines

    def spy(self: Widget, crop: Region) -> list[Strip]:
        asked.add(self.id or type(self).__name__)
        return draw(self, crop)

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            await until(pilot, lambda text: "SB107" in text)  # what is found comes after the first picture
            monkeypatch.setattr(Widget, "render_lines", spy)
            asked.add("what the start still draws")
            while asked:
                asked.clear()
                await pilot.pause(0.2)
            await pilot.press("x")
            await until_done(pilot, lambda: len(asked) >= 5)  # reading the screen would ask all of it
            await pilot.pause(0.1)
            assert asked == {"prompt", "status", "shots", "sends", "budget"}

    drive(scene())


def test_rows_drawn_by_themselves_can_be_selected(film: Path) -> None:
    """What the mouse is drawn over is what is copied: in the status, and in the list of shots."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            for field, begin, end, words in (
                ("#status", (1, 0), (7, 0), "Harbour"),
                ("#shots", (10, 1), (15, 1), "Medium"),
            ):
                await pilot.mouse_down(field, offset=begin)
                await pilot.hover(field, offset=end)
                await pilot.mouse_up(field, offset=end)
                assert board.get_selected_text() == words
                board.clear_selection()

    drive(scene())


def test_a_list_that_gets_shorter_leaves_nothing_behind(film: Path) -> None:
    """Rows without a card are empty."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            shots = board.query_one(ShotList)
            await pilot.press("alt+k")
            await pilot.pause()
            rows = [strip.text.strip(" ▕")[:4] for strip in shots.render_lines(shots.size.region)]
            assert rows[:5] == ["▌ 1 ", "2  4", "+  a", "", ""]

    drive(scene())


def test_the_prompt_follows_theme_and_focus(film: Path) -> None:
    """Its colours are remembered from row to row, and forgotten with the look of the screen."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            editor = board.editor

            def colours() -> tuple[object, object]:
                strips = editor.render_lines(editor.outer_size.region)
                segment = next(segment for segment in strips[1] if "Wide" in segment.text)
                assert segment.style is not None
                assert (segment.style.color, segment.style.bgcolor) == (
                    editor.rich_style.color,
                    editor.rich_style.bgcolor,
                )
                return segment.style.color, segment.style.bgcolor

            dark = colours()
            pilot.app.theme = "textual-light"
            await pilot.pause()
            light = colours()
            assert light[0] != dark[0]
            assert light[1] != dark[1]
            await pilot.press("f2")
            await pilot.pause()
            assert colours() == light

    drive(scene())


@pytest.mark.parametrize("question", [False, True])
def test_what_is_being_taken_out_is_not_drawn(film: Path, *, question: bool) -> None:
    """A frame may be due while a panel or a message closes: its fields have no styles any more."""

    class Slow(Widget):
        """Takes its time to go, so that the one beside it is gone before the layout is made anew."""

        gone = asyncio.Event()

        async def on_unmount(self) -> None:
            await self.gone.wait()

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            if question:
                pilot.app.push_screen(Ask("A line", "", lambda _: None))
            await pilot.pause()
            assert (pilot.app.screen is board) is not question
            field = LongField(lambda _: None, lambda _: None)
            box = Vertical(field, slow := Slow())
            box.styles.layer = "_toastrack"
            await pilot.app.screen.mount(box)
            field.show_text("the words of this field", "", locked=False)
            await pilot.pause()
            assert "the words of this field" in screen_text(pilot)
            going = box.remove()
            try:
                assert field._task
                await field._task
                assert not field._component_styles
                field.refresh()
                pilot.app.screen.refresh()
                pilot.app.screen._on_timer_update()
                assert "the words of this field" not in screen_text(pilot)
            finally:
                slow.gone.set()
            await going
            assert board.is_attached

    drive(scene())
