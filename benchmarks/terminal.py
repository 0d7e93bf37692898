"""The editor on a terminal of 120 × 40, beside bare Textual apps: time to the first picture, time and bytes of a key.

`python -m benchmarks.terminal` measures these alone; `--title TEXT COMMAND…` measures another program, which must show
that text at its start and take letters at once; `{file}` in its words becomes the board's path.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import bare_apps
from benchmarks.boards import STORYBOARD
from benchmarks.figures import Amount, Skipped
from benchmarks.pairs import ratio_of
from benchmarks.peers import PeerMissing, program
from tests.tui.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.figures import Figure

TITLE = "Harbour before the storm"
_STARTS = 15
_KEYS = 60
_QUIET = 0.15
"""Seconds without output after which the last byte of a key's drawing has come; a figure drawn late counts too."""
_PROOF = "qjz"
_BACKSPACE = "\x7f"
_SHOT = (
    "Wide shot {number} of a stone harbour at dawn, mist over still water, @keeper walks along the pier with a brass "
    "lamp in one hand, the boards are wet and the ropes creak. Behind the boats the sky turns from slate to a thin "
    "line of amber, gulls cross it without a sound. Slow push in towards the light, the frame settles on the lamp as "
    "its flame leans in the wind. [Ambient: water against wood, a bell buoy far out]"
)
_SECONDS = (3, 2, 2, 3, 2, 3)


@dataclass(frozen=True, slots=True)
class Key:
    """What one typed letter came to."""

    seconds: float
    """From the byte written to the last byte drawn."""
    bytes: int


def write_board(folder: Path) -> Path:
    """A full board: six shots whose prompts leave room for the letters that are typed, 15 seconds, a cast."""
    shots = "".join(
        f"  # Shot {number}\n  - seconds: {seconds}\n    prompt: >-\n      {_SHOT.format(number=number)}\n"
        for number, seconds in enumerate(_SECONDS, start=1)
    )
    head = f"title: {TITLE}\nduration: 15\ncast:\n  keeper: an old keeper in a yellow oilskin\n"
    file = folder / "harbour.storyboard.yaml"
    file.write_text(f"{head}look: soft dawn light, fine film grain\nshots:\n{shots}", encoding="utf-8")
    return file


@dataclass(frozen=True, slots=True)
class Program:
    """A program on a terminal, with a text that its first picture shows."""

    command: Sequence[str]
    shows: str
    folder: Path
    """Where it runs and keeps what it keeps."""

    def open(self) -> Emulator:
        """Starts it on a terminal of 120 × 40."""
        state = {"STORYBOARD_STATE_DIR": str(self.folder / "state")}
        return Emulator.start(self.command, 120, 40, state | self._own(), cwd=self.folder)

    def paint(self) -> float:
        """Seconds from the start of the process to the picture."""
        with self.open() as terminal:
            return terminal.shown_at(self.shows) - terminal.began

    def _own(self) -> dict[str, str]:
        """A home of its own, and a cursor that draws nothing while keys are measured."""
        home = {name: str(self.folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        return {**home, "POSTING_TEXT_INPUT__BLINKING_CURSOR": "false"}


def terminal_lines(folder: Path, command: Sequence[str] = (), title: str = TITLE) -> Iterator[Figure]:
    """Beside bare Textual, then beside posting; `command` stands for `storyboard edit FILE`."""
    file = write_board(folder)
    words = [word.replace("{file}", str(file)) for word in command] or [STORYBOARD, "edit", str(file)]
    ours = Program(words, title, folder)
    yield first_paint("first paint / a bare Textual app", ours, _bare("static", title, folder), aim=1.5)
    name = "key to last byte drawn / a bare TextArea"
    yield from keys(name, ours, _bare("area", "word " * 100, folder), aim=1.5, counted=True)
    try:
        posting = Program([program("posting", "posting")], "Send", folder)
    except PeerMissing as missing:
        yield Skipped("the editor / posting", str(missing))
        return
    yield first_paint("first paint / posting", ours, posting, aim=1)
    yield from keys("key to last byte drawn / posting's URL bar", ours, posting, aim=1)


def first_paint(name: str, ours: Program, floor: Program, aim: float) -> Figure:
    """From the start of the process to the picture that holds its text."""
    return ratio_of(name, [(ours.paint(), floor.paint()) for _ in range(_STARTS + 1)][1:], aim)


def keys(name: str, ours: Program, floor: Program, aim: float, *, counted: bool = False) -> Iterator[Figure]:
    """A letter typed into each in turn, both programs staying open; the bytes of ours where they are counted."""
    with ours.open() as editor, floor.open() as area:
        for terminal, program_ in ((editor, ours), (area, floor)):
            terminal.wait_for(program_.shows)
            _prove_that_it_types(terminal)
        pairs = [(_type(editor, letter), _type(area, letter)) for letter in _letters()]
    yield ratio_of(name, [(mine.seconds, other.seconds) for mine, other in pairs], aim)
    if counted:
        yield Amount.of("bytes sent per key", [mine.bytes for mine, _ in pairs], aim=4000)


def _letters() -> str:
    return ("etaoinshrdlu" * _KEYS)[:_KEYS]


def _bare(kind: str, text: str, folder: Path) -> Program:
    return Program([sys.executable, bare_apps.__file__, kind, text], text[:9], folder)


def _prove_that_it_types(terminal: Emulator) -> None:
    """Fails, with the screen, where letters do not appear; leaves the text as it was."""
    terminal.wait_quiet(0.5)
    terminal.send(_PROOF)
    terminal.wait_for(_PROOF)
    for _ in _PROOF:
        terminal.send(_BACKSPACE)
    terminal.wait_for(lambda rows: not any(_PROOF[:2] in row for row in rows))
    terminal.wait_quiet(0.5)


def _type(terminal: Emulator, letter: str) -> Key:
    """One letter, measured, and taken back, not measured: the text is as long for each."""
    begin = terminal.send(letter)
    drawn = terminal.wait_burst(_QUIET)
    terminal.send(_BACKSPACE)
    terminal.wait_burst(_QUIET)
    return Key(drawn[-1].at - begin, sum(len(chunk.data) for chunk in drawn))


def main() -> None:
    """Prints the lines of this room alone."""
    parser = argparse.ArgumentParser(prog="benchmarks.terminal")
    parser.add_argument("--title", default=TITLE)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for line in terminal_lines(Path(folder), options.command, options.title):
            print(line.line(), flush=True)


if __name__ == "__main__":
    main()
