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
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from storyboard.session import Session
from storyboard.tui.sequences import PATIENCE
from storyboard.tui.terminal import Outlet
from tests.tui.emulator import Emulator
from tests.tui.studio import FILM

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sys.executable).with_name("storyboard"))
HOSTILE = "word \x1b[31m red \x1b[18~ \x1bOQ tail \x11\x1a x"


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


def test_alt_with_a_digit_goes_to_shots_that_are_too_many(tmp_path: Path) -> None:
    """They have to be reached to be taken out; where there is none, nothing happens, and nothing is ever written."""
    file = tmp_path / "many.storyboard.yaml"
    shots = "".join(f"  - {{seconds: 1, prompt: S{number}}}\n" for number in range(1, 11))
    file.write_text(f"title: T\nshots:\n{shots}", encoding="utf-8")
    with Emulator.start([COMMAND, "edit", str(file)], env={"STORYBOARD_STATE_DIR": str(tmp_path / "state")}) as t:
        t.wait_for("Shot 1 · 1 s")
        for digit in "7890":
            t.send(f"\x1b{digit}")
            t.wait_for(f"Shot {digit.replace('0', '10')} · 1 s")
        t.send("x\x13")
        t.wait_for(_says_saved)
    assert file.read_text("utf-8") == f"title: T\nshots:\n{shots.replace('S10', 'S10x')}"


def test_no_bytes_of_a_terminal_end_the_editor_or_type(terminal: Emulator, film: Path) -> None:
    """Releases, alternates, answers to no question, nonsense, noise; what is typed behind them is all that is typed."""
    noise = [
        *("\x1b[97;1:3u", "\x1b[1;1:3A", "\x1b[1114112u", "\x1b[13;1:3u", "\x1b[55296;1u", "\x1b[97;1:9u"),
        *(
            "\x1b]11;rgb:1e/1e/1e\x1b\\",
            "\x1bP1$r0m\x1b\\",
            "\x1b_Gi=1;OK\x1b\\",
            "\x1b[?1;2c",
            "\x1b[12;40R",
            "\x1b[?997;1n",
        ),
        *(
            "\x1b[<0;99999;99999M",
            "\x1b[<64;0;0M",
            "\x1b[<35;-4;2M",
            "\x1b[48;0;0;0;0t",
            "\x1b[?2048;1$y\x1b[48;1;1;1;1t\x1b[48;40;120;0;0t",
        ),
        *("\x1b[" + "9" * 5000 + "u", "\x1b[<0;1;1;1;1;1M", "\x1b[I\x1b[O\x1b[I", "\x1bд", "\x1b§", "\x1b-", "\x1b\r"),
    ]
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        for one in noise:
            for piece in (one[:3], one[3:]):
                t.send(piece)
        t.send(b"\xff\xfe\xed\xa0\x80\xc3")
        t.send(b"ok\x1b]0;never ended")
        t.wait_for("ok")  # the string has begun by then, and its time with it
        sleep(2 * PATIENCE)
        t.send("ay")
        t.wait_for("okay")
        t.send("\x13")
        t.wait_for(_says_saved)
    prompt = Session.open(film).document.data["shots"][0]["prompt"]
    assert prompt.endswith("Slow push in.okay"), prompt
    assert not list(film.parent.glob("state/crash-*"))


@pytest.mark.parametrize("shell", [False, True], ids=["nobody", "a shell"])
def test_a_stop_that_nobody_asked_for(terminal: Emulator, film: Path, shell: bool) -> None:
    """Stopped by another program and woken: keys come once, it ends, and the terminal is left as it was found."""
    with terminal as t:
        t.wait_for("Shot 1 · 5 s")
        t.wait_quiet(0.3)
        for number in range(3):
            t.kill(signal.SIGSTOP)
            if shell:  # which has the terminal as long as the editor is stopped
                os.waitid(os.P_PID, t.pid, os.WSTOPPED | os.WNOWAIT)
                termios.tcsetattr(t._other, termios.TCSANOW, t.termios_before)
                t.wipe()
            t.kill(signal.SIGCONT)
            if shell:
                t.wait_for("Shot 1 · 5 s")
                t.wait_quiet(0.3)
            t.send(f"word{number}")
            t.wait_for(f"word{number}")
        t.send("\x13")
        t.wait_for(_says_saved)
        t.send("\x11")
        assert t.wait_end() == 0
        assert t.left_behind() == []
    assert "word0word1word2" in film.read_text(encoding="utf-8")


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
