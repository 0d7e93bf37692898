"""The cast: who is in it, what each costs and where; adding, renaming, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.widgets import Input

from storyboard.tui.dialogs import Ask, Choice
from storyboard.tui.panels.cast import Cast
from tests.tui.studio import FILM, drive, editing, screen_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from storyboard.tui.board import Board

HOSTILE = "[/nope] [red]x[/red] [@click=app.quit()]go[/] \x1b[31m \u202e"
BOTH = FILM.replace("look: soft", "  kim: a girl  # eight\nlook: near @keeper, soft").replace(
    "its hook ", "its hook and @keeper @keeper "
)


def at_cast(file: Path, scene: Callable[[Any, Any, Any], Awaitable[None]], size: tuple[int, int] = (120, 50)) -> None:
    """Plays a scene with the cast open."""

    async def play() -> None:
        async with editing(file, size) as (pilot, board):
            await board.open_panel("cast")
            await pilot.pause()
            assert isinstance(board.panel, Cast)
            await scene(pilot, board, board.panel)

    drive(play())


async def answer(pilot: Pilot[int], text: str) -> None:
    """Answers the question that is open."""
    await pilot.pause()
    assert isinstance(pilot.app.screen, Ask)
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


async def choose(pilot: Pilot[int], choice: str) -> None:
    """Presses a button of the choice that is open."""
    await pilot.pause()
    assert isinstance(pilot.app.screen, Choice)
    await pilot.click(f"#answer-{choice}")
    await pilot.pause()


@pytest.fixture
def crew(film: Path) -> Path:
    """A storyboard with a name that is used, and one that is not."""
    film.write_text(BOTH, encoding="utf-8")
    return film


def test_each_name_shows_its_text_its_cost_and_where_it_is_said(crew: Path) -> None:
    """Costs are those of the texts that are sent: a look counts once a shot."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        text = screen_text(pilot)
        assert "@keeper  33 × 6 = 198 characters · shots 1, 2 and the look" in text
        assert "an old keeper in a yellow oilskin" in text
        assert "@kim  ! not used · 6 characters" in text

    at_cast(crew, scene)


def test_a_text_is_edited_in_place(crew: Path) -> None:
    """Only its line changes; the figures follow."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        field = panel.entries[1].field
        field.focus()
        await pilot.pause()
        field.insert("!")
        await pilot.pause()
        assert board.session.text == BOTH.replace("a girl", "a girl!")
        assert "not used · 7 characters" in screen_text(pilot)
        field.clear()
        await pilot.pause()
        assert board.session.document.data["cast"]["kim"] == ""
        assert "is empty: give it a text" in screen_text(pilot)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert board.session.text == BOTH
        assert field.said == "a girl"

    at_cast(crew, scene)


def test_a_name_is_added_and_its_text_typed_at_once(crew: Path) -> None:
    """Behind the others; what is no name is refused with the reason."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        panel._adder.focus()
        await pilot.press("enter")
        for wrong in ("2fast", "a b", "kim", ""):
            await answer(pilot, wrong)
            assert isinstance(pilot.app.screen, Ask)
        await answer(pilot, "@élan-2")
        await pilot.pause()
        assert panel._fault("e\u0301lan-2") is not None  # composed otherwise, the same name
        assert panel.entries[2].field.has_focus
        panel.entries[2].field.insert("a dog")
        assert list(board.session.document.data["cast"]) == ["keeper", "kim", "élan-2"]
        assert board.session.document.data["cast"]["élan-2"] == "a dog"
        added = [line for line in board.session.text.splitlines() if line not in BOTH.splitlines()]
        assert len(added) == 1

    at_cast(crew, scene)


def test_the_first_name_makes_the_cast(film: Path) -> None:
    """A storyboard without one says how it begins."""
    before = FILM.replace("cast:\n  keeper: an old keeper in a yellow oilskin\n", "").replace("@keeper", "he")
    film.write_text(before, encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        assert "nobody yet" in screen_text(pilot)
        assert panel._adder.has_focus
        await pilot.press("enter")
        await answer(pilot, "kim")
        assert board.session.document.data["cast"] == {"kim": ""}
        board.session.undo()
        assert board.session.text == before

    at_cast(film, scene)


def test_renaming_everywhere_is_one_step(crew: Path) -> None:
    """Key, prompts and look; places, comments and other names stay; one undo leads back."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        panel.entries[0].heading.focus()
        await pilot.press("enter")
        await answer(pilot, "guard")
        await pilot.pause()
        assert "shots 1, 2 and the look" in screen_text(pilot)
        await choose(pilot, "all")
        assert board.session.text == BOTH.replace("  keeper:", "  guard:").replace("@keeper", "@guard")
        assert [entry.said for entry in panel.entries] == ["guard", "kim"]
        assert panel.entries[0].heading.has_focus
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert board.session.text == BOTH
        assert [entry.said for entry in panel.entries] == ["keeper", "kim"]

    at_cast(crew, scene)


def test_renaming_only_in_the_cast(crew: Path) -> None:
    """What still says the old name is a problem then; cancelling changes nothing."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        for choice, text in (("stay", BOTH), ("key", BOTH.replace("  keeper:", "  guard:"))):
            panel.entries[0].heading.action_rename()
            await answer(pilot, "guard")
            await choose(pilot, choice)
            assert board.session.text == text
        assert {one.code for one in board.session.diagnostics} >= {"SB110"}

    at_cast(crew, scene)


def test_deleting_asks_only_where_the_name_is_said(crew: Path) -> None:
    """Otherwise undo is enough."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        panel.entries[1].heading.focus()
        await pilot.press("delete")
        await pilot.pause()
        assert board.session.text == BOTH.replace("  kim: a girl  # eight\n", "")
        assert [entry.said for entry in panel.entries] == ["keeper"]
        panel.entries[0].heading.action_delete()
        await choose(pilot, "stay")
        assert "keeper" in board.session.document.data["cast"]
        panel.entries[0].heading.action_delete()
        await choose(pilot, "delete")
        assert not board.session.document.data.get("cast")
        assert panel.entries == []

    at_cast(crew, scene)


def test_the_words_at_the_right_can_be_clicked(crew: Path) -> None:
    """Rename and delete, as drawn."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        heading = panel.entries[1].heading
        line = heading.render().plain
        await pilot.click(heading, offset=(line.index("rename"), 0))
        await answer(pilot, "kimmy")
        assert [entry.said for entry in panel.entries] == ["keeper", "kimmy"]
        heading = panel.entries[1].heading
        await pilot.click(heading, offset=(heading.render().plain.index("delete") + 5, 0))
        await pilot.pause()
        assert [entry.said for entry in panel.entries] == ["keeper"]

    at_cast(crew, scene)


def test_a_cast_in_a_file_of_its_own_is_read_only(film: Path) -> None:
    """Shown with the file's name and with its costs."""
    (film.parent / "crew.yaml").write_text("keeper: an old keeper\nkim: '[/nope]'\n", encoding="utf-8")
    film.write_text(
        FILM.replace("cast:\n  keeper: an old keeper in a yellow oilskin\n", "cast: crew.yaml\n"), encoding="utf-8"
    )

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        text = screen_text(pilot)
        assert "from crew.yaml: change it there" in text
        assert "@keeper  13 characters · shot 1" in text
        assert "[/nope]" in text
        assert "add a name" not in text
        assert "rename" not in text
        assert all(entry.field.disabled for entry in panel.entries)

    at_cast(film, scene)


@pytest.mark.parametrize(
    "cast", ["[a, b]", "5", "nowhere.yaml", "''", "~", "{1: x, a b: z, '[/nope]': [1], keeper: 5}"]
)
def test_a_cast_of_another_kind_is_shown_as_it_is(film: Path, cast: str) -> None:
    """Read only where it is no text, with the problems beside it."""
    film.write_text(
        FILM.replace("cast:\n  keeper: an old keeper in a yellow oilskin\n", f"cast: {cast}\n"), encoding="utf-8"
    )

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        locked = {entry.said for entry in panel.entries if entry.field.disabled}
        assert locked == ({"1", "[/nope]", "keeper"} if cast.startswith("{") else set())
        if cast.startswith("{"):
            panel.entries[2].heading.action_rename()
            await answer(pilot, "good")
            assert board.session.document.data["cast"]["good"] == [1]
        assert cast == "~" or "✗ SB" in screen_text(pilot).split("Cast")[1]

    at_cast(film, scene)


def test_merged_and_repeated_texts_are_read_only(film: Path) -> None:
    """They are changed where they stand."""
    text = "x-a: &a {boy: a boy}\nx-t: &t a lamp\n" + FILM.replace("  keeper:", "  <<: *a\n  lamp: *t\n  keeper:")
    film.write_text(text, encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        assert {entry.said for entry in panel.entries if entry.field.disabled} == {"boy", "lamp"}
        assert "merged in or repeated" in screen_text(pilot)

    at_cast(film, scene)


def test_hostile_texts_are_shown_and_written_as_they_are(crew: Path) -> None:
    """Pasted into a text, in the file and on the screen."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        panel.entries[1].field.clear()
        panel.entries[1].field.focus()
        await pilot.pause()
        pilot.app.post_message(events.Paste(HOSTILE))
        await pilot.pause()
        await pilot.pause()
        assert board.session.document.data["cast"]["kim"] == HOSTILE
        text = screen_text(pilot)
        assert HOSTILE.replace("\x1b", "␛").replace("\u202e", "\ufffd") in text
        assert "\x1b" not in text

    at_cast(crew, scene)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (20, 5)], ids=str)
def test_small_screens(crew: Path, size: tuple[int, int]) -> None:
    """The names stay in reach."""

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        panel._adder.focus()
        await pilot.pause()
        if size != (20, 5):
            assert "add a name" in screen_text(pilot)

    at_cast(crew, scene, size)


@pytest.mark.parametrize("size", [(120, 40), (40, 12)], ids=str)
def test_a_problem_leads_to_its_entry(film: Path, size: tuple[int, int]) -> None:
    """Enter on it: the text, which is in sight; where it cannot be changed here, the name."""
    names = "".join(f"  n{number}: text\n" for number in range(30))
    sick = f"{names}  ghost: a gh\u200bost\n  list: [1]\n"
    film.write_text(FILM.replace("cast:\n", f"cast:\n{sick}"), encoding="utf-8")

    async def scene() -> None:
        async with editing(film, size) as (pilot, board):
            for name, part in (("ghost", "field"), ("list", "heading")):
                found = next(one for one in board.session.diagnostics if one.path == ("cast", name))
                await board.place.go_to(found)
                await pilot.pause()
                await pilot.pause()
                assert isinstance(board.panel, Cast)
                entry = next(one for one in board.panel.entries if one.said == name)
                assert board.focused is getattr(entry, part)
                assert board.panel.region.contains_region(getattr(entry, part).region)

    drive(scene())


def test_a_problem_of_the_whole_cast_leads_to_the_panel(film: Path) -> None:
    """Where there is no entry to go to."""
    film.write_text(FILM.replace("cast:\n  keeper: an old keeper in a yellow oilskin", "cast: [1]"), encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            found = next(one for one in board.session.diagnostics if one.path[:1] == ("cast",))
            await board.place.go_to(found)
            await pilot.pause()
            assert isinstance(board.panel, Cast)
            assert board.panel.has_focus

    drive(scene())


def test_many_names_are_cut_short(film: Path) -> None:
    """The rest stands in the file."""
    names = "".join(f"  n{number}: text\n" for number in range(100))
    film.write_text(FILM.replace("cast:\n", f"cast:\n{names}"), encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Cast) -> None:
        assert len(panel.entries) == 60
        assert "41 more names stand in the file" in screen_text(pilot)

    at_cast(film, scene)
