"""Typing in an open storyboard: what is one step of undo, and what stays of what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard import session as session_module
from storyboard.document import EditRefused
from storyboard.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOARD = """\
title: Harbour   # working title
duration: 9
look: grain
shots:
  - seconds: 4
    prompt: >-
      Wide shot of a harbour at dawn, an old keeper
      walks along the pier.
      The lamp swings.
  - seconds: 3
    prompt: Medium shot of the lamp  # keep
  - seconds: 2
    prompt: 'A hand'
"""
FIRST = ("shots", 0, "prompt")
SECOND = ("shots", 1, "prompt")


class Clock:
    """Seconds that pass when a test says so."""

    now = 100.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The session's clock."""
    clock = Clock()
    monkeypatch.setattr(session_module, "monotonic", clock)
    return clock


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """An open storyboard."""
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    return Session.open(file)


def type_in(session: Session, path: tuple[str | int, ...], *texts: str) -> None:
    """Keystroke after keystroke."""
    for text in texts:
        session.set(path, text, typing=True)


@pytest.mark.parametrize("path", [FIRST, SECOND, ("shots", 2, "prompt"), ("title",)])
def test_what_was_typed_and_taken_back_leaves_no_trace(session: Session, path: tuple[str | int, ...]) -> None:
    """The bytes are the file's again, there is nothing to undo and nothing unsaved, whatever was there in between."""
    value: object = session.document.data
    for step in path:
        value = value[step]  # type: ignore[index]
    text = str(value)
    type_in(session, path, text + " ", text + " - #: x", text + "\n\n", "", "yes", f"  {text}", text)
    assert session.document.text == BOARD
    assert not session.dirty
    assert not session.undo()


def test_a_space_at_the_end_does_not_change_how_a_text_is_written(session: Session, clock: Clock) -> None:
    """Between two words there is a moment with a space at the end, however long the writer thinks."""
    for text in ("Medium shot of the lamp ", "Medium shot of the lamp at", "Medium shot of the lamp at night"):
        type_in(session, SECOND, text)
        clock.now += 60
    assert "    prompt: Medium shot of the lamp at night  # keep\n" in session.document.text
    old = session.document.data["shots"][0]["prompt"]
    for text in (old + " ", old + " T", old + " The"):
        type_in(session, FIRST, text)
        clock.now += 60
    assert "      walks along the pier.\n      The lamp swings. The\n" in session.document.text


def test_a_pause_or_a_long_burst_begins_a_new_step(session: Session, clock: Clock) -> None:
    """One undo takes back what was typed without a pause, ten seconds of it at most."""
    for number in range(24):
        type_in(session, SECOND, "x" * (number + 1))
        clock.now += 0.5
    clock.now += 5
    type_in(session, SECOND, "y")
    lengths = []
    while session.undo():
        lengths.append(len(session.document.data["shots"][1]["prompt"]))
    assert lengths == [24, 21, len("Medium shot of the lamp")]


@pytest.mark.parametrize(
    "between",
    [
        lambda session: session.delete_shot(2),
        lambda session: session.unset(("look",)),
        lambda session: session.set(("look",), "sepia"),
        lambda session: session.lock(0),
        lambda session: session.even_out(),
    ],
)
def test_typing_never_joins_what_was_done_before_it(session: Session, between: Callable[[Session], object]) -> None:
    """A keystroke that changes nothing, and the next one, leave the edit before them a step of its own."""
    type_in(session, ("title",), "Har")
    between(session)
    after = session.document.text, session.locked
    type_in(session, ("title",), "Har", "H")
    assert session.undo()
    assert (session.document.text, session.locked) == after


def test_saving_is_a_place_to_go_back_to(session: Session) -> None:
    """What was typed after a save is undone to what was saved."""
    type_in(session, ("title",), "A")
    session.save()
    type_in(session, ("title",), "AB")
    assert session.undo()
    assert session.document.data["title"] == "A"
    assert not session.dirty


def test_typing_after_undo_forgets_what_was_undone(session: Session) -> None:
    """Redo never brings back a text from before a keystroke."""
    type_in(session, ("title",), "A")
    session.undo()
    type_in(session, ("title",), "B")
    assert not session.redo()
    session.undo()
    assert session.document.text == BOARD


def test_a_thousand_steps_can_be_undone_and_joined(session: Session, clock: Clock) -> None:
    """At the limit of what is remembered, steps are still whole."""
    for number in range(1100):
        session.set(("title",), f"T{number}")
    type_in(session, SECOND, "a", "ab", "abc")
    session.add_shot()
    assert len(session.seconds) == 4
    assert session.undo()
    assert session.document.data["shots"][1]["prompt"] == "abc"
    assert len(session.seconds) == 3
    assert session.undo()
    assert session.document.data["shots"][1]["prompt"] == "Medium shot of the lamp"


def test_a_refused_edit_leaves_redo_as_it_was(session: Session) -> None:
    """Half an edit is never offered, and what could be made again still can."""
    session.set(("title",), "New")
    session.undo()
    with pytest.raises(EditRefused):
        session.split_shot(0, 0)
    with pytest.raises(EditRefused):
        session.set_seconds([5, 5])
    assert session.redo()
    assert session.document.data["title"] == "New"


def test_locks_come_back_with_undo_and_redo(session: Session) -> None:
    """Locking is a step, though no byte changes; a deleted shot comes back with its lock."""
    session.lock(2)
    assert not session.dirty
    session.delete_shot(0)
    assert session.locked == {1}
    session.undo()
    assert session.locked == {2}
    session.undo()
    assert session.locked == frozenset()
    session.redo()
    session.redo()
    assert session.locked == {1}
    with pytest.raises(EditRefused):
        session.lock(7)


def test_what_cannot_be_kept_for_recovery_stops_nobody(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk edits go on, and the session says why nothing is kept."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("storyboard.recovery.replace_file", full)
        session.set(("title",), "Unkept")
        assert session.document.data["title"] == "Unkept"
        assert "No space left" in str(session.file.unkept)
    session.keep()
    assert str(session.file.unkept) == "None"


def test_a_session_says_when_typed_text_is_not_kept_yet(session: Session, clock: Clock) -> None:
    """Whoever stops typing in between is told to call `keep`."""
    type_in(session, ("title",), "A")
    clock.now += 0.1
    type_in(session, ("title",), "AB")
    assert session.keep_pending
    session.keep()
    assert session.keep_pending is False


def test_keeping_can_be_left_to_others(session: Session, clock: Clock, tmp_path: Path) -> None:
    """Typing then writes nothing, however long it goes on; edits that are no typing are kept as ever."""
    session.keeps_while_typing = False
    for length in range(1, 4):
        clock.now += 10
        type_in(session, ("title",), "A" * length)
        assert session.keep_pending
    assert not [path for path in tmp_path.rglob("state/*") if path.is_file()]
    session.set(("title",), "B")
    assert session.keep_pending is False
    assert list(tmp_path.glob("state/recovery/*.json"))
