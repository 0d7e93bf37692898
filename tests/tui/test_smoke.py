"""The editor on a real terminal, from the shell and back: a word typed and saved, a kill while somebody types."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import COMMAND
from tests.tui.emulator import MODERN, Emulator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEAD = """\
# A film about a ferry.   Keep the odd  spacing.

title:   "The last ferry"    # working title
duration: 15     # 3 + 2 + 2 + 3 + 2 + 3
cast:
    pilot: a ferry pilot in a grey coat   # played by nobody

shots:
  # One: the place.
  - seconds: 3   # not shorter
    prompt: >-
"""
PROMPT = """\
      Wide shot of a small ferry at a wooden pier at dusk, rain on the water,
      @pilot unties the rope. Static camera. Rain, a low engine.
"""
TAIL = """\

  # Two: hands.
  - {prompt: 'Close-up of wet hands on a brass wheel at dusk. Static camera. Rain.', seconds: 2}
  - seconds: 2
    prompt: |
      Medium shot of @pilot in the wheelhouse at dusk, lit by one green lamp.
      Slow push-in. Rain on glass.

  # Four. It's  the  turn.
  - prompt: "Wide shot of the ferry alone on black water at dusk, one light. Slow pan. Wind."
    seconds: 3
  - seconds: 2
    prompt: Close-up of the green lamp at dusk, it flickers. Static camera. A hum.
  - seconds: 3
    # the end; nothing after this
    prompt: Wide shot of the far pier at dusk, the ferry arrives. Static camera. Ropes creak.
"""
WORD, LAST = "Zephyr", "IsTheLast"
SAVE, QUIT, EXTERNAL = "\x13", "\x11", "\x1b[24~"


@pytest.fixture(scope="module", autouse=True)
def editor() -> None:
    """Nothing here can run before the command exists."""
    said = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, check=True).stdout
    if not any(line.split()[:1] == ["edit"] for line in said.splitlines()):
        pytest.skip("THE EDITOR IS NOT TESTED ON A TERMINAL: `storyboard --help` lists no `edit`")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A six-shot file with comments, odd spaces and every style of text."""
    file = tmp_path / "ferry.storyboard.yaml"
    file.write_text(HEAD + PROMPT + TAIL, encoding="utf-8")
    return file


def edit(board: Path, answers: Mapping[str, str] | None = None, visual: str = "") -> Emulator:
    """The editor at 120 × 40; it keeps its state beside the board."""
    env = {"STORYBOARD_STATE_DIR": str(board.parent / "state"), "VISUAL": visual}
    return Emulator.start([COMMAND, "edit", str(board)], 120, 40, env, cwd=board.parent, answers=answers)


def type_a_word(terminal: Emulator) -> None:
    """Into the prompt that has the focus after the start: the first."""
    terminal.wait_for("The last ferry")
    terminal.wait_quiet(0.3)
    terminal.send(WORD)
    terminal.wait_for(WORD)


def kept_text(board: Path) -> str:
    """All text in the recovery folder."""
    files = (board.parent / "state" / "recovery").glob("*.json")
    return "".join(json.loads(file.read_text(encoding="ascii"))["text"] for file in files)


def test_a_word_typed_and_saved(board: Path) -> None:
    """Only the lines of that prompt differ; the exit code is 0, the terminal as it was, nothing is left to recover."""
    before = board.read_bytes()
    with edit(board) as terminal:
        type_a_word(terminal)
        assert board.read_bytes() == before
        terminal.send(SAVE)
        terminal.wait_for(lambda _: board.read_bytes() != before)
        terminal.send(QUIT)
        assert terminal.wait_end() == 0
        assert terminal.left_behind() == []
    after = board.read_text(encoding="utf-8")
    assert after.startswith(HEAD)
    assert after.endswith(TAIL)
    prompt = after.removeprefix(HEAD).removesuffix(TAIL)
    assert prompt.count(WORD) == 1
    assert prompt.replace(WORD, "").split() == PROMPT.split()
    assert kept_text(board) == ""


@pytest.mark.parametrize("answers", [None, MODERN], ids=["plain", "modern"])
def test_quit_untouched(board: Path, answers: Mapping[str, str] | None) -> None:
    """Opening and quitting changes no byte and asks nothing, on terminals old and new."""
    before = board.read_bytes()
    with edit(board, answers) as terminal:
        terminal.wait_for("The last ferry")
        terminal.wait_quiet(0.3)
        terminal.send(QUIT)
        assert terminal.wait_end() == 0
        assert terminal.left_behind() == []
    assert board.read_bytes() == before


@pytest.mark.parametrize("answers", [None, MODERN], ids=["plain", "modern"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_killed_while_typing(board: Path, number: signal.Signals, answers: Mapping[str, str] | None) -> None:
    """The terminal is as it was, the file too, and the text up to the last key is in the recovery folder."""
    before = board.read_bytes()
    with edit(board, answers) as terminal:
        type_a_word(terminal)
        terminal.wait_quiet()
        terminal.send(LAST)
        terminal.wait_for(WORD + LAST)
        terminal.kill(number)
        assert terminal.wait_end() == 128 + number
        assert terminal.left_behind() == []
    assert board.read_bytes() == before
    assert WORD + LAST in kept_text(board)


def test_ctrl_c_in_another_editor_ends_that_editor_alone(board: Path, tmp_path: Path) -> None:
    """The board comes back with the prompt as it was."""
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho lent\nexec sleep 60\n", encoding="ascii")
    other.chmod(0o755)
    with edit(board, visual=str(other)) as terminal:
        type_a_word(terminal)
        terminal.send(EXTERNAL)
        terminal.wait_for("lent")
        terminal.send("\x03")
        terminal.wait_for("the prompt is as it was")
        assert not terminal.has_ended()
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_end() == 128 + signal.SIGTERM
        assert terminal.left_behind() == []
    assert WORD in kept_text(board)


@pytest.mark.parametrize(
    ("visual", "said"),
    [
        ("nosuch --x", "$VISUAL could not be used"),
        ('"unclosed', "$VISUAL could not be used"),
        ("/etc/hostname", "$VISUAL could not be used"),
        ("rm", "$VISUAL could not be used"),
        ("false", "the editor ended with 1"),
    ],
)
def test_another_editor_that_cannot_be_used_is_told(board: Path, visual: str, said: str) -> None:
    """The terminal is the board's again, and what is typed is the prompt's."""
    with edit(board, visual=visual) as terminal:
        type_a_word(terminal)
        terminal.send(EXTERNAL)
        terminal.wait_for(said)
        terminal.send(LAST)
        terminal.wait_for(WORD + LAST)
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_end() == 128 + signal.SIGTERM
        assert terminal.left_behind() == []
