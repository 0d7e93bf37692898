"""No line of a log is an order to a build service, whoever wrote the words in it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from storyboard.cli import say
from storyboard.disk import reported
from tests.cli.desk import BOARD

if TYPE_CHECKING:
    from tests.cli.desk import Desk

NAMES = (
    "::error file=a,line=1::owned.storyboard.yaml",
    " ::add-mask::a.storyboard.yaml",
    "##[error]a.storyboard.yaml",
    "##vso[task.setvariable variable=a]b.storyboard.yaml",
    "a##[add-path]b.storyboard.yaml",
    "a\n::error::b.storyboard.yaml",
    "a\r::error::b.storyboard.yaml",
)


def orders(text: str) -> list[str]:
    """The lines that GitHub's runner or Azure's agent would obey."""
    lines = re.split(r"[\r\n]", text)
    return [line for line in lines if line.lstrip().startswith("::") or re.search(r"##(?:\[|vso\[)", line)]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_no_orders(desk: Desk, name: str) -> None:
    """In reports, prices, fixes, differences and what imports and exports say."""
    desk.write(name, BOARD.replace("Static", "Static;"))
    desk.write("old.yaml")
    for line in ("check", "check --format json", "cost .", "compile .", "submit . --dry-run", "check --fix", "cost ."):
        said = desk.run(*line.split())
        assert orders(said.out + said.err) == []
    for arguments in (("diff", "old.yaml", f"./{name}"), ("sheet", name, "-o", f"{name}.png"), ("check", "--", name)):
        said = desk.run(*arguments)
        assert orders(said.out + said.err) == []


def test_texts_are_no_orders(desk: Desk) -> None:
    """Keys, names and prompts at the beginning of a line, and in the middle."""
    desk.write("old.yaml", BOARD)
    desk.write("new.yaml", '"::error::k": 1\n' + BOARD.replace("Static", "##[error]x ##vso[a]b ; Static"))
    for line in ("check new.yaml", "diff old.yaml new.yaml", "check new.yaml --format json"):
        said = desk.run(*line.split())
        assert said.out
        assert orders(said.out + said.err) == []


def test_marks_within_a_line_are_escaped(desk: Desk) -> None:
    """Whatever case they are in; and the command goes on."""
    assert say.unordered("a ##[error]b ##VSO[c] # #[ ##") == "a #\\x23[error]b #\\x23VSO[c] # #[ ##"
    desk.write("a##[group]b.storyboard.yaml", BOARD)
    said = desk.run("cost", "a##[group]b.storyboard.yaml")
    assert (said.code, "a#\\x23[group]b" in said.out) == (0, True)


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """What would be an order is written as escapes, which a reader of JSON takes for what was meant."""
    value = {"##[a]": ["##vso[b]", "::c", "# #[ ##"]}
    say.json_data(value, indent=2)
    printed = capsys.readouterr().out
    assert orders(printed) == []
    assert json.loads(printed) == value


def test_annotations_are_orders(desk: Desk) -> None:
    """GitHub's own format is meant to be read by its runner: one order a finding, whatever the name."""
    desk.write(NAMES[0], BOARD.replace("Static", "Static;"))
    lines = desk.run("check", "--format", "github", "--select", "SB107").out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=%3A%3Aerror file=a%2Cline=1%3A%3Aowned")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("film.yaml", "film.yaml"),
        ("./film.yaml", "./film.yaml"),
        ("../film.yaml", "../film.yaml"),
        ("/film.yaml", "/film.yaml"),
        ("\u6620\u753b.yaml", "\u6620\u753b.yaml"),
        ("\U0001f3ac.yaml", "\U0001f3ac.yaml"),
        ("-", "-"),
        ("-x.yaml", "./-x.yaml"),
        ("::error::.yaml", "./::error::.yaml"),
        (" ::error::.yaml", "./ ::error::.yaml"),
        ("##[error].yaml", "./##[error].yaml"),
        ("~a.yaml", "./~a.yaml"),
        ("\u2028::a.yaml", "./\u2028::a.yaml"),
    ],
)
def test_paths_that_could_be_orders_begin_with_their_folder(name: str, shown: str) -> None:
    """Others are shown as they were named."""
    assert reported(name) == shown
