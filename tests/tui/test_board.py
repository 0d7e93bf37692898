"""The board: what is typed, pressed and clicked, and what comes of it in the file and on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from tests.agreed import assert_agreed
from tests.tui.studio import FILM, drive, editing, screen_text

if TYPE_CHECKING:
    from pathlib import Path

SECOND = "Medium shot of the lamp on its hook"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_board_reads_as_agreed(film: Path, size: tuple[int, int]) -> None:
    """The whole screen as plain text, for a person to judge."""

    async def scene() -> None:
        async with editing(film, size) as (pilot, _):
            assert_agreed(f"tui/board-{size[0]}x{size[1]}.txt", screen_text(pilot))

    drive(scene())


def test_typing_changes_the_prompt_and_everything_that_follows(film: Path) -> None:
    """Text, counter, card, mark and session are those of the last key; saved, only that prompt's lines changed."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            board.editor.insert(", steam; fog")
            await pilot.pause()
            text = screen_text(pilot)
            assert board.prompt_of(1) == SECOND + ", steam; fog"
            assert "● unsaved" in text
            assert f"{len(SECOND + ', steam; fog. soft dawn light')} of 512" in text
            assert "SB107  shot 2" in text
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert "unsaved" not in screen_text(pilot)

    drive(scene())
    assert film.read_text(encoding="utf-8") == FILM.replace(f"{SECOND}   #", f"{SECOND}, steam; fog   #")


def test_undo_goes_over_everything_and_shows_where(film: Path) -> None:
    """One undo for prompts, shots, seconds and locks; the shot that changed is the one in sight."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("!")
            await pilot.press("alt+down", "alt+l", "ctrl+l", "ctrl+n")
            assert len(board.session.seconds) == 4
            for _ in range(5):
                await pilot.press("ctrl+z")
            assert board.session.text == FILM
            assert not board.session.locked
            assert board.editor.text == board.prompt_of(board.current)
            for _ in range(5):
                await pilot.press("ctrl+y")
            assert len(board.session.seconds) == 4
            assert board.session.locked

    drive(scene())


@pytest.mark.parametrize(
    ("keys", "seconds"),
    [
        (["alt+l"], [6, 4, 4]),
        (["alt+s"], [4, 4, 4]),
        (["alt+t"], [6, 3, 4]),
        (["alt+g"], [4, 5, 4]),
        (["alt+e"], [5, 4, 4]),
        (["alt+d"], [3, 2, 4, 4]),
        (["alt+x"], [9, 4]),
        (["alt+k"], [4, 4]),
        (["alt+m"], [9, 4]),
        (["alt+down"], [4, 5, 4]),
        (["alt+right", "alt+up"], [4, 5, 4]),
        (["ctrl+n"], [4, 3, 3, 3]),
        (["ctrl+l", "alt+i", "1", "0", "enter"], [5, 3, 2]),
    ],
    ids=lambda value: "-".join(map(str, value)),
)
def test_shots_and_seconds_by_keys(film: Path, keys: list[str], seconds: list[int]) -> None:
    """Every key does what the session does, and the screen shows it."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            assert board.session.seconds == seconds
            blocks = screen_text(pilot).splitlines()[1].split("▏")[1:]
            shown = [f"{number} {one}s" for number, one in enumerate(seconds, start=1)]
            assert len(blocks) == len(shown)
            assert all(block.startswith(words) for block, words in zip(blocks, shown, strict=True))

    drive(scene())


def test_a_split_cuts_at_the_cursor(film: Path) -> None:
    """What is behind the cursor becomes the next shot's."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            board.editor.move_cursor((0, 12))
            await pilot.press("ctrl+t")
            await pilot.pause()
            assert [board.prompt_of(1), board.prompt_of(2)] == ["Medium shot", "of the lamp on its hook"]
            assert board.current == 2

    drive(scene())


def test_a_border_can_be_dragged_and_a_block_clicked(film: Path) -> None:
    """Whole seconds go from one neighbour to the other; a whole drag is one step of undo."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            from storyboard.tui.timeline import Timeline, block_ends

            timeline = board.query_one(Timeline)
            ends = block_ends((5, 4, 4), 13, timeline.size.width)
            await pilot.click(Timeline, offset=(ends[1] + 3, 0))
            assert board.current == 2
            await pilot.mouse_down(Timeline, offset=(ends[0], 0))
            for step in range(1, 17):
                x = ends[0] + step
                event = events.MouseMove(timeline, x, 0, 1, 0, 1, False, False, False, x + 1, 1)
                timeline.post_message(event)
                await pilot.pause()
            await pilot.mouse_up(Timeline, offset=(ends[0] + 16, 0))
            assert board.session.seconds == [7, 2, 4]
            await pilot.press("ctrl+z")
            assert board.session.text == FILM

    drive(scene())


def test_a_long_paste_keeps_every_character_and_shows_what_is_too_much(film: Path) -> None:
    """Nothing is cut off or swallowed: the surplus is counted, named and painted."""
    pasted = "One line\r\nanother\x1b[31m line\u200b\u2028end " + "word " * 200

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            board.editor.post_message(events.Paste(pasted))
            await pilot.pause()
            said = board.prompt_of(1)
            assert said == SECOND + pasted.replace("\r\n", "\n")
            count = board.characters(1)
            text = screen_text(pilot)
            assert f"{count - 512} too many · {count} of 512" in text
            assert "SB105" in text
            assert "SB108" in text
            assert "\x1b" not in text
            assert "␛[31m" in text

    drive(scene())


def test_a_note_is_written_and_goes_when_it_is_emptied(film: Path) -> None:
    """The key comes with the first letter and goes with the last."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("alt+n", "w", "a", "r", "m")
            assert "    note: warm\n" in board.session.text
            await pilot.press(*["backspace"] * 4)
            assert board.session.text == FILM

    drive(scene())


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", ["alt+n", "alt+2", "alt+right", "ctrl+n", "escape"])
def test_what_is_typed_after_a_panel_is_in_sight(film: Path, key: str, size: tuple[int, int]) -> None:
    """Where a panel takes the whole of a low screen, a key that leads back to the shot shows the shot."""

    async def scene() -> None:
        async with editing(film, size) as (pilot, _):
            await pilot.press("f9")
            await pilot.pause()
            await pilot.press(key)
            await pilot.pause()
            await pilot.press(*"rain")
            await pilot.pause()
            assert "rain" in screen_text(pilot)

    drive(scene())


def test_enter_on_a_problem_goes_there_and_a_fix_is_one_key(film: Path) -> None:
    """F3, Enter: the shot with the semicolon; Alt+Y: a comma."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("f3", "enter")
            await pilot.pause()
            assert board.current == 2
            assert board.focused is board.editor
            await pilot.press("alt+y")
            await pilot.pause()
            assert board.prompt_of(2) == "Close-up of a hand, it closes"
            assert "nothing wrong" in screen_text(pilot)

    drive(scene())


def test_the_prompt_and_the_request_go_to_the_clipboard(film: Path) -> None:
    """What is copied is what would be sent; with errors nothing is."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("alt+c")
            assert pilot.app.clipboard == ""
            await pilot.press("alt+y", "alt+c")
            assert pilot.app.clipboard == board.session.prompt
            await pilot.press("alt+r")
            assert '"positivePrompt": "shot 1, 5, Wide shot' in pilot.app.clipboard

    drive(scene())


def test_jump_mode_labels_shots_and_fields(film: Path) -> None:
    """One key for the labels, one to go there."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("ctrl+g")
            await pilot.pause()
            await pilot.press("3")
            await pilot.pause()
            assert board.current == 2
            await pilot.press("ctrl+g")
            await pilot.pause()
            await pilot.press("s")
            await pilot.pause()
            assert board.focused is board.note

    drive(scene())


@pytest.mark.parametrize("text", ["", "shots: []\n", "a: 1\n", "shots: 5\n", "- a\n", "shots: [1, null]\n", "null\n"])
def test_any_yaml_opens(tmp_path: Path, text: str) -> None:
    """What is no storyboard yet shows its problems, and a shot can be added where there is a place for it."""
    file = tmp_path / "odd.storyboard.yaml"
    file.write_text(text, encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            assert "SB" in screen_text(pilot)
            await pilot.press("ctrl+n", "x", "f2", "f9", "f4", "f10", "escape", "alt+x", "alt+e", "ctrl+t", "alt+m")
            await pilot.pause()
            assert pilot.app.is_running
            board.session.document.mark_saved()

    drive(scene())
