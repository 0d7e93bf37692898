"""Names of the cast offered while they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.compiler.expand import begun_name
from tests.tui.studio import FILM, drive, editing, screen_text

if TYPE_CHECKING:
    from pathlib import Path

SECOND = "Medium shot of the lamp on its hook"
CAST = """\
cast:
  keeper: an old keeper in a yellow oilskin
  keeper-son: a boy
  Kim: "[/nope] [@click=app.quit()]go[/] \\e[31m \\u202e"
  anna: a painter
"""


@pytest.fixture
def crew(film: Path) -> Path:
    """A storyboard with several names."""
    film.write_text(FILM.replace("cast:\n  keeper: an old keeper in a yellow oilskin\n", CAST), encoding="utf-8")
    return film


@pytest.mark.parametrize(
    ("text", "begun"),
    [("@", ""), ("a @ke", "ke"), ("a @ke ", None), ("@@ke", None), ("@@@ke", "ke"), ("me@ke", None), ("@1", None),
     ("@keeper-", "keeper-"), ("(@ké", "ké"), ("_@ke", "ke"), ("", None)],
)  # fmt: skip
def test_a_name_begins_where_compiling_would_read_one(text: str, begun: str | None) -> None:
    """By the rule of references: @@ and addresses begin none."""
    assert begun_name(text) == begun


def test_typing_opens_filters_and_closes(crew: Path) -> None:
    """Names that begin so, letter case aside, in the order of the file; none where none fits."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            seen = []
            for typed in (" @", "k", "e", "x"):
                board.editor.insert(typed)
                await pilot.pause()
                seen.append(board.completion.offered)
            assert seen == [
                ["keeper", "keeper-son", "Kim", "anna"],
                ["keeper", "keeper-son", "Kim"],
                ["keeper", "keeper-son"],
                [],
            ]
            assert not board.completion.display

    drive(scene())


@pytest.mark.parametrize("typed", [" @@k", " me@k", " @ k", " k", " @anna"])
def test_it_stays_away_where_no_name_is_being_written(crew: Path, typed: str) -> None:
    """Nor where the name is whole already."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.insert(typed)
            await pilot.pause()
            assert not board.completion.is_open

    drive(scene())


@pytest.mark.parametrize(
    ("keys", "name"), [(["tab"], "keeper"), (["down", "down", "enter"], "Kim"), (["up", "tab"], "Kim")]
)
def test_keys_choose_and_take(crew: Path, keys: list[str], name: str) -> None:
    """Arrows move, Tab and Enter take, the cursor stands behind the name."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @k")
            await pilot.press(*keys)
            board.editor.insert("!")
            assert board.prompt_of(1) == f"{SECOND} @{name}!"
            assert board.editor.has_focus
            assert not board.completion.is_open

    drive(scene())


def test_in_the_middle_of_a_line(crew: Path) -> None:
    """What stands behind the cursor stays; inside a word nothing is offered."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.move_cursor((0, 6))
            board.editor.insert(" @a")
            await pilot.press("tab")
            assert board.prompt_of(1) == SECOND.replace("Medium", "Medium @anna")
            board.editor.move_cursor((0, len(SECOND) + 4))
            board.editor.insert("@a")
            await pilot.pause()
            assert not board.completion.is_open

    drive(scene())


def test_escape_closes_it_for_this_name_only(crew: Path) -> None:
    """Typing on does not bring it back; the next name does. Escape then means what it always means."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @k")
            await pilot.press("escape")
            board.editor.insert("e")
            assert not board.completion.is_open
            assert board.prompt_of(1) == SECOND + " @ke"
            board.editor.insert(" @k")
            assert board.completion.is_open

    drive(scene())


def test_keys_are_the_editors_own_while_it_is_closed(crew: Path) -> None:
    """Enter breaks the line, Tab goes on, arrows move."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            await pilot.press("enter")
            assert board.prompt_of(1) == SECOND + "\n"
            await pilot.press("up")
            assert board.editor.cursor_location[0] == 0
            await pilot.press("tab")
            assert not board.editor.has_focus

    drive(scene())


def test_moving_away_and_losing_the_focus_close_it(crew: Path) -> None:
    """It belongs to the name at the cursor."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @k")
            await pilot.press("left")
            assert board.completion.offered == []
            board.editor.move_cursor(board.editor.document.end)
            board.editor.insert("e")
            assert board.completion.is_open
            board.note.focus()
            await pilot.pause()
            assert board.completion.offered == []

    drive(scene())


def test_a_click_takes(crew: Path) -> None:
    """A row of the list, seen and clicked; the editor keeps the focus."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @k")
            await pilot.pause()
            await pilot.click("#completion", offset=(3, 1))
            await pilot.pause()
            assert board.prompt_of(1) == SECOND + " @keeper-son"
            assert board.editor.has_focus

    drive(scene())


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
def test_what_the_cast_says_is_shown_as_it_is(crew: Path, size: tuple[int, int]) -> None:
    """Nothing is markup, nothing reaches the terminal."""

    async def scene() -> None:
        async with editing(crew, size) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @K")
            await pilot.pause()
            text = screen_text(pilot)
            assert "@Kim" in text
            assert "[/nope]" in text
            assert "\x1b" not in text
            assert "\u202e" not in text

    drive(scene())


def test_the_look_completes_too(crew: Path) -> None:
    """Wherever a name stands for the cast's text."""

    async def scene() -> None:
        async with editing(crew) as (pilot, board):
            await board.open_panel("settings")
            board.panel.go_to(("look",))  # type: ignore[union-attr]
            await pilot.pause()
            pilot.app.focused.insert(" @a")  # type: ignore[union-attr]
            await pilot.press("tab")
            assert board.session.document.data["look"] == "soft dawn light @anna"

    drive(scene())


def test_six_rows_at_most_and_the_chosen_one_in_sight(film: Path) -> None:
    """The list scrolls with the choice, and goes round."""
    names = "".join(f"  k{number}: text\n" for number in range(9))
    film.write_text(FILM.replace("cast:\n", f"cast:\n{names}"), encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            board.editor.insert(" @k")
            await pilot.press("up")
            assert board.completion.size.height == 6
            text = screen_text(pilot)
            assert "@k8  " in text
            assert "@k0" not in text
            await pilot.press("down", "tab")
            assert board.prompt_of(1) == SECOND + " @k0"

    drive(scene())
