"""What is copied: to which clipboards it goes, and that no more is said of it than is known."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from time import monotonic, sleep
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from storyboard.tui import clipboard
from storyboard.tui.clipboard import Program, Reached, hand_to_programs, programs, where_it_is
from tests.tui.studio import drive, editing, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Fake = Callable[[str, str], Path]

HOSTILE = "$(touch pwned); `touch pwned`\n\"'\\ -w\n\x1b]52;c;aGk=\x07 \u2028 Ж 🌧\udcff"
LONG = "text" * 1_000_000
"""More than a pipe holds."""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Makes programs that stand first in the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def make(name: str, lines: str) -> Path:
        program = folder / name
        program.write_text(f"#!/bin/sh\n{lines}\n")
        program.chmod(0o755)
        return folder / f"{name}.got"

    return make


@pytest.fixture
def ample_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that end by themselves may take their time, as they do on a busy machine."""
    monkeypatch.setattr(clipboard, "_SECONDS", 60.0)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, []),
        ({"TMUX": "/tmp/t,1,0"}, ["tmux"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wl-copy", "xclip"]),
        ({"TMUX": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}, []),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="pbcopy is always there")
def test_programs_are_those_that_reach_who_sits_there(environment: dict[str, str], names: list[str]) -> None:
    """A display that is named, a tmux that this runs in."""
    assert [program.name for program in programs(environment)] == names


@pytest.mark.usefixtures("ample_time")
def test_a_text_reaches_a_program_byte_for_byte(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shell reads it; what the environment lacks is not looked for."""
    monkeypatch.chdir(tmp_path)
    got = {name: fake(name, 'cat > "$0.got"; echo "$@" > "$0.args"') for name in ("tmux", "xclip", "wl-copy")}
    environment = {"TMUX": "x", "DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}
    assert hand_to_programs(HOSTILE, programs(environment)) == Reached(clipboard=True, tmux=True)
    for file in got.values():
        assert file.read_bytes() == HOSTILE.encode(errors="surrogateescape")
    assert (tmp_path / "bin" / "tmux.args").read_text() == "load-buffer -w -\n"
    assert not (tmp_path / "pwned").exists()


@pytest.mark.usefixtures("ample_time")
def test_an_older_tmux_and_another_program_of_x(fake: Fake) -> None:
    """Where the first command fails the next one is tried."""
    tmux = fake("tmux", 'case "$*" in *-w*) exit 1;; esac; cat > "$0.got"')
    fake("xclip", "exit 1")
    xsel = fake("xsel", 'cat > "$0.got"')
    assert hand_to_programs("text", programs({"TMUX": "x", "DISPLAY": ":0"})) == Reached(clipboard=True, tmux=True)
    assert tmux.read_text() == xsel.read_text() == "text"


@pytest.mark.parametrize("lines", ["exec sleep 60", "exec 0<&-; exec sleep 60"])
def test_a_program_that_hangs(fake: Fake, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """It is given up soon, also where it reads nothing of a long text."""
    monkeypatch.setattr(clipboard, "_SECONDS", 0.3)
    fake("tmux", lines)
    began = monotonic()
    assert hand_to_programs(LONG, programs({"TMUX": "x"})) == Reached()
    assert monotonic() - began < 20


@pytest.mark.usefixtures("ample_time")
@pytest.mark.parametrize(("lines", "takes"), [("exit 3", False), ("exit 0; cat", True)])
def test_a_program_that_ends_without_reading(fake: Fake, lines: str, takes: bool) -> None:
    """What it says in the end counts, however much of a long text is left."""
    fake("tmux", lines)
    assert hand_to_programs(LONG, programs({"TMUX": "x"})) == Reached(tmux=takes)


def test_one_that_hangs_leaves_time_for_the_next(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is bounded in all: a hung tmux with two ways to be asked, and a clipboard that takes what is left."""
    now, given = [100.0], list[tuple[str, float]]()

    def take(command: list[str], *, timeout: float, **_: object) -> object:
        name = os.path.basename(command[0])
        given.append((name, timeout))
        now[0] += timeout
        if name == "tmux":
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, 0)

    for name in ("tmux", "xclip"):
        fake(name, "exit 4")
    monkeypatch.setattr(clipboard, "monotonic", lambda: now[0])
    monkeypatch.setattr(subprocess, "run", take)
    assert hand_to_programs("text", programs({"TMUX": "x", "DISPLAY": ":0"})) == Reached(clipboard=True)
    assert [name for name, _ in given] == ["tmux", "xclip"]
    assert [seconds for _, seconds in given] == pytest.approx([clipboard._SECONDS / 2] * 2)


def test_leaving_does_not_wait_for_a_program_that_hangs(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """No thread of the pool, which is waited for at the end, is held by it."""
    monkeypatch.setattr(clipboard, "_SECONDS", 30.0)
    monkeypatch.setenv("TMUX", "x")
    started = fake("tmux", 'echo > "$0.got"; exec sleep 30')
    app = SimpleNamespace(is_web=False, is_headless=False, post_message=lambda _: None)
    copies = clipboard.Clipboard(app)  # type: ignore[arg-type]
    copies.copy("text", "it")
    while not started.exists():
        sleep(0.01)
    began = monotonic()
    copies.close()
    assert monotonic() - began < 10
    assert copies._thread is not None
    assert copies._thread.daemon


def test_no_such_program() -> None:
    """A display without one of its programs."""
    assert hand_to_programs("text", iter([Program("none", (("no-such-program-here",),))])) == Reached()


def test_no_more_is_said_than_is_known() -> None:
    """A terminal answers nothing; a program says that it took the text."""
    assert where_it_is("it", Reached(clipboard=True)) == "it is on the clipboard"
    assert where_it_is("it", Reached(clipboard=True, tmux=True)) == "it is on the clipboard and in the buffer of tmux"
    tmux = "it is in the buffer of tmux, and was sent to the terminal's clipboard"
    assert where_it_is("it", Reached(tmux=True)) == tmux
    assert "if it is not there, the terminal does not allow it" in where_it_is("it", Reached())
    assert "browser's clipboard" in where_it_is("it", Reached(), browser=True)


def test_copying_says_what_is_known(film: Path) -> None:
    """Commands name what they copied; Ctrl+C in a field speaks once, where it is not certain."""

    async def scene() -> None:
        async with editing(film) as (pilot, _):
            await pilot.press("alt+y", "alt+c")
            await until(pilot, lambda text: "the compiled prompt was sent to the" in " ".join(text.split()))
            await pilot.press("alt+r")
            await until(pilot, lambda text: "the request was sent to the" in " ".join(text.split()))

    drive(scene())


def test_a_path_that_is_no_text_is_copied(film: Path) -> None:
    """A file name that is no UTF-8 ends nothing."""

    async def scene() -> None:
        async with editing(film) as (pilot, board):
            board.copy("/a/\udcff.mp4", "the path")
            await until(pilot, lambda text: "the path was sent to the" in " ".join(text.split()))
            assert pilot.app.clipboard == "/a/\udcff.mp4"

    drive(scene())


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A tmux with its defaults, on a socket of its own."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    socket = str(tmp_path / "tmux")

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            ["tmux", "-S", socket, "-f", "/dev/null", *arguments], capture_output=True, text=True, check=False
        )
        return ran.stdout

    yield run
    run("kill-server")


def test_tmux_with_its_defaults_has_what_was_copied(tmux: Callable[..., str], film: Path) -> None:
    """Alt+C in a real one: the buffer is there, and it is said."""
    film.write_text(film.read_text(encoding="utf-8").replace("hand; it", "hand, it"), encoding="utf-8")
    command = f"{sys.executable} -m storyboard edit {film.name}"
    tmux("new-session", "-d", "-x", "120", "-y", "34", "-c", str(film.parent), command)

    def wait_for(words: str) -> str:
        end = monotonic() + 60
        while words not in (text := " ".join(tmux("capture-pane", "-p").replace("▌", " ").split())):
            assert monotonic() < end, text
            sleep(0.1)
        return text

    wait_for("nothing wrong")
    tmux("send-keys", "M-c")
    wait_for("the compiled prompt is in the")
    assert tmux("show-buffer").startswith("shot 1, 5, Wide shot of a harbour at dawn")
    tmux("send-keys", "S-Left", "S-Left", "S-Left", "C-c")
    end = monotonic() + 60
    while tmux("show-buffer") != "in.":
        assert monotonic() < end
        sleep(0.1)
    tmux("send-keys", "C-q")
