"""The cast of an open storyboard renamed, fields emptied while typing, and what stands elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.cast_edits import rename
from storyboard.checks import check_bytes
from storyboard.compiler.expand import rename_in
from storyboard.document import Document, EditRefused
from storyboard.session import Session

if TYPE_CHECKING:
    from pathlib import Path

BOARD = """\
title: Harbour   # working title
cast:
  # the old one
  keeper: an old keeper   # eight
  "kim": a girl
look: near @keeper
shots:
  - seconds: 4
    prompt: >-
      Wide shot, @keeper walks and @keeper-son follows,
      @@keeper, me@keeper.
  - seconds: 3   # short
    prompt: "@keeper@kim wave"
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """An open storyboard."""
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    file = tmp_path / "film.storyboard.yaml"
    file.write_text(BOARD, encoding="utf-8")
    return Session.open(file)


def test_a_name_is_renamed_everywhere_in_one_step(session: Session) -> None:
    """Other names, plain @ and addresses stay; so do comments and places."""
    session.rename_cast("keeper", "guard", everywhere=True)
    wanted = BOARD.replace("  keeper:", "  guard:").replace("near @keeper", "near @guard")
    wanted = wanted.replace("shot, @keeper walks", "shot, @guard walks").replace('"@keeper@kim', '"@guard@kim')
    assert session.text == wanted
    assert session.undo()
    assert session.text == BOARD
    assert not session.undo()


def test_a_name_is_renamed_in_the_cast_alone(session: Session) -> None:
    """Only its key changes."""
    session.rename_cast("kim", "null")
    assert session.text == BOARD.replace('"kim": a', '"null": a')
    assert list(session.document.data["cast"]) == ["keeper", "null"]


@pytest.mark.parametrize(("old", "new"), [("keeper", "kim"), ("keeper", "a b"), ("keeper", ""), ("nobody", "guard")])
def test_what_cannot_be_renamed_is_refused(session: Session, old: str, new: str) -> None:
    """And nothing changes."""
    with pytest.raises(EditRefused):
        session.rename_cast(old, new, everywhere=True)
    assert session.text == BOARD
    assert not session.dirty


def test_a_prompt_that_refuses_undoes_the_whole_renaming(tmp_path: Path, session: Session) -> None:
    """All or nothing."""
    text = BOARD.replace("  - seconds: 4", "  - &s\n    seconds: 4") + "x-again: *s\n"
    session.document.replace_text(text.encode())
    with pytest.raises(EditRefused):
        session.rename_cast("keeper", "guard", everywhere=True)
    assert session.text == text


def test_names_are_replaced_whole() -> None:
    """As they are read."""
    assert rename_in("@a @ab @@a a@a @a-b @a- (@a)", "a", "é") == "@é @ab @@a a@a @a-b @é- (@é)"


def test_a_field_emptied_while_typing_comes_back_where_it_stood(session: Session) -> None:
    """With its comment; a pause of any length in between."""
    session.set(("title",), "H", typing=True)
    session.unset(("title",), typing=True)
    assert "title" not in session.document.data
    session.set(("title",), "Pier", typing=True)
    assert session.text == BOARD.replace("Harbour ", "Pier ")


def test_a_field_that_was_not_there_leaves_no_trace(session: Session) -> None:
    """Nor does the mapping that it needed."""
    session.set(("output", "quality"), 9, typing=True)
    session.unset(("output", "quality"), typing=True)
    assert session.text == BOARD
    assert not session.dirty


@pytest.mark.parametrize(
    ("before", "after"),
    [("{a: 1, b: 2}  # x\n", "{z: 1, b: 2}  # x\n"), ("'a' : 1\n", "z : 1\n"), ("? a # x\n: 1\n", "? z # x\n: 1\n"),
     ("a:\n  - 1\r\nb: 2", "z:\n  - 1\r\nb: 2"), ("a: &a {b: 1}\nc: *a\n", "z: &a {b: 1}\nc: *a\n")],
)  # fmt: skip
def test_a_key_is_renamed_in_its_place(before: str, after: str) -> None:
    """Whatever it is written like."""
    document = Document.parse(before.encode())
    document.rename(("a",), "z")
    assert document.to_bytes() == after.encode()
    assert document.undo()
    assert document.to_bytes() == before.encode()


@pytest.mark.parametrize("text", ["a: 1\nz: 2\n", "b: 1\n", "- a\n", "", "x: &x {a: 1}\n<<: *x\n"])
def test_a_key_that_is_not_there_or_taken_is_not_renamed(text: str) -> None:
    """Nothing changes."""
    document = Document.parse(text.encode())
    with pytest.raises(EditRefused):
        document.rename(("a",), "z")
    assert document.text == text


@pytest.mark.parametrize(
    ("path", "own"),
    [(("own",), True), (("missing",), True), (("far",), False), (("merged", "a"), False), (("merged", "b"), True),
     (("again", "a"), False), (("again", "missing"), False), (("list", 1), False), (("base", "a"), True)],
)  # fmt: skip
def test_what_stands_elsewhere_is_known(path: tuple[str | int, ...], own: bool) -> None:
    """Merged in, repeated, or inside of what is repeated."""
    text = b"own: &o 1\nfar: *o\nbase: &b {a: 1}\nmerged: {<<: *b, b: 2}\nagain: *b\nlist: [1, *o]\n"
    assert Document.parse(text).is_own(path) is own


def test_a_name_is_not_taken_twice_in_two_spellings() -> None:
    """Composed otherwise it is the same name: two people would become one; a name's own spelling may change."""
    document = Document.parse("cast:\n  José: a man\n  Ana: a woman\n".encode())
    for old, new in (("Ana", "Jose\u0301"), ("Ana", "José")):
        with pytest.raises(EditRefused):
            rename(document, old, new, everywhere=True)
    rename(document, "José", "Jose\u0301", everywhere=True)
    assert list(document.data["cast"]) == ["Jose\u0301", "Ana"]


def test_a_name_composed_otherwise_is_said_to_be() -> None:
    """Where it cannot be read as that name, for it was once read as a shorter one."""
    text = "cast: {Jose: a boy, José: a man}\nshots:\n  - seconds: 3\n    prompt: A pier. @Jose\u0301 waits.\n"
    (found,) = [one for one in check_bytes(text.encode(), "film", ".").diagnostics if one.code == "SB110"]
    assert "@José is, composed otherwise" in found.message
