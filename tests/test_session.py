"""An open storyboard being edited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from storyboard import session as session_module
from storyboard.document import DocumentError, EditRefused
from storyboard.document.saving import ChangedOnDisk
from storyboard.session import Session

if TYPE_CHECKING:
    from pathlib import Path

BOARD = """\
# a harbour film
title: Harbour   # working title
duration: 9
shots:

  # where we are
  - seconds: 4
    prompt: >-
      Wide shot of a harbour at dawn, an old keeper walks along the pier.
      The lamp swings.<SP>
  - seconds: 3
    prompt: Medium shot of the lamp  # keep
    note: warm
  - seconds: 2
    prompt: "Close-up of a hand"
""".replace("<SP>", "")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A storyboard on disk."""
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    # No advice on its prompts: these tests are about what follows from an edit.
    (tmp_path / ".storyboard.toml").write_text('ignore = ["SB207", "SB21", "SB22"]\n')
    return file


def prompts(session: Session) -> list[str]:
    """All prompts."""
    return [shot["prompt"] for shot in session.document.data["shots"]]


def test_everything_follows_from_the_text(board: Path) -> None:
    """Prompt, price, seconds and diagnostics are those of the text as it stands."""
    session = Session.open(board)
    assert (session.seconds, session.total, str(session.price)) == ([4, 3, 2], 9, "1.008")
    assert str(session.prompt).startswith("shot 1, 4, Wide shot of a harbour")
    assert session.storyboard is not None
    assert (session.text, session.storyboard.title, session.storyboard.seconds) == (BOARD, "Harbour", 9)
    session.set(("shots", 2, "seconds"), 3)
    assert [diagnostic.code for diagnostic in session.diagnostics] == ["SB102"]
    assert (str(session.prompt), str(session.storyboard)) == ("None", "None")
    assert str(session.price) == "1.120"


def test_a_lock_goes_with_its_shot(board: Path) -> None:
    """A new shot in the place of one that the file has no more is not locked; undo brings the lock back."""
    session = Session.open(board)
    session.lock(2)
    board.write_text("shots:\n  - seconds: 4\n    prompt: Wide shot of a pier\n")
    session.reload()
    assert session.locked == frozenset()
    session.add_shot(prompt="Close-up of a lamp", seconds=2)
    session.add_shot(prompt="Close-up of a rope", seconds=2)
    assert session.locked == frozenset()
    while session.text != BOARD:
        assert session.undo()
    assert session.locked == {2}


def test_a_new_shot_goes_behind_all_others(tmp_path: Path) -> None:
    """Also where there are more shots than are looked at one by one."""
    shot = "  - seconds: 1\n    prompt: Wide shot of a pier\n"
    session = Session(tmp_path / "long.storyboard.yaml", b"shots:\n" + 60 * shot.encode())
    assert session.add_shot(prompt="Close-up of a lamp") == 60
    assert prompts(session)[-1] == "Close-up of a lamp"


def test_typing_in_one_field_is_one_step(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keystrokes in one field within a short time are undone together; another field or a pause begins anew."""
    now = 100.0
    monkeypatch.setattr(session_module, "monotonic", lambda: now)
    session = Session.open(board)
    for text in ("M", "Me", "Med"):
        session.set(("shots", 1, "prompt"), text, typing=True)
    session.set(("title",), "H", typing=True)
    now += 10
    session.set(("title",), "Ha", typing=True)
    assert session.undo()
    assert session.document.data["title"] == "H"
    assert session.undo()
    assert session.document.data["title"] == "Harbour"
    assert session.undo()
    assert prompts(session)[1] == "Medium shot of the lamp"
    assert not session.undo()
    assert session.document.to_bytes() == BOARD.encode()


def test_undo_and_redo_go_over_everything_in_order(board: Path) -> None:
    """Every structural edit is one step; undoing all of them gives the bytes of the file, redoing the last text."""
    session = Session.open(board)
    session.split_shot(0, 20)
    session.duplicate_shot(1)
    session.move_shot(0, 2)
    session.merge_with_next(0)
    session.delete_shot(1, give_seconds_to=0)
    session.add_shot(0, "Wide shot")
    session.fit(12)
    session.even_out()
    session.steal(0, 1)
    last = session.document.to_bytes()
    steps = 0
    while session.undo():
        steps += 1
    assert steps == 9
    assert session.document.to_bytes() == BOARD.encode()
    assert not session.dirty
    while session.redo():
        pass
    assert session.document.to_bytes() == last


def test_a_refused_edit_changes_nothing(board: Path) -> None:
    """A structural edit of several parts is made whole or not at all."""
    session = Session.open(board)
    with pytest.raises(EditRefused):
        session.split_shot(0, 0)
    with pytest.raises(EditRefused):
        session.merge_with_next(2)
    assert session.document.to_bytes() == BOARD.encode()
    assert not session.undo()


def test_splitting_and_merging_keep_the_words_and_the_seconds(board: Path) -> None:
    """A split shot merged again has the words and seconds that it had."""
    session = Session.open(board)
    before, seconds = prompts(session), session.seconds
    assert session.split_shot(0, 32) == 1
    assert prompts(session)[:2] == [before[0][:32].rstrip(), before[0][32:].lstrip()]
    assert sum(session.seconds) == sum(seconds)
    session.merge_with_next(0)
    assert ([prompt.rstrip() for prompt in before], seconds) == (prompts(session), session.seconds)


def test_a_new_shot_takes_seconds_from_the_longest(board: Path) -> None:
    """The total holds when a shot is added."""
    session = Session.open(board)
    index = session.add_shot(prompt="Wide shot of the sea")
    assert index == 3
    assert sum(session.seconds) == 9
    assert session.seconds == [3, 2, 2, 2]


def test_a_deleted_shot_gives_its_seconds_on_request(board: Path) -> None:
    """Deleting shortens the film, or makes a neighbour longer."""
    session = Session.open(board)
    session.delete_shot(1)
    assert session.seconds == [4, 2]
    session.undo()
    session.delete_shot(1, give_seconds_to=2)
    assert session.seconds == [4, 5]


def test_locked_shots_keep_their_seconds_wherever_they_go(board: Path) -> None:
    """A lock belongs to a shot, not to a place in the list."""
    session = Session.open(board)
    session.lock(0)
    session.move_shot(0, 2)
    assert session.locked == {2}
    session.fit(12)
    assert session.seconds[2] == 4
    session.delete_shot(0)
    assert session.locked == {1}


def test_an_edit_touches_its_own_lines_only(board: Path) -> None:
    """A change of seconds is a change of one line on disk, comments and odd white space included."""
    session = Session.open(board)
    session.set(("shots", 1, "seconds"), 2)
    session.set(("duration",), 8)
    session.save()
    old, new = BOARD.splitlines(), board.read_text(encoding="utf-8").splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ("duration: 9", "duration: 8"),
        ("  - seconds: 3", "  - seconds: 2"),
    ]


def test_saving_what_another_program_changed_is_refused(board: Path) -> None:
    """The other version is never overwritten unseen; the caller gets both and can decide."""
    session = Session.open(board)
    session.set(("title",), "Mine")
    theirs = BOARD.replace("Harbour", "Theirs").encode()
    board.write_bytes(theirs)
    with pytest.raises(ChangedOnDisk) as refused:
        session.save()
    assert (refused.value.theirs, board.read_bytes()) == (theirs, theirs)
    change = session.changed_on_disk()
    assert change is not None
    assert session.save(over=change)
    assert board.read_bytes() == session.document.to_bytes()
    assert session.changed_on_disk() is None


def test_a_third_version_is_not_overwritten_either(board: Path) -> None:
    """Saving over a change means that change and no later one."""
    session = Session.open(board)
    session.set(("title",), "Mine")
    board.write_bytes(b"shots: []\n")
    change = session.changed_on_disk()
    board.write_bytes(b"shots: [] # again\n")
    with pytest.raises(ChangedOnDisk):
        session.save(over=change)
    assert board.read_bytes() == b"shots: [] # again\n"


def test_nothing_changed_means_nothing_written(board: Path) -> None:
    """Saving an unchanged storyboard leaves the file's time and inode alone."""
    session = Session.open(board)
    before = board.stat()
    assert not session.save()
    after = board.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_reload_forgets_what_was_not_saved(board: Path) -> None:
    """The file's text is taken as it is now; what cannot be read leaves the session as it was."""
    session = Session.open(board)
    session.set(("title",), "Mine")
    board.write_text(BOARD.replace("Harbour", "Theirs"), encoding="utf-8")
    session.reload()
    assert session.document.data["title"] == "Theirs"
    assert not session.dirty
    board.write_text("shots: [", encoding="utf-8")
    with pytest.raises(DocumentError):
        session.reload()
    assert session.document.data["title"] == "Theirs"


def test_save_as_goes_on_with_the_new_file(board: Path) -> None:
    """The old file stays, a file that is there is not overwritten."""
    session = Session.open(board)
    session.set(("title",), "Second cut")
    other = board.with_name("second.storyboard.yaml")
    session.save_as(other)
    assert board.read_text(encoding="utf-8") == BOARD
    assert "Second cut" in other.read_text(encoding="utf-8")
    assert not session.dirty
    with pytest.raises(ChangedOnDisk):
        Session.open(board).save_as(other)


def test_unsaved_text_is_found_again_after_a_crash(board: Path) -> None:
    """A session that did not end cleanly leaves its text; saving, undoing all or closing leaves nothing."""
    crashed = Session.open(board)
    crashed.set(("title",), "Unsaved")
    again = Session.open(board)
    found = again.recoverable()
    assert found is not None
    again.recover(found)
    assert again.document.data["title"] == "Unsaved"
    assert again.dirty
    again.undo()
    assert again.document.to_bytes() == BOARD.encode()
    again.redo()
    again.save()
    assert Session.open(board).recoverable() is None
    again.set(("title",), "Given up")
    again.close()
    assert Session.open(board).recoverable() is None


def test_a_fix_is_one_step(board: Path) -> None:
    """What a diagnostic offers is done by it alone; one that offers nothing is refused."""
    session = Session.open(board)
    session.set(("shots", 2, "prompt"), "A hand; a lamp")
    (found,) = session.diagnostics
    session.fix(found)
    assert prompts(session)[2] == "A hand, a lamp"
    session.undo()
    assert prompts(session)[2] == "A hand; a lamp"
    with pytest.raises(EditRefused):
        session.fix(found._replace(fix=None))


def test_fitting_moves_the_promise_along(board: Path) -> None:
    """A film fitted to 12 seconds says so; one without `duration` stays without."""
    session = Session.open(board)
    session.fit(12)
    assert (session.document.data["duration"], session.total, session.diagnostics) == (12, 12, [])
    session.undo()
    assert session.document.to_bytes() == BOARD.encode()
    session.unset(("duration",))
    session.fit(12)
    assert "duration" not in session.document.data


def test_a_cut_never_goes_through_a_name(board: Path) -> None:
    """`@name` and `@@` go whole into the second shot; a cut outside the text is refused."""
    session = Session.open(board)
    session.set(("shots", 1, "prompt"), "Close-up of @maria and a@@b")
    session.split_shot(1, 15)
    assert prompts(session)[1:3] == ["Close-up of", "@maria and a@@b"]
    session.undo()
    session.split_shot(1, 25)
    assert prompts(session)[1:3] == ["Close-up of @maria and a", "@@b"]
    for position in (-5, 0, 99):
        with pytest.raises(EditRefused):
            session.split_shot(0, position if position < 50 else 5000)


def test_a_shot_of_one_second_takes_another_to_become_two(board: Path) -> None:
    """The total holds when a short shot is split or copied; where nobody can give, it grows."""
    session = Session.open(board)
    session.set_seconds([7, 1, 1])
    session.duplicate_shot(1)
    assert (session.seconds, sum(session.seconds)) == ([6, 1, 1, 1], 9)
    session.lock(0)
    session.split_shot(3, 8)
    assert session.seconds == [6, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ({"prompt": None}, {"prompt": "text"}, {"prompt": "text"}),
        ({"prompt": "text"}, {"prompt": None}, {"prompt": "text"}),
        ({"prompt": "a", "note": None}, {"prompt": "b", "note": "x"}, {"prompt": "a b", "note": "x"}),
        ({"prompt": "a", "x-k": 1}, {"prompt": "b", "x-k": 1}, {"prompt": "a b", "x-k": 1}),
        ({"prompt": "a"}, {"prompt": "b", "x-k": [1]}, {"prompt": "a b", "x-k": [1]}),
        ({"prompt": "a", "x-k": 1}, {"prompt": "b", "x-k": 2}, None),
        ({"prompt": "a", "note": 5}, {"prompt": "b", "note": "x"}, None),
        ({"prompt": ["a"]}, {"prompt": "b"}, None),
    ],
)
def test_merging_loses_nothing(
    tmp_path: Path, first: dict[str, object], second: dict[str, object], joined: dict[str, object] | None
) -> None:
    """What two shots say is joined, or the merge is refused."""
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(json.dumps({"shots": [first, {"seconds": 3, **second}]}), encoding="utf-8")
    session = Session.open(file)
    if joined is None:
        with pytest.raises(EditRefused, match="cannot be joined"):
            session.merge_with_next(0)
        assert not session.dirty
        return
    session.merge_with_next(0)
    assert session.document.data["shots"] == [{**joined, "seconds": 4}]


def test_more_shots_than_any_film_has_break_nothing(tmp_path: Path) -> None:
    """A hundred shots can be moved and deleted; timing tools say why they cannot help."""
    file = tmp_path / "film.storyboard.yaml"
    file.write_text("shots:\n" + "- {seconds: 1, prompt: x}\n" * 100, encoding="utf-8")
    session = Session.open(file)
    session.move_shot(70, 0)
    session.delete_shot(90)
    before = session.document.to_bytes()
    for edit in (lambda: session.fit(60), session.even_out, lambda: session.move_shot(99, 99)):
        with pytest.raises(EditRefused):
            edit()
    assert session.document.to_bytes() == before


def test_a_new_storyboard_is_unsaved_until_it_is_saved(tmp_path: Path) -> None:
    """A file that is not there yet is made by the first save, and never over one that came in between."""
    file = tmp_path / "new.storyboard.yaml"
    session = Session(file, BOARD.encode(), on_disk=False)
    assert session.dirty
    file.write_text("theirs", encoding="utf-8")
    with pytest.raises(ChangedOnDisk):
        session.save()
    file.unlink()
    assert session.save()
    assert not session.dirty
