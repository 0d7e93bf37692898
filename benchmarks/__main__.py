"""`python -m benchmarks`: every figure that the README claims."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.boards import write_boards
from benchmarks.editing import editing_ratios
from benchmarks.jobs import job_lines
from benchmarks.pairs import compare
from benchmarks.peer import sdk_lines
from benchmarks.previews import preview_lines
from benchmarks.terminal import terminal_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.pairs import Line

_IMPORTS = "import click, yaml; from pydantic import BaseModel"
_LINT_RULES = "{extends: relaxed, rules: {line-length: disable}}"


def lines(folder: Path) -> Iterator[Line]:
    """Measures one after another."""
    here = Path(sys.executable).parent
    ours = str(here / "storyboard")
    one = str(write_boards(folder / "one", 1)[0])
    many = folder / "many"
    write_boards(many, 1000)
    bare = [sys.executable, "-c", "pass"]
    imports = [sys.executable, "-c", _IMPORTS]
    yield compare("--help / python -c pass", [ours, "--help"], bare, folder=folder, aim=5, runs=25)
    yield compare("check of one file / its imports", [ours, "check", one], imports, folder=folder, aim=1.35, runs=15)
    yield compare(
        "compile of one file / its imports", [ours, "compile", one], imports, folder=folder, aim=1.35, runs=15
    )
    lint = [str(here / "yamllint"), "-d", _LINT_RULES, str(many)]
    yield from editing_ratios(folder)
    yield from preview_lines(folder / "previews")
    yield from terminal_lines(folder / "terminal")
    yield compare("check of 1,000 files / yamllint", [ours, "check", str(many)], lint, folder=folder, aim=0.5, runs=3)
    yield from sdk_lines(folder / "sdk")
    yield from job_lines(folder / "jobs")


def main() -> None:
    """Prints each figure as soon as it is known."""
    with tempfile.TemporaryDirectory() as folder:
        for figure in lines(Path(folder)):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
