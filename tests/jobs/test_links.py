"""Links in a repository that somebody else made: nothing is written through them, and nothing that was paid is lost."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.folders import stray_link
from storyboard.jobs import download
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.jobs.studio import Studio

NAMES = [
    "film-1.mp4", "film-1.mp4.json", "film-1.mp4.json.tmp", "film-1.mp4.part", "film-1.mp4.part.json",
    "film-1.mp4.part.json.tmp",
]  # fmt: skip
"""All names that can be foreseen."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder outside of the project with somebody's file."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "bashrc").write_bytes(b"mine")
    return folder


def _untouched(home: Path) -> bool:
    return (os.listdir(home), (home / "bashrc").read_bytes()) == (["bashrc"], b"mine")


def _planted(place: Path, home: Path, kind: str) -> None:
    if kind == "link":
        place.symlink_to(home / "bashrc")
    elif kind == "dangling":
        place.symlink_to(home / "new")
    elif kind == "folder":
        place.symlink_to(home)
    elif kind == "hard":
        os.link(home / "bashrc", place)
    else:
        os.mkfifo(place)


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "hard", "pipe"])
@pytest.mark.parametrize("killed", ["never", "mid_download"])
def test_links_under_names_that_can_be_foreseen(studio: Studio, home: Path, kind: str, killed: str) -> None:
    """Before the first run, and in the place of what a run that died had begun: the videos come, the rest stays."""
    board = studio.board(takes=2)
    if killed == "never":
        studio.renders.mkdir()
    else:
        studio.killed("submit", board, "--yes", at=killed)
    for name in NAMES if killed == "never" else [*studio.files(), "film-1.mp4.json", "film-1.mp4.json.tmp"]:
        if kind == "pipe" and name.endswith(".json"):
            continue
        (studio.renders / name).unlink(missing_ok=True)
        _planted(studio.renders / name, home, kind)
    ran = studio.submit(board) if killed == "never" else studio.resume()
    assert ran.code == 0, ran.err
    assert_done(studio, ran)
    assert_paid_once(studio, 1)
    assert (home / "bashrc").read_bytes() == b"mine"
    assert os.listdir(home) == ["bashrc"]


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_note_that_is_none(tmp_path: Path, home: Path, kind: str) -> None:
    """It is neither waited for nor followed: the video is begun anew."""
    part, note = tmp_path / "film-1.mp4.part", tmp_path / "film-1.mp4.part.json"
    part.write_bytes(b"begun")
    (home / "bashrc").write_text('{"etag": "\\"x\\""}')
    _planted(note, home, kind)
    assert download._resumable(part, note) == (0, None)
    note.unlink()
    note.write_text('{"etag": "\\"x\\""}')
    assert download._resumable(part, note) == (5, '"x"')


def test_a_copy_under_a_name_that_is_no_text(studio: Studio) -> None:
    """`-o` names a file that the ledger cannot know."""
    name = os.fsdecode(b"b\xff.mp4")
    assert_done(studio, studio.submit(studio.board(), "-o", name))
    assert (studio.folder / name).read_bytes() == (studio.renders / "film-1.mp4").read_bytes()


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("where", ["renders", "renders/sandbox"])
@pytest.mark.parametrize("is_git", [False, True])
def test_a_folder_that_is_a_link(studio: Studio, home: Path, where: str, *, is_git: bool, named: bool) -> None:
    """What nobody named is refused before anything is sent; what a person names is theirs."""
    if is_git:
        (studio.folder / ".git").mkdir()
    place = studio.folder / where
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(home)
    board = studio.board()
    if named:
        assert_done(studio, studio.submit(board, "--out", where))
        assert sorted(os.listdir(home)) == ["bashrc", "film-1.mp4", "film-1.mp4.json"]
        return
    more = ["--sandbox"] if "sandbox" in where else ["--yes"]
    for command in (["submit", board, *more], ["submit", board, *more, "--dry-run"]):
        ran = studio.run(*command)
        assert (ran.code, ran.out) == (2, "")
        assert f"leads out of the project, to {home}" in ran.err
        assert "--out" in ran.err
    assert studio.provider.seen("submit") == []
    assert _untouched(home)


def test_previews_and_marks_do_not_follow_the_usual_folder(studio: Studio, home: Path) -> None:
    """An animatic, a sheet and a mark on a name in it end with the same words, or find nothing."""
    studio.renders.symlink_to(home)
    board = studio.board()
    for command in (["animatic", board, "--draft"], ["sheet", board]):
        ran = studio.run(*command)
        assert (ran.code, "leads out of the project" in ran.err) == (2, True)
    (home / "film-1.mp4").write_bytes(b"")
    receipt = home / "film-1.mp4.json"
    receipt.write_text('{"video": "v", "job": "j"}')
    assert studio.run("jobs", "keep", "film-1").code == 2
    assert receipt.read_text() == '{"video": "v", "job": "j"}'


def test_a_folder_that_becomes_a_link_after_paying(studio: Studio, home: Path) -> None:
    """The video waits at the service, a person is told what to do, and `--out` brings it home."""
    studio.killed("submit", studio.board(), "--yes", at="after_ready")
    studio.renders.symlink_to(home)
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (6, "ready", "environment")
    assert f"leads to {home} by a link" in ran.line["error"]["message"]
    assert "--out" in ran.line["error"]["message"]
    assert _untouched(home)
    assert_done(studio, studio.resume("--out", "elsewhere"))
    assert_paid_once(studio, 1)


def test_a_link_inside_the_project_is_followed(studio: Studio) -> None:
    """A project may keep its videos where it likes, but not where git keeps what it runs."""
    (studio.folder / ".git" / "hooks").mkdir(parents=True)
    (studio.folder / "videos").mkdir()
    studio.renders.symlink_to("videos")
    assert_done(studio, studio.submit(studio.board()))
    assert_no_leftovers(studio)
    studio.renders.unlink()
    studio.renders.symlink_to(".git/hooks")
    assert studio.submit(studio.board(words="another film")).code == 2
    assert os.listdir(studio.folder / ".git" / "hooks") == []


def test_a_whole_project_over_a_link(studio: Studio, tmp_path: Path) -> None:
    """It is moved to another disk after paying and a link left in its place: everything goes on."""
    studio.killed("submit", studio.board(), "--yes", at="after_ready")
    moved = tmp_path / "disk" / "studio"
    moved.parent.mkdir()
    studio.folder.rename(moved)
    studio.folder.symlink_to(moved)
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def _in_tree(folder: Path, home: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "renders").symlink_to(home)


def _above(folder: Path, home: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "act").symlink_to(home)


def _other_tree(folder: Path, home: Path) -> None:
    _in_tree(folder, home)
    (home / ".git").mkdir()


def _inner(folder: Path, home: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "videos").mkdir()
    (folder / "renders").symlink_to("videos")


def _loop(folder: Path, home: Path) -> None:
    (folder / "renders").symlink_to("renders")


@pytest.mark.parametrize(
    ("plant", "renders", "strays"),
    [
        (_in_tree, "renders", True),
        (_in_tree, "renders/sandbox", True),
        (_above, "act/renders", True),
        (_other_tree, "renders", True),
        (_inner, "renders", False),
        (_loop, "renders", False),
    ],
)
def test_which_links_lead_out(
    tmp_path: Path, home: Path, plant: Callable[[Path, Path], None], renders: str, *, strays: bool
) -> None:
    """Those in a work tree that lead out of it, into another repository too; making a folder ends a loop."""
    folder = tmp_path / "project"
    folder.mkdir()
    plant(folder, home)
    found = stray_link(str(folder / renders), str(folder / "film.storyboard.yaml"))
    assert (found is not None) is strays


def test_a_link_of_the_machine_is_its_own(tmp_path: Path, home: Path) -> None:
    """A shared folder is at another place on each machine of a farm."""
    (tmp_path / "srv").mkdir()
    shared = tmp_path / "srv" / "shared"
    shared.symlink_to(home)
    assert stray_link(str(shared / "renders"), "/films/film.storyboard.yaml") is None
    assert stray_link(str(shared), "/films/film.storyboard.yaml") is None
    assert stray_link(str(shared), str(tmp_path / "srv" / "film.storyboard.yaml")) == str(home)


def test_a_receipt_is_no_script(studio: Studio, home: Path) -> None:
    """The example that started it: a prompt with a command, and a link to what a shell runs."""
    studio.renders.mkdir()
    trap = studio.renders / "film-1.mp4.json.tmp"  # counts as no take, so that the first one is written beside it
    trap.symlink_to(home / "bashrc")
    ran = studio.submit(studio.board(words=f"$(touch {home}/owned)"))
    assert ran.code == 0
    subprocess.run(["sh", str(home / "bashrc")], check=False, capture_output=True)
    assert _untouched(home)
    receipt = Path(studio.folder, ran.line["takes"][0]["path"] + ".json")
    assert (receipt.name, receipt.is_symlink(), trap.is_symlink()) == ("film-1.mp4.json", False, True)
    assert json.loads(receipt.read_text())["job"] == ran.line["job"]
