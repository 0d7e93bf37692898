"""Checking many files: beside linters, on all cores beside one, and how the cost of a file grows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks.boards import STORYBOARD, write_boards
from benchmarks.figures import Growth, Ratio, Skipped
from benchmarks.pairs import ratio_of, timed
from benchmarks.peers import PeerMissing, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.figures import Figure

_COUNTS = {1: 9, 10: 5, 100: 5, 1_000: 3, 10_000: 2}
"""Files, and how often they are checked by each."""
_SCHEMA = os.path.abspath("schemas/storyboard.schema.json")
# Options, and the most of their time that ours may take: yamllint looks at the layout, check-jsonschema at the shape.
_LINTERS: dict[str, tuple[Sequence[str], float]] = {
    "yamllint": (("-d", "{extends: relaxed, rules: {line-length: disable}}"), 0.5),
    "check-jsonschema": (("--schemafile", _SCHEMA), 1.0),
}
_OURS = "storyboard check"


def checking_lines(folder: Path) -> Iterator[Figure]:
    """Ratios at 1,000 and 10,000 files, then what a file costs from 1 to 10,000."""
    boards = {count: _files(folder / str(count), count) for count in _COUNTS}
    yield from _all_cores(folder, boards)
    commands = {_OURS: [STORYBOARD, "check"]}
    for name, (options, _) in _LINTERS.items():
        try:
            commands[name] = [program("linters", name), *options]
        except PeerMissing as missing:
            yield Skipped(f"check / {name}", str(missing))
    costs: dict[str, dict[int, float]] = {name: {} for name in commands}
    for count, runs in _COUNTS.items():
        seconds = _in_turn(commands, boards[count], folder, runs)
        for name, times in seconds.items():
            costs[name][count] = min(times) * 1000 / count
            if name != _OURS and count >= 1_000:
                pairs = list(zip(seconds[_OURS], times, strict=True))
                yield ratio_of(f"check of {count:,} files / {name}", pairs, _LINTERS[name][1])
    yield Growth("checking: the cost of a file", "ms", costs)


def _in_turn(commands: dict[str, list[str]], files: list[str], folder: Path, runs: int) -> dict[str, list[float]]:
    """Seconds of each command on the files, one after another, so many times."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seconds[name].append(timed([*command, *files], folder))
    return seconds


def _files(folder: Path, count: int) -> list[str]:
    """Names from the folder above, short enough that ten thousand of them fit on a command line."""
    return [os.path.join(folder.name, file.name) for file in write_boards(folder, count)]


def _all_cores(folder: Path, boards: dict[int, list[str]]) -> Iterator[Ratio | Skipped]:
    name = "check of 10,000 files: all cores / one core"
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) == 1:
        yield Skipped(name, "this machine has one core, or cannot keep a process on one")
        return
    command = [STORYBOARD, "check", *boards[10_000]]
    timed(command, folder)
    yield ratio_of(name, [(timed(command, folder), timed(command, folder, cores=1)) for _ in range(3)], 0.6)
