"""The settings: each key as a field, its problems beside it, what is not set as its default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from storyboard.tui.panels.fields import ChoiceField, LineField, LongField
from storyboard.tui.panels.setting_rows import value_at
from storyboard.tui.panels.settings import FILM, OUTPUT, Settings
from tests.tui.studio import FILM as BOARD
from tests.tui.studio import drive, editing, screen_text, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path as File

    from textual.pilot import Pilot

    from storyboard.checks.diagnostic import Path
    from storyboard.tui.board import Board

HOSTILE = [
    "[/nope] tail",
    "[red]x[/red]",
    "[@click=app.quit()]go[/]",
    "\x1b[31mred\x1b[0m",
    "a\u202eb",
    "50% [off] $primary",
]
SETTINGS = [setting.path for setting in (*FILM, *OUTPUT)]
TEXTS = [setting.path for setting in (*FILM, *OUTPUT) if not setting.choices]


def at_settings(
    file: File, scene: Callable[[Any, Any, Any], Awaitable[None]], size: tuple[int, int] = (120, 60)
) -> None:
    """Plays a scene with the settings open."""

    async def play() -> None:
        async with editing(file, size) as (pilot, board):
            await board.open_panel("settings")
            await pilot.pause()
            assert isinstance(board.panel, Settings)
            await scene(pilot, board, board.panel)

    drive(play())


def field(panel: Settings, *path: str | int) -> Any:
    """A key's field."""
    return panel.rows[path].field


def write(panel: Settings, path: Path, text: str) -> None:
    """Types a text in place of the one that stands in a key's field."""
    one = panel.rows[path].field
    if isinstance(one, LineField):
        one.value = text
    elif isinstance(one, LongField):
        one.clear()
        one.insert(text)


def lines_changed(board: Board, before: str = BOARD) -> set[str]:
    """Lines of the text that were not there before."""
    return set(board.session.text.splitlines()) - set(before.splitlines())


def test_what_is_set_is_shown_and_what_is_not_as_its_default(film: File) -> None:
    """Values plainly, defaults as what an empty field means."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        text = screen_text(pilot)
        assert (field(panel, "title").value, field(panel, "duration").value) == ("Harbour", "13")
        for words in (
            "◌ 16:9 default",
            "95, of 20 to 99",
            "◌ MP4 default",
            "only with a first frame",
            "soft dawn",
        ):
            assert words in text
        board.edit(lambda session: session.unset(("duration",)))
        board.edit(lambda session: session.unset(("title",)))
        await pilot.pause()
        text = screen_text(pilot)
        assert "13, the sum of the shots" in text
        assert "harbour, the file's name" in text

    at_settings(film, scene)


def test_a_title_changes_its_own_line_only(film: File) -> None:
    """Comment and all else stay."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        write(panel, ("title",), "Harbour: a film")
        await pilot.pause()
        assert board.session.document.data["title"] == "Harbour: a film"
        assert len(lines_changed(board)) == 1
        assert "# working title" in board.session.text
        assert "Harbour: a film ● unsaved" in screen_text(pilot)

    at_settings(film, scene)


def test_an_emptied_field_leaves_the_file_and_comes_back_where_it_was(film: File) -> None:
    """Cleared and typed anew, the key keeps its place and its comment; one undo leads back."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        write(panel, ("title",), "")
        await pilot.pause()
        assert "title" not in board.session.document.data
        write(panel, ("title",), "Pier")
        await pilot.pause()
        assert board.session.text == BOARD.replace("title: Harbour ", "title: Pier ")
        board.session.undo()
        assert board.session.text == BOARD

    at_settings(film, scene)


def test_numbers_are_written_as_numbers_and_anything_else_as_typed(film: File) -> None:
    """The check tells about what is none."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        for text, written in (("12", 12), ("abc", "abc"), ("1.5", "1.5"), ("007", 7), ("9" * 30, "9" * 30)):
            write(panel, ("duration",), text)
            await pilot.pause()
            assert board.session.document.data["duration"] == written
            assert field(panel, "duration").value == text
        assert "✗ SB003" in screen_text(pilot)
        write(panel, ("output", "quality"), "80")
        await pilot.pause()
        assert board.session.document.data["output"] == {"quality": 80}

    at_settings(film, scene)


def test_every_key_can_be_set_and_unset(film: File) -> None:
    """Set where it is missing, taken out again; nothing else changes."""
    before = "shots:\n  - seconds: 5\n    prompt: A lamp.\n"
    film.write_text(before, encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        for path in SETTINGS:
            if path == ("model",):
                continue
            one = field(panel, *path)
            if isinstance(one, ChoiceField):
                one.action_step(1)
            else:
                write(panel, path, "70")
            await pilot.pause()
            written = value_at(board.session.document.data, path)
            assert written in (70, "70", "1:1", "1080p", "WEBM", 2, "none"), path
            if isinstance(one, ChoiceField):
                one.action_clear()
            else:
                write(panel, path, "")
            await pilot.pause()
            assert board.session.text == before, path

    at_settings(film, scene)


def test_choices_with_keys_and_mouse(film: File) -> None:
    """Arrows go on from the default, a click takes what it hits, Delete gives it back."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "aspect_ratio").focus()
        await pilot.press("right")
        assert board.session.document.data["aspect_ratio"] == "1:1"
        await pilot.press("right", "right", "left", "left", "left")
        assert board.session.document.data["aspect_ratio"] == "16:9"
        await pilot.press("delete")
        assert "aspect_ratio" not in board.session.document.data
        row = field(panel, "resolution")
        await pilot.click(row, offset=(row.render().plain.index("1080p"), 0))
        assert board.session.document.data["resolution"] == "1080p"
        assert "1920×1080" in screen_text(pilot)

    at_settings(film, scene)


def test_enter_and_arrows_go_from_field_to_field(film: File) -> None:
    """Nothing is waiting for a button."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "title").focus()
        await pilot.press("enter")
        assert field(panel, "duration").has_focus
        await pilot.press("down", "up", "up")
        assert field(panel, "title").has_focus
        await pilot.press("escape")
        assert board.editor.has_focus

    at_settings(film, scene)


def test_typing_fast_loses_nothing(film: File) -> None:
    """Keys that arrive before the first is written."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "title").focus()
        await pilot.pause()
        for key in "abc":
            field(panel, "title").post_message(events.Key(key, key))
        await pilot.pause()
        await pilot.pause()
        assert board.session.document.data["title"] == "Harbourabc"

    at_settings(film, scene)


def test_a_frame_beside_an_aspect_ratio_is_a_problem_there(film: File) -> None:
    """It is told, not mended."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "aspect_ratio").action_step(1)
        write(panel, ("first_frame",), "pier.png")
        await pilot.pause()
        assert [one.code for one in panel.rows[("aspect_ratio",)].found] == ["SB112"]
        assert "✗ SB112" in screen_text(pilot)
        assert board.session.document.data["aspect_ratio"] == "1:1"

    at_settings(film, scene)


def test_problems_lead_to_their_fields(film: File) -> None:
    """The field of the key, of `output` the first with a problem; unknown keys are told at the top."""
    film.write_text(BOARD + "output: {takes: 9, nope: 1}\nlok: x\n", encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        panel.go_to(("look",))
        await pilot.pause()
        assert field(panel, "look").has_focus
        panel.go_to(("output",))
        await pilot.pause()
        assert field(panel, "output", "takes").has_focus
        text = screen_text(pilot)
        assert "unknown key `lok`" in text
        assert "unknown key `nope`" in text
        board.editor.focus()
        await pilot.pause()
        await board.place.go_to(next(one for one in board.session.diagnostics if one.path == ("output", "takes")))
        await pilot.pause()
        assert field(panel, "output", "takes").has_focus

    at_settings(film, scene)


def test_what_is_of_another_kind_or_stands_elsewhere_is_read_only(film: File) -> None:
    """Shown as it is, with what to do."""
    odd = "base: &base {quality: 50}\nname: &t '[red]x[/red]'\ntitle: *t\nfirst_frame: [a, '[/nope]']\n"
    odd += "negative_prompt: 5\noutput: {<<: *base, takes: yes}\nresolution: 720\nlook: {a: 1}\n"
    film.write_text(odd + BOARD.split("look: soft dawn light\n")[1], encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        shown = {path: field(panel, *path) for path in SETTINGS}
        locked = {path[-1] for path, one in shown.items() if one.disabled}
        assert locked == {"title", "first_frame", "negative_prompt", "quality", "look"}
        assert field(panel, "title").said == "[red]x[/red]"
        assert field(panel, "first_frame").said == '["a", "[/nope]"]'
        assert field(panel, "look").said == '{"a": 1}'
        assert "● 720 " in screen_text(pilot)
        assert "merged in or repeated" in screen_text(pilot)
        panel.go_to(("title",))
        field(panel, "resolution").action_step(1)
        assert board.session.document.data["resolution"] == "720p"

    at_settings(film, scene)


def test_what_cannot_be_written_is_said_and_comes_back(film: File) -> None:
    """A refused edit leaves text and field as they were."""
    text = "x-a: &a {title: Old}\nx-b: *a\noutput: &o {quality: 50}\nx-c: *o\n" + BOARD
    film.write_text(text, encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        write(panel, ("output", "quality"), "60")
        await pilot.pause()
        await pilot.pause()
        assert board.session.text == text
        assert field(panel, "output", "quality").value == "50"
        assert any("not done" in one.message for one in pilot.app._notifications)

    at_settings(film, scene)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_stand_in_every_field_as_they_are(film: File, hostile: str) -> None:
    """Pasted everywhere, they are in the file, and shown without being obeyed."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        for path in TEXTS:
            write(panel, path, "")
            field(panel, *path).focus()
            await pilot.pause()
            pilot.app.post_message(events.Paste(hostile))
            await pilot.pause()
            await pilot.pause()
        data = board.session.document.data
        for path in TEXTS:
            assert value_at(data, path) == hostile
        board.action_go(0)
        await pilot.pause()
        text = screen_text(pilot)
        assert "\x1b" not in text
        assert "\u202e" not in text
        picture = hostile.replace("\x1b", "␛").replace("\u202e", "\ufffd")
        assert text.count(picture) >= len(TEXTS)

    at_settings(film, scene, (160, 100))


def test_a_paste_of_lines_keeps_their_words(film: File) -> None:
    """A field of one line takes line breaks as spaces."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        write(panel, ("negative_prompt",), "")
        field(panel, "negative_prompt").focus()
        await pilot.pause()
        pilot.app.post_message(events.Paste("blur\r\nhands\n"))
        await pilot.pause()
        await pilot.pause()
        assert board.session.document.data["negative_prompt"] == "blur hands"

    at_settings(film, scene)


def test_line_breaks_of_the_file_are_kept(film: File) -> None:
    """Typing behind them changes nothing before."""
    film.write_text('negative_prompt: "one\\n\\ttwo\\x1b"\n' + BOARD, encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        one = field(panel, "negative_prompt")
        one.focus()
        one.action_end()
        await pilot.press("x")
        assert board.session.document.data["negative_prompt"] == "one\n\ttwo\x1bx"
        assert "one␊␉two␛x" in screen_text(pilot)

    at_settings(film, scene)


def test_undo_shows_the_old_value_in_the_field_that_has_the_focus(film: File) -> None:
    """The session's undo, over everything."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "title").focus()
        await pilot.press("x", "ctrl+z")
        await pilot.pause()
        assert field(panel, "title").value == "Harbour"
        assert board.session.text == BOARD
        field(panel, "look").focus()
        await pilot.press("x", "ctrl+z")
        await pilot.pause()
        assert field(panel, "look").said == "soft dawn light"

    at_settings(film, scene)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (20, 5)], ids=str)
def test_small_screens(film: File, size: tuple[int, int]) -> None:
    """It scrolls to the field that has the focus."""

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        panel.go_to(("title",))
        await pilot.pause()
        if size != (20, 5):
            assert "Title" in screen_text(pilot)
        field(panel, "output", "webhook_url").focus()
        await pilot.wait_for_scheduled_animations()
        if size != (20, 5):
            await until(pilot, lambda text: "Webhook" in text)

    at_settings(film, scene, size)


@pytest.mark.parametrize("from_below", [False, True], ids=["from above", "from below"])
def test_on_a_small_screen_all_of_a_setting_can_be_read(film: File, from_below: bool) -> None:
    """The label, and every choice or what an empty field means, wherever one comes from."""
    film.write_text("shots:\n- {seconds: 5, prompt: A pier at dawn}\n", encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        for path in SETTINGS:
            setting = panel.rows[path].setting
            field(panel, *(SETTINGS[-1] if from_below else SETTINGS[0])).focus()
            await pilot.pause()
            field(panel, *path).focus()
            await pilot.pause()
            await pilot.pause()
            text = " ".join(screen_text(pilot).split())
            assert setting.label in text, path
            for words in setting.choices or (setting.default(board.session),):
                assert str(words) in text, path

    at_settings(film, scene, (40, 12))


def test_the_fix_of_the_problem_beside_the_cursor_is_made(film: File) -> None:
    """Alt+Y, where the field stands."""
    film.write_text(BOARD.replace("duration: 13", "duration: 12"), encoding="utf-8")

    async def scene(pilot: Pilot[int], board: Board, panel: Settings) -> None:
        field(panel, "duration").focus()
        await pilot.pause()
        assert panel.chosen is not None
        await pilot.press("alt+y")
        await pilot.pause()
        assert board.session.text == BOARD
        assert field(panel, "duration").value == "13"

    at_settings(film, scene)
