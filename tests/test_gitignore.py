"""Folders are walked as git lists them, without asking git."""

from __future__ import annotations

import os
import subprocess
from random import Random
from time import process_time
from typing import TYPE_CHECKING

import pytest

from storyboard.folders import is_left_out, storyboards_in

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["a", "b", "ab", "a b", "drafts", "x[1]", "ä", "!z"]
PIECES = [
    "*", "?", "**", "a", "b", "ab", "[ab]", "[!a]", "[^b]", "[[:alpha:]]", "[]x]", "a*", "*b", "d*s", "drafts", "\\a",
    "\\!z", "x\\[1\\]", "x[1]", "ä", "a b", "*a*b*", "a**b", "[a-c]?", "[\\]a]", "\\*",
]  # fmt: skip
END = ".storyboard.yaml"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the settings of whoever runs this."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_DIR"):
        monkeypatch.delenv(name, raising=False)


def git(folder: Path, *words: str) -> str:
    """What git says, for people who read bytes."""
    command = ["git", "-c", "core.quotePath=false", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def listed_by_git(folder: Path) -> list[str]:
    """The files below a folder that git would add."""
    return sorted(filter(None, git(folder, "ls-files", "-z", "--others", "--exclude-standard", ".").split("\0")))


def listed(folder: Path) -> list[str]:
    """The storyboards below a folder."""
    return sorted(os.path.relpath(file, folder) for file in storyboards_in([str(folder)]))


def pattern(random: Random) -> str:
    """A line of a file of patterns, sound or not."""
    text = "/".join(random.choice(PIECES) for _ in range(random.choice([1, 1, 1, 2, 2, 3])))
    text = random.choice(["", "", "/", "**/"]) + text + random.choice(["", "", "/", "/**", END])
    return random.choice(["", "", "!"]) + text + random.choice(["", "", " ", "\\ ", "\r"])


def plant(folder: Path, random: Random, depth: int = 3) -> None:
    """Folders with storyboards, and files of patterns in some."""
    for name in random.sample(NAMES, 4):
        (folder / f"{name}{END}").touch()
    if random.random() < 0.5:
        lines = [pattern(random) for _ in range(random.randint(1, 4))]
        (folder / ".gitignore").write_text("\n".join(lines), encoding="utf-8", newline="")
    for name in random.sample(NAMES, 2) if depth else ():
        (folder / name).mkdir()
        plant(folder / name, random, depth - 1)


@pytest.mark.parametrize("seed", range(60))
def test_walks_go_where_git_goes(tmp_path: Path, seed: int) -> None:
    """Nested files, negations, anchors, sets and stars: the same files as git lists, from the root and from within."""
    random = Random(seed)
    root = tmp_path / "work"
    root.mkdir()
    git(root, "init", "--quiet")
    plant(root, random)
    (root / ".git" / "info" / "exclude").write_text(pattern(random) + "\n", encoding="utf-8", newline="")
    expected = listed_by_git(root)
    rules = "\n".join(
        f"{file}: {file.read_text()!r}" for file in [*root.rglob(".gitignore"), root / ".git/info/exclude"]
    )
    assert listed(root) == [file for file in expected if file.endswith(END)], rules
    for inner in (root / name for name in NAMES if (root / name).is_dir()):
        ignored = (
            subprocess.run(["git", "-C", str(root), "check-ignore", "-q", inner.name], check=False).returncode == 0
        )
        if not ignored:
            assert listed(inner) == [file for file in listed_by_git(inner) if file.endswith(END)], rules
        elif not list(inner.rglob(".gitignore")):
            assert listed(inner) == sorted(str(file.relative_to(inner)) for file in inner.rglob(f"*{END}"))


@pytest.mark.parametrize("line", ["**", "***", "**/", "!**", "a/***", "/***", "a/***/b*"])
@pytest.mark.parametrize("more", ["", "!*/\n!b*\n"])
def test_stars_alone_are_any_name(tmp_path: Path, line: str, more: str) -> None:
    """At any depth where no slash stands with them."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text(f"{line}\n{more}")
    for name in ("a", "b", "a/a", "a/b", "a/a/b", "b/a"):
        board(tmp_path, name)
    assert listed(tmp_path) == [file for file in listed_by_git(tmp_path) if file.endswith(END)]


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize("seed", range(3))
def test_what_git_tracks_is_never_left_out(tmp_path: Path, version: str, form: str, seed: int) -> None:
    """Added in spite of a pattern, or before there was one: with its folders, without what lies beside it there."""
    random = Random(seed)
    git(tmp_path, "init", "--quiet", f"--object-format={form}")
    plant(tmp_path, random, 2)
    (tmp_path / ".git" / "info" / "exclude").write_text(f"{pattern(random)}\na/\n*b{END}\n", newline="")
    files = [str(file) for file in tmp_path.rglob(f"*{END}")]
    git(tmp_path, "add", "-f", "--", *random.sample(files, len(files) // 3))
    if version == "3":
        git(tmp_path, "add", "-N", "-f", "--", *random.sample(files, len(files) // 5))
    git(tmp_path, "update-index", f"--index-version={version}")
    expected = git(tmp_path, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    assert listed(tmp_path) == sorted({file for file in expected if file.endswith(END)})
    index = tmp_path / ".git" / "index"
    data = index.read_bytes()
    untracked = {file for file in listed_by_git(tmp_path) if file.endswith(END)}
    for end in (0, 8, 30, len(data) // 2):
        index.write_bytes(data[:end])
        assert untracked <= set(listed(tmp_path))


def test_patterns_end_at_a_repository_within(tmp_path: Path) -> None:
    """A submodule has its own; one that is not tracked and ignored is left out as any folder."""
    for name in ("", "sub", "other"):
        (tmp_path / name).mkdir(exist_ok=True)
        git(tmp_path / name, "init", "--quiet")
        board(tmp_path / name, "film")
    (tmp_path / ".gitignore").write_text(f"*{END}\nother\n")
    (tmp_path / "sub" / ".gitignore").write_text(f"draft{END}\n")
    board(tmp_path / "sub", "draft")
    assert listed(tmp_path) == [f"sub/film{END}"]
    assert not is_left_out(str(tmp_path / f"sub/new{END}"), str(tmp_path))


def test_a_link_is_no_file_of_patterns(tmp_path: Path) -> None:
    """As git has it: what a stranger's link leads to is not read."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "patterns").write_text("*\n")
    (tmp_path / ".gitignore").symlink_to("patterns")
    board(tmp_path, "film")
    assert listed(tmp_path) == [file for file in listed_by_git(tmp_path) if file.endswith(END)] == [f"film{END}"]


def test_a_repository_names_a_file_of_patterns_in_it_only(tmp_path: Path) -> None:
    """Its settings come with it from a stranger: they do not choose which of the user's files is read."""
    root = tmp_path / "work"
    root.mkdir()
    git(root, "init", "--quiet")
    board(root, "film")
    (tmp_path / "outside").write_text("film*\n")
    (root / "inside").write_text("film*\n")
    git(root, "config", "core.excludesFile", "../outside")
    assert listed(root) == [f"film{END}"]
    git(root, "config", "core.excludesFile", "inside")
    assert listed(root) == []


def board(folder: Path, name: str) -> None:
    """An empty storyboard."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}{END}").touch()


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    """A file that is left out, a folder that is, and a folder in such a folder; without `*` taking its own content."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("*\n")
    for name in ("film", "old/film", "old/inner/film", "old/inner/node_modules/x/film"):
        board(tmp_path, name)
    assert listed(tmp_path) == []
    assert listed(tmp_path / "old") == [f"film{END}", f"inner/film{END}"]
    assert listed(tmp_path / "old" / "inner") == [f"film{END}"]
    assert list(storyboards_in([str(tmp_path / f"film{END}")])) == [str(tmp_path / f"film{END}")]


def test_outside_of_git_nothing_is_ignored(tmp_path: Path) -> None:
    """Files of patterns count in a work tree only; folders of installed packages, hidden ones and renders never do."""
    (tmp_path / ".gitignore").write_text("drafts/\n")
    for name in ("drafts/film", "node_modules/x/film", ".cache/film", "renders/film", "env/site-packages/film"):
        board(tmp_path, name)
    assert listed(tmp_path) == [f"drafts/film{END}"]


def test_the_users_own_patterns_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`core.excludesFile`, or where git looks without it; a further work tree has the repository's `info/exclude`."""
    work, home = tmp_path / "work", tmp_path / "home"
    board(work, "film")
    board(work, "drafts/film")
    git(work, "init", "--quiet")
    assert len(listed(work)) == 2
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("drafts\n")
    assert listed(work) == [f"film{END}"]
    (home / ".gitconfig").write_text('[core]\n\texcludesFile = "~/mine"  ; mine\n[core "x"]\nexcludesfile = no\n')
    assert len(listed(work)) == 2
    (home / "mine").write_text("/film*\n")
    assert listed(work) == listed_by_git(work) == [f"drafts/film{END}"]
    (home / ".gitconfig").unlink()
    git(work, "-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--allow-empty", "-m", "x")
    git(work, "worktree", "add", "--quiet", str(tmp_path / "second"))
    (work / ".git" / "info" / "exclude").write_text("/ab*\n")
    board(tmp_path / "second", "ab")
    board(tmp_path / "second", "film")
    assert listed(tmp_path / "second") == [f"film{END}"]


def test_a_strangers_repository_runs_nothing(tmp_path: Path) -> None:
    """Its settings may name programs; patterns may be pipes, folders, or far too many."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".git" / "config").write_text(f"[core]\n\tfsmonitor = touch {tmp_path}/ran; false\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / ".gitignore").symlink_to("pipe")
    (tmp_path / "inner" / ".gitignore").mkdir(parents=True)
    board(tmp_path, "inner/film")
    assert listed(tmp_path) == [f"inner/film{END}"]
    assert not (tmp_path / "ran").exists()


def test_no_pattern_takes_more_than_its_length(tmp_path: Path) -> None:
    """Stars upon stars against long names."""
    git(tmp_path, "init", "--quiet")
    lines = ["*a" * 200 + "*b", "**/" * 150 + "*a" * 20 + "b", "a/**/" * 60 + "b", "[" * 400, "*" * 500]
    (tmp_path / ".gitignore").write_text("\n".join(lines[:-1] * 50) + "\n")
    for number in range(20):
        board(tmp_path, "a/" * 30 + "a" * 150 + str(number))
    began = process_time()
    assert len(listed(tmp_path)) == 20
    assert process_time() - began < 5


def test_whether_a_place_is_left_out(tmp_path: Path) -> None:
    """As the walk has it."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("drafts/\n*.old.storyboard.yaml\n")
    board(tmp_path, "drafts/inner/film")
    for path, left_out in {
        "drafts": True,
        f"drafts/inner/film{END}": True,
        f"a.old{END}": True,
        f"a{END}": False,
    }.items():
        assert is_left_out(str(tmp_path / path), str(tmp_path)) is left_out
    assert not is_left_out(str(tmp_path / "drafts" / "inner"), str(tmp_path / "drafts"))
