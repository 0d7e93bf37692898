"""A folder that somebody else filled: links out of it, names that are no text, names that look like options."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.cli import options
from storyboard.folders import storyboards_in
from storyboard.jobs.paths import make_state_folder
from storyboard.submitting.crash import keep_report
from tests.cli.desk import CLEAN, COMMAND, SAMPLES
from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from tests.cli.desk import Desk

SECRET = "root: secret-of-root; it ends\nshots: [{seconds: 3, prompt: 'A lamp; a hook'}]\n"
BAD = os.fsdecode(b"b\xff")
"""A name that is no UTF-8."""


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file outside of the project that reads like a storyboard with faults to fix."""
    file = tmp_path_factory.mktemp("outside") / "shadow"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.mark.parametrize("is_git", [False, True])
def test_links_that_lead_out_are_not_read(desk: Desk, outside: Path, *, is_git: bool) -> None:
    """A folder means what is in it: nothing of another file is shown or changed, and it is said once."""
    if is_git:
        os.mkdir(".git")
        Path(".git/config").write_text("root: secret-of-root\n")
        desk.write(".gitignore", "private.yaml\n")
        desk.write("private.yaml", SECRET)
        os.symlink("private.yaml", "ignored.storyboard.yaml")
        os.symlink(".git/config", "config.storyboard.yaml")
    desk.write(".env", SECRET)
    desk.write("film.storyboard.yaml", CLEAN)
    os.symlink(".env", "hidden.storyboard.yaml")
    os.symlink(outside, "out.storyboard.yaml")
    os.symlink("out.storyboard.yaml", "twice.storyboard.yaml")
    os.symlink(outside.parent / "nowhere", "dangling.storyboard.yaml")
    os.mkdir("act")
    os.symlink(outside, "act/out.storyboard.yaml")
    os.symlink("../film.storyboard.yaml", "act/in.storyboard.yaml")
    for command in (["check"], ["check", "--fix"], ["check", "."], ["cost", "."], ["submit", "--dry-run", "."]):
        said = desk.run(*command)
        assert said.code == 0, said
        assert "secret" not in said.out + said.err
        assert said.err.count("not read, as a link") == 1
        assert f".storyboard.yaml and {4 if is_git else 2} more: not read" in said.err
    for form in ("json", "github", "sarif"):
        assert "secret" not in desk.run("check", "--format", form).out
    assert outside.read_text(encoding="utf-8") == SECRET
    assert list(storyboards_in(["."])) == ["film.storyboard.yaml"]
    expected = ["act/in.storyboard.yaml"] if is_git else []
    assert list(storyboards_in(["act"])) == expected


def test_a_link_that_is_named_is_a_persons_own(desk: Desk, outside: Path) -> None:
    """It is read and fixed behind the link; so is a whole project that is reached over one."""
    os.symlink(outside, "out.storyboard.yaml")
    said = desk.run("check", "--fix", "out.storyboard.yaml")
    assert (said.code, "fixed" in said.err) == (1, True)
    assert outside.read_text(encoding="utf-8") != SECRET
    desk.write("project/film.storyboard.yaml", CLEAN)
    os.symlink("project", "link")
    assert list(storyboards_in(["link"])) == ["link/film.storyboard.yaml"]


@pytest.mark.parametrize(("name", "code"), [(".storyboard.toml", 2), ("pyproject.toml", 0)])
def test_settings_that_lead_out_are_not_read(desk: Desk, outside: Path, name: str, code: int) -> None:
    """Their words would be shown."""
    outside.write_text('[tool.storyboard]\nsecret = 1\n[secret]\n"', encoding="utf-8")
    desk.write("film.storyboard.yaml", CLEAN)
    os.symlink(outside, name)
    said = desk.run("check")
    assert said.code == code
    assert "secret" not in said.out + said.err
    assert code == 0 or "leads out of the project" in said.err


def test_a_cast_that_leads_out_is_not_read(desk: Desk, outside: Path) -> None:
    """Nor is a first frame: by the path and by a link."""
    os.symlink(outside, "link.yaml")
    for reference in (str(outside), f"../{outside.parent.name}/shadow", "link.yaml"):
        for key in ("cast", "first_frame"):
            desk.write("film.storyboard.yaml", f"{key}: {reference}\n{CLEAN}")
            said = desk.run("check", "film.storyboard.yaml")
            assert (said.code, "secret" in said.out) == (1, False)
            assert "outside the project" in said.out


def test_the_platforms_state_folder_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies in it; a folder that somebody named keeps its rights until storyboard keeps something there."""
    monkeypatch.delenv("STORYBOARD_STATE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    for is_named in (False, True):
        folder = tmp_path / "storyboard" if not is_named else tmp_path / "named"
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        (folder / "sandbox").mkdir()
        if is_named:
            monkeypatch.setenv("STORYBOARD_STATE_DIR", str(folder))
        make_state_folder(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == (0o755 if is_named else 0o700)


@pytest.mark.parametrize("umask", [0, 0o022])
def test_crash_reports_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int) -> None:
    """Whatever the umask is, and in a folder that was open before."""
    state = tmp_path / "made" / "state"
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(state))
    old = os.umask(umask)
    try:
        first = keep_report(ValueError("x"))
        state.chmod(0o755)
        second = keep_report(ValueError("x"))
    finally:
        os.umask(old)
    assert first is not None
    assert second is not None
    assert [stat.S_IMODE(os.stat(one).st_mode) for one in (first, second)] == [0o600, 0o600]
    assert [stat.S_IMODE(one.stat().st_mode) for one in (state.parent, state)] == [0o700, 0o700]


@pytest.mark.parametrize(
    "name", ["-x.storyboard.yaml", "--help.storyboard.yaml", "--fix.storyboard.yaml", "-v/--json.storyboard.yml"]
)
def test_names_that_look_like_options(desk: Desk, name: str) -> None:
    """`check` takes them for files even without `--`: a hook that somebody set up long ago does not have it."""
    desk.write(name, CLEAN.replace("flame settles", "flame; settles"))
    for arguments in ((name,), ("--", name), ("--select", "SB107", name)):
        said = desk.run("check", *arguments)
        assert said.code == 1
        assert f"./{name}:6:" in said.out or said.out.startswith(f"{name}:6:")
    desk.write(name, CLEAN)
    assert desk.run("check", name).code == 0
    assert desk.run("diff", name, name).code == 0


def test_next_steps_can_be_typed(desk: Desk) -> None:
    """What is printed as the next command names such a file so that it works."""
    said = desk.run("new", "--", "-x")
    assert "storyboard check ./-x.storyboard.yaml" in said.err
    assert "storyboard check ./-x.storyboard.yaml" in Path("-x.storyboard.yaml").read_text(encoding="utf-8")
    desk.write("film.txt", "shot 1, 1, a lamp;")
    said = desk.run("import", "film.txt", "-o", "-y.storyboard.yaml")
    assert "storyboard check ./-y.storyboard.yaml" in said.err


def test_the_documented_hook_in_git(desk: Desk) -> None:
    """As docs/automation.md shows it: it stops a commit of such a file with errors, and lets one without pass."""
    assert shutil.which("git"), "git is needed"
    text = (ROOT / "docs" / "automation.md").read_text(encoding="utf-8")
    (line,) = [one for one in text.splitlines() if one.startswith("git diff --cached")]
    assert line.endswith("storyboard check --")
    git = "git -c user.name=x -c user.email=x@example.com -c core.hooksPath=.git/hooks"
    desk.shell("git init -q -b main .")
    hook = desk.write(".git/hooks/pre-commit", f"#!/bin/sh\n{line.replace('storyboard check', f'{COMMAND} check')}\n")
    hook.chmod(0o755)
    for name in ("-x.storyboard.yaml", "--help.storyboard.yaml", "--version"):
        ending = "" if name.endswith(".yaml") else ".storyboard.yaml"
        desk.write(name + ending, CLEAN.replace("flame settles", "flame; settles"))
        said = desk.shell(f"{git} add -A && {git} commit -q -m x")
        assert said.code != 0, said
        assert "SB107" in said.out + said.err
        desk.write(name + ending, CLEAN)
    said = desk.shell(f"{git} add -A && {git} commit -q -m x && git ls-files")
    assert said.code == 0, said
    assert len(said.out.split()) == 3


def test_hooks_and_recipes_end_their_options() -> None:
    """Wherever a file's name comes from a list, a pattern or git, `--` stands before it."""
    assert "args: [--]" in (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    signs = ("xargs", '"$1', '"$board', "$<", "%O", "config diff")
    lines = [
        line.strip()
        for file in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/*.yml"), *ROOT.glob("samples/*.md")]
        for line in file.read_text(encoding="utf-8").splitlines()
        if "storyboard " in line and any(sign in line for sign in signs)
    ]
    assert len(lines) >= 6
    assert [line for line in lines if "--" not in line.split() and "--'" not in line] == []


@pytest.fixture
def unnameable(desk: Desk) -> Desk:
    """A project full of names that are no UTF-8, and of links to them and by them."""
    if os.fsdecode(b"\xff") == "\xff":
        pytest.skip("this system has no such names")
    desk.write(f"{BAD}.storyboard.yaml", CLEAN)
    desk.write(f"{BAD}/film.storyboard.yaml", CLEAN)
    desk.write(f"cast-{BAD}.yaml", "keeper: a man\n")
    desk.write("plain.storyboard.yaml", CLEAN)
    shutil.copy(next((SAMPLES / "frames").iterdir()), f"frame-{BAD}")
    os.symlink(f"{BAD}.storyboard.yaml", "link.storyboard.yaml")
    os.symlink("plain.storyboard.yaml", f"to-{BAD}.storyboard.yaml")
    os.symlink(BAD, "folder")
    os.symlink(f"nowhere-{BAD}", "dangling.storyboard.yaml")
    os.symlink(f"cast-{BAD}.yaml", "cast.yaml")
    os.symlink(f"frame-{BAD}", "frame.png")
    desk.write("cast.storyboard.yaml", f"cast: cast.yaml\n{CLEAN}")
    desk.write("frame.storyboard.yaml", f"first_frame: frame.png\n{CLEAN}")
    return desk


FILES = [
    f"{BAD}.storyboard.yaml", BAD, f"{BAD}/film.storyboard.yaml", "link.storyboard.yaml", "folder",
    f"to-{BAD}.storyboard.yaml", "folder/film.storyboard.yaml", "dangling.storyboard.yaml", "cast.storyboard.yaml",
    "frame.storyboard.yaml", ".",
]  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_names_that_are_no_text(unnameable: Desk, file: str) -> None:
    """Every command ends with an exit code that means something, never with a bug."""
    for command in (
        ["check"], ["check", "--fix"], ["check", "--format", "json"], ["check", "--format", "github"],
        ["check", "--format", "sarif"], ["cost"], ["cost", "--json"], ["compile"], ["compile", "--request"],
        ["submit", "--dry-run"], ["submit", "--dry-run", "--json"], ["submit", "--out", BAD, "--sandbox", "--dry-run"],
        ["submit", "--sandbox", "--dry-run", "-o", f"{BAD}.mp4"], ["sheet", "-o", f"{BAD}.html"],
        ["export", "--to", "srt"], ["import"], ["import", "-o", f"new-{BAD}/x.storyboard.yaml"], ["new"],
        ["jobs", "show"], ["jobs", "forget"], ["jobs", "keep"], ["jobs", "rebuild"], ["resume"], ["edit"],
        ["diff", "plain.storyboard.yaml"], ["merge", "plain.storyboard.yaml", "plain.storyboard.yaml"],
    ):  # fmt: skip
        said = unnameable.run(*command, file)
        assert said.code in (0, 1, 2, 3, 6), (command, said)
        assert "Traceback" not in said.err
        assert "this is a bug" not in said.err


def test_folders_that_are_no_text_cannot_be_remembered(unnameable: Desk) -> None:
    """Said before anything is sent: a job knows its folder by its name."""
    for arguments in (("submit", "plain.storyboard.yaml", "--sandbox"), ("resume",)):
        said = unnameable.run(*arguments, "--out", BAD)
        assert (said.code, "the path is not UTF-8" in said.err) == (2, True)
    said = unnameable.run("submit", "--sandbox", f"to-{BAD}.storyboard.yaml")
    assert (said.code, "the path is not UTF-8; rename it" in said.err) == (2, True)


def test_only_commands_of_files_take_options_for_names() -> None:
    """The ending decides, and what stands behind `--` is left alone."""
    import click

    seen: list[tuple[str, ...]] = []

    @click.command("x", cls=options.OfFiles)
    @click.argument("paths", nargs=-1)
    def x(paths: tuple[str, ...]) -> None:
        seen.append(paths)

    x.main(["-a.storyboard.yaml", "b", "--c.Storyboard.YML", "--", "-d.storyboard.yaml"], standalone_mode=False)
    assert seen == [("./-a.storyboard.yaml", "b", "./--c.Storyboard.YML", "-d.storyboard.yaml")]
