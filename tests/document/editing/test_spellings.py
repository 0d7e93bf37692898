"""An edit inside a value: every character that it is not about keeps its very spelling."""

from __future__ import annotations

from random import Random
from time import process_time
from typing import TYPE_CHECKING

import pytest

from storyboard import cast_edits
from storyboard.checks.fixing import fix_document
from storyboard.document import Document
from storyboard.session import Session
from tests.document.editing.spellings import STYLES, Spelled, spelled

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 400
PIECES = ["x", "é", "Z9", ",", "one two", "'", '"', "\\", ": ", " #", "漢", "🎬", "-", ""]


def stretches(old: Spelled, new: str) -> list[tuple[int, int]]:
    """What a change is about, in characters of the old text: as far to its end as can be said, and to its beginning."""
    found = []
    shorter = min(len(old.text), len(new))
    for order in ((True, False), (False, True)):
        begin = end = 0
        for forward in order:
            while forward and begin < shorter - end and old.text[begin] == new[begin]:
                begin += 1
            while not forward and end < shorter - begin and old.text[-1 - end] == new[-1 - end]:
                end += 1
        found.append((begin, len(old.text) - end))
    return found


def is_kept(old: Spelled, new: str, after: str) -> bool:
    """Whether everything before and behind what a change is about is written as it was."""
    before = old.document
    offset = before.index(old.source)
    if old.source[0] not in "'\"|>" and after[offset] in "'\"":  # a plain text that has to be quoted
        quote = after.rindex(after[offset])
        after = after[:offset] + after[offset + 1 : quote] + after[quote + 1 :]
    closing = len(old.source) - (old.source[0] in "'\"")
    for begin, end in stretches(old, new):
        starts = [*(place[0] for place in old.places), closing]
        first = offset + starts[begin]
        last = offset + (old.places[end - 1][1] if end > begin else starts[begin])
        if (
            after.startswith(before[:first])
            and after.endswith(before[last:])
            and len(after) >= first + len(before) - last
        ):
            return True
    return False


def changed(random: Random, text: str) -> str:
    """A text after a small edit inside it."""
    body = text.rstrip("\n")
    begin = random.randint(0, len(body))
    end = min(begin + random.choice([0, 0, 1, 1, 2, 5]), len(body))
    return body[:begin] + random.choice(PIECES) + body[end:] + text[len(body) :]


@pytest.mark.parametrize("style", STYLES)
def test_what_an_edit_is_not_about_keeps_its_spelling(style: str) -> None:
    """Escapes, doubled quotes, folds, continued lines, indentation and comments; what folding forbids is the rest."""
    random = Random(f"spellings {style}")
    tried = lost = 0
    for _ in range(ROUNDS):
        old = spelled(random, style)
        document = Document.parse(old.document.encode())
        assert document.data["p"] == old.text, old.document
        new = changed(random, old.text)
        if new == old.text:
            continue
        document.set(("p",), new)
        assert document.data["p"] == new
        tried += 1
        lost += not is_kept(old, new, document.text)
        assert document.undo()
        assert document.text == old.document
    assert tried > ROUNDS / 2
    assert lost <= tried / 50  # white space that would end or begin a line, and lines that have no room


BOARD = """\
cast:
  jose: an old man
look: "soft light; caf\\u00e9"
shots:
  - seconds: 3
    prompt: "te; \\u00e9 @jose \\x41;
      na\\xefve \\
      @jose\\t and \\"on\\/off\\""   # one
  - seconds: 3
    prompt: 'it''s @jose; it''s  late;

      it''s @jose'
  - {seconds: 3, prompt: "caf\\u00e9; \\_ end"}
"""


def test_a_fix_writes_its_characters_only() -> None:
    """Semicolons become commas; no other byte of the file changes."""
    document = Document.parse(BOARD.encode())
    fix_document(document, "film", ".", lambda one: one.code == "SB107")
    assert document.text == BOARD.replace(";", ",")


def test_a_name_is_renamed_where_it_stands() -> None:
    """In every prompt, each spelling around it left alone."""
    document = Document.parse(BOARD.encode())
    cast_edits.rename(document, "jose", "maria_luisa", everywhere=True)
    assert document.text == BOARD.replace("@jose", "@maria_luisa").replace("  jose:", "  maria_luisa:")


def test_typing_leaves_the_spelling_alone(tmp_path: Path) -> None:
    """Key after key, back again, undone and made again."""
    path = tmp_path / "film.storyboard.yaml"
    path.write_text(BOARD, encoding="utf-8")
    session = Session.open(path)
    text = session.document.data["shots"][0]["prompt"]
    for typed in ("o", "on", "on ", "on t", "on top"):
        session.set(("shots", 0, "prompt"), text.replace("and", typed + "and"), typing=True)
    after = BOARD.replace('and \\"', 'on topand \\"')
    assert session.text == after
    assert session.undo()
    assert session.text == BOARD
    assert session.redo()
    assert session.text == after
    session.set(("shots", 0, "prompt"), text, typing=True)
    assert session.text == BOARD
    session.close()


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ('p: "caf\\u00e9"\n', "caf", "caf\n", 'p: "caf\\n\\u00e9"\n'),
        ('p: "one\n  two"\n', "two", " two", 'p: "one\n  \\ two"\n'),
        ("p: one  \n    two\n   three\n", "two", "two: a", "p: 'one  \n    two: a\n   three'\n"),
        ("p: |-2\n    one\n  two\n", "two", "2", "p: |-2\n    one\n  2\n"),
        ("p: |\n  one\n \n  two\n", "\n\n", "\nx\n", "p: |\n  one\n  x\n  two\n"),
        ("p: >2-\n  one \\u00e9\n  two\n", "one", "1", "p: >2-\n  1 \\u00e9\n  two\n"),
        ("p: >\n  one\n", "one", "1\u2028", 'p: "1\\u2028\\n"\n'),
        ("p: 'a\u2028''b'\n", "b", "c", "p: 'a\u2028''c'\n"),
        ('? "caf\\u00e9"\n: !!str "\\x41b"\n', "b", "c", '? "caf\\u00e9"\n: !!str "\\x41c"\n'),
    ],
)
def test_the_edges_of_what_stays(before: str, old: str, new: str, after: str) -> None:
    """What a style can say stays in it; quotes come round a plain text, and its lines stay."""
    document = Document.parse(before.encode())
    key = next(iter(document.data))
    document.set((key,), document.data[key].replace(old, new))
    assert document.text == after


def test_a_key_keeps_its_quotes_and_escapes() -> None:
    """A name made longer is written at its end."""
    document = Document.parse(b"cast:\n  \"jos\\u00e9\": a\n  'ana': b\n")
    document.rename(("cast", "jos\u00e9"), "jos\u00e9_2")
    document.rename(("cast", "ana"), "anna")
    assert document.text == "cast:\n  \"jos\\u00e9_2\": a\n  'anna': b\n"


@pytest.mark.parametrize(
    "inner", [" " * 60_000 + "x", "a b " * 20_000, "\\\\" * 40_000, "a\n\n " * 15_000, "\\\n " * 20_000, "; " * 30_000]
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_no_text_takes_more_than_its_length(inner: str, quote: str) -> None:
    """A stranger's text of blanks, breaks or backslashes is edited in a moment."""
    document = Document.parse(f"p: {quote}w {inner} w{quote}\n".encode())
    text = document.data["p"]
    began = process_time()
    document.set(("p",), text[:2] + "x" + text[2:-1] + "y")
    document.set(("p",), document.data["p"].replace(";", ","))
    assert process_time() - began < 5
