"""`submit -o VIDEO`: one file that is equal to the newest take, and nothing lost by it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.desk import BOARD, COMMAND
from tests.docs.blocks import PAGES, blocks
from tests.provider import Fault

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Said
    from tests.provider import Provider

OTHER = BOARD.replace("Gulls", "A bell")
PAY = ("--max-cost", "2")


def submit(desk: Desk, *options: str, file: str = "w.storyboard.yaml") -> Said:
    """Submits a storyboard for money."""
    return desk.run("submit", file, *PAY, *options)


def same(one: str, other: str) -> bool:
    """Whether two files hold the same bytes."""
    return Path(one).read_bytes() == Path(other).read_bytes()


def old(file: str) -> int:
    """Gives a file a time long ago, and tells it."""
    os.utime(file, (1_600_000_000, 1_600_000_000))
    return os.stat(file).st_mtime_ns


def test_it_follows_the_request(desk: Desk, provider: Provider) -> None:
    """New where the request changed, and where the change was taken back; its time stays where nothing changed."""
    desk.write("w.storyboard.yaml", BOARD)
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-1.mp4")
    before = old("film.mp4")
    desk.write("w.storyboard.yaml", "# a note\n" + BOARD)
    said = submit(desk, "-o", "film.mp4")
    assert (said.code, said.out, os.stat("film.mp4").st_mtime_ns) == (0, "renders/w-1.mp4\n", before)
    desk.write("w.storyboard.yaml", OTHER)
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-2.mp4")
    assert os.stat("film.mp4").st_mtime_ns >= os.stat("w.storyboard.yaml").st_mtime_ns
    old("film.mp4")
    desk.write("w.storyboard.yaml", BOARD)
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-1.mp4")
    assert os.stat("film.mp4").st_mtime_ns >= os.stat("w.storyboard.yaml").st_mtime_ns
    assert provider.count("submit") == 2
    assert not [name for name in os.listdir() if name.endswith(".tmp")]


def test_the_newest_of_several(desk: Desk, provider: Provider) -> None:
    """Of a job's takes the last, of attempts the last; `--json` is as without it."""
    desk.write("w.storyboard.yaml", BOARD + "output: {takes: 2}\n")
    said = submit(desk, "-o", "deep/er/film.mp4", "--json")
    assert [take["path"] for take in said.lines[0]["takes"]] == ["renders/w-1.mp4", "renders/w-2.mp4"]
    assert same("deep/er/film.mp4", "renders/w-2.mp4")
    assert submit(desk, "-o", "deep/er/film.mp4", "--again").code == 0
    assert same("deep/er/film.mp4", "renders/w-4.mp4")
    assert submit(desk, "-o", "deep/er/film.mp4").code == 0
    assert same("deep/er/film.mp4", "renders/w-4.mp4")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("w.storyboard.yaml", "x.storyboard.yaml", "-o", "film.mp4"), "one storyboard, and these are 2"),
        ((".", "-o", "film.mp4"), "one storyboard, and these are 2"),
        (("w.storyboard.yaml", "-o", "film.webm"), "does not end in .mp4"),
        (("w.storyboard.yaml", "-o", "film"), "does not end in .mp4"),
        (("w.storyboard.yaml", "-o", ""), "names no file"),
        (("w.storyboard.yaml", "-o", "folder.mp4"), "is a folder"),
        (("w.storyboard.yaml", "-o", "http://x/film.mp4"), "is an address"),
        (("w.storyboard.yaml", "-o", "renders/w-1.mp4"), "is the name of a take"),
        (("w.storyboard.yaml", "-o", "renders/W-7.MP4"), "is the name of a take"),
        (("w.storyboard.yaml", "-o", "./renders/../renders/w-1.mp4"), "is the name of a take"),
        (("w.storyboard.yaml", "-o", "x.storyboard.yaml/film.mp4"), "is not a folder"),
        (("w.storyboard.yaml", "-o", "mine.mp4"), "is no take that storyboard knows"),
        (("w.storyboard.yaml", "-o", "link.mp4"), "is a link"),
        (("w.storyboard.yaml", "-o", "dangling.mp4"), "is a link"),
        (("w.storyboard.yaml", "-o", "pipe.mp4"), "is no file"),
        (("w.storyboard.yaml", "-o", f"{'x' * 300}.mp4"), "file name too long"),
        (("w.storyboard.yaml", "--out", "http://x/renders"), "is an address"),
    ],
)
def test_wrong_usage(desk: Desk, provider: Provider, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2 before anything is sent, and nothing that lies there is touched."""
    desk.write("w.storyboard.yaml", BOARD)
    desk.write("x.storyboard.yaml", OTHER)
    Path("folder.mp4").mkdir()
    Path("mine.mp4").write_bytes(b"mine")
    Path("link.mp4").symlink_to("mine.mp4")
    Path("dangling.mp4").symlink_to("nowhere.mp4")
    os.mkfifo("pipe.mp4")
    before = sorted(os.listdir())
    said = desk.run("submit", *arguments, *PAY)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert provider.requests == []
    assert (sorted(os.listdir()), Path("mine.mp4").read_bytes()) == (before, b"mine")


def test_what_it_may_replace(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """An empty file, or bytes that lie elsewhere as a take; never the only copy of what was paid for."""
    desk.write("w.storyboard.yaml", BOARD)
    Path("film.mp4").touch()
    assert submit(desk, "-o", "film.mp4").code == 0
    desk.write("w.storyboard.yaml", OTHER)
    os.rename("renders/w-1.mp4", "kept.mp4")
    said = submit(desk, "-o", "film.mp4")
    assert (said.code, "is the only copy of a take that was paid for" in said.err) == (2, True)
    os.rename("kept.mp4", "renders/w-1.mp4")
    Path("film.mp4").chmod(0o444)
    assert "is read-only" in submit(desk, "-o", "film.mp4").err
    Path("film.mp4").chmod(0o640)
    assert provider.count("submit") == 1
    assert submit(desk, "-o", "film.mp4").code == 0
    assert Path("film.mp4").stat().st_mode & 0o777 == 0o640
    # A ledger that is lost: the receipts beside the takes say what the file is.
    (tmp_path / "state").rename(tmp_path / "lost")
    desk.write("w.storyboard.yaml", BOARD)
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-1.mp4")
    assert provider.count("submit") == 2


def test_a_take_of_another_storyboard(desk: Desk, provider: Provider) -> None:
    """Its file is no place for a copy, whatever it is called; a name that only looks like one is."""
    for name in ("film", "film-1"):
        desk.write(f"{name}.storyboard.yaml", BOARD.replace("Lamp", name).replace("Gulls", f"Gulls {name}"))
    assert submit(desk, file="film.storyboard.yaml").code == 0
    said = submit(desk, "-o", "renders/film-1.mp4", file="film-1.storyboard.yaml")
    assert (said.code, "is a take of film.storyboard.yaml" in said.err) == (2, True)
    assert submit(desk, "-o", "renders/film-9.mp4", file="film-1.storyboard.yaml").code == 0
    assert same("renders/film-9.mp4", "renders/film-1-1.mp4")
    assert json.loads(Path("renders/film-1.mp4.json").read_text())["sha256"] == _digest("renders/film-1.mp4")


def _digest(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def test_the_sandbox_replaces_nothing_that_was_paid(desk: Desk, provider: Provider) -> None:
    """An animatic comes over no paid take, a paid take over any animatic."""
    desk.write("w.storyboard.yaml", BOARD)
    assert desk.run("submit", "w.storyboard.yaml", "--sandbox", "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/sandbox/w-1.mp4")
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-1.mp4")
    said = desk.run("submit", "w.storyboard.yaml", "--sandbox", "-o", "film.mp4")
    assert (said.code, "was paid for" in said.err) == (2, True)
    assert same("film.mp4", "renders/w-1.mp4")


def test_without_an_end(desk: Desk, provider: Provider) -> None:
    """Not waited for, or failed: it stays as it is, which is said; the same line again writes it."""
    desk.write("w.storyboard.yaml", BOARD)
    said = submit(desk, "-o", "film.mp4", "--no-wait")
    assert (said.code, "no take is on disk yet" in said.err) == (0, True)
    assert not os.path.exists("film.mp4")
    assert submit(desk, "-o", "film.mp4").code == 0
    before = old("film.mp4")
    provider.add_faults(Fault(on="submit", kind="402"))
    desk.write("w.storyboard.yaml", OTHER)
    said = submit(desk, "-o", "film.mp4")
    assert (said.code, "film.mp4 stays as it is" in said.err) == (6, True)
    assert os.stat("film.mp4").st_mtime_ns == before
    assert desk.run("submit", "w.storyboard.yaml", "-o", "film.mp4", "--dry-run").code == 0
    assert os.stat("film.mp4").st_mtime_ns == before


def test_another_format(desk: Desk, provider: Provider) -> None:
    """The ending is that of `output.format`, in any case."""
    desk.write("w.storyboard.yaml", BOARD + "output: {format: MOV}\n")
    assert submit(desk, "-o", "film.MOV").code == 0
    assert same("film.MOV", "renders/w-1.mov")


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The page's recipe, and a film that is cut from what it makes."""
    (recipe,) = [block.text for page in PAGES for block in blocks(page) if block.language == "make"]
    Path("Makefile").write_text("cut.txt: renders/w.mp4\n\tsha256sum < $< > $@\n" + recipe)
    # The tests may be run by make themselves, which would make this one speak of where it is.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    env["PATH"] = f"{Path(COMMAND).parent}{os.pathsep}{env['PATH']}"
    return subprocess.run(["make", *arguments], env=env, capture_output=True, text=True, check=False, timeout=120)


def _made() -> None:
    """One run of make brings everything up to date, and leaves nothing to do."""
    done = _make()
    assert done.returncode == 0, done.stderr
    assert _make("-q").returncode == 0
    assert Path("cut.txt").read_text().split()[0] == _digest("renders/w.mp4")


def test_the_recipe_for_make(desk: Desk, provider: Provider) -> None:
    """Edits, edits taken back, the sandbox, a touched file: the film is the storyboard's, and make comes to rest."""
    desk.write("w.storyboard.yaml", BOARD)
    _made()
    assert same("renders/w.mp4", "renders/w-1.mp4")
    assert desk.run("submit", "w.storyboard.yaml", "--sandbox").code == 0
    assert _make("renders/sandbox/w.mp4").returncode == 0
    assert same("renders/sandbox/w.mp4", "renders/sandbox/w-1.mp4")
    assert _make("-q", "cut.txt", "renders/sandbox/w.mp4").returncode == 0
    desk.write("w.storyboard.yaml", OTHER)
    assert desk.run("submit", "w.storyboard.yaml", "--sandbox").code == 0
    assert _make("-q").returncode == 1
    _made()
    assert same("renders/w.mp4", "renders/w-2.mp4")
    desk.write("w.storyboard.yaml", BOARD)
    _made()
    assert same("renders/w.mp4", "renders/w-1.mp4")
    Path("w.storyboard.yaml").touch()
    _made()
    desk.write("w.storyboard.yaml", "# a note\n" + BOARD)
    _made()
    os.unlink("renders/w.mp4")
    _made()
    assert provider.count("submit") == 2


def test_make_stops_where_nothing_can_be_made(desk: Desk, provider: Provider) -> None:
    """A job that is refused ends make with an error, the old film stays, and the next run goes on."""
    desk.write("w.storyboard.yaml", BOARD)
    _made()
    desk.write("w.storyboard.yaml", OTHER)
    provider.add_faults(Fault(on="submit", kind="402"))
    done = _make()
    assert (done.returncode, "add credit" in done.stderr) == (2, True)
    assert same("renders/w.mp4", "renders/w-1.mp4")
    _made()
    assert same("renders/w.mp4", "renders/w-2.mp4")


def test_a_disk_that_takes_no_copy(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3 and words; the old file and the take are whole, and nothing half made is left."""
    desk.write("w.storyboard.yaml", BOARD)
    assert submit(desk, "-o", "film.mp4").code == 0
    desk.write("w.storyboard.yaml", OTHER)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("storyboard.submitting.target.os.replace", full)
        said = submit(desk, "-o", "film.mp4")
    assert (said.code, "no space left" in said.err) == (3, True)
    assert same("film.mp4", "renders/w-1.mp4")
    assert sorted(os.listdir()) == ["film.mp4", "renders", "w.storyboard.yaml"]
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-2.mp4")


def test_paid_takes_and_animatics_in_one_folder(desk: Desk, provider: Provider, tmp_path: Path) -> None:
    """A folder that a person named for both: no number is shared, and names and receipts tell them apart."""
    desk.write("w.storyboard.yaml", BOARD)

    def sandbox() -> str:
        return desk.run("submit", "w.storyboard.yaml", "--sandbox", "--out", "both").out

    assert sandbox() == "both/w-1.mp4\n"
    assert submit(desk, "--out", "both").out == "both/w-2.mp4\n"
    desk.write("w.storyboard.yaml", OTHER)
    assert sandbox() == "both/w.sandbox-1.mp4\n"
    assert submit(desk, "--out", "both").out == "both/w-3.mp4\n"
    # Without the ledger receipts say the same, and nothing is paid again.
    (tmp_path / "state").rename(tmp_path / "lost")
    assert submit(desk, "--out", "both").out == "both/w-3.mp4\n"
    assert sandbox() == "both/w.sandbox-1.mp4\n"
    desk.write("w.storyboard.yaml", BOARD.replace("Gulls", "Rain"))
    assert sandbox() == "both/w.sandbox-2.mp4\n"
    assert provider.count("submit") == 2
    for name in os.listdir("both"):
        if name.endswith(".json"):
            receipt = json.loads(Path("both", name).read_text())
            assert (receipt["provider"] == "sandbox") is (name.startswith(("w.sandbox-", "w-1")))
    assert desk.run("jobs", "rebuild").code == 0
    assert submit(desk, "--out", "both").out == "both/w-4.mp4\n"


def test_animatics_that_lie_in_renders(desk: Desk, provider: Provider) -> None:
    """Those of earlier versions stay what they are: marked by name, copied, never drawn or numbered again."""
    desk.write("w.storyboard.yaml", BOARD)
    first = desk.run("submit", "w.storyboard.yaml", "--sandbox", "--out", "renders", "--json").lines[0]
    again = desk.run("submit", "w.storyboard.yaml", "--sandbox", "--json").lines[0]
    assert (again["job"], again["reused"], again["takes"][0]["path"]) == (first["job"], True, "renders/sandbox/w-1.mp4")
    assert submit(desk).out == "renders/w-2.mp4\n"
    assert desk.run("jobs", "keep", "w-1").err == "renders/w-1.mp4: kept\n"
    os.unlink("renders/w-1.mp4")
    os.unlink("renders/w-1.mp4.json")
    assert desk.run("jobs", "reject", "w-1").err == "renders/sandbox/w-1.mp4: rejected\n"


def test_killed_while_it_is_copied(desk: Desk, provider: Provider) -> None:
    """The file is the old one or the new one, whole; the next call makes it the new one."""
    desk.write("w.storyboard.yaml", BOARD)
    assert submit(desk, "-o", "film.mp4").code == 0
    desk.write("w.storyboard.yaml", OTHER)
    program = (
        "import os, signal, sys; from storyboard.submitting import target; "
        "target.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL); "
        "from storyboard.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    call = ["-c", program, "submit", "w.storyboard.yaml", *PAY, "-o", "film.mp4"]
    # The take itself is made durable by other calls of fsync, so it has to be there before.
    assert submit(desk).code == 0
    killed = subprocess.run([Path(COMMAND).with_name("python"), *call], capture_output=True, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert same("film.mp4", "renders/w-1.mp4")
    assert submit(desk, "-o", "film.mp4").code == 0
    assert same("film.mp4", "renders/w-2.mp4")
