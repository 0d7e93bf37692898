"""`storyboard import` and `export`: files, streams, exit codes, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import CLEAN

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def test_a_film_comes_in_and_goes_out(desk: Desk) -> None:
    """Data on standard output, words on standard error; the file checks and compiles to what came in."""
    desk.write("film.txt", "Shot 1 (2s): A fox; snow.\nShot 2 (2s): It rests.\n")
    said = desk.run("import", "film.txt", "-o", "film.storyboard.yaml")
    assert (said.code, said.out) == (0, "film.storyboard.yaml\n")
    assert said.err.splitlines() == [
        "film.txt: 2 shots read as shots with labels",
        "  shot 1: 1 semicolon became a comma: it would end the shot",
    ]
    assert desk.run("compile", "film.storyboard.yaml").out == "shot 1, 2, A fox, snow.; shot 2, 2, It rests.;\n"
    assert desk.run("export", "film.storyboard.yaml", "--to", "shots").out.startswith("Shot 1 (2s): A fox, snow.\n")


def test_through_pipes(desk: Desk) -> None:
    """Export to import to check, without a file."""
    desk.write("film.storyboard.yaml", CLEAN)
    line = '"$S" export film.storyboard.yaml --to kling 2>/dev/null | "$S" import 2>/dev/null | "$S" check -'
    said = desk.shell(line)
    assert (said.code, said.err) == (0, "1 storyboard: nothing wrong\n")


def test_a_film_without_a_title_goes_out_under_its_files_name(desk: Desk) -> None:
    """Dots in it included; what came through a pipe has no name to lose."""
    untitled = CLEAN.removeprefix("title: Lamp\n")
    desk.write("act.1.storyboard.yaml", untitled)
    assert desk.run("export", "act.1.storyboard.yaml", "--to", "edl").out.startswith("TITLE: act.1\n")
    said = desk.shell('"$S" export - --to edl < act.1.storyboard.yaml')
    assert said.out.startswith("TITLE: storyboard\n")


def test_a_file_that_is_there_stays(desk: Desk) -> None:
    """Nothing is overwritten, and nothing half written."""
    file = desk.write("film.storyboard.yaml", CLEAN)
    desk.write("film.txt", "shot 1, 3, A fox;")
    assert desk.run("import", "film.txt", "-o", "film.storyboard.yaml").code == 2
    assert file.read_text() == CLEAN
    said = desk.run("import", "film.txt", "-o", "film.txt/film.yaml")
    assert said.code == 2
    assert said.err.splitlines()[-1] == "storyboard: film.txt/film.yaml cannot be written: not a directory"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\xff", "not UTF-8"),
        (b"Once upon a time", "no notation of shots that is known"),
        (b"x" * 300_000, "too large"),
        (b'{"a": 1}', "this JSON holds no shots"),
    ],
)
def test_nonsense_is_refused_in_one_line(desk: Desk, data: bytes, words: str) -> None:
    """Exit code 1, the file's name and the reason."""
    (desk.folder / "film.txt").write_bytes(data)
    said = desk.run("import", "film.txt")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("storyboard: film.txt: ")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_byte_order_mark_is_no_character(desk: Desk) -> None:
    """Nor are line ends."""
    (desk.folder / "film.csv").write_bytes(b"\xef\xbb\xbfseconds,prompt\r\n3,A fox\r\n")
    assert desk.run("import", "film.csv").out == "shots:\n  - seconds: 3\n    prompt: A fox\n"


def test_terminal_control_in_a_strangers_text_stays_text(desk: Desk) -> None:
    """In the file it is an escape of YAML, in remarks it is shown as one."""
    desk.write("film.txt", '{"multi_prompt": [{"prompt": "a\\u001b[2Jb"}], "\\u001b[0m": 1}')
    said = desk.run("import", "film.txt")
    assert "\x1b" not in said.out + said.err
    assert "1 error to mend" in said.err


def test_errors_are_not_exported(desk: Desk) -> None:
    """Exit code 1 and the diagnostics."""
    desk.write("film.storyboard.yaml", CLEAN.replace("Gulls.", "Gulls; wind."))
    said = desk.run("export", "film.storyboard.yaml", "--to", "fal")
    assert (said.code, said.out) == (1, "")
    assert "SB107" in said.err
