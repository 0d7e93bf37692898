"""The board and its file: what others do to it, what a crash leaves, leaving, hostile names and texts."""

from __future__ import annotations

import errno
import os
import pwd
import sys
from pathlib import Path

import pytest

from storyboard.disk import Lock
from storyboard.document.quoting import quoted
from storyboard.session import Session
from storyboard.tui.app import Editor
from storyboard.tui.preferences import Preferences
from tests.tui.studio import FILM, drive, editing, screen_text, until

HOSTILE = [
    "[/nope] tail",
    "[red]x[/red] [b]",
    "[@click=app.quit()]go[/]",
    "50% [off] $primary",
    "esc \x1b[31mred\x1b]52;c;aGk=\x07 \x9b2J",
    "turn \u202eback \u200bzero \u2028line \u0085next",
    "[shot 1] [INT. KITCHEN - DAY]",
    "\ufeffmark \U000e0041tag",
]


def test_a_change_on_disk_is_taken_over_where_nothing_is_unsaved(film: Path) -> None:
    """Shown as it is now, and said."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            film.write_text(FILM.replace("Harbour", "Their title"), encoding="utf-8")
            board.files.look_at_disk()
            await pilot.pause()
            assert "Their title" in screen_text(pilot)
            assert not board.session.dirty

    drive(scene())


@pytest.mark.parametrize(("answer", "left"), [("wait", "theirs"), ("mine", "mine"), ("theirs", "theirs")])
def test_a_change_on_disk_beside_unsaved_work_is_a_choice(film: Path, answer: str, left: str) -> None:
    """Never overwritten unasked, the difference in sight."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            film.write_text(FILM.replace("Harbour", "THEIRS"), encoding="utf-8")
            board.files.look_at_disk()
            await pilot.pause()
            text = screen_text(pilot)
            assert "Another program changed this file" in text
            assert "THEIRS" in text
            await pilot.click(f"#answer-{answer}")
            await pilot.pause()
            disk = film.read_text(encoding="utf-8")
            assert ("MINE" in disk, "THEIRS" in disk) == ((True, False) if left == "mine" else (False, True))
            assert board.session.dirty == (answer == "wait")
            assert ("MINE" in board.prompt_of(0)) == (answer != "theirs")

    drive(scene())


def test_a_file_that_went_away_is_told_and_can_be_written_again(film: Path) -> None:
    """Nothing is lost by somebody's `rm`."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            film.unlink()
            board.files.look_at_disk()
            await pilot.pause()
            assert "The file is gone" in screen_text(pilot)
            await pilot.click("#answer-mine")
            await pilot.pause()
            assert film.read_text(encoding="utf-8") == FILM
            assert not board.session.dirty

    drive(scene())


@pytest.mark.parametrize(
    ("answer", "running", "saved"), [("stay", True, False), ("save", False, True), ("drop", False, False)]
)
def test_leaving_with_unsaved_work_asks(film: Path, answer: str, running: bool, saved: bool) -> None:
    """Stay, save, or leave it."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert "Unsaved work" in screen_text(pilot)
            await pilot.click(f"#answer-{answer}")
            await pilot.pause()
            assert pilot.app._exit != running
            assert ("MINE" in film.read_text(encoding="utf-8")) == saved

    drive(scene())


def test_leaving_without_unsaved_work_just_leaves(film: Path) -> None:
    """No question, no trace."""

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert pilot.app._exit

    drive(scene())
    assert film.read_text(encoding="utf-8") == FILM


@pytest.mark.parametrize(("answer", "title"), [("recover", "Left behind"), ("drop", "Harbour"), ("later", "Harbour")])
def test_what_a_crash_left_is_offered(film: Path, answer: str, title: str) -> None:
    """Recover it, throw it away, or be asked again."""
    crashed = Session.open(film)
    crashed.set(("title",), "Left behind")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.pause()
            assert "was left behind" in screen_text(pilot)
            await pilot.click(f"#answer-{answer}")
            await pilot.pause()
            assert board.session.document.data["title"] == title

    drive(scene())
    assert film.read_text(encoding="utf-8") == FILM
    assert (Session.open(film).recoverable() is not None) == (answer == "later")


def test_what_cannot_be_saved_is_said_and_kept(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the text stays in the editor."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            monkeypatch.setattr(os, "replace", full)
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert "no space left on device" in screen_text(pilot)
            assert "MINE" in board.prompt_of(0)
            monkeypatch.undo()

    drive(scene())


def test_save_as_never_overwrites(film: Path) -> None:
    """A name that is taken is said; another one is gone on with."""
    film.with_name("taken.storyboard.yaml").write_text("theirs", encoding="utf-8")

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            for name in ("taken", "second"):
                await pilot.press("alt+a")
                await pilot.pause()
                pilot.app.focused.value = name  # type: ignore[union-attr]
                await pilot.press("enter")
                await pilot.pause()
                if name == "taken":
                    assert "such a file already" in screen_text(pilot)
                    await pilot.press("escape")
                    await pilot.pause()
            assert board.session.path.name == "second.storyboard.yaml"

    drive(scene())
    assert film.with_name("taken.storyboard.yaml").read_text(encoding="utf-8") == "theirs"
    assert film.with_name("second.storyboard.yaml").read_text(encoding="utf-8") == FILM


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("night", "night.storyboard.yaml"),
        ("night.yaml", "night.storyboard.yaml"),
        ("night.STORYBOARD.YML", "night.storyboard.yaml"),
        ("act1/night", "act1/night.storyboard.yaml"),
        ("~/night", "home/night.storyboard.yaml"),
        ("nowhere/night", "there is no folder"),
        (".yaml", "a name is needed"),
        ("act1/", "a name is needed"),
    ],
)
def test_names_mean_the_same_as_in_the_folder(
    film: Path, answer: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One ending, whatever was typed of it; but any folder that is there will do."""
    for folder in ("act1", "home"):
        (film.parent / folder).mkdir()
    monkeypatch.setenv("HOME", str(film.parent / "home"))

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("alt+a")
            await pilot.pause()
            assert pilot.app.focused.said == "harbour"  # type: ignore[union-attr]
            pilot.app.focused.value = answer  # type: ignore[union-attr]
            await pilot.press("enter")
            await pilot.pause()
            if name.endswith(".yaml"):
                assert board.session.path == film.parent / name
                assert board.session.path.read_text(encoding="utf-8") == FILM
            else:
                assert name in screen_text(pilot)
                await pilot.press("escape")

    drive(scene())


EDITOR = """\
import sys
path = sys.argv[1]
text = open(path, encoding="utf-8", newline="").read()
open(path, "w", encoding="utf-8", newline="").write(text.replace("lamp", "lantern") + "\\n")
sys.exit(CODE)
"""


@pytest.mark.parametrize("code", [0, 1])
def test_the_own_editor_comes_back_as_one_step(film: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """What it wrote is one step of undo; an editor that fails changes nothing."""
    script = film.with_name("edit.py")
    script.write_text(EDITOR.replace("CODE", str(code)), encoding="utf-8")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")

    class Lent:
        """A terminal that can be lent, in a test without one."""

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(Editor, "suspend", lambda _: Lent())

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.action_go(1)
            await pilot.press("f12")
            await pilot.pause()
            assert ("lantern" in board.prompt_of(1)) == (code == 0)
            await pilot.press("ctrl+z")
            assert board.session.text == FILM

    drive(scene())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_kept_as_it_is(tmp_path: Path, text: str) -> None:
    """On every panel, in dialogs and messages: never markup, a link, terminal control or another text."""
    said = quoted(text)
    file = tmp_path / ("[red]" + "".join(c for c in text if c not in "/\0")[:60] + ".storyboard.yaml")
    board_text = (
        f"title: {said}\nlook: {said}\ncast: {{who: {said}}}\nfirst_frame: {said}\n{said}: 1\n"
        f"shots:\n  - seconds: 3\n    prompt: {said}\n    note: {said}\n  - seconds: 2\n    prompt: {said}\n"
    )
    file.write_text(board_text, encoding="utf-8")

    async def scene() -> None:
        async with editing(file) as (pilot, board):
            for key in ("f3", "f4", "f2", "f9", "f10", "f8", "f1", "escape", "ctrl+g", "escape"):
                await pilot.press(key)
                await pilot.pause()
                drawn = screen_text(pilot)
                assert not any(c in drawn for c in "\x1b\x07\x9b\u202e\u200b\u2028\x85\ufeff\U000e0041"), key
            await pilot.press("escape")
            board.editor.insert("x")
            board.say(text)
            await pilot.press("ctrl+q")
            await pilot.pause()
            assert pilot.app.is_running
            await pilot.click("#answer-stay")
            await pilot.pause()
            assert board.session.document.data["shots"][0]["prompt"] == text + "x"
            await pilot.press("ctrl+z")
            assert board.session.text == board_text

    drive(scene())


def test_keys_and_theme_come_from_a_file(film: Path) -> None:
    """A command can have another key; what is wrong with the file is said."""
    film.with_name("editor.toml").write_text(
        'theme = "nord"\n[keys]\nlonger = "ctrl+k"\nnonsense = "x"\n', encoding="utf-8"
    )

    async def scene() -> None:
        async with editing(film, preferences=Preferences.read()) as (pilot, board):
            await pilot.pause()
            assert pilot.app.theme == "nord"
            assert "nonsense" in screen_text(pilot)
            await pilot.press("ctrl+k")
            assert board.session.seconds == [6, 4, 4]
            await pilot.press("alt+l")
            assert board.session.seconds == [6, 4, 4]

    drive(scene())


def test_a_failing_command_is_told_and_written_down_without_values(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor goes on; the report names places in the code and no text of anybody's."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            secret = "secret " + "prompt"

            def fail() -> None:
                raise RuntimeError(secret)

            doer = next(one for one in board.doers if hasattr(one, "do_even"))
            monkeypatch.setattr(doer, "do_even", fail)
            await pilot.press("alt+e")
            await pilot.pause()
            assert "this is a bug (RuntimeError)" in screen_text(pilot)
            await pilot.press("x")
            assert board.prompt_of(0).endswith("x")

    drive(scene())
    (report,) = (tmp_path / "state").glob("crash-*.txt")
    assert "secret prompt" not in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("answer", ["no", "as", "write"])
def test_a_read_only_file_is_written_on_a_persons_word_only(film: Path, answer: str) -> None:
    """The title says it, saving asks, and a file that is written anyway stays locked; another ^S asks no more."""
    film.chmod(0o444)

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            assert "read-only" in screen_text(pilot).splitlines()[0]
            board.editor.insert("MINE")
            await pilot.press("ctrl+s")
            text = await until(pilot, lambda text: "This file is read-only" in text)
            assert "it is read-only (mode 444)" in text
            await pilot.click(f"#answer-{answer}")
            await pilot.pause()
            if answer == "as":
                await until(pilot, lambda text: "Save as" in text)
                await pilot.press(*"copy", "enter")
                await until(pilot, lambda text: "saved as copy.storyboard.yaml" in text)
                assert "read-only" not in screen_text(pilot).splitlines()[0]
                assert "MINE" in (film.parent / "copy.storyboard.yaml").read_text(encoding="utf-8")
            elif answer == "write":
                await until(pilot, lambda _: "MINE" in film.read_text(encoding="utf-8"))
                assert "read-only" in screen_text(pilot).splitlines()[0]
                board.editor.insert("MORE")
                await pilot.press("ctrl+s")
                await until(pilot, lambda _: "MORE" in film.read_text(encoding="utf-8"))
            assert board.session.dirty == (answer == "no")

    drive(scene())
    assert film.stat().st_mode & 0o777 == 0o444
    assert (film.read_text(encoding="utf-8") == FILM) == (answer != "write")


def test_what_cannot_be_replaced_is_not_offered_to_be(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another name is; and where the system refuses unforeseen, the message says the same."""
    monkeypatch.setattr("storyboard.disk._attribute", lambda *_: Lock.IMMUTABLE)

    def refuse(*_: object) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            await pilot.press("ctrl+s")
            await until(pilot, lambda text: "immutable" in text and "Save as" in text and "Write anyway" not in text)
            await pilot.press("escape")
            monkeypatch.undo()
            monkeypatch.setattr(os, "replace", refuse)
            await pilot.press("ctrl+s")
            await until(pilot, lambda _: bool(pilot.app._notifications))
            (told,) = [one.message for one in pilot.app._notifications if "not saved" in one.message]
            assert "mount its folder" in told
            assert "Save as (Alt+A)" in told
            assert board.session.dirty

    drive(scene())


def test_a_file_that_is_locked_while_it_is_open_asks(film: Path) -> None:
    """Seen without a key, asked about, and asked again once it was unlocked between."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            assert "read-only" not in screen_text(pilot).splitlines()[0]
            for word in ("ONE", "TWO"):

                def is_written(_: str, word: str = word) -> bool:
                    return word in film.read_text(encoding="utf-8")

                film.chmod(0o444)
                board.editor.insert(word)
                board.files.look_at_disk()
                await until(pilot, lambda text: "read-only" in text.splitlines()[0])
                await pilot.press("ctrl+s")
                await until(pilot, lambda text: "This file is read-only" in text)
                await pilot.click("#answer-write")
                await until(pilot, is_written)
                film.chmod(0o644)
                board.files.look_at_disk()
                await until(pilot, lambda text: "read-only" not in text.splitlines()[0])

    drive(scene())


def test_leaving_saves_a_read_only_file_only_when_told(film: Path) -> None:
    """Save and leave asks as well, and "no" stays."""
    film.chmod(0o444)

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            await pilot.press("ctrl+q")
            await until(pilot, lambda text: "Unsaved work" in text)
            await pilot.click("#answer-save")
            await until(pilot, lambda text: "This file is read-only" in text)
            await pilot.press("escape")
            await pilot.pause()
            assert pilot.app.screen is board
            assert board.session.dirty

    drive(scene())
    assert film.read_text(encoding="utf-8") == FILM


def test_without_a_home_folder_it_is_said_once(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user in a container: the editor works, says that nothing is kept against a crash, and ends well."""

    def unknown(_: int) -> None:
        raise KeyError

    for name in ("HOME", "STORYBOARD_STATE_DIR", "STORYBOARD_CONFIG", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)

    async def scene() -> None:
        async with editing(film, preferences=Preferences.read()) as (pilot, board):
            await until(pilot, lambda text: "STORYBOARD_STATE_DIR" in text)
            assert any("unsaved text is not kept against a crash" in one.message for one in pilot.app._notifications)
            board.editor.insert("MINE")
            await pilot.press("ctrl+s")
            await until(pilot, lambda _: "MINE" in film.read_text(encoding="utf-8"))
            await pilot.press("f8")
            await until(pilot, lambda text: "no jobs yet" in text)
            assert len([one for one in pilot.app._notifications if "home folder" in one.message]) <= 1
            await pilot.press("ctrl+q")
        assert pilot.app.return_code == 0

    drive(scene())


def test_a_folder_that_goes_while_a_file_is_open(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that the editor was started in as well: said where saving fails, and another one can be named."""
    folder = film.parent / "gone"
    folder.mkdir()
    film.rename(folder / film.name)
    monkeypatch.chdir(folder)

    async def scene() -> None:
        async with editing(Path(film.name)) as (pilot, board):
            board.editor.insert("MINE")
            (folder / film.name).unlink()
            folder.rmdir()
            board.files.look_at_disk()
            await until(pilot, lambda text: "The file is gone" in text)
            await pilot.click("#answer-mine")
            await until(pilot, lambda text: "its folder is gone" in " ".join(text.replace("▌", " ").split()))
            await pilot.press("alt+a")
            await until(pilot, lambda text: "Save as" in text)
            await pilot.press("ctrl+u", *str(folder.parent / "kept"), "enter")
            await until(pilot, lambda _: (folder.parent / "kept.storyboard.yaml").exists())
            assert not board.session.dirty

    drive(scene())
