"""The drivers in a real repository: git runs them, people read what comes out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from storyboard.checks import check_bytes
from storyboard.cli import merge_command
from storyboard.cli.exits import Stop
from storyboard.document import Document
from tests.docs.blocks import ROOT, blocks
from tests.versions.repository import FILE, FILM, Repository

OPENING = FILM[FILM.index("  # the opening") : FILM.index("  - seconds: 4\n    prompt: Medium")]
MIDDLE = FILM[FILM.index("  - seconds: 4\n    prompt: Medium") : FILM.index("\n  # the end")]
END = FILM[FILM.index("\n  # the end") :]
HEAD = FILM[: FILM.index("  # the opening")]
ADDED = "  - seconds: 3\n    prompt: Macro shot of a rope, dew on its fibres  # wet\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one commit."""
    assert shutil.which("git"), "git is needed"
    return Repository(tmp_path)


def test_git_diff_speaks_of_shots(repository: Repository) -> None:
    """Seconds, characters, the words that changed, and where a shot came from: as docs/repository.md shows it."""
    text = HEAD + END.lstrip("\n").replace("seconds: 4", "seconds: 5") + OPENING + MIDDLE.replace("iron", "rusty iron")
    repository.commit(text.replace("duration: 12", "duration: 13"))
    (shown,) = [block.text for block in blocks(ROOT / "docs" / "repository.md") if block.language == "text"]
    assert repository.git("diff", "--ext-diff", "HEAD~1").stdout == shown


def test_git_diff_of_new_renamed_and_broken_files(repository: Repository) -> None:
    """Whatever git calls it with, it answers, and `git diff` and `git log -p` go on."""
    repository.git("mv", FILE, "other.storyboard.yaml")
    repository.git("commit", "-q", "-m", "renamed")
    (repository.folder / "other.storyboard.yaml").write_text("title: [broken\n")
    (repository.folder / "new.storyboard.yaml").write_text("shots: [{seconds: 3, prompt: A fox}]\n")
    repository.git("add", "-A")
    said = repository.git("diff", "--ext-diff", "--cached", "-M10%").stdout
    assert "new.storyboard.yaml\n  shots added" in said or "shot 1 added: 3 s, 5 characters: A fox" in said
    assert "  +title: [broken" in said
    assert repository.git("log", "-p", "--ext-diff").stdout.count(FILE) >= 1


def test_git_diff_goes_on_after_a_file_that_is_too_large(repository: Repository) -> None:
    """It is named with the reason, and every other file is compared."""
    large = repository.folder / "a-large.storyboard.yaml"
    large.write_text("# x" * 100_000)
    repository.git("add", "-A")
    repository.commit(FILM.replace("title: ", "title: The "))
    large.write_text("# y" * 100_000)
    (repository.folder / FILE).write_text(FILM)
    said = repository.git("diff", "--ext-diff").stdout
    assert "a-large.storyboard.yaml\n  not compared: too large: a file has at most 256 KiB\n" in said
    assert f"{FILE}\n  title: The " in said


@pytest.mark.parametrize("name", ["-x.storyboard.yaml", "--help.storyboard.yaml", "--path=y.storyboard.yaml"])
def test_drivers_with_names_that_look_like_options(repository: Repository, name: str) -> None:
    """git gives them as they are, as `%P` and in front of all others."""
    file = repository.folder / name
    repository.git("mv", FILE, f"./{name}")
    repository.git("commit", "-q", "-m", "renamed")
    file.write_text(FILM.replace("working title", "a title"))
    assert f"{name}\n  the same storyboard" in repository.git("diff", "--ext-diff").stdout
    file.write_text(FILM.replace("title: Harbour", "title: Port"))
    said = repository.git("diff", "--ext-diff").stdout
    assert said.startswith(f"./{name}\n")
    assert "Port" in said
    repository.git("checkout", "-q", "-b", "theirs")
    repository.git("commit", "-q", "-a", "-m", "theirs")
    repository.git("checkout", "-q", "main")
    file.write_text(FILM.replace("soft dawn", "hard noon"))
    repository.git("commit", "-q", "-a", "-m", "ours")
    repository.git("merge", "-q", "--no-edit", "theirs")
    assert file.read_text() == FILM.replace("soft dawn", "hard noon").replace("title: Harbour", "title: Port")
    repository.git("checkout", "-q", "-b", "clash", "HEAD~2")
    file.write_text(FILM.replace("soft dawn", "red dusk"))
    repository.git("commit", "-q", "-a", "-m", "clash")
    done = repository.git("merge", "-q", "--no-edit", "main", ok=False)
    assert done.returncode == 1
    assert f"{name}: conflict:" in done.stderr
    assert "<<<<<<< " in file.read_text()


def test_the_drivers_are_set_up_as_documented() -> None:
    """What these tests run is what people are told to write."""
    text = (ROOT / "docs" / "repository.md").read_text(encoding="utf-8")
    assert "git config diff.storyboard.command 'storyboard diff --'" in text
    assert "git config merge.storyboard.driver 'storyboard merge --marker-size=%L --path=%P -- %O %A %B'" in text


def test_a_change_of_comments_alone_is_said_to_be_one(repository: Repository) -> None:
    """Nothing that would be sent differs."""
    repository.commit(FILM.replace("# was 5", "# was 6"))
    assert "the same storyboard: 2 lines differ in comments" in repository.git("diff", "--ext-diff", "HEAD~1").stdout
    (repository.folder / FILE).write_text(f"# one more\n{FILM.replace('# was 5', '# was 6')}")
    assert "the same storyboard: 1 line differs in comments" in repository.git("diff", "--ext-diff").stdout


LONGER = ("seconds: 4   # was 5", "seconds: 5   # was 5")
LONGER_END = ('- seconds: 4\n    prompt: "', '- seconds: 6\n    prompt: "')
LONGER_MIDDLE = ("- seconds: 4\n    prompt: Medium", "- seconds: 5\n    prompt: Medium")
SEA = ("water, ripples", "sea, ripples")


def changed(*pairs: tuple[str, str], total: int = 12) -> str:
    """The film with other words."""
    text = FILM.replace("duration: 12", f"duration: {total}")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


GREY, HARBOUR = ("soft dawn", "grey dawn"), ("an old keeper", "an old harbour keeper")
SHORTER = (HEAD + OPENING + END.lstrip("\n")).replace("duration: 12", "duration: 8")
MERGES: dict[str, tuple[str, str, str]] = {
    "neighbouring lines": (
        changed(LONGER_MIDDLE, total=13),
        changed(("iron hook", "rusty hook")),
        changed(LONGER_MIDDLE, ("iron hook", "rusty hook"), total=13),
    ),
    "a shot moved here and changed there": (
        HEAD + MIDDLE + OPENING + END,
        changed(HARBOUR),
        (HEAD + MIDDLE + OPENING + END).replace(*HARBOUR),
    ),
    "seconds on both sides": (
        changed(LONGER, total=13),
        changed(SEA, LONGER_END, total=14),
        changed(LONGER, SEA, LONGER_END, total=15),
    ),
    "the same promise twice": (
        changed(LONGER, total=13),
        changed(LONGER_MIDDLE, total=13),
        changed(LONGER, LONGER_MIDDLE, total=14),
    ),
    "deleted here, untouched there": (SHORTER, changed(GREY), SHORTER.replace(*GREY)),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", MERGES)
def test_git_merges_what_belongs_together(repository: Repository, name: str, end: str) -> None:
    """Both sides' changes, each in its own lines, with comments; `duration` stays the sum."""
    if end != "\n":
        repository.commit(FILM.replace("\n", end))
    ours, theirs, wanted = (text.replace("\n", end) for text in MERGES[name])
    done = repository.merge(ours, theirs)
    assert (done.returncode, repository.text) == (0, wanted), done.stderr
    assert not [one for one in check_bytes(repository.text.encode(), "a", "/").diagnostics if one.severity == "error"]


def test_shots_that_both_sides_added_are_both_there(repository: Repository) -> None:
    """Ours first, and it is said."""
    done = repository.merge(
        FILM + ADDED, FILM + ADDED.replace("rope", "net").replace("Macro", "Wide").replace("dew", "fish")
    )
    assert done.returncode == 0, done.stderr
    prompts = [shot["prompt"] for shot in Document.parse(repository.text.encode()).data["shots"]]
    assert prompts[3:] == ["Macro shot of a rope, dew on its fibres", "Wide shot of a net, fish on its fibres"]
    assert "theirs follow ours, as shot 5" in done.stderr


LAST = "  - seconds: 3\n    prompt: Macro shot of a rope on the quay, dew on its fibres, then a hand takes it.\n"
FIRST = HEAD + LAST + OPENING + MIDDLE + END
CONFLICTS: dict[str, tuple[str, str]] = {
    "one shot added in two ways": (FILM + LAST, FILM + LAST.replace("dew", "frost")),
    "one shot added in two ways, in two places": (FIRST, FILM + LAST.replace("dew", "frost")),
    "one shot added, of other seconds": (FILM + LAST, FILM + LAST.replace("seconds: 3", "seconds: 2")),
    "one shot added, with another note": (FILM + LAST, FILM + LAST + "    note: slow\n"),
    "a shot moved to two places": (HEAD + MIDDLE + OPENING + END, HEAD + MIDDLE + END.lstrip("\n") + OPENING),
    "another shot in the place of one": (
        HEAD + OPENING + "  - {seconds: 2, prompt: Gulls cry}\n  - {seconds: 1, prompt: A bell rings}\n" + END,
        HEAD + OPENING + "  - {seconds: 3, prompt: Snow falls on nets}\n  - {seconds: 1, prompt: Dusk}\n" + END,
    ),
    "one new key, two texts": (
        FILM.replace("look:", "negative_prompt: blur\nlook:"),
        FILM + "negative_prompt: smoke\n",
    ),
    "one cast name, two texts": (FILM + "cast: {keeper: an old man}\n", FILM + "cast: {keeper: a young man}\n"),
    "one text, two ways": (FILM.replace("iron hook", "rusty hook"), FILM.replace("iron hook", "brass hook")),
    "deleted here, changed there": ((HEAD + OPENING + END), FILM.replace("iron hook", "brass hook")),
    "two orders": (HEAD + MIDDLE + OPENING + END, HEAD + END.lstrip("\n") + OPENING + MIDDLE),
    "a comment, two ways": (FILM.replace("# was 5", "# was 6"), FILM.replace("# was 5", "# was 7")),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_true_conflict_is_gits_own(repository: Repository, name: str) -> None:
    """Markers as git writes them, every line of both sides in the file, the merge open."""
    ours, theirs = CONFLICTS[name]
    done = repository.merge(ours, theirs)
    assert done.returncode == 1
    assert "<<<<<<< ours" in repository.text
    assert ">>>>>>> theirs" in repository.text
    there = repository.text.splitlines()
    lost = [line for text in (ours, theirs) for line in text.splitlines() if line not in there and line not in FILM]
    assert lost == []
    assert "UU" in repository.git("status", "--porcelain").stdout


def test_conflicts_show_in_git_diff(repository: Repository) -> None:
    """While a merge is open, `git diff` goes on."""
    repository.merge(*CONFLICTS["one text, two ways"])
    assert repository.git("diff", "--ext-diff").returncode == 0


def test_files_that_are_no_storyboards_merge_by_lines(repository: Repository) -> None:
    """A broken version is nobody's reason to lose the other."""
    broken = FILM.replace("look: soft", 'look: "soft')
    done = repository.merge(broken, FILM.replace("ripples fade", "ripples run"))
    assert done.returncode == 0
    assert "merged by lines" in done.stderr
    assert repository.text == broken.replace("ripples fade", "ripples run")


FERRY = """\
shots:
  - seconds: 3
    prompt: Wide shot of a ferry at dawn.
  - seconds: 5
    prompt: Close-up of the rope.
"""
OTHER = "shots:\n  - seconds: 4\n    prompt: A courier runs up the stairs.\n"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (FERRY.replace("dawn", "dusk"), FERRY),
        (FERRY.replace("seconds: 5", "seconds: 6"), FERRY),
        (FERRY, OTHER),
        (f"title: One\n{FERRY}", f"title: Two\n{FERRY}"),
        (FERRY, FERRY.replace("dawn", "dusk").replace("\n", "\r\n")),
        (FERRY + "  - {seconds: 2, prompt: A bell rings}\n", FERRY + "  - {seconds: 2, prompt: Snow falls on nets}\n"),
    ],
)
def test_a_file_that_both_sides_began_in_two_ways(repository: Repository, ours: str, theirs: str) -> None:
    """A word, seconds, a title, other shots: a conflict with markers, every line of both sides there."""
    repository.git("rm", "-q", FILE)
    repository.git("commit", "-q", "-m", "gone")
    done = repository.merge(ours, theirs)
    assert done.returncode == 1, done.stderr
    assert "AA" in repository.git("status", "--porcelain").stdout
    assert "conflict: " in done.stderr
    lines = repository.text.splitlines()
    assert {"<<<<<<< ours", "=======", ">>>>>>> theirs"} <= set(lines)
    assert {*ours.splitlines(), *theirs.splitlines()} <= set(lines)


@pytest.mark.parametrize("theirs", [FERRY, FERRY + "  - {seconds: 2, prompt: A bell}\n", FERRY.replace("\n", "\r\n")])
def test_a_file_that_both_sides_began_alike(repository: Repository, theirs: str) -> None:
    """The same shots are there once; what one side has beside them is kept."""
    repository.git("rm", "-q", FILE)
    repository.git("commit", "-q", "-m", "gone")
    done = repository.merge(FERRY, theirs)
    assert done.returncode == 0, done.stderr
    prompts = [shot["prompt"] for shot in Document.parse(repository.text.encode()).data["shots"]]
    assert prompts == [shot["prompt"] for shot in Document.parse(theirs.encode()).data["shots"]]


ONE_SECOND = "  - {{seconds: 1, prompt: {}}}\n"
TOGETHER: dict[str, tuple[str, str, str]] = {
    "a seventh shot": (
        FILM.replace("duration: 12\n", "") + ONE_SECOND.format("A bell rings") + ONE_SECOND.format("Nets dry"),
        FILM.replace("duration: 12\n", "").replace(
            "shots:\n", "shots:\n" + ONE_SECOND.format("Snow falls") + ONE_SECOND.format("A dog waits")
        ),
        "SB103",
    ),
    "eighteen seconds": (
        changed(LONGER_END, total=14),
        changed(("seconds: 4   # was 5", "seconds: 7   # was 5"), total=15),
        "SB101",
    ),
    "a name that one side renamed": (
        FILM.replace("look:", "cast: {warden: an old keeper}\nlook:"),
        FILM.replace("the lamp on", "@keeper and the lamp on"),
        "SB110",
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_an_error_that_neither_side_had_is_said(repository: Repository, name: str) -> None:
    """Both sides' changes are there; with its code, so that it is mended before anything is paid."""
    ours, theirs, code = TOGETHER[name]
    if code == "SB110":
        repository.commit(FILM.replace("look:", "cast: {keeper: an old keeper}\nlook:"))
        theirs = theirs.replace("look:", "cast: {keeper: an old keeper}\nlook:")
    done = repository.merge(ours, theirs)
    assert done.returncode == 0, done.stderr
    assert f"merged, but together both sides make an error: {code} " in done.stderr
    found = check_bytes(repository.text.encode(), "a", "/").diagnostics
    assert code in [one.code for one in found if one.severity == "error"]


def test_an_error_that_one_side_had_already_is_not_said(repository: Repository) -> None:
    """It was there before; the merge is no reason."""
    ours = FILM.replace("duration: 12", "duration: 13")
    done = repository.merge(ours, FILM.replace("soft dawn", "grey dawn"))
    assert (done.returncode, repository.text) == (0, ours.replace("soft dawn", "grey dawn"))
    assert "error" not in done.stderr


def test_git_diff_tells_a_change_of_mode(repository: Repository) -> None:
    """Alone, and with other changes."""
    (repository.folder / FILE).chmod(0o755)
    assert repository.git("diff", "--ext-diff").stdout == f"{FILE}\n  mode 100644 → 100755\n"
    (repository.folder / FILE).write_text(changed(SEA))
    said = repository.git("diff", "--ext-diff").stdout.splitlines()
    assert said[1:3] == ["  mode 100644 → 100755", "  shot 3: -2 characters"]


def test_a_file_that_both_sides_began(repository: Repository) -> None:
    """Without a common version, equal texts merge and different ones conflict."""
    repository.git("rm", "-q", FILE)
    repository.git("commit", "-q", "-m", "gone")
    assert repository.merge(FILM, FILM.replace("soft dawn", "grey dawn")).returncode == 1
    assert "soft dawn" in repository.text
    assert "grey dawn" in repository.text


def test_rebase_and_cherry_pick_use_it_too(repository: Repository) -> None:
    """Every merge of git goes through the driver."""
    ours, theirs, wanted = MERGES["neighbouring lines"]
    repository.git("checkout", "-q", "-b", "theirs")
    repository.commit(theirs)
    repository.git("checkout", "-q", "main")
    repository.commit(ours)
    repository.git("cherry-pick", "theirs")
    assert repository.text == wanted


def test_without_git_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, and OURS as it was."""
    from storyboard.cli.main import main

    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(FILM)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert main(["merge", *(str(tmp_path / name) for name in ("base", "ours", "theirs"))]) == 3
    assert (tmp_path / "ours").read_text() == FILM


def test_markers_have_the_length_that_git_asks_for(tmp_path: Path) -> None:
    """`--marker-size`, as in a file that is full of markers already."""
    from storyboard.versions.threeway import merge

    base, ours, theirs = (f"title: {word}\n".encode() for word in ("a", "b", "c"))
    merged = merge(base, ours, theirs, ("ours", "base", "theirs"), 11)
    assert merged.conflict
    assert b"<" * 11 + b" ours\n" in merged.data
    assert subprocess.run(["git", "--version"], check=True, capture_output=True).stdout


def test_a_result_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the name that the user knows, not that of a file in between."""
    names = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    for name, text in zip(names, (FILM, FILM, HEAD + OPENING + ADDED + MIDDLE + END), strict=True):
        Path(name).write_text(text)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", ".between")

    monkeypatch.setattr("storyboard.cli.merge_command.save", refuse)
    with pytest.raises(Stop, match=r"^film.yaml cannot be written: permission denied$") as stopped:
        merge_command.command.main([*names, "--path", "film.yaml"], standalone_mode=False)
    assert stopped.value.code == 3


def test_a_read_only_result_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """OURS is locked: nothing is written, and the way out is said; also where it is too long for a storyboard."""
    from storyboard.cli.main import main

    names = [str(tmp_path / name) for name in ("base", "ours", "theirs")]
    for long in ("", "# " + "x" * 300_000 + "\n"):
        for name, text in zip(names, (FILM, FILM, HEAD + OPENING + ADDED + MIDDLE + END), strict=True):
            Path(name).unlink(missing_ok=True)
            Path(name).write_text(text + long)
        Path(names[1]).chmod(0o444)
        assert main(["merge", *names]) == 3
        assert "ours was not written: it is read-only (mode 444); make it writable" in capsys.readouterr().err
        assert Path(names[1]).read_text() == FILM + long


@pytest.mark.parametrize("binary", ["base", "ours", "theirs"])
def test_a_version_that_git_takes_for_binary(tmp_path: Path, binary: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage in words, without the path of a file in between; nothing is written."""
    from storyboard.cli.main import main

    for name in ("base", "ours", "theirs"):
        (tmp_path / name).write_text(FILM + "\0" * (name == binary))
    before = (tmp_path / "ours").read_bytes()
    assert main(["merge", *(str(tmp_path / name) for name in ("base", "ours", "theirs")), "--path", "film.yaml"]) == 2
    assert f"film.yaml: {binary} holds a NUL character" in capsys.readouterr().err
    assert (tmp_path / "ours").read_bytes() == before
