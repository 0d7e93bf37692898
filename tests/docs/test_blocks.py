"""What the pages show is what happens: commands run, JSON fits its schema, storyboards are without a fault."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from jsonschema import Draft202012Validator

from storyboard import schemas
from storyboard.checks import check_bytes
from storyboard.checks.settings import settings_for
from storyboard.cli.group import cli
from storyboard.document import Document
from storyboard.sandbox.fault_file import read_plan
from storyboard.tui.preferences import Preferences
from tests.docs.blocks import HELD_ELSEWHERE, PAGES, ROOT, Block, Command, blocks

ALL = [block for page in PAGES for block in blocks(page)]
SHELL = ("sh", "console")
MENTION = re.compile(r"(?:`|^\$ |^)storyboard ([a-z]+(?: [^`|\n#&>]*)?)", re.MULTILINE)


def of(*languages: str) -> list[Block]:
    """The blocks in these languages that are ours to try and not said to be untested."""
    held = set() if languages == ("json",) else set(HELD_ELSEWHERE)
    return [one for one in ALL if one.language in languages and one.mark != "not run" and one.page.name not in held]


def name_of(value: object) -> str:
    """How a case is called."""
    return value.name if isinstance(value, Path) else f"{value.page.name}" if isinstance(value, Block) else str(value)


class Scratch:
    """A folder to follow a page in: no key, no account, a ledger of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        ours = ("RUNWARE", "STORYBOARD", "GIT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self._env = kept | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "STORYBOARD_STATE_DIR": str(folder / "state"),
            "STORYBOARD_POLL_INTERVAL": "0.3",
        }

    def run(self, command: Command) -> None:
        """Runs a line; its exit code and everything that the page shows of it have to be so, `…` being anything."""
        done = subprocess.run(
            ["/bin/bash", "-o", "pipefail", "-c", command.line],
            cwd=self.folder,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == command.code, f"$ {command.line}\n{done.stdout}"
        wanted = ".*".join("^" + re.escape(line.strip()).replace("…", ".*") + "$" for line in command.shown)
        said = "\n".join(line.strip() for line in done.stdout.splitlines())
        assert re.search(wanted, said, re.MULTILINE | re.DOTALL), f"$ {command.line}\n{done.stdout}"


FOLLOWED = [page for page in PAGES if any(block.page == page for block in of(*SHELL))]


@pytest.mark.parametrize("page", FOLLOWED, ids=name_of)
def test_commands_of_a_page_run_in_order(page: Path, tmp_path: Path) -> None:
    """To the letter. The tutorial begins in an empty folder, others in a repository with a film and the samples."""
    scratch = Scratch(tmp_path)
    if page.name != "tutorial.md":
        shutil.copytree(ROOT / "samples", scratch.folder / "samples")
        scratch.run(Command("git init --quiet && storyboard new film --shots 1 --duration 3", 0, []))
    for block in blocks(page):
        if block.mark == "file":
            (scratch.folder / block.about).write_text(block.text, encoding="utf-8")
        if block.mark == "before":
            scratch.run(Command(block.about, 0, []))
        if block.language in SHELL and block.mark != "not run":
            for command in block.commands:
                scratch.run(command)


@pytest.mark.parametrize("block", of("json"), ids=name_of)
def test_json_fits_its_schema(block: Block) -> None:
    """Each block says which; without a mark it is a job."""
    made = {"diagnostics": schemas.diagnostics_schema, "job": schemas.job_schema}[block.about or "job"]()
    Draft202012Validator(made).validate(json.loads(block.text))


@pytest.mark.parametrize("block", of("yaml"), ids=name_of)
def test_yaml_is_what_it_looks_like(block: Block) -> None:
    """A storyboard without errors, or a plan of faults; what is neither can at least be read."""
    data = Document.parse(block.text.encode()).data
    if "faults" in data:
        assert read_plan(data).faults
    elif "shots" in data and block.mark != "file":  # those are what the page's commands find
        found = check_bytes(block.text.encode(), "film.storyboard.yaml", ".").diagnostics
        assert [one for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("block", [one for one in ALL if one.language == "toml"], ids=name_of)
def test_settings_are_obeyed(block: Block, tmp_path: Path) -> None:
    """Every line of them: the editor's preferences, and what a project leaves out of its checks."""
    written = tomllib.loads(block.text)
    if block.page.name == "editor.md":
        found = Preferences()
        found.take(written)
        assert found.faults == []
    else:
        (tmp_path / ".storyboard.toml").write_text(block.text, encoding="utf-8")
        read = settings_for(str(tmp_path))._asdict()
        assert {
            key: list(read[key]) if isinstance(value, list) else read[key] for key, value in written.items()
        } == written


def test_what_is_not_run_says_why() -> None:
    """And nothing is left out in any other way: a block in another language, or in none, would go untested."""
    for page in PAGES:
        fences = re.findall(r"^\s*(?:```|~~~)(?!\{toctree\}).*\S?$", page.read_text(encoding="utf-8"), re.MULTILINE)
        contents = page.read_text(encoding="utf-8").count("```{toctree}")
        assert len(fences) - contents == 2 * len(blocks(page)), page.name
    assert [block.text for block in ALL if block.mark == "not run" and len(block.about) < 10] == []
    ours = [block for block in ALL if block.page.name not in HELD_ELSEWHERE]
    assert {block.language for block in ours} <= {*SHELL, "json", "yaml", "toml", "python", "text"}
    assert {block.mark for block in ours if block.language == "text"} <= {"not run"}
    assert {block.mark for block in ALL} <= {"", "not run", "file", "before", "schema"}
    held = {block.page.name for block in ALL if block not in ours and block.language in {*SHELL, "yaml"}}
    assert [name for name in held if not (ROOT / HELD_ELSEWHERE[name]).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_mentioned_commands_exist(page: Path) -> None:
    """In a table, in a sentence, in a block: every command and every option of it is one."""
    unknown = []
    context = click.Context(cli)
    for match in MENTION.finditer(page.read_text(encoding="utf-8")):
        words = match[1].split()
        command = cli.get_command(context, words[0])
        if command is None:
            unknown.append(match[0])
            continue
        while isinstance(command, click.Group) and len(words) > 1 and command.get_command(context, words[1]):
            command, words = command.get_command(context, words[1]), words[1:]
        options = {"--help", *(option for one in (command.params if command else ()) for option in one.opts)}
        unknown += [
            f"{words[0]} {word}" for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", match[1]) if word not in options
        ]
    assert unknown == []
