"""The ledger: private, durable, shared, and clear about what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.resources import files
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs import clock, holders
from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.states import ENDS, State
from tests.jobs.rows import a_job, an_item, an_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.jobs.studio import Studio


@pytest.fixture(name="ledger")
def _ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "state") as ledger:
        yield ledger


def test_every_commit_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Money is written down: synchronous is FULL (2), and the journal is a write-ahead log."""
    monkeypatch.undo()
    with Ledger.open(tmp_path) as ledger:
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_folder_and_files_are_private(tmp_path: Path) -> None:
    """0700 and 0600, also where the user's mask would allow more."""
    old = os.umask(0)
    try:
        with Ledger.open(tmp_path / "a" / "state") as ledger:
            ledger.add(a_job(), None, an_order())
            assert (tmp_path / "a" / "state").stat().st_mode & 0o777 == 0o700
            assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a" / "state").iterdir()} == {0o600}
    finally:
        os.umask(old)


def test_a_folder_that_holds_other_things_stays_as_it_is(tmp_path: Path) -> None:
    """Only the ledger's own folder is closed to others; the ledger's file always is."""
    tmp_path.chmod(0o755)
    (tmp_path / "notes.txt").write_text("mine")
    Ledger.open(tmp_path).close()
    assert (tmp_path.stat().st_mode & 0o777, (tmp_path / FILE_NAME).stat().st_mode & 0o777) == (0o755, 0o600)


@pytest.mark.parametrize("data", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000], ids=["no", "bad"])
def test_a_damaged_file(studio: Studio, data: bytes) -> None:
    """Clear words, exit 6, and the file is kept as it is."""
    studio.state.mkdir()
    path = studio.state / FILE_NAME
    path.write_bytes(data)
    ran = studio.submit(studio.board())
    assert (ran.code, studio.provider.paid, path.read_bytes()) == (6, {}, data)
    assert "storyboard jobs rebuild" in ran.err
    assert str(path) in ran.err


def test_a_ledger_that_breaks_in_the_middle(studio: Studio) -> None:
    """Damage deep in the file is met when it is read: clear words, exit 6."""
    studio.submit(*(studio.board(f"board{number}") for number in range(30)))
    path = studio.state / FILE_NAME
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    ran = studio.submit(studio.board())
    assert ran.code == 6
    assert "ledger" in ran.err


def test_a_ledger_of_a_newer_version(studio: Studio) -> None:
    """It is neither used nor changed."""
    studio.submit(studio.board())
    path = studio.state / FILE_NAME
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    ran = studio.submit(studio.board("another"))
    assert (ran.code, path.read_bytes(), sum(studio.provider.paid.values())) == (6, before, 1)
    assert "newer version" in ran.err


def test_a_place_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without permission, or a path through a file, is an error that names the ledger."""
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(tmp_path / "file" / "state")
    monkeypatch.setattr(os, "open", _denied)
    with pytest.raises(LedgerError, match=r"(?s)denied.*ledger\.sqlite3"):
        Ledger.open(tmp_path)


def _denied(path: str, *_: object) -> int:
    raise PermissionError(13, "Permission denied", str(path))


def test_the_schema_says_its_version(tmp_path: Path) -> None:
    """Every statement of the schema is run: tables and indexes are all there."""
    Ledger.open(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL")}
    connection.close()
    schema = files("storyboard.jobs").joinpath("schema.sql").read_text()
    assert {line.split()[2] for line in schema.splitlines() if line.startswith("CREATE")} == names


def test_a_state_is_moved_only_from_where_it_was_read(ledger: Ledger) -> None:
    """Who holds an old row does not put a job back that another process has brought further."""
    old = ledger.add(a_job(), None, an_order())
    ledger.move(ledger.move(old, State.ACCEPTED), State.DONE)
    assert ledger.move(old, State.UNKNOWN).state is State.DONE
    assert ledger.begin_sending(old) is None


def test_adding_twice_changes_nothing(ledger: Ledger) -> None:
    """The first row of a UUID stays; orders are gathered."""
    job = ledger.move(ledger.add(a_job(), None, an_order()), State.ACCEPTED)
    again = ledger.add(a_job(created_at=1.0), None, an_order("/other/film.storyboard.yaml"))
    assert (again, len(ledger.orders(job))) == (job, 2)


def test_sending_needs_the_lease(tmp_path: Path) -> None:
    """Only who holds a job may begin to send it, and only while the lease lasts."""
    with Ledger.open(tmp_path) as mine, Ledger.open(tmp_path) as other:
        job = mine.add(a_job(), None, an_order())
        assert mine.begin_sending(job) is None
        assert mine.hold([job]) == {job.uuid}
        assert other.hold([job]) == set()
        assert other.begin_sending(job) is None
        sent = mine.begin_sending(job)
        assert sent is not None
        assert (sent.state, sent.sent_at is not None) == (State.SUBMITTING, True)
        assert mine.unsent(sent) == job


def test_leases_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By release, by closing, by time, and at once where the holder of this machine is dead."""
    with Ledger.open(tmp_path) as mine, Ledger.open(tmp_path) as other:
        job = mine.add(a_job(), None, an_order())
        for end in (lambda: mine.release(job), lambda: mine._db.execute("UPDATE jobs SET held_until = 1")):
            assert mine.hold([job])
            assert not other.hold([job])
            end()
            assert other.hold([job])
            other.release(job)
        assert mine.hold([job])
        monkeypatch.setattr("storyboard.jobs.leases.is_dead", lambda holder: holder == mine.holder)
        assert other.hold([job])
    with Ledger.open(tmp_path) as third:
        assert third.hold([job])


def test_renewing_keeps_a_lease(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only an own one."""
    now = [time.time()]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    with Ledger.open(tmp_path) as mine, Ledger.open(tmp_path) as other:
        job = mine.add(a_job(), None, an_order())
        mine.hold([job])
        mine._db.execute("UPDATE jobs SET held_until = ?", (now[0] + 0.05,))
        other.renew([job])
        mine.renew([job])
        now[0] += 0.1
        assert not other.hold([job])


def test_the_dead_are_known(tmp_path: Path) -> None:
    """A process of this machine that has ended is dead; this one, and any of another machine, is not known to be."""
    pid = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(pid, 0)
    machine = holders.own_name().split(":")[0]
    prefix = holders.own_name().rpartition(":")[0].rpartition(":")[0]
    assert holders.is_dead(f"{prefix}:{pid}:aa")
    for alive in (
        holders.own_name(),
        f"elsewhere{machine}:{pid}:aa",
        "nonsense",
        "",
        f"{prefix}:x:aa",
        f"{prefix}:1:aa",
    ):
        assert not holders.is_dead(alive)


def test_a_first_frame_stays_as_long_as_it_may_be_sent(ledger: Ledger) -> None:
    """Two jobs share one copy; it goes with the last of them that may need it."""
    frame = sha256(b"picture").hexdigest()
    one = ledger.add(a_job(1, frame=frame, media_type="image/png"), b"picture", an_order())
    two = ledger.add(a_job(2, frame=frame, media_type="image/png"), b"picture", an_order())
    ledger.move(one, State.REJECTED)
    assert ledger.frame_bytes(frame) == b"picture"
    ledger.move(two, State.DONE)
    assert ledger.frame_bytes(frame) is None


def test_results_are_noted_once(ledger: Ledger) -> None:
    """A second answer about a video renews its address and loses nothing; the order of arrival is kept."""
    job = ledger.add(a_job(takes=2), None, an_order())
    ledger.add_results(job, [an_item(job, 2, cost=0.5), an_item(job, 1)])
    ledger.add_results(job, [an_item(job, 2, url="https://h/new.mp4", seed=None), an_item(job, 1, url=None)])
    found = [(result.video_uuid, result.number, result.url, result.seed, result.cost) for result in ledger.results(job)]
    assert found == [("video-2", 1, "https://h/new.mp4", 2, 0.5), ("video-1", 2, "https://h/1.mp4", 1, None)]


@pytest.mark.parametrize("takes", [1, 3])
def test_no_more_videos_than_were_asked_for(ledger: Ledger, takes: int) -> None:
    """The first count, over all answers; their addresses go on being renewed."""
    job = ledger.add(a_job(takes=takes), None, an_order())
    ledger.add_results(job, [an_item(job, number) for number in range(1, 20_001)])
    ledger.add_results(job, [an_item(job, 30_000), an_item(job, 1, url="https://h/new.mp4")])
    found = ledger.results(job)
    assert [result.video_uuid for result in found] == [f"video-{number}" for number in range(1, takes + 1)]
    assert found[0].url == "https://h/new.mp4"


def test_no_password_of_an_address_is_kept(tmp_path: Path) -> None:
    """Neither of a video's, nor of a service's, which older versions took with one."""
    secret = "Pa55-w0rd"
    with Ledger.open(tmp_path) as ledger:
        job = ledger.add(a_job(service=f"https://me:{secret}@api.example:443/v1?token={secret}"), None, an_order())
        ledger.add_results(job, [an_item(job, url=f"https://me:{secret}@h/v.mp4?signed=yes")])
    with Ledger.open(tmp_path) as ledger:
        (job,) = ledger.all()
        assert job.service == "https://api.example/v1"
        assert [result.url for result in ledger.results(job)] == ["https://h/v.mp4?signed=yes"]
        (url,) = ledger._db.execute("SELECT url FROM results").fetchone()
        assert secret not in url
        ledger._db.execute("UPDATE results SET url = ?", (f"https://me:{secret}@h/v.mp4",))
        assert [result.url for result in ledger.results(job)] == ["https://h/v.mp4"]


def test_finding_by_the_beginning(ledger: Ledger) -> None:
    """Jobs are found by the first characters of their UUID, and signs of SQL are only signs."""
    job = ledger.add(a_job(), None, an_order())
    assert ledger.find(job.uuid[:6].upper()) == [job]
    assert ledger.find("%") == ledger.find("_") == ledger.find("\\") == []


def test_unfinished_are_those_that_can_be_carried_on(ledger: Ledger) -> None:
    """Everything but the ends."""
    for number, state in enumerate(State):
        ledger.add(a_job(number, state=state), None, an_order())
    assert {job.state for job in ledger.unfinished()} == set(State) - ENDS


def test_two_begin_a_ledger_at_once(tmp_path: Path) -> None:
    """One waits for the other, which SQLite alone does not do while the kind of journal changes."""
    both = Barrier(2)

    def begin(folder: Path) -> None:
        both.wait()
        Ledger.open(folder).close()

    with ThreadPoolExecutor(2) as threads:
        for number in range(40):
            folder = tmp_path / str(number)
            for done in [threads.submit(begin, folder) for _ in range(2)]:
                done.result()


def test_a_ledger_that_is_open_survives_other_processes(tmp_path: Path) -> None:
    """Opened twice here and closed once, as in an editor, then opened and closed by another process: it is one ledger.

    Else that process takes itself for the last one and deletes the log, and what is written here reaches nobody.
    """
    look = (
        "import sys; from pathlib import Path; from storyboard.jobs.ledger import Ledger\n"
        "with Ledger.open(Path(sys.argv[1])) as ledger: print(len(ledger.all(9)))"
    )

    def jobs_elsewhere() -> str:
        return subprocess.run(
            [sys.executable, "-c", look, str(tmp_path)], capture_output=True, check=True, text=True
        ).stdout.strip()

    with Ledger.open(tmp_path) as ledger:
        ledger.add(a_job(), None, an_order())
        Ledger.open(tmp_path).close()
        assert jobs_elsewhere() == "1"
        assert (tmp_path / f"{FILE_NAME}-wal").exists()
        ledger.add(a_job(2), None, an_order())
        assert jobs_elsewhere() == "2"
        assert len(ledger.all(9)) == 2
