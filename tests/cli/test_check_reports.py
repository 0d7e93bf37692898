"""Formats and settings of `check`, as other programs and people at a terminal meet them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import CLEAN
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk

WEAK = CLEAN.replace("Close-up of the lamp", "Then close-up of the lamp")


def test_a_terminal_shows_the_line_and_a_caret(desk: Desk) -> None:
    """Below each finding; a pipe gets one line each."""
    desk.write("film.storyboard.yaml", WEAK)
    with Terminal("check", "film.storyboard.yaml", columns=60) as terminal:
        assert terminal.end() == 0
        shown = terminal.shown.splitlines()
    place = next(number for number, line in enumerate(shown) if "SB203" in line)
    line, caret = shown[place + 1 : place + 3]
    assert line == "        prompt: Then close-up of the lamp on its hook at …"
    assert caret == " " * 16 + "^" + "~" * (len(line) - 17)
    assert len(desk.run("check", "film.storyboard.yaml").out.splitlines()) == 1


def test_github_reads_one_line_each(desk: Desk) -> None:
    """A stranger's file name cannot write a command of its own."""
    name = "a,b:c\n::error::x.storyboard.yaml"
    desk.write(name, CLEAN.replace("Gulls.", "Gulls; wind."))
    said = desk.run("check", "--format", "github")
    assert said.code == 1
    assert [line for line in said.out.splitlines() if not line.startswith("::error file=a%2Cb%3Ac%0A%3A%3Aerror")] == []


def test_sarif_names_files_as_uris(desk: Desk) -> None:
    """Spaces and other scripts included; one log for all files."""
    desk.write("act 1/ü.storyboard.yaml", WEAK)
    desk.write("b.storyboard.yaml", WEAK)
    (run,) = desk.run("check", "--format", "sarif").json["runs"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert places == ["b.storyboard.yaml", "act%201/%C3%BC.storyboard.yaml"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["SB203"]


def test_a_project_says_what_it_wants(desk: Desk) -> None:
    """In its pyproject.toml; an option takes the place of the key of its name."""
    desk.write("film.storyboard.yaml", WEAK)
    desk.write("pyproject.toml", "[tool.storyboard]\nstrict = true\n")
    assert desk.run("check").code == 1
    desk.write("pyproject.toml", '[tool.storyboard]\nignore = ["SB203"]\nstrict = true\n')
    said = desk.run("check")
    assert (said.code, said.out, said.err) == (0, "", "1 storyboard: 1 warning not shown\n")
    assert "SB203" in desk.run("check", "--ignore", "SB204").out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('strict = true\nignore = ["SB203", "sb1"]\n', ".storyboard.toml:2: errors cannot be ignored, and SB1"),
        ('ignore = ["SB"]\n', ".storyboard.toml:1: errors cannot be ignored"),
        ('ignore = ["SB001"]\n', ".storyboard.toml:1: errors cannot be ignored"),
        ('select = [\n  "SB203",\n  "SB15",\n]\n', ".storyboard.toml:3: no code begins with 'SB15'"),
        ('ignore = ["SB299"]\n', ".storyboard.toml:1: no code begins with 'SB299'"),
    ],
)
def test_settings_switch_no_error_off(desk: Desk, text: str, words: str) -> None:
    """Nor do they name codes that there are not: wrong usage, with the line and what to do."""
    desk.write("film.storyboard.yaml", WEAK)
    desk.write(".storyboard.toml", text)
    said = desk.run("check")
    assert said.code == 2
    assert words in said.err


def test_a_selection_of_a_project_leaves_errors_in(desk: Desk) -> None:
    """It is about advice."""
    desk.write("film.storyboard.yaml", WEAK.replace("seconds: 3", "seconds: 99"))
    desk.write(".storyboard.toml", 'select = ["SB204"]\n')
    said = desk.run("check")
    assert said.code == 1
    assert "SB101" in said.out
    assert "SB203" not in said.out


@pytest.mark.parametrize("board", [WEAK, CLEAN, "shots: 1\n"])
@pytest.mark.parametrize("text", ["ignore = 1\n", "[x\n", "nonsense = true\n", 'ignore = ["SB1"]\n'])
def test_settings_that_cannot_be_used_are_wrong_usage(desk: Desk, text: str, board: str) -> None:
    """Exit code 2 and the file's name, whether anything is found or not; nothing is fixed before."""
    file = desk.write("film.storyboard.yaml", board.replace("\n", "  \n"))
    before = file.read_bytes()
    desk.write(".storyboard.toml", text)
    for arguments in ((), ("film.storyboard.yaml",), ("--fix",)):
        said = desk.run("check", *arguments)
        assert (said.code, said.out) == (2, "")
        assert ".storyboard.toml:" in said.err
    assert file.read_bytes() == before


def test_rules_explain_themselves(desk: Desk) -> None:
    """In any letter case; a code that there is not is wrong usage, with the nearest one."""
    said = desk.run("rule", "sb203")
    assert said.code == 0
    assert re.search(r"^SB203  warning: a shot refers back", said.out)
    assert "Source: " in said.out
    wrong = desk.run("rule", "SB999")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there is no code 'SB999'" in wrong.err
    listed = desk.run("rule").out.splitlines()
    assert [line[:5] for line in listed] == [one["code"] for one in desk.run("rule", "--json").json]
