"""Runs that know nothing of each other meet at the same job: one bill, and everybody has the videos."""

from __future__ import annotations

import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from storyboard.jobs.states import State
from tests.jobs import points
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.jobs.studio import Studio
from tests.provider import Fault, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


def test_a_lost_ledger_is_made_good_from_receipts(studio: Studio) -> None:
    """Receipts beside the videos prove what was paid: nothing is asked, bought, fetched or numbered anew."""
    boards = [studio.board("one"), studio.board("two", takes=3)]
    first = studio.submit(*boards)
    shutil.rmtree(studio.state)
    asked = len(studio.provider.requests)
    second = studio.submit(*boards)
    assert_done(studio, second)
    assert all(line["reused"] for line in second.lines)
    paths = [[[take["path"] for take in line["takes"]] for line in ran.lines] for ran in (first, second)]
    assert paths[0] == paths[1]
    assert len(studio.provider.requests) == asked
    assert_paid_once(studio, 2)


def test_a_lost_ledger_and_another_key(studio: Studio) -> None:
    """Receipts prove that another key has paid; what lies beside them in other bytes is bought."""
    board = studio.board()
    studio.submit(board)
    shutil.rmtree(studio.state)
    studio.extra["RUNWARE_API_KEY"] = studio.provider.key = "another-key-of-another-account"
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert ran.line["reused"]
    assert len(studio.provider.paid) == 1
    shutil.rmtree(studio.state)
    (studio.renders / "film-1.mp4").write_bytes((studio.renders / "film-1.mp4").read_bytes() + b"\0\0\0\x08free")
    ran = studio.submit(board)
    assert (ran.code, ran.line["reused"]) == (0, False)
    assert len(studio.provider.paid) == 2


def test_a_lost_ledger_and_one_lost_take(studio: Studio) -> None:
    """Where a receipt is left of some takes only, the service is asked for the rest; what lies there keeps its name."""
    board = studio.board(takes=3)
    first = studio.submit(board)
    shutil.rmtree(studio.state)
    for ending in ("mp4", "mp4.json"):
        (studio.renders / f"film-2.{ending}").unlink()
    downloads = studio.provider.count("download")
    second = studio.submit(board)
    assert_paid_once(studio, 1)
    assert second.code == 0
    videos = {take["video"]: take["path"] for take in second.line["takes"]}
    kept = [take for take in first.line["takes"] if take["take"] != 2]
    assert all(videos[take["video"]] == take["path"] for take in kept)
    assert studio.provider.count("download") == downloads + 1
    assert_done_ignoring_order(studio, second.line["job"], set(videos))


def assert_done_ignoring_order(studio: Studio, job: str, videos: set[str]) -> None:
    """All videos of a job are there."""
    assert videos == set(studio.provider.videos(job))
    assert len([name for name in studio.files() if name.endswith(".mp4")]) == len(videos)


def test_a_take_that_lies_there_is_adopted(studio: Studio) -> None:
    """A ledger that knows the job but not its file takes the file of that very video and its number."""
    board = studio.board()
    first = studio.submit(board)
    with Ledger.open(studio.state) as ledger:
        ledger._db.execute("DELETE FROM deliveries")
        ledger._db.execute("DELETE FROM names")
    second = studio.submit(board)
    assert_done(studio, second)
    assert [take["path"] for take in second.line["takes"]] == [take["path"] for take in first.line["takes"]]
    assert studio.provider.count("download") == 1


def test_a_file_changed_since_is_not_adopted(studio: Studio) -> None:
    """Bytes that are not those of the receipt are the user's: they stay, and the video comes under the next number."""
    board = studio.board()
    studio.submit(board)
    mine = studio.renders / "film-1.mp4"
    data = mine.read_bytes()
    mine.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    changed = mine.read_bytes()
    shutil.rmtree(studio.state)
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert (ran.line["takes"][0]["path"], mine.read_bytes()) == ("renders/film-2.mp4", changed)
    assert_paid_once(studio, 1)


def test_an_edited_take_is_never_overwritten(studio: Studio) -> None:
    """A take that the user has changed in place stays as it is, also when another folder orders the same video."""
    board = studio.board()
    studio.submit(board)
    mine = studio.renders / "film-1.mp4"
    data = mine.read_bytes()
    mine.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    changed = mine.read_bytes()
    assert studio.submit(board, "--out", "elsewhere").code == 0
    assert mine.read_bytes() == changed
    assert (studio.folder / "elsewhere/film-1.mp4").read_bytes() == data


def test_a_second_machine(tmp_path: Path, provider: Provider) -> None:
    """The same storyboard and key on another machine come to the same job, which is brought home there too."""
    for name in ("here", "there"):
        studio = Studio(tmp_path / name, provider)
        ran = studio.submit(studio.board())
        assert_done(studio, ran)
        assert ran.line["reused"] is (name == "there")
        assert_paid_once(studio, 1)


@pytest.mark.parametrize("point", ["after_commit", "after_response", "after_accepted"])
def test_a_second_machine_while_the_first_is_dead(tmp_path: Path, provider: Provider, point: str) -> None:
    """One that died on its way, and another that goes the same way: one bill, both have the video in the end."""
    dead, alive = (Studio(tmp_path / name, provider) for name in ("dead", "alive"))
    assert dead.killed("submit", dead.board(), "--yes", at=point).code == points.DEATH
    assert_done(alive, alive.submit(alive.board()))
    assert_done(dead, dead.resume())
    assert_paid_once(alive, 1)


def test_two_machines_at_once_into_one_folder(tmp_path: Path, provider: Provider) -> None:
    """Two ledgers that share an output folder never share a file."""
    one = Studio(tmp_path, provider)
    board = one.board(takes=2)
    two = Studio(tmp_path, provider)
    two.state = tmp_path / "other-state"
    forks = [studio.start("submit", board, "--yes", "--json") for studio in (one, two)]
    rans = [fork.wait() for fork in forks]
    for ran in rans:
        assert_done(one, ran)
    assert_paid_once(one, 1)
    assert_no_leftovers(one)


def test_two_processes_at_once(studio: Studio) -> None:
    """On one ledger and the same boards: one bill for each, both end well, each file once."""
    boards = [studio.board(f"board{number}") for number in range(4)]
    forks = [studio.start("submit", *boards, "--yes", "--json") for _ in range(3)]
    for fork in forks:
        assert_done(studio, fork.wait())
    assert_paid_once(studio, 4)
    assert len(studio.files()) == 8


def test_a_job_is_let_go_at_once(studio: Studio) -> None:
    """What one process has finished with, for good or ill, another can carry on while the first has other work."""
    studio.provider.add_outcomes(Outcome(prompt="slow", seconds=600))
    studio.provider.add_faults(Fault(on="download", kind="500", count=6))
    worker = studio.start("submit", studio.board("slow"), studio.board("quick"), "--yes", "--json")
    assert worker.until(lambda: studio.provider.count("download") >= 6)
    assert_done(studio, studio.submit("quick.storyboard.yaml"))
    assert os.waitpid(worker.pid, os.WNOHANG) == (0, 0)
    studio.provider.advance(600)
    assert {line["state"] for line in worker.wait().lines} == {"ready", "done"}
    assert_paid_once(studio, 2)


def test_a_process_dies_while_another_waits(studio: Studio) -> None:
    """The one that waits sees that the holder is dead, takes its jobs over at once, and finishes them."""
    studio.provider.job_seconds = 600
    board = studio.board()
    holder = studio.start("submit", board, "--yes")
    assert holder.until(lambda: studio.provider.paid)
    waiting = studio.start("submit", board, "--yes", "--json")
    waiting.wait_for("another storyboard process")
    os.kill(holder.pid, signal.SIGKILL)
    assert holder.wait().code == -signal.SIGKILL
    studio.provider.advance(600)
    began = time.monotonic()
    assert_done(studio, waiting.wait())
    assert time.monotonic() - began < 30, "it waited for the lease, which lasts a minute"
    assert_paid_once(studio, 1)


def test_a_holder_of_another_machine_is_waited_for(studio: Studio) -> None:
    """Of a process elsewhere nobody knows whether it lives: its job is taken over when its lease has ended."""
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="after_accepted").code == points.DEATH
    with Ledger.open(studio.state) as ledger:
        until = time.time() + 1.2
        ledger._db.execute("UPDATE jobs SET holder = 'elsewhere/:1:aa', held_until = ?", (until,))
    assert_done(studio, studio.resume())
    assert time.time() >= until
    assert_paid_once(studio, 1)


def test_a_frozen_process_that_lost_its_lease_sends_nothing(studio: Studio) -> None:
    """A lease that ended while its holder slept, say in a closed laptop, is noticed before anything is sent."""
    studio.board()
    freeze = _freezer(studio)
    fork = studio.start("submit", "film.storyboard.yaml", "--yes", "--json", at="written_down", act=freeze, lease=0.3)
    assert fork.reaches(studio.folder / "frozen")
    assert_done(studio, studio.submit("film.storyboard.yaml"))
    (studio.folder / "thaw").touch()
    assert_done(studio, fork.wait())
    assert_paid_once(studio, 1)


def _freezer(studio: Studio) -> points.Act:
    def freeze() -> None:
        (studio.folder / "frozen").touch()
        points.wait_until((studio.folder / "thaw").exists)

    return freeze


def test_one_request_in_several_storyboards(studio: Studio) -> None:
    """Bought once; each storyboard has its own file of it, with its own receipt."""
    boards = [studio.board(name, words="a heron") for name in ("a", "b", "act/a")]
    ran = studio.submit(*boards)
    assert_done(studio, ran)
    assert [line["reused"] for line in ran.lines].count(False) == 1
    assert sorted(take["path"] for line in ran.lines for take in line["takes"]) == [
        "renders/a-1.mp4",
        "renders/act-a-1.mp4",
        "renders/b-1.mp4",
    ]
    assert_paid_once(studio, 1)
    assert studio.provider.count("download") == 1


def test_again_buys_another(studio: Studio) -> None:
    """`--again` is a person's word: another job, another video, the next number; also where the ledger is lost."""
    board = studio.board()
    studio.submit(board)
    shutil.rmtree(studio.state)
    for number in (2, 3):
        ran = studio.submit(board, "--again")
        assert_done(studio, ran)
        assert ran.line["takes"][0]["path"] == f"renders/film-{number}.mp4"
        assert_paid_once(studio, number)
    assert [job.attempt for job in studio.jobs() if job.state is State.DONE] == [3, 2, 1]
