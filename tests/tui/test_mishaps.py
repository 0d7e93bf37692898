"""What goes wrong between a person, the disk and the editor: it goes on, nothing is lost, nothing false is said."""

from __future__ import annotations

import subprocess
from threading import Barrier, Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from textual import events

from storyboard import recovery
from storyboard.document.source import SIZE_LIMIT
from storyboard.session import Session
from storyboard.tui.desk import Desk, StandingsKnown
from storyboard.tui.dialogs import Ask
from storyboard.tui.panels.jobs import Jobs
from storyboard.tui.timeline import Timeline, block_ends
from tests.tui.studio import FILM, drive, editing, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from storyboard.tui.board import Board


def press_at_once(pilot: Pilot[int], *keys: str) -> None:
    """Before any of them is obeyed."""
    for key in keys:
        pilot.app.post_message(events.Key(key, "\r" if key == "enter" else None))


@pytest.mark.parametrize("opener", ["alt+i", "alt+a", "ctrl+o"])
def test_a_question_is_answered_once(film: Path, opener: str) -> None:
    """A doubled Enter leaves the board where it is, and leaving still asks."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            await pilot.press(opener)
            await pilot.pause()
            if isinstance(pilot.app.screen, Ask):
                pilot.app.screen.query_one("Input").value = "9"  # type: ignore[attr-defined]
            press_at_once(pilot, "enter", "enter")
            await until(pilot, lambda _: pilot.app.screen is board)
            await pilot.pause(0.3)
            assert pilot.app.screen is board
            board.editor.insert("MORE")
            await pilot.press("ctrl+q")
            await until(pilot, lambda text: "Unsaved work" in text)

    drive(scene())


def test_a_key_waits_for_no_disk(film: Path) -> None:
    """The copy against a crash is made between keys, and goes when what was typed is taken back."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            assert recovery.find(film) is None
            await until(pilot, lambda _: recovery.find(film) is not None)
            for _ in "MINE":
                board.editor.action_delete_left()
            await until(pilot, lambda _: recovery.find(film) is None)

    drive(scene())


@pytest.mark.parametrize("answer", ["stay", "save", "drop"])
def test_a_file_that_went_away_is_unsaved_work(film: Path, answer: str) -> None:
    """Decided later or not at all: leaving asks, and until then a copy is kept."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            film.unlink()
            board.files.look_at_disk()
            await pilot.pause()
            await pilot.click("#answer-wait")
            await pilot.pause()
            assert "unsaved" in screen_text(pilot)
            kept = recovery.find(film)
            assert kept is not None
            assert kept.data == FILM.encode()
            await pilot.press("ctrl+q")
            await until(pilot, lambda text: "The file is gone" in text)
            await pilot.click(f"#answer-{answer}")
            await until(pilot, lambda _: pilot.app.is_running == (answer == "stay") and pilot.app.screen is board)

    drive(scene())
    assert film.exists() == (answer == "save")
    if answer == "save":
        assert film.read_text(encoding="utf-8") == FILM


def test_a_file_that_comes_back_as_it_was_is_not_unsaved(film: Path) -> None:
    """Programs that save by taking a file away for a moment."""
    session = Session.open(film)
    said = []
    for present in (False, True):
        film.write_text(FILM, encoding="utf-8") if present else film.unlink()
        said.append((session.changed_on_disk() is None, session.dirty))
    assert said[0][1]
    assert said[1] == (True, False)
    assert recovery.find(film) is None


def test_a_border_can_go_while_it_is_dragged(film: Path) -> None:
    """Its shot is deleted under the mouse."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            timeline = board.query_one(Timeline)
            board.action_go(2)
            end = block_ends(tuple(board.session.seconds), board.session.total, timeline.size.width)[-2] - 1
            await pilot.mouse_down(timeline, offset=(end, 0))
            await pilot.press("alt+k")
            await pilot.hover(timeline, offset=(end - 8, 0))
            board.post_message(Timeline.Dragged(1, 3, object()))
            await pilot.pause()
            assert board.session.seconds == [5, 4]
            assert pilot.app.is_running

    drive(scene())


@pytest.mark.parametrize("name", ["a\0b", "a\u3164b", "\u202eb"])
def test_a_name_that_cannot_be_seen_is_refused(film: Path, name: str) -> None:
    """In words, and the question stays."""

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("alt+a")
            await pilot.pause()
            pilot.app.screen.query_one("Input").value = name  # type: ignore[attr-defined]
            await pilot.press("enter")
            assert "without control or invisible characters" in screen_text(pilot)
            assert pilot.app.is_running

    drive(scene())
    assert [one.name for one in film.parent.glob("*.yaml")] == [film.name]


def test_a_folder_that_cannot_be_opened_is_named(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor goes on."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/xdg-open")
    monkeypatch.setattr(Jobs, "_path", lambda _: str(film))

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("f8")
            await pilot.pause()
            await pilot.press("o")
            await until(pilot, lambda text: "does not start (permission denied)" in text)

    drive(scene())


@pytest.mark.parametrize("where", ["action", "answer"])
def test_a_bug_behind_a_key_or_an_answer_is_told(film: Path, where: str) -> None:
    """Written down, and the text is still there."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.editor.insert("MINE")
            if where == "action":
                board.action_fail = fail  # type: ignore[attr-defined]
                await pilot.app.run_action("fail", board)
            else:
                pilot.app.push_screen(Ask("What", "this"), fail)
                await pilot.pause()
                await pilot.press("enter")
            await until(pilot, lambda text: "this is a bug (ZeroDivisionError)" in text)
            assert "MINE" in board.prompt_of(0)
            assert pilot.app.is_running

    drive(scene())


@pytest.mark.parametrize("event", ["save as", "reload"])
def test_another_request_is_not_said_to_be_paid_for(film: Path, event: str) -> None:
    """Until it has been looked up."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await until(pilot, lambda text: "not paid yet" in text)
            board.set_paid({str(film): "paid for"})
            await pilot.pause()
            assert "paid for" in screen_text(pilot)
            if event == "save as":
                await pilot.press("alt+a")
                await pilot.pause()
                pilot.app.screen.query_one("Input").value = "other"  # type: ignore[attr-defined]
                await pilot.press("enter")
            else:
                film.write_text(FILM.replace("lamp", "boat"), encoding="utf-8")
                board.files.look_at_disk()
            await until(pilot, lambda text: "not paid yet" in text)
            assert "· paid for" not in screen_text(pilot)

    drive(scene())


def test_an_older_answer_about_money_comes_too_late(film: Path) -> None:
    """Whatever order threads end in."""

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await until(pilot, lambda text: "not paid yet" in text)
            desk = pilot.app.desk  # type: ignore[attr-defined]
            desk._latest[str(film)] = 8
            pilot.app.post_message(StandingsKnown({str(film): "paid for"}, 8))
            pilot.app.post_message(StandingsKnown({str(film): "failed"}, 7))
            await pilot.pause()
            assert "· paid for" in screen_text(pilot)

    drive(scene())


def test_there_is_one_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever thread asks first."""
    made = []

    class Slow:
        def __init__(self, _: object) -> None:
            sleep(0.2)
            made.append(self)

    monkeypatch.setattr("storyboard.submitting.desk.JobDesk", Slow)
    desk, start, found = Desk(None), Barrier(4), list[Any]()  # type: ignore[arg-type]

    def ask() -> None:
        start.wait()
        found.append(desk.jobs)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert all(one is made[0] for one in found)


def test_what_was_given_up_is_not_kept_again(film: Path) -> None:
    """By a look at the disk that comes after leaving."""
    session = Session.open(film)
    session.set(("title",), "Given up", typing=True)
    session.set(("title",), "Given up at last", typing=True)
    session.close()
    session.keep()
    assert recovery.find(film) is None


def test_errors_of_others_stay_in_sight(film: Path) -> None:
    """What the board says replaces only what it said itself."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            pilot.app.notify("money: a job failed", severity="error", timeout=30)
            board.say("first words")
            board.say("second words")
            text = await until(pilot, lambda text: "second words" in text)
            assert "money: a job failed" in text
            assert "first words" not in text

    drive(scene())


def test_a_broken_version_on_disk_is_told_once(film: Path) -> None:
    """Not at every look; the next version is told again."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            said: list[str] = []
            board.say = lambda words, *_: said.append(words)  # type: ignore[method-assign]
            for text in ("a: [", "a: [", "a: {", FILM):
                film.write_text(text, encoding="utf-8")
                board.files.look_at_disk()
                board.files.look_at_disk()
            assert [words.split(":")[0] for words in said] == ["the file on disk cannot be read"] * 2
            assert pilot.app.is_running

    drive(scene())


def test_a_huge_version_on_disk_is_not_read(film: Path) -> None:
    """Saving says so and writes nothing over it."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            film.write_bytes(b"#" * (SIZE_LIMIT + 1))
            board.files.look_at_disk()
            board.editor.insert("MINE")
            await pilot.press("ctrl+s")
            await until(pilot, lambda text: "not saved: the file on disk is larger" in text)

    drive(scene())
    assert film.stat().st_size == SIZE_LIMIT + 1


@pytest.mark.parametrize("answer", ["00150000", "15.0", "+15", "٣٣", ""])
def test_a_total_is_whole_seconds(film: Path, answer: str) -> None:
    """Nothing else is fitted to."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            await pilot.press("alt+i")
            await pilot.pause()
            pilot.app.screen.query_one("Input").value = answer  # type: ignore[attr-defined]
            await pilot.press("enter")
            assert "whole seconds from 3 to 15" in screen_text(pilot)
            assert board.session.text == FILM

    drive(scene())


def test_problems_look_the_same_after_the_settings(film: Path) -> None:
    """No panel dresses another."""

    def colour(board: Board) -> object:
        assert board.panel is not None
        return next(iter(board.panel.children)).styles.color

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            before = colour(board)
            await pilot.press("f2", "escape")
            await pilot.pause()
            assert board.panel is not None
            assert board.panel.name == "problems"
            assert colour(board) == before

    drive(scene())
