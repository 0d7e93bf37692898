"""Cold starts: a whole process each time, beside bare Python, beside imports alone, and beside other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.boards import STORYBOARD, write_boards
from benchmarks.figures import Skipped
from benchmarks.pairs import compare
from benchmarks.peers import PeerMissing, environment, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.figures import Figure

_RUNS = 25
_LOADED = "import click, yaml"
_WITH_MODELS = "import click, yaml; from pydantic import BaseModel"


def starting_lines(folder: Path) -> Iterator[Figure]:
    """Help, check and compile of one file."""
    one = str(write_boards(folder / "one", 1)[0])
    bare, helping = [sys.executable, "-c", "pass"], [STORYBOARD, "--help"]
    checking, compiling = [STORYBOARD, "check", one], [STORYBOARD, "compile", one]
    yield compare("--help / python -c pass", helping, bare, folder=folder, aim=4.5, runs=_RUNS)
    for names, imports, aim in (("click, yaml, pydantic", _WITH_MODELS, 1.15), ("click, yaml", _LOADED, None)):
        floor = [sys.executable, "-c", imports]
        yield compare(f"check of one file / import {names}", checking, floor, folder=folder, aim=aim, runs=_RUNS)
    floor = [sys.executable, "-c", _WITH_MODELS]
    yield compare(
        "compile of one file / import click, yaml, pydantic", compiling, floor, folder=folder, aim=1.15, runs=_RUNS
    )
    peers: dict[str, tuple[list[str], Callable[[], list[str]]]] = {
        "--help / posting --help": (helping, lambda: [program("posting", "posting"), "--help"]),
        "--help / hsql --help": (helping, lambda: [program("harlequin", "hsql"), "--help"]),
        "check of one file / hsql, one statement": (
            checking,
            lambda: [program("harlequin", "hsql"), "-a", "sqlite", "-c", "select 1"],
        ),
        "check of one file / import of the official SDK": (
            checking,
            lambda: [str(environment("sdk") / "python"), "-c", "import runware"],
        ),
    }
    for name, (ours, theirs) in peers.items():
        try:
            yield compare(name, ours, theirs(), folder=folder, aim=1, runs=7)
        except PeerMissing as missing:
            yield Skipped(name, str(missing))
