"""Names and texts from outside: shown, never obeyed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from storyboard.cli import say
from tests.cli.desk import BOARD
from tests.provider import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk
    from tests.provider import Provider

NAMES = (
    "esc\x1b]0;owned\x07\x1b[31m.storyboard.yaml",
    "line\nfeed\r.storyboard.yaml",
    "[red]bold[/red].storyboard.yaml",
    "-dash.storyboard.yaml",
    "turn\u202egnp.storyboard.yaml",
    "c1\x9b31m.storyboard.yaml",
    "\u2028.storyboard.yaml",
)


def calm(text: str) -> bool:
    """Whether a terminal would only show it, in the lines that we made."""
    return all(character == "\n" or say.printable(character) == character for character in text)


@pytest.mark.parametrize("name", NAMES)
def test_file_names_are_only_shown(desk: Desk, provider: Provider, name: str) -> None:
    """In reports, prices, progress, results and the ledger; the file is found and made into a video all the same."""
    desk.write(name, BOARD.replace("Static", "Static;"))
    for arguments in (("check",), ("check", "--format", "json"), ("cost", "."), ("compile", "."), ("submit", ".")):
        said = desk.run(*arguments)
        assert said.code == 1
        assert calm(said.out + said.err)
    assert len(desk.run("check", "--select", "SB107").out.splitlines()) == 2
    desk.write(name)
    for line in ("check", "cost .", "cost . --json", "submit . --yes", "submit . --json", "jobs", "jobs --json"):
        said = desk.run(*line.split())
        assert said.code == 0, said.err
        assert calm(said.out + said.err)
    assert desk.run("jobs", "--json").json[0]["file"] == name


def test_file_names_that_are_no_text(desk: Desk, provider: Provider) -> None:
    """Bytes that are not UTF-8 can be checked and compiled; the ledger cannot hold them, and that is said first."""
    raw = os.fsencode(desk.folder) + b"/latin\xe9.storyboard.yaml"
    with open(raw, "w", encoding="utf-8") as stream:
        stream.write(BOARD)
    for line in ("check", "cost .", "compile ."):
        assert desk.run(*line.split()).code == 0
    said = desk.run("submit", ".", "--yes")
    assert said.code == 2
    assert "not UTF-8" in said.err
    assert "\\udce9" in said.err
    assert provider.requests == []


def test_providers_words_are_only_shown(desk: Desk, provider: Provider) -> None:
    """An error's code and message come from somebody else's machine."""
    provider.add_outcomes(Outcome(code="content\x1b[2J[bold]", message="a\nb\x1b]0;t\x07 [link=x]y[/link]"))
    desk.write("film.yaml")
    said = [desk.run("submit", "film.yaml", "--yes", *more) for more in ((), ("--json",))] + [desk.run("jobs")]
    for one in said:
        assert calm(one.out + one.err)
    assert "[link=x]y[/link]" in said[0].err
    assert said[1].lines[0]["error"]["message"] == "a\nb\x1b]0;t\x07 [link=x]y[/link]"


def test_arguments_are_only_shown(desk: Desk) -> None:
    """Usage errors repeat what was typed, or what a script put there."""
    for arguments in (
        ("\x1b[31m",),
        ("check", "--\x1b[31m"),
        ("check", "--format", "\x1b[31m"),
        ("jobs", "show", "\x1b"),
    ):
        said = desk.run(*arguments)
        assert said.code == 2
        assert calm(said.err)


def test_joiners_that_scripts_need_stay() -> None:
    """Emoji and words of many languages are written with them; a path without them would be another."""
    for text in ("\U0001f469\u200d\U0001f692", "می\u200cخواهم", "é", "e\u0301", "日本"):
        assert say.printable(text) == text


def test_escapes_are_readable() -> None:
    """Each escape says which character stood there."""
    assert say.printable("\n\t\x1b\x9b\u202e\udce9\U000e0041") == "\\n\\t\\x1b\\x9b\\u202e\\udce9\\U000e0041"


def test_json_keeps_the_value(capsys: pytest.CaptureFixture[str]) -> None:
    """Escaped or not, a program reads what was meant."""
    import json

    value = {"\x1b": ["\u202e\U000e0041\n", "é\u200d"]}
    for indent in (None, 2):
        say.json_data(value, indent=indent)
        printed = capsys.readouterr().out
        assert calm(printed)
        assert json.loads(printed) == value


def test_no_path_is_data_in_two_lines(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """A line feed in a folder's name does not split a line of data."""
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--yes", "--out", "a\nb").out == "a\\nb/film-1.mp4\n"
