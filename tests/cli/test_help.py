"""Help and wrong usage: what a newcomer reads first."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from storyboard import __version__
from tests.agreed import assert_agreed

if TYPE_CHECKING:
    from tests.cli.desk import Desk

COMMANDS = (
    *("", "new", "check", "compile", "cost", "submit", "resume"),
    *("jobs", "jobs show", "jobs keep", "jobs reject", "jobs totals", "jobs forget", "jobs rebuild"),
    *("farm", "farm submit", "farm worker", "farm status", "farm wait", "farm budget"),
    *("animatic", "sheet", "sandbox", "import", "export", "diff", "merge", "rule"),
    *("schema", "completion", "doctor"),
)


def test_help_reads_as_agreed(desk: Desk) -> None:
    """Every command's help, within 80 columns."""
    pages = []
    for command in COMMANDS:
        said = desk.run(*command.split(), "--help")
        assert (said.code, said.err) == (0, "")
        pages.append(f"$ storyboard {command} --help".replace("  ", " ") + f"\n{said.out}")
    text = "\n".join(pages)
    assert max(map(len, text.splitlines())) <= 80
    assert_agreed("cli/help.txt", text)


@pytest.mark.parametrize("columns", ["abc", "-5", "0", "1", "20", "1000"])
def test_help_in_any_width(desk: Desk, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """COLUMNS may say anything."""
    monkeypatch.setenv("COLUMNS", columns)
    said = desk.run("--help")
    assert said.code == 0
    assert "Say everything" in said.out
    assert "\\n" not in desk.run("submit").err


def test_version(desk: Desk) -> None:
    """One line, for people and programs."""
    assert desk.run("--version").out == f"storyboard, version {__version__}\n"


def test_without_a_command(desk: Desk) -> None:
    """Help on standard error, once, and exit code 2."""
    said = desk.run()
    assert (said.code, said.out) == (2, "")
    assert said.err == desk.run("--help").out


def test_unknown_command(desk: Desk) -> None:
    """Exit code 2, and the nearest one that there is."""
    said = desk.run("sumbit", "film.yaml")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith("storyboard: There is no command 'sumbit'. Did you mean submit?\n")


@pytest.mark.parametrize("line", ["check --nonsense", "compile", "compile a b", "schema film", "jobs show", "new"])
def test_wrong_usage(desk: Desk, line: str) -> None:
    """Exit code 2, how it is used, and where to read on; no data."""
    said = desk.run(*line.split())
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Usage: storyboard ")
    assert "--help'." in said.err


def test_as_a_module(desk: Desk) -> None:
    """`python -m storyboard` is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "storyboard", "check", "nowhere.yaml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.startswith("nowhere.yaml:1:1: SB001 ")
