"""Ctrl-C where no job is under way, and what is left behind by a process that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from storyboard.cli import main
from tests.cli.desk import COMMAND

if TYPE_CHECKING:
    from tests.cli.desk import Desk
    from tests.provider import Provider


def interrupt(*_: object) -> NoReturn:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_while_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and exit code 130."""
    desk.write("film.storyboard.yaml")
    monkeypatch.setattr("storyboard.cli.check_command.check_input", interrupt)
    said = desk.run("check")
    assert (said.code, said.out, said.err.strip()) == (130, "", "storyboard: interrupted")


def test_while_loading(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """The same before any module of a command is there, and the process ends at once."""

    def leave(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr("storyboard.interrupts.listen", lambda _code_of: None)
    monkeypatch.setattr("storyboard.cli.running.run_command", interrupt)
    monkeypatch.setattr(os, "_exit", leave)
    with pytest.raises(SystemExit) as left:
        main.run()
    assert left.value.code == 130
    assert capfd.readouterr().err == "storyboard: interrupted\n"


def test_while_several_services_wait(desk: Desk, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """One Ctrl-C ends `resume` as a whole, not only its work at the first service."""
    desk.write("film.yaml")
    for options in (("--yes",), ("--sandbox",)):
        assert desk.run("submit", "film.yaml", "--no-wait", *options).code == 0
    carried = []

    async def stop_at_once(*arguments: object) -> NoReturn:
        carried.append(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr("storyboard.cli.carrying._carry", stop_at_once)
    assert desk.run("resume").code == 130
    assert len(carried) == 1


_ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def _begun(*command: str, until: bytes, ignored: bool = False) -> subprocess.Popen[bytes]:
    """A command in a process of its own, once it has said `until`; `ignored` as nohup and background jobs are."""
    ignoring = ["sh", "-c", 'trap "" INT HUP; exec "$@"', "sh"] if ignored else []
    begun = subprocess.Popen([*ignoring, COMMAND, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert begun.stderr is not None
    while until not in begun.stderr.readline():
        assert begun.poll() is None
    return begun


@pytest.mark.parametrize("number", _ENDS)
@pytest.mark.parametrize("line", ["submit film.yaml --yes", "resume"])
def test_ended_while_a_job_renders(desk: Desk, provider: Provider, line: str, number: signal.Signals) -> None:
    """Each signal ends it like Ctrl-C: 130, how to go on, nothing paid twice."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    assert desk.run("submit", "film.yaml", "--yes", "--no-wait").code == 0
    begun = _begun(*line.split(), until=b"rendering")
    begun.send_signal(number)
    _, said = begun.communicate(timeout=20)
    assert begun.returncode == 130
    assert said.decode().strip() == (
        "storyboard: interrupted; what was sent goes on at the service; `storyboard resume` carries on"
    )
    provider.advance(120)
    assert desk.run("resume").out == "renders/film-1.mp4\n"
    assert provider.count("submit") == 1


def test_two_signals_in_a_row(desk: Desk, provider: Provider) -> None:
    """As `timeout` sends them: the second ends it at once, and how to go on is said once all the same."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    begun = _begun("submit", "film.yaml", "--yes", until=b"rendering")
    begun.send_signal(signal.SIGTERM)
    begun.send_signal(signal.SIGHUP)
    _, said = begun.communicate(timeout=20)
    assert (begun.returncode, said.count(b"`storyboard resume` carries on")) == (130, 1)


def test_signals_that_the_caller_ignores(desk: Desk, provider: Provider) -> None:
    """Behind nohup, or in the background of a script, Ctrl-C and a closed terminal end nothing; SIGTERM does."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    begun = _begun("submit", "film.yaml", "--yes", until=b"rendering", ignored=True)
    begun.send_signal(signal.SIGINT)
    begun.send_signal(signal.SIGHUP)
    asked = provider.count("poll")
    while provider.count("poll") < asked + 2:
        assert begun.poll() is None
    begun.send_signal(signal.SIGTERM)
    _, said = begun.communicate(timeout=20)
    assert (begun.returncode, b"interrupted" in said) == (130, True)


@pytest.mark.parametrize("number", _ENDS)
@pytest.mark.parametrize("command", ["sandbox", "serve"])
def test_servers_that_are_ended_at_once(desk: Desk, command: str, number: signal.Signals) -> None:
    """Right after its address line, once or twice: 0, without a word of it."""
    for times in (1, 2):
        begun = subprocess.Popen([COMMAND, command, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert begun.stdout is not None
        assert begun.stdout.readline()
        for _ in range(times):
            begun.send_signal(number)
        _, said = begun.communicate(timeout=20)
        assert begun.returncode == 0
        assert not any(word in said for word in (b"interrupted", b"Traceback", b"Warning"))


_LOADING = """
import os, signal, sys
sys.argv = ["storyboard", *sys.argv[2:]]
class Here:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.Signals[NUMBER])
sys.meta_path.insert(0, Here())
from storyboard.cli.main import run
run()
"""


@pytest.mark.parametrize("number", _ENDS)
@pytest.mark.parametrize(("command", "code"), [("sandbox", 0), ("serve", 0), ("check", 130), ("submit", 130)])
def test_ended_while_loading(desk: Desk, command: str, code: int, number: signal.Signals) -> None:
    """While modules are imported it ends at once, as it would later."""
    program = _LOADING.replace("NUMBER", repr(number.name))
    ended = subprocess.run([sys.executable, "-c", program, "-", command], capture_output=True, check=False, timeout=60)
    words = b"storyboard: interrupted\n" if code else b""
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, b"", words)


def test_killed_and_resumed(desk: Desk, provider: Provider) -> None:
    """kill -9 while a job renders: `resume` takes it over soon, brings it home, and pays nothing again."""
    provider.job_seconds = 60
    desk.write("film.yaml")
    killed = subprocess.Popen([COMMAND, "submit", "film.yaml", "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with killed:
        assert killed.stderr is not None
        while b"rendering" not in killed.stderr.readline():
            assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
    provider.advance(120)
    said = desk.run("resume")
    assert (said.code, said.out) == (0, "renders/film-1.mp4\n")
    assert provider.count("submit") == 1
