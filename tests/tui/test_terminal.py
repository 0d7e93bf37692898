"""What a terminal sends: pastes are text and nothing else, Alt with a digit is a key, fast typing loses nothing."""

from __future__ import annotations

import os
import signal
import sys
import termios
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from storyboard.session import Session
from storyboard.tui.terminal import Outlet, PasteKeeper
from tests.tui.emulator import Emulator
from tests.tui.studio import FILM

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sys.executable).with_name("storyboard"))
HOSTILE = "word \x1b[31m red \x1b[18~ \x1bOQ tail \x11\x1a x"


@given(st.text("ab\x1b[20~1\n\x11", max_size=30), st.lists(st.integers(1, 5), max_size=12))
def test_a_paste_is_kept_whole_in_whatever_pieces_it_comes(text: str, sizes: list[int]) -> None:
    """Between the marks nothing is left that could be a key, and the text comes back."""
    text = text.replace("\x1b[201~", "").replace("\x1b[20", "")
    data = f"x\x1b[200~{text}\x1b[201~y\x1b[A"
    keeper, given_out, place = PasteKeeper(), "", 0
    for size in [*sizes, len(data)]:
        given_out += keeper.keep(data[place : place + size])
        place += size
    before, pasted, after = given_out[:7], given_out[7 : 7 + len(text)], given_out[7 + len(text) :]
    assert (before, after) == ("x\x1b[200~", "\x1b[201~y\x1b[A")
    assert not any(character in pasted for character in "\x1b\x11")
    assert keeper.pasted(pasted) == text


@pytest.fixture
def terminal(film: Path, tmp_path: Path) -> Emulator:
    """The editor on a real pseudo-terminal."""
    return Emulator.start([COMMAND, "edit", str(film)], 120, 40, {"STORYBOARD_STATE_DIR": str(tmp_path / "state")})


@pytest.fixture
def hangups() -> Iterator[list[int]]:
    """Every hangup that this process is told of."""
    told: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: told.append(number))
    yield told
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("keys", "prompts"),
    [
        ("Q\x1b[1;3C", ["FIRSTQ", "SECOND", "THIRD"]),
        ("Q\x1b[1;3CR", ["FIRSTQ", "SECONDR", "THIRD"]),
        ("Q\x1b3R", ["FIRSTQ", "SECOND", "THIRDR"]),
        ("Q\x1bm", ["FIRSTQ SECOND", "THIRD"]),
        ("QRS\x1a", ["FIRST", "SECOND", "THIRD"]),
        ("Q\x1b[1;3BR", ["SECOND", "FIRSTQR", "THIRD"]),
        ("Q\x1bOQfilm", ["FIRSTQ", "SECOND", "THIRD"]),
        ("\x1bnZ\x1b[1;3CR", ["FIRST", "SECONDR", "THIRD"]),
        ("\x1bOR\x1b\x1b[200~Q\x1b[201~", ["FIRSTQ", "SECOND", "THIRD"]),
        ("\x1bOQ\x1b\x1b[200~Q\x1b[201~", ["FIRSTQ", "SECOND", "THIRD"]),
    ],
)
def test_keys_are_obeyed_in_the_order_they_were_typed(tmp_path: Path, keys: str, prompts: list[str]) -> None:
    """However many come at once: what was typed before a command is its shot's, what comes after is the next one's."""
    file = tmp_path / "order.storyboard.yaml"
    shots = "".join(f"  - {{seconds: 4, prompt: {word}}}\n" for word in ("FIRST", "SECOND", "THIRD"))
    file.write_text(f"title: Old\nshots:\n{shots}", encoding="utf-8")
    env = {"STORYBOARD_STATE_DIR": str(tmp_path / "state")}
    with Emulator.start([COMMAND, "edit", str(file)], 120, 40, env) as t:
        t.wait_for("Shot 1 · 4 s")
        t.wait_quiet(0.3)
        t.send(keys)
        t.send("\x13")
        t.wait_for(_says_saved if prompts != ["FIRST", "SECOND", "THIRD"] else "nothing to save")
    data = Session.open(file).document.data
    assert [shot["prompt"] for shot in data["shots"]] == prompts
    assert data["title"] == ("Oldfilm" if "film" in keys else "Old")
    notes = [shot.get("note") for shot in data["shots"]]
    assert notes == ["Z" if "Z" in keys else None, *[None] * (len(prompts) - 1)]


@pytest.mark.parametrize("keys", ["\x1b2", "\x1bOR", "\x0e", "\x1bn", "\x1bOQ", "x\x1b3y"])
def test_keys_that_come_before_the_board_is_whole_are_kept(terminal: Emulator, film: Path, keys: str) -> None:
    """With the first picture, or before it."""
    with terminal as t:
        t.wait_for("Harbour")
        t.send(keys)
        t.wait_quiet(0.3)
        assert not any("bug" in row for row in t.screen())
        t.send("\x13")
        t.wait_for("save")
    assert not list(film.parent.glob("state/crash-*"))


@pytest.mark.parametrize(("where", "keys", "shown"), [(".", "\r", "Shot 1 · 5 s"), ("FILM", "Qz", "push in.Qz")])
def test_keys_that_come_before_the_first_picture_are_kept(film: Path, where: str, keys: str, shown: str) -> None:
    """Typed as soon as the terminal is the editor's: Enter opens the first storyboard, letters are the prompt's."""
    env = {"STORYBOARD_STATE_DIR": str(film.parent / "state")}
    command = [COMMAND, "edit", where.replace("FILM", film.name)]
    with Emulator.start(command, 120, 40, env, cwd=film.parent) as t:
        t.wait_for(lambda _: b"\x1b[?1049h" in t.output and not t.termios_now()[0] & termios.ICRNL)
        t.send(keys)
        t.wait_for(shown)


def test_alt_with_a_digit_goes_to_a_shot(terminal: Emulator) -> None:
    """As plain terminals send it; nothing is written."""
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        t.wait_quiet(0.3)
        t.send("\x1b3")
        t.wait_for("Shot 3 · 4 s")
        t.send("\x1b2")
        rows = t.wait_for("Shot 2 · 4 s")
        assert not any("unsaved" in row for row in rows)


def test_pasted_keys_are_text(terminal: Emulator, film: Path) -> None:
    """No pasted character is obeyed; all of them are in the file, and the controls are reported."""
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        t.wait_quiet(0.3)
        t.send("\x1b2")
        t.wait_for("Shot 2 · 4 s")
        t.send(f"\x1b[200~{HOSTILE}\x1b[201~!")
        t.wait_for("SB108")
        t.send("\x13")
        t.wait_for(_says_saved)
    said = Session.open(film).document.data["shots"][1]["prompt"]
    assert said == f"Medium shot of the lamp on its hook{HOSTILE}!"


def test_a_note_typed_in_a_burst_keeps_its_order(terminal: Emulator) -> None:
    """However fast it comes."""
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        t.wait_quiet(0.3)
        t.send("\x1bn")
        t.wait_quiet(0.3)
        t.send("hello world")
        t.wait_for("hello world")
        t.send("Q")
        t.wait_for("hello worldQ")


def test_undo_leads_back_over_a_reload(film: Path) -> None:
    """What another program's version replaced is not gone."""
    session = Session.open(film)
    session.set(("title",), "Mine")
    film.write_text(FILM.replace("Harbour", "Theirs"), encoding="utf-8")
    session.reload()
    assert (session.document.data["title"], session.dirty) == ("Theirs", False)
    session.undo()
    assert (session.document.data["title"], session.dirty) == ("Mine", True)
    session.close()


def _draw_much(writer: WriterThread) -> None:
    for _ in range(5 * MAX_QUEUED_WRITES):
        writer.write("x\n")


def test_a_terminal_that_is_gone_stops_no_writer_and_is_a_hangup(hangups: list[int]) -> None:
    """However much there is to write."""
    own, other = os.openpty()
    os.close(own)
    with os.fdopen(other, "w") as gone:
        writer = WriterThread(Outlet(gone))  # type: ignore[arg-type]
        writer.start()
        drawing = Thread(target=_draw_much, args=(writer,), daemon=True)
        drawing.start()
        drawing.join(10)
        assert not drawing.is_alive()
        writer.stop()
        with suppress(OSError):
            gone.close()
    assert hangups == [signal.SIGHUP]


def test_a_terminal_that_vanishes_ends_the_editor(terminal: Emulator, tmp_path: Path) -> None:
    """Even where it had stopped reading, with more drawn than it took; what was typed is kept."""
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        t.wait_quiet(0.3)
        t.send("lost lamp")
        t.wait_for("lost lamp")
        for key in "and a boat " * 8:
            t.send(key)
            sleep(0.02)
        t.vanish()
        assert t.wait_gone() == 128 + signal.SIGHUP
    kept = [path.read_text() for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert any("lost lamp" in text for text in kept)


def _says_saved(rows: list[str]) -> bool:
    """Not only that something is unsaved."""
    return any("saved" in row.replace("unsaved", "") for row in rows)
