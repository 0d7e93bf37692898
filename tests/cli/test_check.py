"""`storyboard check`: reports, exit codes, and which files it looks at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from storyboard.schemas import diagnostics_schema
from tests.agreed import assert_agreed
from tests.cli.desk import BOARD, CLEAN

if TYPE_CHECKING:
    from tests.cli.desk import Desk

WRONG = """\
titel: Lamp
duration: 9
shots:
  - seconds: 2
    prompt: Wide shot of a pier; a keeper walks along it.
  - seconds: 0
    prompt: Close-up of @lamp.
"""


def test_text_report_reads_as_agreed(desk: Desk) -> None:
    """A diagnostic is `FILE:LINE:COLUMN: CODE message` on standard output, a summary on standard error."""
    desk.write("film.storyboard.yaml", WRONG)
    said = desk.run("check", "film.storyboard.yaml")
    assert said.code == 1
    assert_agreed("cli/check.txt", said.out + "--- standard error\n" + said.err)


def test_json_report_reads_as_agreed(desk: Desk) -> None:
    """JSON is one array of diagnostics that fits its schema, for files with and without any."""
    desk.write("film.storyboard.yaml", WRONG)
    said = desk.run("check", "film.storyboard.yaml", "--format", "json")
    assert said.code == 1
    Draft202012Validator(diagnostics_schema()).validate(said.json)
    assert_agreed("cli/check.json", said.out)
    desk.write("film.storyboard.yaml", CLEAN)
    assert desk.run("check", "film.storyboard.yaml", "--format", "json").json == []


def test_clean_file_is_silent_on_standard_output(desk: Desk) -> None:
    """Exit code 0, no data, one line for people."""
    desk.write("film.storyboard.yaml", CLEAN)
    said = desk.run("check", "film.storyboard.yaml")
    assert (said.code, said.out, said.err) == (0, "", "1 storyboard: nothing wrong\n")


def test_missing_file_is_a_diagnostic(desk: Desk) -> None:
    """What cannot be read is SB001 with exit code 1, as every other error of a storyboard."""
    said = desk.run("check", "nowhere.yaml", "/dev/null")
    assert said.code == 1
    assert [line.split(" ")[1] for line in said.out.splitlines()] == ["SB001", "SB001"]


def test_warnings_count_only_when_strict(desk: Desk) -> None:
    """A warning is reported with exit code 0, and with 1 under --strict."""
    shot = "  - seconds: 2\n    prompt: " + "word " * 100 + "\n"
    desk.write("film.storyboard.yaml", "shots:\n" + shot * 6)
    assert "SB201" in desk.run("check").out
    assert desk.run("check").code == 0
    assert desk.run("check", "--strict").code == 1


def test_select_and_ignore_take_beginnings_of_codes(desk: Desk) -> None:
    """Codes that are left out do not show; errors count all the same, and the summary says so."""
    desk.write("film.storyboard.yaml", WRONG)
    picked = desk.run("check", "--select", "sb107")
    assert [line.split(" ")[1] for line in picked.out.splitlines()] == ["SB107"]
    assert "errors not shown" in picked.err
    for form in ("text", "json", "github", "sarif"):
        ignored = desk.run("check", "--ignore", "SB0,SB1", "--format", form)
        assert ignored.code == 1
        assert "SB1" not in ignored.out
        assert "nothing wrong" not in ignored.err
        assert "errors not shown" in ignored.err
        assert "an error counts whether it is shown or not" in ignored.err
    desk.write("other.storyboard.yaml", CLEAN)
    assert desk.run("check", "other.storyboard.yaml", "film.storyboard.yaml", "--select", "SB2").code == 1
    assert desk.run("check", "other.storyboard.yaml", "--select", "SB").code == 0


@pytest.mark.parametrize("codes", ["", "X1", "SB1055", "SB107 SB105", "107", "SB15", "SB999", "SB3", "SB107,SB19", "S"])
def test_codes_that_are_none_are_refused(desk: Desk, codes: str) -> None:
    """A slip in --select would otherwise pass every file."""
    assert desk.run("check", "--select", codes).code == 2


def test_folder_means_the_storyboards_below_it(desk: Desk) -> None:
    """Both endings at any depth; hidden folders, renders/ and other YAML are left out; each file once."""
    for name in ("b.storyboard.yaml", "a/c.STORYBOARD.yml", ".git/x.storyboard.yaml", "renders/x.storyboard.yaml"):
        desk.write(name, WRONG)
    desk.write("other.yaml", WRONG)
    os.symlink("b.storyboard.yaml", "link.storyboard.yaml")
    said = desk.run("check", "--select", "SB107", ".", "b.storyboard.yaml")
    assert [line.split(":")[0] for line in said.out.splitlines()] == ["b.storyboard.yaml", "a/c.STORYBOARD.yml"]


def test_named_file_is_taken_whatever_its_name(desk: Desk) -> None:
    """A name with no storyboard ending, and even one that looks like an option, is a file."""
    desk.write("-film", WRONG)
    assert desk.run("check", "--", "-film").code == 1


def test_folder_without_storyboards_is_said(desk: Desk) -> None:
    """Nothing to check here is no error, and no silence either; a folder that is named without any is a wrong path."""
    said = desk.run("check")
    assert (said.code, said.out, said.err) == (0, "", "no storyboards here: storyboard new NAME begins one\n")
    assert desk.run("check", "--format", "json").json == []
    os.mkdir("empty")
    desk.write("film.storyboard.yaml", CLEAN)
    for paths in (["empty"], [".", "empty"], ["empty", "film.storyboard.yaml"]):
        for words in (["check"], ["check", "--fix"], ["cost"], ["submit", "--dry-run"], ["sheet"]):
            said = desk.run(*words, *(paths if words != ["sheet"] else ["empty"]))
            assert (said.code, "Traceback" in said.err) == (2, False)
            assert "below empty: look at the path" in said.err


def test_what_git_ignores_is_not_checked(desk: Desk) -> None:
    """Drafts and installed packages are not what a folder means; what is named is taken."""
    os.mkdir(".git")
    desk.write(".gitignore", "drafts/\n")
    for name in ("drafts/a.storyboard.yaml", "node_modules/b.storyboard.yaml"):
        desk.write(name, WRONG)
    desk.write("film.storyboard.yaml", CLEAN)
    assert desk.run("check", ".").code == 0
    assert [one["file"] for one in desk.run("cost", ".", "--json").json["files"]] == ["film.storyboard.yaml"]
    assert desk.run("check", "drafts").code == desk.run("check", "drafts/a.storyboard.yaml").code == 1


def test_closed_folder_is_a_diagnostic(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed may hide storyboards: passing over it would call them right."""
    desk.write("open/film.storyboard.yaml", CLEAN)
    desk.write("closed/film.storyboard.yaml", CLEAN)
    list_folder = os.scandir

    def refuse(path: str = ".") -> Any:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse)
    said = desk.run("check")
    assert said.code == 1
    assert said.out.startswith("closed:1:1: SB001 ")


def test_loops_of_links_end(desk: Desk) -> None:
    """Links to folders are not followed; a link to itself is a file that cannot be read."""
    desk.write("a/film.storyboard.yaml")
    os.symlink("..", "a/up")
    os.symlink("self.storyboard.yaml", "self.storyboard.yaml")
    said = desk.run("check", "--select", "SB0,SB1")
    assert said.code == 1
    assert [line.split(":")[0] for line in said.out.splitlines()] == ["self.storyboard.yaml"]


def test_thousands_of_files(desk: Desk) -> None:
    """A folder's size is no matter."""
    for number in range(1000):
        desk.write(f"{number:03}.storyboard.yaml", "")
    said = desk.run("check")
    assert said.code == 1
    assert said.out.count("SB003") == 1000


def test_standard_input(desk: Desk) -> None:
    """`-` is standard input, and is called so in the report."""
    said = desk.process("check", "-", given=WRONG.encode())
    assert said.code == 1
    assert said.out.startswith("-:")
    assert desk.process("check", "-", given=BOARD.encode()).code == 0
