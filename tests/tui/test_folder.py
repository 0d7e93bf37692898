"""The folder: what is listed, what is said of it, and that nothing in it is lost or obeyed."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from asyncio import BaseEventLoop
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key
from textual.widgets import Static

from storyboard.tui import folder as folder_module
from storyboard.tui.app import Editor
from storyboard.tui.board import Board
from storyboard.tui.preferences import Preferences
from storyboard.tui.scouting import scout
from tests.agreed import assert_agreed
from tests.tui.folder_desk import answer, browsing, folder_of, names, said, write
from tests.tui.studio import NO_CRAFT, drive, screen_text
from tests.tui.studio import until_done as until

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable

HOSTILE = (
    "[/nope]",
    "[red]x[/red]",
    "[@click=app.quit()]go[/]",
    "50% [off] $primary",
    "esc\x1b[31m",
    "a\u202eb",
    "a\nb",
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder of its own, not the one that the state lies in."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


@pytest.fixture
def films(desk: Path) -> Path:
    """Sound, weak, wrong and broken storyboards."""
    (desk / ".storyboard.toml").write_text(NO_CRAFT, encoding="utf-8")
    write(desk, "b", "Second", 4)
    write(desk, "a", "First")
    write(desk, "act1/c", "Third", 9)
    (desk / "d.storyboard.yml").write_text("title: Fourth\nshots:\n  - {seconds: 4, prompt: 'a; b'}\n")
    (desk / "e.storyboard.yaml").write_text("title: [broken\n")
    (desk / "f.storyboard.yaml").write_text("- just\n- a list\n")
    write(desk, ".hidden/x")
    write(desk, "renders/y")
    (desk / "notes.yaml").write_text("a: 1\n")
    return desk


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_folder_reads_as_agreed(films: Path, size: tuple[int, int]) -> None:
    """The whole screen as plain text but for the first line, the folder's path; for a person to judge."""

    async def scene() -> None:
        async with browsing(films, size) as (pilot, _):
            assert_agreed(f"tui/folder-{size[0]}x{size[1]}.txt", screen_text(pilot).partition("\n")[2])

    drive(scene())


def test_storyboards_are_those_that_check_finds(films: Path) -> None:
    """In its order; hidden folders and renders left out."""

    async def scene() -> None:
        async with browsing(films) as (_, screen):
            assert names(screen) == ["a", "b", "d.storyboard.yml", "e", "f", "act1/c"]
            seen = [entry.overview for entry in screen.list.entries]
            assert [one.seconds for one in seen] == [3, 6, 4, None, None, 11]
            assert [one.worst for one in seen] == [None, None, "error", "error", "error", None]

    drive(scene())


def test_enter_opens_what_can_be_read_and_says_why_not(films: Path) -> None:
    """A file that is no YAML leaves the list as it is; one that is no storyboard opens."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await pilot.press("down", "down", "down", "enter")
            await pilot.pause()
            assert folder_of(pilot) is screen
            assert "e.storyboard.yaml: line 1: not YAML" in said(pilot)[-1]
            await pilot.press("down", "enter")
            await pilot.pause()
            board = pilot.app.screen
            assert isinstance(board, Board)
            assert board.session.path.name == "f.storyboard.yaml"

    drive(scene())


def test_back_from_a_board_the_cursor_stands_where_it_was(films: Path) -> None:
    """Also from a file of a folder below: the list is that of the folder that was opened."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await pilot.press("end", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, Board))
            write(films, "act1/c", "Third again", 8)
            await pilot.press("ctrl+o")
            await until(pilot, lambda: pilot.app.screen is not screen and not isinstance(pilot.app.screen, Board))
            again = folder_of(pilot)
            assert names(again)[0] == "a"
            assert again.list.current is not None
            assert again.list.current.name == "act1/c"
            await until(pilot, lambda: "Third again" in screen_text(pilot))

    drive(scene())


def test_a_click_opens(films: Path) -> None:
    """The line that was clicked."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await pilot.click(screen.list, offset=(10, 2))
            await until(pilot, lambda: isinstance(pilot.app.screen, Board))
            assert pilot.app.screen.session.path.name == "b.storyboard.yaml"  # type: ignore[attr-defined]

    drive(scene())


@pytest.mark.parametrize("words", HOSTILE)
def test_names_and_titles_are_shown_and_never_obeyed(desk: Path, words: str) -> None:
    """In the list, in questions and in what is said."""
    name = words.replace("/", "\u2215")
    (desk / f"{name}.storyboard.yaml").write_text(
        f"title: {ascii(words)[1:-1].join(chr(34) * 2)}\nshots: []\n", encoding="utf-8"
    )
    (desk / f"z{name}.storyboard.yaml").write_text("a: [b", encoding="utf-8")
    shown = words.replace("\x1b", "␛").replace("\u202e", "�").replace("\n", " ")

    async def scene() -> None:
        async with browsing(desk) as (pilot, screen):
            text = screen_text(pilot)
            assert shown in text
            assert shown.replace("/", "\u2215") in text
            assert not set(text) & set("\x1b\u202e")
            assert all("@click" not in str(segment.style) for y in range(2) for segment in screen.list.render_line(y))
            await pilot.press("down", "enter")
            await pilot.pause()
            await pilot.press("alt+r")
            await pilot.pause()
            assert not set(screen_text(pilot)) & set("\x1b\u202e")
            await pilot.press("enter", "escape", "alt+d", "escape")
            await pilot.pause()
            assert folder_of(pilot) is screen
            assert pilot.app.return_code is None

    drive(scene())
    assert len(os.listdir(desk)) == 2


def test_new_makes_the_starting_file_and_opens_it(desk: Path) -> None:
    """As `storyboard new` does, the schema beside it."""

    async def scene() -> None:
        async with browsing(desk) as (pilot, _):
            assert "No storyboards here yet" in screen_text(pilot)
            assert "Ctrl+N makes a small film" in screen_text(pilot)
            await answer(pilot, "ctrl+n", "film")
            await until(pilot, lambda: isinstance(pilot.app.screen, Board))
            assert pilot.app.screen.session.diagnostics == []  # type: ignore[attr-defined]

    drive(scene())
    assert sorted(os.listdir(desk)) == ["film.storyboard.yaml", "storyboard.schema.json"]


BAD_NAMES = {
    "a": "there is such a file already",
    "a.storyboard.yaml": "there is such a file already",
    "a.yml": "there is such a file already",
    "  ": "a name is needed",
    ".yaml": "a name is needed",
    "act1/": "a name is needed",
    "../up": "leads out of this folder",
    "act1/../../up": "leads out of this folder",
    "out/up": "leads out of this folder",
    "/tmp/up": "leads out of this folder",
    "nowhere/up": "there is no folder nowhere here",
    "renders/up": "not looked for in renders",
    "e\u202ep": "without control or invisible characters",
    "x" * 300: "file name too long",
    "link": "there is such a file already",
}


@pytest.mark.parametrize("key", ["ctrl+n", "alt+d", "alt+r"])
def test_names_that_cannot_be_are_refused(films: Path, tmp_path: Path, key: str) -> None:
    """In words, in the dialog, and nothing is written."""
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", films / "out")
    os.symlink("nowhere", films / "link.storyboard.yaml")
    before = sorted(map(str, tmp_path.rglob("*")))

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await pilot.press("down")
            for name, fault in BAD_NAMES.items():
                await answer(pilot, key, name)
                assert fault in str(pilot.app.screen.query_one("#body", Static).content), name
                await pilot.press("escape")
                await pilot.pause()
                assert folder_of(pilot) is screen
                assert [one for one in sorted(map(str, tmp_path.rglob("*"))) if "/state" not in one] == before, name

    drive(scene())


def test_duplicate_copies_every_byte(films: Path) -> None:
    """Also of what is no YAML, with its own ending; the cursor goes to the copy."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await pilot.press("down", "down")
            await answer(pilot, "alt+d", "act1/copy")
            await until(pilot, lambda: "act1/copy.storyboard.yml" in names(screen))
            assert screen.list.current is not None
            assert screen.list.current.name == "act1/copy.storyboard.yml"

    drive(scene())
    assert (films / "act1/copy.storyboard.yml").read_bytes() == (films / "d.storyboard.yml").read_bytes()


def test_rename_keeps_the_ending_and_the_bytes(films: Path) -> None:
    """Of a link, the link is renamed."""
    os.symlink("a.storyboard.yaml", films / "zz.storyboard.yaml")
    os.rename(films / "a.storyboard.yaml", films / "a.txt")
    os.unlink(films / "zz.storyboard.yaml")
    os.symlink("a.txt", films / "a.storyboard.yaml")
    data = (films / "d.storyboard.yml").read_bytes()

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            await answer(pilot, "alt+r", "linked.yaml")
            await until(pilot, lambda: "linked" in names(screen))
            await pilot.press("home", "down")
            await answer(pilot, "alt+r", "g")
            await until(pilot, lambda: "g.storyboard.yml" in names(screen))
            assert "d.storyboard.yml" not in names(screen)

    drive(scene())
    assert os.readlink(films / "linked.storyboard.yaml") == "a.txt"
    assert not os.path.lexists(films / "a.storyboard.yaml")
    assert (films / "g.storyboard.yml").read_bytes() == data
    assert not (films / "d.storyboard.yml").exists()


def test_a_name_taken_meanwhile_is_not_overwritten(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the question and the answer somebody else made the file."""
    monkeypatch.setattr("storyboard.folder_names._fault_of_file", lambda _: None)
    data = (films / "b.storyboard.yaml").read_bytes()

    async def scene() -> None:
        async with browsing(films) as (pilot, _):
            for key in ("alt+r", "alt+d", "ctrl+n"):
                await answer(pilot, key, "b")
                assert "is there already; nothing was" in said(pilot)[-1]

    drive(scene())
    assert (films / "b.storyboard.yaml").read_bytes() == data
    assert (films / "a.storyboard.yaml").exists()


def test_a_disk_that_refuses_is_told(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, a folder that cannot be written: in words, with nothing half made and nothing lost."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    monkeypatch.setattr("os.link", refuse)
    monkeypatch.setattr("os.rename", refuse)

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            for key in ("alt+r", "alt+d", "ctrl+n"):
                await answer(pilot, key, "new")
                assert "no space left on device" in said(pilot)[-1]
                assert folder_of(pilot) is screen

    before = sorted(os.listdir(films))
    drive(scene())
    assert sorted(os.listdir(films)) == before


def test_a_disk_without_second_names_renames_as_well(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no hard links are, and never over another file."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    from storyboard.filing import NotMade, rename

    rename(films / "a.storyboard.yaml", films / "z.storyboard.yaml")
    assert (films / "z.storyboard.yaml").exists()
    with pytest.raises(NotMade, match="is there already"):
        rename(films / "z.storyboard.yaml", films / "b.storyboard.yaml")
    assert (films / "z.storyboard.yaml").exists()


def test_unsaved_work_keeps_its_name(films: Path) -> None:
    """What a crash left belongs to a file's name: it is not renamed away from it."""
    from storyboard.recovery import Recovery

    left = Recovery(films / "a.storyboard.yaml")
    left.keep(b"title: unsaved\n", None)

    async def scene() -> None:
        async with browsing(films) as (pilot, _):
            await pilot.press("alt+r")
            await pilot.pause()
            assert "unsaved work of an earlier session" in said(pilot)[-1]

    drive(scene())
    left.close()


def test_three_hundred_files_do_not_keep_anybody_waiting(desk: Path) -> None:
    """The cursor moves while they are read, and stays on its file as others come."""
    (desk / ".storyboard.toml").write_text(NO_CRAFT, encoding="utf-8")
    for number in range(300):
        write(desk, f"film-{number:03}", f"Film {number}")

    async def scene() -> None:
        async with browsing(desk) as (pilot, screen):
            assert len(names(screen)) == 300
            assert "300 storyboards · 900 s · $100.80 · nothing wrong" in screen_text(pilot)
            await pilot.press("end", "ctrl+r", "up")
            await until(pilot, lambda: screen._reading is None)
            assert screen.list.current is not None
            assert screen.list.current.name == "film-298"
            write(desk, "a-new-one")
            screen.read(screen.scouted.stamps)
            await until(pilot, lambda: screen._reading is None)
            assert names(screen)[0] == "a-new-one"
            assert screen.list.current.name == "film-298"
            assert "film-298" in screen_text(pilot)

    drive(scene())


def test_a_thread_that_ends_before_its_news_is_read(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it found is listed, or what went wrong: its messages may come after its worker's end."""

    def ended(loop: BaseEventLoop, _: None, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Runs work in a thread and comes back once it has ended, before anything that it told is handled."""
        future = loop.create_future()

        def run() -> None:
            try:
                result = work(*arguments)
            except OSError as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        thread = Thread(target=run)
        thread.start()
        thread.join()
        return future

    monkeypatch.setattr(BaseEventLoop, "run_in_executor", ended)

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            assert names(screen) == ["a", "b", "d.storyboard.yml", "e", "f", "act1/c"]
            write(films, "new")
            await pilot.press("ctrl+r")
            await until(pilot, lambda: "new" in names(screen))
            assert "7 storyboards" in screen_text(pilot)
            shutil.move(films, f"{films}-away")
            await pilot.press("ctrl+r")
            await until(pilot, lambda: "no such file or directory" in screen_text(pilot))

    drive(scene())


def test_a_look_that_gets_no_thread_is_told(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine has none to give: the screen says so, and the next look lists the files."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            with monkeypatch.context() as patch:
                patch.setattr(BaseEventLoop, "run_in_executor", no_thread)
                await pilot.press("ctrl+r")
                await until(pilot, lambda: bool(said(pilot)))
                assert screen._reading is None
            write(films, "new")
            await pilot.press("ctrl+r")
            await until(pilot, lambda: "new" in names(screen))

    def no_thread(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    drive(scene())


def test_what_changes_on_disk_is_shown(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself: written, new and deleted files; only what changed is read again."""
    monkeypatch.setattr(folder_module, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(folder_module, "_PATIENCE", 1)

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            old = screen.list.entries[1].overview
            write(films, "a", "Changed", 3)
            await until(pilot, lambda: "Changed" in screen_text(pilot))
            assert screen.list.entries[1].overview is old
            (films / "b.storyboard.yaml").unlink()
            write(films, "new")
            await until(pilot, lambda: "new" in names(screen) and "b" not in names(screen))

    drive(scene())


def test_a_folder_that_vanishes_is_told(films: Path) -> None:
    """And shown again when it is back."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            shutil.move(films, f"{films}-away")
            await pilot.press("ctrl+r")
            await until(pilot, lambda: screen._reading is None)
            assert "This folder cannot be read: no such file or directory" in screen_text(pilot)
            await answer(pilot, "ctrl+n", "film")
            assert "this folder is gone" in screen_text(pilot)
            await pilot.press("escape")
            shutil.move(f"{films}-away", films)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: "act1/c" in names(screen))

    drive(scene())


def test_enter_waits_until_something_is_listed(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow disk makes it come late, not to nothing."""

    pressed = Event()

    def slow(*arguments: Any) -> list[str] | None:
        pressed.wait(60)
        return scout(*arguments)

    monkeypatch.setattr(folder_module, "scout", slow)

    async def scene() -> None:
        app = Editor(films, Preferences())
        async with app.run_test() as pilot:
            await pilot.pause()
            assert not folder_of(pilot).list.entries
            app.post_message(Key("enter", "\r"))
            await asyncio.sleep(0.1)
            pressed.set()
            await until(pilot, lambda: isinstance(app.screen, Board))
            assert app.board is not None
            app.board.session.close()

    drive(scene())


def test_a_bug_in_one_file_hides_no_other(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told where it is, also when the file is opened, and the editor goes on."""
    from storyboard.outlook import Outlook

    sound = Outlook.__init__

    def stumble(self: Outlook, document: object, path: str) -> None:
        if os.path.basename(path).startswith("b"):
            raise RuntimeError
        sound(self, document, path)  # type: ignore[arg-type]

    monkeypatch.setattr(Outlook, "__init__", stumble)

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            assert names(screen)[-1] == "act1/c"
            assert "could not be checked: this is a bug" in screen_text(pilot)
            await pilot.press("down", "enter")
            await pilot.pause()
            assert "this is a bug (RuntimeError)" in said(pilot)[-1]
            assert folder_of(pilot) is screen

    drive(scene())


def test_what_was_paid_has_a_column(films: Path) -> None:
    """Whoever knows fills it; at 80 columns it appears once there is anything to say."""

    async def scene() -> None:
        async with browsing(films, (80, 24)) as (pilot, screen):
            assert "paid" not in screen_text(pilot).splitlines()[1]
            screen.set_paid({str(films / "a.storyboard.yaml"): "paid [b]"})
            await pilot.pause()
            assert screen_text(pilot).splitlines()[1].endswith("paid")
            assert "paid [b]" in screen_text(pilot).splitlines()[3]

    drive(scene())


def test_every_command_is_in_the_palette_and_in_help(films: Path) -> None:
    """Declared once."""

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            offered = {one.title for one in pilot.app.get_system_commands(screen)}
            assert offered >= {"Open", "New", "Duplicate", "Rename", "Refresh", "Help", "Quit"}
            await pilot.press("f1")
            await pilot.pause()
            assert "The same bytes under another name" in screen_text(pilot)
            await pilot.press("escape", "ctrl+q")

    drive(scene())


@pytest.mark.parametrize("size", [(120, 30), (60, 20), (40, 12)])
def test_a_read_only_file_is_said_to_be(films: Path, size: tuple[int, int]) -> None:
    """Also one that is locked later; a copy of it says that it is not locked."""
    file = films / "a.storyboard.yaml"

    async def scene() -> None:
        async with browsing(films, size) as (pilot, screen):
            mark = "read-only" if size[0] > 60 else "r/o"
            assert mark not in screen_text(pilot)
            file.chmod(0o444)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: mark in screen_text(pilot))
            await pilot.press("home")
            await answer(pilot, "alt+d", "a-copy")
            await until(pilot, lambda: "a-copy" in names(screen))
            assert [entry.name for entry in screen.list.entries if entry.overview.read_only] == ["a"]
            assert any("the copy is not read-only" in one.message for one in pilot.app._notifications)

    drive(scene())
    assert file.stat().st_mode & 0o222 == 0
    assert (films / "a-copy.storyboard.yaml").stat().st_mode & 0o200


def test_a_folder_that_was_deleted_around_the_editor_is_gone(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From inside it looks like an empty one, in which something could be made."""
    gone = desk / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    async def scene() -> None:
        app = Editor(Path(), Preferences())
        async with app.run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: "The folder is gone" in screen_text(pilot))
            assert "No storyboards here yet" not in screen_text(pilot)

    drive(scene())


def test_links_out_of_the_project_are_not_listed(films: Path, tmp_path: Path) -> None:
    """It is told once which they are, and nothing of them can be opened or written."""
    other = tmp_path / "other.yaml"
    other.write_text("secret: 1\n")
    os.symlink(other, films / "out.storyboard.yaml")

    async def scene() -> None:
        async with browsing(films) as (pilot, screen):
            assert [one for one in said(pilot) if one.startswith("out: not listed")]
            assert "out" not in names(screen)
            before = len(said(pilot))
            await pilot.press("ctrl+r")
            await until(pilot, lambda: screen._reading is None)
            assert sum("not listed" in one for one in said(pilot)) <= 1
            assert len(said(pilot)) <= before

    drive(scene())
    assert other.read_text() == "secret: 1\n"
