"""What pages show and no test can run: their lines are calls that are understood, their scripts are scripts."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import click
import pytest

from storyboard.cli.group import cli
from tests.docs.blocks import PAGES, blocks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.blocks import Block

LEFT = [block for page in PAGES for block in blocks(page) if block.mark == "not run" or block.page.name == "farm.md"]
CALL = re.compile(r"""(?:^|(?<=[\s"]))storyboard ((?:"[^"]*"|[^\n#|>"`])+)""", re.MULTILINE)


def of(*languages: str) -> list[Block]:
    """The blocks in these languages."""
    return [block for block in LEFT if block.language in languages]


@pytest.mark.parametrize("block", LEFT, ids=lambda block: block.page.name)
def test_calls_are_understood(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, arguments and values of options, in whatever they stand."""
    monkeypatch.chdir(tmp_path)
    for call in CALL.findall(re.sub(r"#.*", "", block.text)):
        command: click.Command | None = cli
        context = click.Context(cli, **cli.context_settings)
        words = shlex.split(call)
        while isinstance(command, click.Group) and words:
            command = command.get_command(context, words.pop(0))
            context = click.Context(command, parent=context) if isinstance(command, click.Group) else context
        assert command is not None, call
        command.make_context(command.name, words, parent=context)


@pytest.mark.parametrize("block", of("sh"), ids=lambda block: block.page.name)
def test_shell_is_shell(block: Block) -> None:
    """bash reads it to its end."""
    subprocess.run(["/bin/bash", "-n"], input=block.text, text=True, check=True)


@pytest.mark.parametrize("block", of("make"), ids=lambda block: block.page.name)
def test_rules_of_make_name_their_command(block: Block, tmp_path: Path) -> None:
    """A film is asked for, and its storyboard is submitted."""
    (tmp_path / "film.storyboard.yaml").touch()
    command = ["make", "--dry-run", "--file", "-", "renders/film.mp4"]
    # The tests may be run by make themselves, which would make this one speak of where it is.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=tmp_path, env=env, input=block.text, capture_output=True, text=True, check=True)
    assert done.stdout == (
        "storyboard submit --max-cost 2 -o renders/film.mp4 -- film.storyboard.yaml\ntouch renders/film.mp4\n"
    )


def test_operators_are_python() -> None:
    """That of Airflow, which none of our environments has."""
    (block,) = [block for block in of("text") if block.page.name == "farm.md"]
    ast.parse(block.text)
