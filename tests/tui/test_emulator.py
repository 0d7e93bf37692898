"""The terminal that tests and measurements use, proven with a bare Textual app and with hostile output."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.tui.emulator import MODERN, Emulator
from tests.tui.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = """
from textual.app import App
from textual.widgets import Static, TextArea
class Bare(App):
    def compose(self):
        yield Static('Marker')
        yield TextArea('日本語, cafe\\u0301, \\U0001f468\\u200d\\U0001f469 family')
    def on_resize(self, event):
        self.query_one(Static).update(f'Marker {event.size.width} x {event.size.height}')
Bare().run()
"""
COMMAND = [sys.executable, "-c", APP]
HIDDEN = ["cursor (?25) off", "mouse buttons (?1000) on", "alternate screen (?1049) on", "termios differs"]


def bare(columns: int = 100, rows: int = 20, answers: Mapping[str, str] | None = None) -> Emulator:
    """A bare app that shows its size and an editor with the focus."""
    return Emulator.start(COMMAND, columns, rows, answers=answers)


def test_types_and_quits() -> None:
    """What is typed is shown; after ctrl+q the exit code is 0 and the terminal as it was."""
    with bare() as terminal:
        terminal.wait_for("Marker 100 x 20")
        assert set(HIDDEN) <= set(terminal.left_behind())
        terminal.send("Zephyr é ")
        terminal.wait_for("Zephyr é 日本語, café")
        terminal.send("\x11")
        assert terminal.wait_end() == 0
        assert terminal.left_behind() == []
        assert not any("Zephyr" in row for row in terminal.screen())


def test_main_screen_comes_back() -> None:
    """What stood on the terminal before a program took the whole screen stands there again."""
    words = 'echo before; "$0" -c "$1"; echo after $?'
    with Emulator.start(["/bin/sh", "-c", words, sys.executable, APP], 80, 10) as terminal:
        assert "before" not in terminal.wait_for("Marker")
        terminal.send("\x11")
        assert terminal.wait_end() == 0
        assert terminal.screen()[:2] == ["before", "after 0"]


@pytest.mark.parametrize("answers", [None, MODERN], ids=["plain", "modern"])
def test_resizes(answers: Mapping[str, str] | None) -> None:
    """The program hears of a new size, and the screen has it; by signal or in band, nobody hangs."""
    with bare(answers=answers) as terminal:
        terminal.wait_for("Marker 100 x 20")
        terminal.wait_quiet()
        if answers:
            terminal.wait_for(lambda _: "in-band resize (?2048) on" in terminal.left_behind())
        terminal.resize(60, 12)
        if answers:
            terminal.send("\x1b[48;12;60;0;0t")
        terminal.wait_for("Marker 60 x 12")
        assert len(terminal.screen()) == 12
        assert set(MODERN) <= set(terminal.queries)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_killed_app_leaves_traces(number: signal.Signals) -> None:
    """A bare app that is killed leaves its modes on, and this is seen."""
    with bare() as terminal:
        terminal.wait_for("Marker 100 x 20")
        terminal.wait_quiet()
        terminal.kill(number)
        assert terminal.wait_end() == -number
        left = terminal.left_behind()
        assert set(HIDDEN) <= set(left)
        assert {"bracketed paste (?2004) on", "kitty keys on the alternate screen", "line wrap (?7) off"} <= set(left)


def test_waits_are_bounded_and_show_the_screen() -> None:
    """A text that never comes fails in time, with the screen in the message; so does a program that ends early."""
    with bare() as terminal:
        terminal.wait_for("Marker 100 x 20")
        for wait in (terminal.wait_for, terminal.shown_at):
            with pytest.raises(AssertionError, match=r"'nothing' was not shown(.|\n)*running(.|\n)*│Marker 100 x 20"):
                wait("nothing", timeout=0.3)
        with pytest.raises(AssertionError, match=r"still running(.|\n)*│Marker"):
            terminal.wait_end(timeout=0.2)
        terminal.kill(signal.SIGKILL)
        with pytest.raises(AssertionError, match=r"ended before 'nothing' was shown \(exit code -9\)"):
            terminal.wait_for("nothing")


def test_endless_output_is_bounded() -> None:
    """A program that never stops writing does not hold up a test for ever."""
    with Emulator.start(["/bin/sh", "-c", "while :; do echo y; done"], 20, 5) as terminal:
        with pytest.raises(AssertionError, match="never quiet"):
            terminal.wait_quiet(timeout=0.2)
        terminal.kill(signal.SIGKILL)


def test_time_of_a_text() -> None:
    """A text is dated by the chunk that completed it, not by when it was looked for."""
    words = "printf one; sleep 0.1; printf two; sleep 0.1; printf three"
    with Emulator.start(["/bin/sh", "-c", words], 40, 5) as terminal:
        assert terminal.wait_end() == 0
        assert terminal.shown_at("onetwo") == next(chunk.at for chunk in terminal.chunks if b"two" in chunk.data)
        assert terminal.screen()[0] == "onetwothree"


def test_large_paste_while_the_program_is_busy() -> None:
    """More than a terminal's buffer holds goes in, even if the program answers every byte."""
    with Emulator.start(["/bin/sh", "-c", "stty raw -echo; printf ready; exec cat"], 80, 24) as terminal:
        terminal.wait_for("ready")
        terminal.send("x" * 200_000 + "end")
        terminal.wait_for("end")
        assert "termios differs" in terminal.left_behind()


@pytest.mark.parametrize(
    ("sent", "row"),
    [
        ("a\x1b[<1ub\x1b[>25uc\x1b[=1;2ud\x1b[?ue", "abcde"),
        ("a\x1b[?2026h\x1b[?2026$p\x1b[?2026lb", "ab"),
        ("a\x1bP+q544e\x1b\\b\x1b_Gi=1;AAAA\x1b\\c", "abc"),
        ("a\x1b]8;id=1;https://example.org\x1b\\b\x1b]8;;\x1b\\c\x1b]22;text\x07d\x1b]52;c;YQ==\ae", "abcde"),
        ("a\x1b[4:3mb\x1b[38:2::1:2:3mc\x1b[>4;2md\x1b[2 qe\x1b[!pf\x1b(Bg\x1b=h\x1b>i", "abcdefghi"),
        ("a\x1b[?6nb\x1b[6nc\x1b[>cd\x1b[?996ne", "abcde"),
        ("\u2764\ufe0f b\u200bc\u2060d", "\u2764 bcd"),
        ("日本\x1b[1;1Hx", "x 本"),
        ("abc\x1b[2G", "abc"),
    ],
)
def test_sequences_are_never_drawn(sent: str, row: str) -> None:
    """Sequences that pyte does not know leave no letter on the screen, wherever the stream is cut."""
    for size in (1, 3, 1000):
        picture = Picture(40, 3)
        data = sent.encode()
        for start in range(0, len(data), size):
            picture.feed(data[start : start + size])
        assert picture.rows() == [row, "", ""]


def test_each_mode_is_booked() -> None:
    """What is switched and not switched back is named; a full reset clears the book."""
    picture = Picture(40, 5)
    picture.feed(b"\x1b[?1049;25l\x1b[?1002;1006;4711h\x1b[>1u\x1b[?1049h\x1b[>1u\x1b[<u\x1b[?1049l\x1b[31m\x1b[2;3r")
    assert picture.left_behind() == [
        "cursor (?25) off",
        "mouse drags (?1002) on",
        "mouse in SGR (?1006) on",
        "mode (?4711) on",
        "kitty keys on the main screen",
        "scroll region",
        "colours",
    ]
    picture.feed(b"\x1b]22;text\x07")
    assert "mouse pointer 'text'" in picture.left_behind()
    picture.feed(b"\x1bc")
    assert picture.left_behind() == []
