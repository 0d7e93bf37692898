"""The editor on a terminal of 120 × 40, beside bare Textual apps: time to the first picture, time and bytes of a key.

`python -m benchmarks.terminal` measures these alone; `--title TEXT COMMAND…` measures another program, which must show
that text at its start and take letters at once; `{file}` in its words becomes the board's path.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import bare_apps
from benchmarks.pairs import Amount, Skipped, ratio_of
from tests.tui.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.pairs import Line

TITLE = "Harbour before the storm"
STORYBOARD = str(Path(sys.executable).with_name("storyboard"))
_STARTS = 15
_KEYS = 30
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


def terminal_lines(folder: Path, command: Sequence[str] = (), title: str = TITLE) -> Iterator[Line]:
    """The three figures, one after another; `command` stands for `storyboard edit FILE`."""
    folder.mkdir()
    file = write_board(folder)
    if not command and not has_editor():
        yield Skipped("the editor on a terminal", "this storyboard has no command `edit`")
        return
    ours = [word.replace("{file}", str(file)) for word in command] or [STORYBOARD, "edit", str(file)]
    yield first_paint(ours, title, folder)
    yield from keys(ours, title, folder)


def has_editor() -> bool:
    """Whether the installed command can edit."""
    said = subprocess.run([STORYBOARD, "--help"], capture_output=True, text=True, check=False).stdout
    return any(line.split()[:1] == ["edit"] for line in said.splitlines())


def first_paint(ours: Sequence[str], title: str, folder: Path) -> Line:
    """From the start of the process to the picture that holds the title, beside one line of text."""
    floor = _bare("static", title)
    pairs = [(_paint(ours, title, folder), _paint(floor, title, folder)) for _ in range(_STARTS + 1)]
    return ratio_of("first paint / a bare Textual app", pairs[1:], aim=1.5)


def keys(ours: Sequence[str], title: str, folder: Path) -> Iterator[Line]:
    """A letter typed into each in turn, both programs staying open."""
    with _open(ours, folder) as editor, _open(_bare("area", "word " * 100), folder) as area:
        editor.wait_for(title)
        area.wait_for("word word")
        for terminal in (editor, area):
            _prove_that_it_types(terminal)
        pairs = [(_type(editor, letter), _type(area, letter)) for letter in _letters()]
    times = [(mine.seconds, other.seconds) for mine, other in pairs]
    yield ratio_of("key to last byte drawn / a bare TextArea", times, aim=1.5)
    yield Amount.of("bytes sent per key", [mine.bytes for mine, _ in pairs], aim=4000)


def _letters() -> str:
    return ("etaoinshrdlu" * _KEYS)[:_KEYS]


def _bare(kind: str, text: str) -> list[str]:
    return [sys.executable, bare_apps.__file__, kind, text]


def _open(command: Sequence[str], folder: Path) -> Emulator:
    return Emulator.start(command, 120, 40, {"STORYBOARD_STATE_DIR": str(folder / "state")}, cwd=folder)


def _paint(command: Sequence[str], text: str, folder: Path) -> float:
    with _open(command, folder) as terminal:
        return terminal.shown_at(text) - terminal.began


def _prove_that_it_types(terminal: Emulator) -> None:
    """Fails, with the screen, where letters do not appear; leaves the text as it was."""
    terminal.wait_quiet(0.5)
    terminal.send(_PROOF)
    terminal.wait_for(_PROOF)
    for _ in _PROOF:
        terminal.send(_BACKSPACE)
    terminal.wait_for(lambda rows: not any(_PROOF[0] in row for row in rows))
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
        for line in terminal_lines(Path(folder) / "terminal", options.command, options.title):
            print(line.line(), flush=True)


if __name__ == "__main__":
    main()
