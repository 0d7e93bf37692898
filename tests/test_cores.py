"""Work on many files is shared among cores: in order, whole, and without helpers that stay behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyboard.cores import FEW, on_all_cores

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = str(Path(sys.executable).with_name("storyboard"))
BOARD = "title: Lamp\nshots:\n  - seconds: {seconds}\n    prompt: Close-up of lamp {number} on its hook.\n"
MANY = FEW + 150

# Shares work among three helpers, whatever the machine has; the arguments say how helpers are started, and what
# becomes of file 250. Work that it passes on is looked up by name in helpers that are not forked: it is a file.
_SHARE = f"""
import multiprocessing, os, signal, sys
from storyboard import cores
def work(file):
    is_helper = multiprocessing.parent_process() is not None
    if file == "250" and sys.argv[2] == "dies" and is_helper:
        os.kill(os.getpid(), signal.SIGKILL)
    if file == "250" and sys.argv[2] == "raises":
        raise ValueError("file 250")
    return file, not is_helper
if __name__ == "__main__":
    cores._cores = lambda: 3
    cores._start_method = lambda: sys.argv[1]
    told = list(cores.on_all_cores(work, map(str, range({MANY}))))
    print([file for file, _ in told] == list(map(str, range({MANY}))), {{here for _, here in told}})
"""
Share = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(params=get_all_start_methods())
def share(request: pytest.FixtureRequest, tmp_path: Path) -> Share:
    """A process that shares the work, and what it said; helpers start in every way that a Python may choose."""
    script = tmp_path / "share.py"
    script.write_text(_SHARE, encoding="utf-8")

    def run(what: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(script), request.param, what]
        return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)

    return run


def test_few_files_are_done_here() -> None:
    """No process is started for them."""
    assert set(on_all_cores(lambda _: os.getpid(), map(str, range(FEW)))) == {os.getpid()}


def test_everything_is_told_in_order(share: Share) -> None:
    """Helpers do all of it."""
    assert share("lives").stdout == "True {False}\n"


def test_a_helper_that_is_killed_costs_nothing(share: Share) -> None:
    """What it had not told is done by the command itself."""
    assert share("dies").stdout == "True {False, True}\n"


def test_an_error_is_the_commands(share: Share) -> None:
    """What work raises in a helper is raised."""
    said = share("raises")
    assert said.returncode == 1
    assert said.stderr.strip().endswith("ValueError: file 250")


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """Enough storyboards for all cores, every seventh wrong."""
    for number in range(MANY):
        seconds = 0 if number % 7 == 0 else 3
        (tmp_path / f"{number:04}.storyboard.yaml").write_text(BOARD.format(seconds=seconds, number=number))
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_check_says_the_same_on_one_core_and_on_all(boards: Path, form: str) -> None:
    """To the byte, and with the same exit code; a file that cannot be read included."""
    (boards / "0300.storyboard.yaml").write_bytes(b"\xff\xfe\x00")
    arguments = [COMMAND, "check", ".", "--format", form]
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("this system cannot keep a process on one core")
    one = subprocess.run(
        arguments, cwd=boards, capture_output=True, check=False, preexec_fn=lambda: os.sched_setaffinity(0, {_a_core()})
    )
    every = subprocess.run(arguments, cwd=boards, capture_output=True, check=False)
    assert (one.returncode, one.stdout, one.stderr) == (every.returncode, every.stdout, every.stderr)
    assert one.returncode == 1


def _a_core() -> int:
    return min(os.sched_getaffinity(0))


def _helpers(command: int) -> Iterator[int]:
    """All processes of a command that leads a session: helpers need not be its own children."""
    for folder in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = folder.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == command != int(folder.parent.name):
            yield int(folder.parent.name)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_helper_stays_behind(boards: Path, how: signal.Signals) -> None:
    """Whatever ends the command ends its helpers; Ctrl-C, which all of them get, ends in one line."""
    if os.cpu_count() == 1:
        pytest.skip("one core has no helpers")
    begun = subprocess.Popen(
        [COMMAND, "check", str(boards)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    with begun:
        while not list(_helpers(begun.pid)):
            assert begun.poll() is None
        if how is signal.SIGKILL:
            begun.kill()
        else:
            os.killpg(begun.pid, how)
        _, words = begun.communicate()
    until = time.monotonic() + 60
    while list(_helpers(begun.pid)):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert b"Traceback" not in words
    assert (b"interrupted" in words) is (how is not signal.SIGKILL)
