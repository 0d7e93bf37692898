"""`storyboard new`: what it writes is right, complete and pleasant, and nothing is ever overwritten."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from storyboard.checks import check_file
from tests.agreed import assert_agreed

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_starting_file_reads_as_agreed(desk: Desk) -> None:
    """The whole file, for a person to judge."""
    said = desk.run("new", "film")
    assert (said.code, said.out) == (0, "film.storyboard.yaml\n")
    assert_agreed("cli/new.yaml", (desk.folder / "film.storyboard.yaml").read_text(encoding="utf-8"))


def test_every_length_is_a_film_without_a_fault(desk: Desk) -> None:
    """Any --shots with any --duration that can hold them gives a film without a fault, if a short one."""
    for shots in range(1, 7):
        for duration in range(max(3, shots), 16):
            name = f"{shots}-{duration}.yaml"
            assert desk.run("new", name, "--shots", str(shots), "--duration", str(duration)).code == 0
            report = check_file(name)
            assert {one.code for one in report.diagnostics} <= {"SB217"}
            assert report.document is not None
            data = report.document.data
            assert (len(data["shots"]), data["duration"]) == (shots, duration)
            assert len({shot["prompt"] for shot in data["shots"]}) == shots


def test_without_a_duration_the_limits_hold(desk: Desk) -> None:
    """Three seconds a shot, as far as a film may be long or short."""
    for shots in range(1, 7):
        assert desk.run("new", f"{shots}.yaml", "--shots", str(shots)).code == 0
        assert check_file(f"{shots}.yaml").diagnostics == []


def test_schema_line_works_offline(desk: Desk) -> None:
    """It names a file of the project, by a relative path without the machine's folders, and the file fits it."""
    assert desk.run("new", "film").code == 0
    text = (desk.folder / "film.storyboard.yaml").read_text(encoding="utf-8")
    reference = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert not os.path.isabs(reference)
    assert "://" not in reference
    schema = json.loads((desk.folder / reference).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(yaml.safe_load(text))


def test_schema_of_the_project_is_found(desk: Desk) -> None:
    """Inside one git work tree one schema serves all: the next one up is named, and no other is written."""
    (desk.folder / ".git").mkdir()
    (desk.folder / "schemas").mkdir()
    (desk.folder / "schemas" / "storyboard.schema.json").write_text("{}")
    (desk.folder / "act" / "one").mkdir(parents=True)
    assert desk.run("new", "act/one/film").code == 0
    first = (desk.folder / "act/one/film.storyboard.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../schemas/storyboard.schema.json"
    assert os.listdir("act/one") == ["film.storyboard.yaml"]


def test_schema_outside_the_project_is_not_looked_at(desk: Desk) -> None:
    """Without a work tree the project is the file's folder: what lies above belongs to somebody else."""
    (desk.folder / "storyboard.schema.json").write_text("{}")
    (desk.folder / "act").mkdir()
    assert desk.run("new", "act/film").code == 0
    assert sorted(os.listdir("act")) == ["film.storyboard.yaml", "storyboard.schema.json"]


def test_what_cannot_be_made_whole_is_not_made(desk: Desk) -> None:
    """Where the schema's place is taken by something else, no storyboard is left behind that would refer to it."""
    (desk.folder / "storyboard.schema.json").symlink_to("nowhere")
    said = desk.run("new", "film")
    assert (said.code, "storyboard.schema.json is there already; nothing was written" in said.err) == (2, True)
    assert os.listdir() == ["storyboard.schema.json"]


def test_nothing_is_overwritten(desk: Desk) -> None:
    """Not a file, not a link that leads nowhere: exit code 2, and all bytes as they were."""
    desk.write("film.storyboard.yaml", "mine")
    os.symlink("nowhere", "link.storyboard.yaml")
    for name in ("film", "film.storyboard.yaml", "link"):
        assert desk.run("new", name).code == 2
    assert (desk.folder / "film.storyboard.yaml").read_text() == "mine"
    assert not os.path.exists("nowhere")
    assert not os.path.exists("storyboard.schema.json")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "act/", "act/line\nfeed", "line\nfeed", "esc\x1b[31m", "latin\udcff", "x" * 250]
)
def test_names_that_cannot_be_are_refused(desk: Desk, name: str) -> None:
    """Wrong usage, in words, and nothing is written."""
    said = desk.run("new", name)
    assert (said.code, said.out) == (2, "")
    assert "\x1b" not in said.err
    assert os.listdir() == []


@pytest.mark.parametrize("arguments", [("--shots", "7"), ("--shots", "0"), ("--duration", "16"), ("--duration", "2")])
def test_numbers_outside_the_limits_are_refused(desk: Desk, arguments: tuple[str, str]) -> None:
    """As are more shots than seconds."""
    assert desk.run("new", "film", *arguments).code == 2
    assert desk.run("new", "film", "--shots", "6", "--duration", "5").code == 2
    assert os.listdir() == []


def test_names_of_all_kinds_are_quoted_where_they_are_typed(desk: Desk) -> None:
    """The commands in the comments work when they are copied into a shell."""
    assert desk.run("new", "--", "-my film's").code == 0
    text = (desk.folder / "-my film's.storyboard.yaml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "storyboard check" in line)
    assert desk.shell(f'"$S"{line.removeprefix("#   storyboard").partition("   ")[0]}').code == 0
    assert yaml.safe_load(text)["title"] == "My film's"


def test_folder_that_cannot_be_written_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong usage, with the place and the cause."""

    real = os.open

    def refuse(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", refuse)
    said = desk.run("new", "film")
    assert (said.code, said.err) == (2, "storyboard: film.storyboard.yaml cannot be written: permission denied\n")
