"""Where commands write what they are asked for: any name of a file, missing folders made, addresses refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.checks import check_file
from storyboard.disk import parents_made
from storyboard.preview import sheet
from storyboard.preview.boards import read_board
from storyboard.preview.errors import PreviewError
from storyboard.preview.previews import make_animatic, make_sheet

if TYPE_CHECKING:
    from tests.cli.desk import Desk

BOARD = "shots:\n  - seconds: 3\n    prompt: Wide shot of a harbour. Static camera. Gulls.\n"
NAMES = [
    "take:1.mp4",
    "./take:1.mp4",
    "pipe:1.mp4",
    "file:a.mp4",
    "data:a,b.mp4",
    "concat:a|b.mp4",
    "subfile,,start,1,end,2,,:a.mp4",
    "http:a.mp4",
    "a%d%03d.mp4",
    "a\nb.mp4",
    "-x.mp4",
    "act 1/take:2.mp4",
    "http:/deep/a.mp4",
    "漢字 🦊.mp4",
    os.fsdecode(b"latin-\xe9.mp4"),
    "x" * 251 + ".mp4",
]
ADDRESSES = ["http://x/a", "HTTPS://x/a", "file:///tmp/a", "s3://bucket/a", "git+ssh://x/a", "pipe://1"]


@pytest.fixture(autouse=True)
def board(desk: Desk) -> None:
    """A storyboard, and one in another notation."""
    desk.write("film.storyboard.yaml", BOARD)
    desk.write("film.txt", "shot 1, 3, Wide shot of a harbour;")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["animatic", "sheet", "import"])
def test_any_name_is_the_name_of_a_file(desk: Desk, command: str, name: str) -> None:
    """What looks like a protocol, a pattern or an option to others is a file here; nothing else is left."""
    before = set(desk.folder.rglob("*"))
    endings = {"animatic": ".mp4", "sheet": ".png", "import": ".storyboard.yaml"}
    name = name.removesuffix(".mp4")[: 255 - len(endings[command])] + endings[command]
    given = ("film.txt",) if command == "import" else ("film.storyboard.yaml", *(["--draft"] * (command == "animatic")))
    said = desk.run(command, *given, "-o", name)
    assert said.code == 0, said.err
    target = desk.folder / name
    assert {path for path in desk.folder.rglob("*") if path.is_file()} - before == {target}
    assert target.read_bytes()[:4] in (b"\0\0\0\x20", b"\x89PNG", b"shot")


@pytest.mark.parametrize("place", ["film.storyboard.yaml/q", "x" * 300, "x" * 300 + "/q", "loop/q"])
def test_a_path_that_no_file_can_have_is_wrong_usage(desk: Desk, place: str) -> None:
    """A file for a folder, a name that is too long, links that go round: running it again would end the same."""
    (desk.folder / "loop").symlink_to("loop")
    before = sorted(desk.folder.rglob("*"))
    for arguments in (
        ("animatic", "film.storyboard.yaml", "--draft", "-o", f"{place}.mp4"),
        ("sheet", "film.storyboard.yaml", "-o", f"{place}.png"),
        ("import", "film.txt", "-o", f"{place}.storyboard.yaml"),
        ("new", place),
        ("submit", "film.storyboard.yaml", "--sandbox", "--out", place),
        ("submit", "film.storyboard.yaml", "--sandbox", "-o", f"{place}.mp4"),
        ("resume", "--out", place),
    ):
        said = desk.run(*arguments)
        assert (said.code, said.out) == (2, ""), arguments
        assert "Traceback" not in said.err
    assert sorted(desk.folder.rglob("*")) == before


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_place_to_write_to(desk: Desk, address: str) -> None:
    """Wrong usage, in words, before anything is read, sent or made."""
    before = sorted(desk.folder.rglob("*"))
    for arguments in (
        ("animatic", "film.storyboard.yaml", "-o", f"{address}.mp4"),
        ("sheet", "film.storyboard.yaml", "-o", f"{address}.png"),
        ("import", "film.txt", "-o", f"{address}.storyboard.yaml"),
        ("new", address),
        ("submit", "film.storyboard.yaml", "--sandbox", "--out", address),
        ("resume", "--out", address),
    ):
        said = desk.run(*arguments)
        assert (said.code, said.out) == (2, ""), arguments
        assert "is an address: name a path on this machine" in said.err
    assert sorted(desk.folder.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("animatic", "film.storyboard.yaml", "--draft", "-o", "a/b/film.mp4"),
        ("sheet", "film.storyboard.yaml", "-o", "a/b/film.html"),
        ("import", "film.txt", "-o", "a/b/film.storyboard.yaml"),
        ("new", "a/b/film"),
    ],
)
def test_missing_folders_are_made(desk: Desk, arguments: tuple[str, ...]) -> None:
    """One behaviour for whatever writes a file that was named."""
    said = desk.run(*arguments)
    assert said.code == 0, said.err
    assert (desk.folder / said.out.splitlines()[0]).is_file()


@pytest.mark.parametrize("place", ["", "there/", "missing/"])
def test_a_file_needs_a_name(desk: Desk, place: str) -> None:
    """A path that ends in a slash names a folder; nothing is made of it."""
    (desk.folder / "there").mkdir()
    for arguments in (
        ("animatic", "film.storyboard.yaml", "-o", place),
        ("sheet", "film.storyboard.yaml", "-o", place),
        ("import", "film.txt", "-o", place),
        ("new", place),
    ):
        said = desk.run(*arguments)
        assert said.code == 2
        assert "names no file: add a file name" in said.err
    assert not (desk.folder / "missing").exists()


def test_a_folder_is_no_file(desk: Desk) -> None:
    """Each command says what to name instead, whatever the folder is called."""
    for name in ("there", "there.mp4", "there.png"):
        (desk.folder / name).mkdir()
        for arguments in (
            ("animatic", "film.storyboard.yaml", "-o", name),
            ("sheet", "film.storyboard.yaml", "-o", name),
            ("import", "film.txt", "-o", name),
            ("new", name),
        ):
            said = desk.run(*arguments)
            assert said.code == 2
            assert f"{name} is a folder: name " in said.err


def test_a_file_in_the_place_of_a_folder(desk: Desk) -> None:
    """It is said to be none, and stays."""
    for arguments in (
        ("animatic", "film.storyboard.yaml", "-o", "film.txt/a.mp4"),
        ("import", "film.txt", "-o", "film.txt/a/b.storyboard.yaml"),
        ("new", "film.txt/a"),
    ):
        said = desk.run(*arguments)
        assert said.code in (2, 3)
        assert "cannot be written: not a directory" in said.err
    assert (desk.folder / "film.txt").is_file()


def test_no_folder_is_left_where_nothing_was_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that cannot be drawn, a disk that refuses: what was made for it goes, what was there stays."""
    (desk.folder / "there").mkdir()
    monkeypatch.chdir(desk.folder)
    drawn = read_board(check_file("film.storyboard.yaml"))
    monkeypatch.setattr(sheet, "PNG_PIXELS_HIGH", 10)
    with pytest.raises(PreviewError, match="a picture of"):
        make_sheet([drawn], Path("there/a/b/film.png"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storyboard.preview.filming.tracks.VideoTrack", full)
    with pytest.raises(OSError, match="No space"):
        make_animatic([drawn], Path("there/a/b/film.mp4"), draft=True)
    assert list((desk.folder / "there").iterdir()) == []


def test_folders_that_are_used_by_others_stay(tmp_path: Path) -> None:
    """Only empty ones go, from the innermost outwards, and only those that were made."""
    inner = tmp_path / "inner"
    inner.mkdir()

    def interrupted() -> None:
        with parents_made(inner / "a" / "b" / "c" / "film"):
            (inner / "a" / "other").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert sorted(path.name for path in inner.rglob("*")) == ["a", "other"]
    with parents_made(tmp_path / "x" / "y" / "film"):
        pass
    assert (tmp_path / "x" / "y").is_dir()


def test_a_dash_is_standard_output(desk: Desk) -> None:
    """As it is standard input."""
    said = desk.run("import", "film.txt", "-o", "-")
    assert (said.code, said.out) == (0, desk.run("import", "film.txt").out)
    assert not (desk.folder / "-").exists()
