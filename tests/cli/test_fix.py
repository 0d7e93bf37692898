"""`storyboard check --fix`: what it writes, and that it writes nothing else."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from storyboard import writing
from tests.agreed import assert_agreed
from tests.cli.desk import CLEAN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk

WRONG = """\
# A film by the sea; keep this line..
title: "Harbour.."   # working title; keep..
duration: 12
cast:
  keeper: {not: a text}
  maria: "Maria; red coat"   # from act 1
  nobody: unused; left alone
look: film grain; dawn
shots:
  - seconds: 4   # was 3; keep
    prompt: >-
      Wide shot; the boats leave the harbour, one after the other, in a long
      line towards the open sea while the gulls circle above and cry in the
      wind; @maria watches..
    note: call her; twice..
  - {seconds: 6, prompt: 'Medium shot; she waves'}
  - seconds: 3
    prompt: |
      Close-up..
      of her hand\N{GREEK QUESTION MARK} it closes..
""".replace("..", "  ")


def test_fixes_read_as_agreed(desk: Desk) -> None:
    """What can be fixed is, what cannot is reported, and every other line is as it was."""
    file = desk.write("film.storyboard.yaml", WRONG)
    said = desk.run("check", "--fix", "film.storyboard.yaml")
    text = file.read_text(encoding="utf-8").replace("  \n", "··\n")
    assert_agreed("cli/fix.txt", f"{text}--- standard output\n{said.out}--- standard error\n{said.err}")
    assert said.code == 1
    again = desk.run("check", "--fix", "film.storyboard.yaml")
    assert again.out == said.out
    assert "fixed" not in again.err


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", [0, 1])
def test_git_sees_the_lines_of_the_fixed_values_only(desk: Desk, newline: str, mark: str, end: int) -> None:
    """Whatever the line ends, with and without a byte order mark and a final newline."""
    text = (mark + WRONG[: len(WRONG) - end]).replace("\n", newline)
    file = desk.folder / "film.storyboard.yaml"
    file.write_bytes(text.encode())
    desk.run("check", "--fix")
    old, new = text.split(newline), file.read_bytes().decode().split(newline)
    changed = [index + 1 for index, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    assert changed == [2, 3, 6, 8, 12, 14, 16, 19, 20]


def test_selected_codes_only_are_fixed(desk: Desk) -> None:
    """--select and --ignore say what is fixed as they say what is reported."""
    file = desk.write("film.storyboard.yaml", WRONG)
    said = desk.run("check", "--fix", "--select", "SB102")
    assert (said.code, said.out) == (1, "")  # the semicolon is not shown, and still there
    assert file.read_text(encoding="utf-8") == WRONG.replace("duration: 12", "duration: 13")
    desk.run("check", "--fix", "--ignore", "SB107")
    assert "Wide shot;" in file.read_text(encoding="utf-8")
    assert "watches\n" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("board", "fixed"),
    [
        ("duration: 9\nshots: [{seconds: 4, prompt: x}]\n", "duration: 4\nshots: [{seconds: 4, prompt: x}]\n"),
        ("duration: 99\nshots: [{seconds: 4, prompt: x}]\n", "duration: 4\nshots: [{seconds: 4, prompt: x}]\n"),
        ("duration: 9\nshots: [{seconds: 16, prompt: x}]\n", None),
        ("duration: 9\nshots: [{seconds: 2, prompt: x}]\n", None),
        ("duration: nine\nshots: [{seconds: 4, prompt: x}]\n", None),
        ("duration: 9\nshots: [{seconds: x, prompt: x}]\n", None),
    ],
)
def test_a_promise_is_rewritten_only_where_the_shots_make_a_film(desk: Desk, board: str, fixed: str | None) -> None:
    """Where the sum is none that the model makes, nobody can tell what was meant."""
    file = desk.write("film.storyboard.yaml", board)
    desk.run("check", "--fix")
    assert file.read_text(encoding="utf-8") == (fixed or board)


def test_what_is_sent_stays_the_same_without_the_blanks(desk: Desk) -> None:
    """Trimming never makes another request: what was paid for is still found."""
    file = desk.write(
        "film.storyboard.yaml",
        "cast: {a: 'a hat '}\nlook: |\n  grain  \n  dawn  \nshots:\n"
        "- seconds: 3\n  prompt: >\n    Wide shot,  \n    @a.  \n    End   \n",
    )
    before = desk.run("compile", "film.storyboard.yaml").out
    assert desk.run("check", "--fix").code == 0
    assert desk.run("compile", "film.storyboard.yaml").out == before
    assert file.read_text(encoding="utf-8") == (
        "cast: {a: 'a hat '}\nlook: |\n  grain\n  dawn\nshots:\n"
        "- seconds: 3\n  prompt: >\n    Wide shot,\n    @a.\n    End\n"
    )


def test_what_stands_elsewhere_is_left_alone(desk: Desk) -> None:
    """A fix stays in its own value: merged texts and cast files are for a person to change."""
    desk.write("cast.yaml", "a: one; two\n")
    shots = "x-base: &base {prompt: 'a; b'}\nshots:\n  - <<: *base\n    seconds: 2\n  - {seconds: 3, prompt: '@a'}\n"
    file = desk.write("film.storyboard.yaml", "cast: cast.yaml\n" + shots)
    said = desk.run("check", "--fix")
    assert said.code == 1
    assert said.out.count("SB107") == 2
    assert "SB107 not fixed: the value stands elsewhere" in said.err
    assert file.read_text(encoding="utf-8") == "cast: cast.yaml\n" + shots
    assert (desk.folder / "cast.yaml").read_text(encoding="utf-8") == "a: one; two\n"


def test_a_file_without_faults_is_not_touched(desk: Desk) -> None:
    """Nothing to fix means nothing written."""
    file = desk.write("film.storyboard.yaml", CLEAN)
    before = file.stat()
    assert desk.run("check", "--fix").err == "1 storyboard: nothing wrong\n"
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_files_that_cannot_be_read_are_reported(desk: Desk) -> None:
    """Broken and missing files are SB001 with --fix as without it; standard input cannot be fixed."""
    desk.write("film.storyboard.yaml", "shots: [")
    said = desk.run("check", "--fix", "film.storyboard.yaml", "nowhere.yaml")
    assert said.code == 1
    assert said.out.count("SB001") == 2
    refused = desk.run("check", "--fix", "-")
    assert refused.code == 2
    assert "name a file" in refused.err


def test_a_file_that_cannot_be_written_is_said_and_the_others_are_fixed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 3: nothing is wrong with the storyboards that trying again would not solve."""
    desk.write("a.storyboard.yaml", WRONG)
    desk.write("b.storyboard.yaml", WRONG)
    replace = os.replace

    def full(source: str, target: str) -> None:
        if target.endswith("a.storyboard.yaml"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    said = desk.run("check", "--fix")
    assert said.code == 3
    assert "a.storyboard.yaml: not fixed, nothing was written: no space left on device" in said.err
    assert (desk.folder / "a.storyboard.yaml").read_text(encoding="utf-8") == WRONG
    assert "look: film grain, dawn" in (desk.folder / "b.storyboard.yaml").read_text(encoding="utf-8")
    assert {path.name for path in desk.folder.iterdir()} >= {"a.storyboard.yaml", "b.storyboard.yaml"}


def test_a_change_in_between_is_not_overwritten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program's version stays, whatever moment it comes at."""
    file = desk.write("film.storyboard.yaml", WRONG)
    keep_rights = writing._keep_rights

    def meanwhile(old: os.stat_result, temporary: str) -> None:
        file.write_text("theirs", encoding="utf-8")
        keep_rights(old, temporary)

    monkeypatch.setattr(writing, "_keep_rights", meanwhile)
    said = desk.run("check", "--fix")
    assert said.code == 3
    assert "another program changed it" in said.err
    assert file.read_text(encoding="utf-8") == "theirs"
    assert len(list(desk.folder.iterdir())) == 1


def test_json_reports_what_is_left_and_offers_fixes(desk: Desk) -> None:
    """Without --fix each diagnostic says whether it could be fixed; with it the array holds what stayed."""
    desk.write("film.storyboard.yaml", WRONG)
    offered = {(one["code"], one["fix"]["title"]) for one in desk.run("check", "--format", "json").json if one["fix"]}
    assert offered == {
        ("SB102", "write 13"),
        ("SB107", "write a comma"),
        ("SB202", "take white space off the ends of lines"),
    }
    left = desk.run("check", "--fix", "--format", "json").json
    assert [(one["code"], one["fix"]) for one in left] == [
        ("SB003", None),
        ("SB227", None),
        ("SB204", None),
        ("SB204", None),
    ]


def test_a_hostile_file_does_not_stall(desk: Desk) -> None:
    """Thousands of texts to fix end in time, and the file still says what it said."""
    cast = "".join(f"  n{number}: 'x ;'\n" for number in range(2000))
    names = " ".join(f"@n{number}" for number in range(2000))
    desk.write("film.storyboard.yaml", f"cast:\n{cast}shots:\n- {{seconds: 3, prompt: '{names}; '}}\n")
    said = desk.process("check", "--fix", "film.storyboard.yaml")
    assert said.code == 1
    assert said.err.count(" fixed: ") == 100


def test_a_killed_fix_leaves_one_whole_version(desk: Desk, tmp_path: Path) -> None:
    """Old or new, never a mixture, and no file that would be taken for a storyboard."""
    file = desk.write("film.storyboard.yaml", WRONG)
    fixed = desk.write("other/film.storyboard.yaml", WRONG)
    desk.run("check", "--fix", str(fixed))
    for wait in (0.05, 0.1, 0.15, 0.2):
        file.write_text(WRONG, encoding="utf-8")
        desk.shell(f'"$S" check --fix film.storyboard.yaml & sleep {wait}; kill -9 $! 2>/dev/null; wait')
        assert file.read_text(encoding="utf-8") in (WRONG, fixed.read_text(encoding="utf-8"))
        found = subprocess.run(["ls", str(desk.folder)], capture_output=True, text=True, check=True).stdout.split()
        assert found == ["film.storyboard.yaml", "other"]


def test_a_read_only_file_is_left_as_it_is(desk: Desk) -> None:
    """Locked on purpose: named with the next step, exit 3; the others are fixed, and nothing is unlocked."""
    wrong = CLEAN.replace(".", "; it closes.", 1)
    locked, other = desk.write("locked.storyboard.yaml", wrong), desk.write("other.storyboard.yaml", wrong)
    before = locked.read_bytes()
    locked.chmod(0o444)
    said = desk.run("check", "--fix", "locked.storyboard.yaml", "other.storyboard.yaml")
    assert said.code == 3
    assert "locked.storyboard.yaml: not fixed, nothing was written: it is read-only (mode 444)" in said.err
    assert "chmod u+w locked.storyboard.yaml" in said.err
    assert locked.read_bytes() == before
    assert locked.stat().st_mode & 0o777 == 0o444
    assert other.read_bytes() != before
