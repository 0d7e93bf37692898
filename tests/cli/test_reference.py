"""The reference: every command line in it runs, and it says every option that there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from storyboard.cli.group import _COMMANDS, cli
from tests.cli.desk import CLEAN

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "reference.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]


@pytest.mark.parametrize("line", LINES)
def test_every_command_line_runs(desk: Desk, line: str) -> None:
    """With the exit code that stands behind it, zero where none does; no traceback, no bug."""
    call, _, code = line.partition(" # ")
    desk.write("film.storyboard.yaml", CLEAN)
    desk.write("other.storyboard.yaml", CLEAN.replace("Gulls.", "Gulls cry."))
    desk.write("film.txt", "Shot 1 (3s): A fox trots.\nShot 2 (3s): It rests.\n")
    if any(mark in call for mark in "<>|"):
        said = desk.shell('storyboard() { "$S" "$@"; }; set -o pipefail; ' + call)
    else:
        said = desk.run(*shlex.split(call)[1:])
    assert said.code == int(code or 0), said.err
    assert "bug" not in said.err


def test_every_command_has_its_lines() -> None:
    """The editor aside, which needs a terminal."""
    called = {line.split()[1] for line in LINES}
    assert set(_COMMANDS) - called == {"edit"}


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_option_is_told(name: str) -> None:
    """Each command's sections name all its options, and no option that there is not."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    sections = re.split(r"^##+ ", PAGE, flags=re.MULTILINE)
    section = "".join(part for part in sections if re.match(rf"`storyboard {name}\b", part))
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    options = [one.opts for part in (command, *inner) for one in part.params if isinstance(one, click.Option)]
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section))
    assert [option for option in options if told.isdisjoint(option)] == []
    known = {way for option in options for way in option}
    assert {one for one in told if one.startswith("--")} - known == set()
