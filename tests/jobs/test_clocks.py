"""Clocks that are wrong, that are set, and that stand: nothing is paid twice by them, nor blocked for long."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from storyboard.jobs import clock, leases
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.pace import Pace
from storyboard.jobs.polling import Poller, _Waiting
from storyboard.jobs.states import State
from storyboard.jobs.verdict import Memory, Standing
from tests.jobs import points
from tests.jobs.points import DEATH
from tests.jobs.rows import a_job, an_order, uuid
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.studio import Studio
from tests.provider import Fault, Provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storyboard.jobs.rows import Job

YEAR = 365 * 86_400.0
ELSEWHERE = "elsewhere/:1:aa"


class _Clocks:
    """Both clocks of this process, to be set."""

    def __init__(self) -> None:
        self.now, self.ticks = time.time(), 1000.0

    def pass_by(self, seconds: float) -> None:
        """Time passes."""
        self.now, self.ticks = self.now + seconds, self.ticks + seconds


@pytest.fixture(name="clocks")
def _clocks(monkeypatch: pytest.MonkeyPatch) -> _Clocks:
    clocks = _Clocks()
    monkeypatch.setattr(clock, "now", lambda: clocks.now)
    monkeypatch.setattr(clock, "ticks", lambda: clocks.ticks)
    return clocks


@pytest.fixture(name="two")
def _two(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger, Job]]:
    """Two ledgers on one file, as two processes have them, and a job in it."""
    with Ledger.open(tmp_path) as mine, Ledger.open(tmp_path) as other:
        yield mine, other, mine.add(a_job(), None, an_order())


def test_the_age_of_a_moment(clocks: _Clocks) -> None:
    """By whichever clock says more: the one may have been set back, the other may have stood in a sleep."""
    moment = clock.Moment()
    clocks.pass_by(5)
    assert moment.age == 5
    clocks.now -= 3600
    assert moment.age == 5
    clocks.now += 7200
    assert moment.age == 3605


def test_the_clock_that_goes_on_in_a_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux the one that counts from the boot; where Python knows none, that of `time.monotonic` does so itself."""
    monkeypatch.setattr(clock, "_THROUGH_SLEEP", {"here": 7})
    monkeypatch.setattr(time, "clock_gettime", lambda number: number * 100.0)
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    monkeypatch.setattr("sys.platform", "here")
    assert clock.ticks() == 700.0
    monkeypatch.setattr("sys.platform", "win32")
    assert clock.ticks() == 5.0


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux has it")
def test_the_clock_of_linux() -> None:
    """The real one."""
    assert clock._THROUGH_SLEEP["linux"] == time.CLOCK_BOOTTIME


# leases


def test_a_lapsed_lease_is_not_renewed(two: tuple[Ledger, Ledger, Job], clocks: _Clocks) -> None:
    """Another process may have carried the job since; only taking it anew tells."""
    mine, other, job = two
    assert mine.hold([job])
    assert (mine.renew([job]), mine.holds(job)) == (set(), True)
    clocks.pass_by(leases.LEASE_SECONDS + 1)
    assert (mine.renew([job]), mine.holds(job), mine.is_last_holder(job)) == ({job.uuid}, False, True)
    assert other.hold([job])
    assert (mine.hold([job]), mine.is_last_holder(job)) == (set(), False)


def test_a_lease_of_a_clock_that_was_ahead(two: tuple[Ledger, Ledger, Job], clocks: _Clocks) -> None:
    """It is over once nobody has renewed it for as long as a lease lasts, and until then it counts."""
    mine, other, job = two
    mine.hold([job])
    mine._db.execute("UPDATE jobs SET holder = ?, held_until = ?", (ELSEWHERE, clocks.now + YEAR))
    for _ in range(3):
        assert not other.hold([job])
        clocks.pass_by(leases.LEASE_SECONDS / 4)
    mine._db.execute("UPDATE jobs SET held_until = held_until + 20")  # whoever renews it is alive
    assert not other.hold([job])
    clocks.pass_by(leases.LEASE_SECONDS - 1)
    assert not other.hold([job])
    clocks.pass_by(2)
    assert other.hold([job])


def test_a_clock_that_is_set_back(two: tuple[Ledger, Ledger, Job], clocks: _Clocks) -> None:
    """The holder renews its lease by the new time, and goes on having it."""
    mine, other, job = two
    mine.hold([job])
    clocks.now -= YEAR
    assert (mine.renew([job]), mine.holds(job), other.hold([job])) == (set(), True, set())
    clocks.pass_by(leases.LEASE_SECONDS + 1)
    assert other.hold([job])


@pytest.mark.parametrize("holder", [ELSEWHERE, "", "nobody", b"\xff", 7, None])
@pytest.mark.parametrize("until", [math.inf, -math.inf, -1, 1e300, 2**62, "soon", b"\0", YEAR * 1e6])
def test_leases_that_make_no_sense(
    two: tuple[Ledger, Ledger, Job], clocks: _Clocks, holder: object, until: object
) -> None:
    """Whatever stands in these columns, it stops nobody for longer than a lease lasts."""
    mine, other, job = two
    mine._db.execute("UPDATE jobs SET holder = ?, held_until = ?", (holder, until))
    assert not other.is_held_elsewhere(job)
    other.hold([job])
    clocks.pass_by(leases.LEASE_SECONDS + 1)
    assert other.hold([job])
    assert other.begin_sending(job) is not None


def test_a_service_is_spelled_anew_whatever_its_leases_say(tmp_path: Path) -> None:
    """Leases of clocks that were ahead keep no job at an old spelling."""
    with Ledger.open(tmp_path) as ledger:
        job = ledger.add(a_job(service="https://API.example/v1"), None, an_order())
        ledger._db.execute("UPDATE jobs SET holder = ?, held_until = ?", (ELSEWHERE, time.time() + YEAR))
    with Ledger.open(tmp_path) as ledger:
        assert ledger.get("https://api.example/v1", job.uuid) is not None


# stamps


def test_a_sending_in_the_future(studio: Studio) -> None:
    """Of a job that was sent by a clock that was ahead nobody knows the age: a person decides, and nothing is sent."""
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="after_commit").code == DEATH
    with Ledger.open(studio.state) as ledger:
        ledger._db.execute("UPDATE jobs SET sent_at = ?, created_at = ?", (time.time() + YEAR,) * 2)
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "review", "tooOld")
    assert "ahead" in ran.line["error"]["message"]
    assert not studio.provider.paid
    assert studio.submit(board).line["state"] == "review"
    assert_done(studio, studio.submit(board, "--again"))
    assert_paid_once(studio, 1)


def test_a_sending_of_a_clock_that_is_a_little_ahead(studio: Studio) -> None:
    """Clocks of good machines differ by seconds, and are corrected: that alone stops nothing."""
    assert studio.killed("submit", studio.board(), "--yes", at="after_commit").code == DEATH
    with Ledger.open(studio.state) as ledger:
        ledger._db.execute("UPDATE jobs SET sent_at = ?", (time.time() + 20,))
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("column", ["sent_at", "accepted_at", "finished_at"])
@pytest.mark.parametrize("value", [math.inf, -1.0, 1e300, "soon", b"\xff"])
def test_stamps_that_make_no_sense(two: tuple[Ledger, Ledger, Job], column: str, value: object) -> None:
    """They are damage, said as such; no number is made of them."""
    ledger, _, job = two
    ledger._db.execute(f"UPDATE jobs SET {column} = ?", (value,))
    with pytest.raises(LedgerError, match="rebuild"):
        ledger.fresh(job)


def test_another_key_in_the_future(two: tuple[Ledger, Ledger, Job]) -> None:
    """A stamp of a clock that was ahead does not stand in the way of everything that is bought from now on."""
    ledger, _, _ = two
    ledger._db.execute("UPDATE jobs SET state = 'done', sent_at = ?", (time.time() + YEAR,))
    mine = a_job(account="mine", uuid=uuid(2), created_at=time.time())
    assert ledger.paid_since(mine) is None
    ledger._db.execute("UPDATE jobs SET sent_at = ?", (time.time() + 5,))
    assert ledger.paid_since(mine) is not None


@pytest.mark.parametrize("moment", ["9999-01-01T00:00:00+00:00", "2190-01-01T00:00:00", "0001-01-01T00:00:00+00:00"])
def test_receipts_of_other_times(studio: Studio, moment: str) -> None:
    """What a receipt says of when cannot make a row that is refused, nor one that lies in the future."""
    board = studio.board()
    studio.submit(board)
    receipt = studio.renders / "film-1.mp4.json"
    stamps = dict.fromkeys(("prepared", "sent", "accepted", "downloaded"), moment)
    receipt.write_text(json.dumps(json.loads(receipt.read_text()) | stamps))
    for file in studio.state.iterdir():
        file.unlink()
    assert studio.run("jobs", "rebuild", str(studio.renders)).code == 0
    (job,) = studio.jobs()
    assert all(stamp is None or stamp <= time.time() for stamp in (job.created_at, job.sent_at, job.accepted_at))
    assert studio.submit(board).line["reused"]
    assert_paid_once(studio, 1)


def test_the_usual_time_after_a_clock_was_set() -> None:
    """A job that seems to have taken years does not make the next ones wait for as long."""

    async def usual() -> float | None:
        poller = Poller(mock.Mock(), mock.Mock(), Pace(), mock.Mock())
        end = asyncio.get_running_loop().create_future()
        poller._hear(_Waiting(a_job(accepted_at=1.0), end, Memory(), 1, 0, 0, was_going=True), Standing(State.READY))
        return poller._usual

    assert asyncio.run(usual()) == 500


# in a run


@pytest.mark.parametrize("seconds", [-YEAR, -3600.0, 3600.0, YEAR])
@pytest.mark.parametrize("point", ["after_commit", "connected", "polling"])
def test_a_clock_that_is_set_in_a_run(studio: Studio, point: str, seconds: float) -> None:
    """Forward or back, it ends well; at worst it is asked once more."""
    studio.provider.conflict = "running"
    ran = studio.start(
        "submit", studio.board(), "--yes", "--json", at=point, act=lambda: points.set_clocks(seconds, only_wall=True)
    ).wait()
    assert_done(studio, ran)
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("point", ["after_commit", "connected", "headers_sent"])
def test_a_process_that_is_stopped_for_longer_than_its_lease(tmp_path: Path, point: str) -> None:
    """By a signal, with real clocks: what another process on the ledger did meanwhile is not sent again."""
    with Provider(job_seconds=0.01, conflict="running") as provider:
        studio = Studio(tmp_path / "studio", provider)
        board = studio.board()
        stopped = studio.start(
            "submit", board, "--yes", "--json", at=point, act=lambda: os.kill(os.getpid(), signal.SIGSTOP), lease=0.2
        )
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED)
        assert_done(studio, studio.submit(board))
        os.kill(stopped.pid, signal.SIGCONT)
        assert_done(studio, stopped.wait())
        assert_paid_once(studio, 1)


def test_answers_that_are_always_too_late(studio: Studio, patience: Any) -> None:
    """A service that takes longer to answer than its answer is good for: nothing is sent, and the run ends."""
    patience(fresh=0.02, patience_when_paced=0.2)
    studio.extra["STORYBOARD_HTTP_TIMEOUT"] = "20"
    studio.provider.add_faults(Fault(on="poll", kind="slow", seconds=0.05, count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "prepared", "unclear")
    assert "too late" in ran.line["error"]["message"]
    assert not studio.provider.paid


def test_a_machine_that_stands_still_each_time(studio: Studio, patience: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look says no: the job is as it was, nothing was sent, and the run ends."""
    patience(doubts=3)
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "holds", lambda *_: False)
        ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "prepared", "unclear")
    assert (studio.jobs()[0].state, studio.jobs()[0].sent_at) == (State.PREPARED, None)
    assert not studio.provider.paid
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_a_stopped_process_gives_no_job_up(studio: Studio) -> None:
    """One that asked, and slept until the job was old, does not call it old while another process sends it."""
    board, wake = studio.board(), studio.folder / "wake"
    assert studio.killed("submit", board, "--yes", at="after_commit").code == DEATH
    sleeper = studio.start("resume", "--json", at="answered", act=points.sleep_until(wake, 2 * 86_400.0))
    assert sleeper.reaches(wake.with_suffix(".waiting"))
    sender = studio.start("resume", "--json", at="connected", act=points.wait_for(studio.folder / "go"), ahead=150.0)
    assert sender.reaches(studio.folder / "go.waiting")
    wake.touch()
    sleeper.wait_for("another storyboard process")
    (studio.folder / "go").touch()
    assert_done(studio, sender.wait())
    assert_done(studio, sleeper.wait())
    assert_paid_once(studio, 1)
