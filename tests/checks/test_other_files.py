"""SB113 and what else is said about files that a storyboard names: the cast's and the first frame's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from storyboard.checks import check_file
from tests.checks.boards import GOOD, check, codes
from tests.test_frames import png

if TYPE_CHECKING:
    from pathlib import Path

PNG = png(800, 450)
FRAMED = "first_frame: {}\n" + GOOD


def test_a_cast_file_is_read(tmp_path: Path) -> None:
    """Names of the file are expanded, unknown ones are told, and it may lie in a folder of its own."""
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "cast.yaml").write_text("Rosa: a courier\nMax: a dog\n", encoding="utf-8")
    report = check("cast: people/cast.yaml\nshots: [{seconds: 3, prompt: '@Rosa and @Maxx'}]", str(tmp_path))
    (found,) = report.diagnostics
    assert (found.code, found.message) == (
        "SB110",
        "shot 1: @Maxx is not in the cast: did you mean @Max? (a plain @ is written @@)",
    )
    assert report.draft is not None
    assert report.draft.shots[0].text is not None
    assert report.draft.shots[0].text.text == "a courier and @Maxx"


NO_NAME = "is no cast name: a letter, then letters and their marks, digits, `_` or `-`, and no `-` at the end"
NO_MAPPING = "SB113 cast file 'c.yaml': it must hold a mapping of names to texts"
QUOTES = "put it in quotes if it is meant as text"
COLON = "a colon and a space stand inside a text: put the text in quotes, or write it below `>-`"
LATIN = "not UTF-8: the byte 0xe9 stands here; save the file as UTF-8"
CAST_FILES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", [NO_MAPPING]),
    "a list": (b"- Rosa\n", [NO_MAPPING]),
    "Latin-1": (b"Rosa: \xe9", [f"SB113 cast file 'c.yaml': {LATIN}"]),
    "not YAML": (b"a: b\nRosa: a: b\n", [f"SB113 cast file 'c.yaml': not YAML: {COLON} (line 2)"]),
    "an attack": (
        b"[" * 50_000,
        ["SB113 cast file 'c.yaml': nested more than 32 levels deep: a storyboard needs four"],
    ),
    "too large": (b"#" * 300_000, ["SB113 cast file 'c.yaml': too large: a file has at most 256 KiB"]),
    "a name given twice": (b"a: x\n\na: y\n", ["SB004 c.yaml: the key `a` is given twice (lines 1 and 3)"]),
    "wrong entries": (
        b"# people\nRosa: 7\n2nd: x\nMax: fine\n1.50: x\nfox:\n  - x\n",
        [
            f"SB003 c.yaml, line 2: the cast's `Rosa` must be a text, not the number 7: {QUOTES}",
            f"SB003 c.yaml, line 3: `2nd` {NO_NAME}",
            f"SB003 c.yaml, line 5: `1.5` {NO_NAME}",
            f"SB003 c.yaml, line 6: the cast's `fox` must be a text, not a list: {QUOTES}",
        ],
    ),
    "a semicolon": (
        b"used: a; b\nunused: c; d\n",
        ["SB107 a semicolon in the text of @used (c.yaml) would end a shot early: write a comma instead"],
    ),
    "a hidden character": (
        "used: a\u200bb\n".encode(),
        ["SB108 the text of @used: U+200B ZERO WIDTH SPACE at character 2: delete it"],
    ),
}


@pytest.mark.parametrize("name", CAST_FILES)
def test_what_is_wrong_with_a_cast_file_stands_at_its_mention(tmp_path: Path, name: str) -> None:
    """Diagnostics stay in the storyboard, at `cast`, and name the other file and its line."""
    data, said = CAST_FILES[name]
    (tmp_path / "c.yaml").write_bytes(data)
    prompt = "@used" if b"used" in data else "x"
    found = check(f"cast: c.yaml\nshots: [{{seconds: 3, prompt: '{prompt}'}}]", str(tmp_path)).diagnostics
    assert [f"{one.code} {one.message}" for one in found] == said
    assert {(one.line, one.column, one.end_column, one.path) for one in found} == {(1, 7, 13, ("cast",))}


def test_an_unreadable_cast_says_nothing_about_names(tmp_path: Path) -> None:
    """Where the cast cannot be read, names in prompts are not called unknown."""
    assert codes("cast: c.yaml\nshots: [{seconds: 3, prompt: '@Rosa'}]", str(tmp_path)) == ["SB113"]


def test_a_name_whose_text_is_broken_is_not_called_unknown(tmp_path: Path) -> None:
    """A name of the cast with a wrong text is told once, where the text stands; a name that is near it still is."""
    shots = "shots: [{seconds: 3, prompt: '@Max and @Maxx'}]"
    (tmp_path / "c.yaml").write_text("Max: 7\n", encoding="utf-8")
    for cast, code in (("{Max: 7}", "SB003"), ("c.yaml", "SB003")):
        found = check(f"cast: {cast}\n{shots}", str(tmp_path)).diagnostics
        assert [one.code for one in found] == [code, "SB110"]
        assert "@Maxx is not in the cast" in found[1].message


@pytest.mark.parametrize("reference", ["../cast.yaml", "/etc/passwd", "link.yaml"])
def test_a_cast_file_outside_the_project_is_not_read(tmp_path: Path, reference: str) -> None:
    """Neither `..`, nor an absolute path, nor a link leads out of the project."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "cast.yaml").write_text("Rosa: a courier", encoding="utf-8")
    os.symlink(tmp_path / "cast.yaml", project / "link.yaml")
    (found,) = check(f"cast: {reference}\n" + GOOD, str(project)).diagnostics
    assert found.message == f"cast file '{reference}': the path leads outside the project: keep the file inside it"


def test_paths_start_at_the_storyboards_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at the folder that the command runs in."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.png").write_bytes(PNG)
    (inner / "a.storyboard.yaml").write_text(FRAMED.format("a.png"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert check_file("inner/a.storyboard.yaml").diagnostics == []


def test_a_frame_may_lie_anywhere_in_the_git_work_tree(tmp_path: Path) -> None:
    """The project is the git work tree around the storyboard, else its folder alone."""
    inner = tmp_path / "boards"
    inner.mkdir()
    (tmp_path / "a.png").write_bytes(PNG)
    assert codes(FRAMED.format("../a.png"), str(inner)) == ["SB113"]
    (tmp_path / ".git").touch()
    assert codes(FRAMED.format("../a.png"), str(inner)) == []


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("a.gif", "neither a PNG nor a JPEG picture: save it as one of them"),
        ("ftp://example.com/a.png", "an address must start with https:// or http://"),
        ("file:///a.png", "an address must start with https:// or http://"),
        ("'https://example.com/a b.png'", "without spaces"),
        ("https://", "an address must start with"),
        ("data:image/gif;base64,R0lGODlh", "a data URI must read data:image/png;base64"),
        ('"a\\nb.png"', "a path cannot hold control characters or line breaks"),
        ('"a\\0.png"', "a path cannot hold control characters or line breaks"),
        (".", "not a file: name a PNG or JPEG picture"),
        ("n" * 3000, "cannot be opened"),
    ],
)
def test_frames_that_are_not_fit(tmp_path: Path, reference: str, words: str) -> None:
    """SB113 names the reference, the cause and what to do, at the value."""
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    (found,) = check(FRAMED.format(reference), str(tmp_path)).diagnostics
    assert (found.code, found.path, found.column) == ("SB113", ("first_frame",), 14)
    assert words in found.message
    assert len(found.message) < 300


def test_a_file_that_cannot_be_read_is_one_finding(tmp_path: Path) -> None:
    """SB001 at the start of a file that is missing."""
    (found,) = check_file(str(tmp_path / "missing.yaml")).diagnostics
    assert (found.line, found.column, found.code) == (1, 1, "SB001")
    assert found.message == "no such file: look at its name and folder"
