"""A ledger that cannot be used any more: kept, and a new one made from it and from receipts; nothing is paid twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.states import State
from tests.jobs.rules import assert_done, assert_paid_once, assert_takes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.studio import Studio


def kept_ledgers(studio: Studio) -> list[Path]:
    """Files that were set aside."""
    return sorted(studio.state.glob("ledger-kept-*.sqlite3"))


def damage(path: Path, how: str) -> bytes:
    """Spoils a ledger; what stands in it then."""
    for side in ("-wal", "-shm"):
        path.with_name(path.name + side).unlink(missing_ok=True)
    data = path.read_bytes()
    spoilt = {
        "no database": b"no database" * 500,
        "cut": data[: len(data) // 2],
        "pages": data[:4096] + b"\xa5" * (len(data) - 4096),
    }.get(how, data)
    path.write_bytes(spoilt)
    if how == "newer":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    return path.read_bytes()


@pytest.mark.parametrize("how", ["no database", "cut", "pages", "newer"])
def test_a_new_ledger_from_receipts(studio: Studio, how: str) -> None:
    """Every submit before it is refused; afterwards all is known again, and the old file is kept as it was."""
    boards = [studio.board("one"), studio.board("two", takes=3), studio.board("act/three")]
    first = studio.submit(*boards)
    assert_done(studio, first)
    spoilt = damage(studio.state / FILE_NAME, how)
    assert studio.submit(studio.board("new")).code == 6
    asked = len(studio.provider.requests)
    assert studio.run("jobs", "rebuild").code == 0
    assert len(studio.provider.requests) == asked
    (kept,) = kept_ledgers(studio)
    assert kept.read_bytes() == spoilt
    listed = json.loads(studio.run("jobs", "--json").out)
    assert {line["job"]: line["cost"] for line in listed} == {line["job"]: line["cost"] for line in first.lines}
    again = studio.submit(*boards)
    assert_done(studio, again)
    assert all(line["reused"] for line in again.lines)
    takes = [{line["job"]: line["takes"] for line in ran.lines} for ran in (first, again)]
    assert takes[0] == takes[1]
    assert_paid_once(studio, 3)


def test_jobs_under_way_are_saved_where_they_can_be_read(studio: Studio) -> None:
    """What the damaged file still tells is in the new one, jobs without any receipt included."""
    studio.run("submit", *(studio.board(f"board{number}") for number in range(60)), "--yes", "--no-wait")
    path = studio.state / FILE_NAME
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    ran = studio.run("jobs", "rebuild")
    assert ran.code == 0, ran
    saved = {job.uuid for job in studio.jobs()}
    assert 10 < len(saved) <= 60
    assert_done(studio, studio.resume())
    assert_done(studio, studio.submit(*(f"board{number}.storyboard.yaml" for number in range(60))))
    assert_paid_once(studio, 60)


def test_a_sound_ledger_stays(studio: Studio) -> None:
    """It only learns what it did not know."""
    studio.submit(studio.board("one"))
    before = studio.jobs()
    assert studio.run("jobs", "rebuild").code == 0
    assert (studio.jobs(), kept_ledgers(studio)) == (before, [])
    shutil.rmtree(studio.state)
    assert "1 receipt of 1 job is in the ledger" in studio.run("jobs", "rebuild", "renders").err
    assert [job.uuid for job in studio.jobs()] == [before[0].uuid]


def test_receipts_of_others(studio: Studio) -> None:
    """What another key paid at this service is believed where its videos lie there; the rest is counted and named."""
    studio.submit(studio.board("one"), studio.board("two"))
    shutil.rmtree(studio.state)
    (studio.renders / "two-1.mp4").unlink()
    studio.extra["RUNWARE_API_KEY"] = "another-key"
    ran = studio.run("jobs", "rebuild")
    assert "1 receipt is of another key, and in the ledger" in ran.err
    assert "1 receipt is of another key or service: set RUNWARE_API_KEY" in ran.err
    assert [(job.account, job.state) for job in studio.jobs()] == [("", State.DONE)]
    shutil.rmtree(studio.state)
    for extra in ({"RUNWARE_API_KEY": ""}, {"RUNWARE_BASE_URL": "https://elsewhere.example/v1"}):
        studio.extra = {"RUNWARE_API_KEY": "another-key"} | extra
        assert "2 receipts are of another key or service: set RUNWARE_API_KEY" in studio.run("jobs", "rebuild").err
    assert studio.jobs() == []


@pytest.mark.parametrize(
    "change",
    [
        {"request": None},
        {"request": {"inputs": 3}},
        {"request": {"positivePrompt": "dearer"}},
        {"attempt": 7},
        {"attempt": "x"},
        {"service": 3},
        {"video": None},
        {"storyboard": "a\0b"},
        {"sent": "9" * 30, "prepared": "+12345-01-01"},
        {"estimated_cost": 1e400, "seed": 2**70, "cost": "free"},
    ],
    ids=str,
)
def test_receipts_that_a_stranger_wrote(studio: Studio, change: dict[str, Any]) -> None:
    """Whatever a receipt says, rebuilding ends well, and nothing is listed that the account would not have made."""
    studio.submit(studio.board())
    uuid = studio.jobs()[0].uuid
    place = studio.renders / "film-1.mp4.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | change).replace("Infinity", "1e400"))
    (studio.renders / "film-2.mp4.json").write_text("[" * 100_000)
    (studio.renders / "film-3.mp4.json").write_bytes(b"\xff\xfe")
    shutil.rmtree(studio.state)
    ran = studio.run("jobs", "rebuild")
    assert ran.code == 0, ran
    assert {job.uuid for job in studio.jobs()} <= {uuid}


def test_a_receipt_whose_video_is_gone(studio: Studio) -> None:
    """The job counts as paid, and submitting fetches the video again."""
    board = studio.board()
    first = studio.submit(board)
    shutil.rmtree(studio.state)
    (studio.renders / "film-1.mp4").unlink()
    studio.run("jobs", "rebuild")
    again = studio.submit(board)
    assert_done(studio, again)
    assert (again.line["reused"], again.line["job"]) == (True, first.line["job"])
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("is_lost", [True, False])
@pytest.mark.parametrize("copy", ["backup/renders", "old-renders"])
def test_a_copied_folder(studio: Studio, copy: str, *, is_lost: bool) -> None:
    """Copies of videos and receipts were ordered by nobody: deleted, they do not come back."""
    board = studio.board(takes=2)
    first = studio.submit(board)
    shutil.copytree(studio.renders, studio.folder / copy)
    studio.run("jobs", "keep", str(studio.folder / copy / "film-1.mp4"))
    if is_lost:
        shutil.rmtree(studio.state)
    assert studio.run("jobs", "rebuild").code == 0
    with Ledger.open(studio.state) as ledger:
        (job,) = ledger.all()
        orders = ledger.orders(job)
    assert [order.folder for order in orders] == [str(studio.renders)]
    shutil.rmtree(studio.folder / copy)
    again = studio.submit(board)
    assert_done(studio, again)
    assert (again.line["takes"], again.line["reused"]) == (first.line["takes"], True)
    assert not (studio.folder / copy).exists()
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("is_later", [True, False])
def test_who_is_billed_after_a_lost_ledger(studio: Studio, *, is_later: bool) -> None:
    """A job that several storyboards share is billed to the one that had its videos first, as before."""
    boards = [studio.board(name, words="gulls") for name in ("second", "first")]
    studio.submit(*boards)
    receipt, video = studio.renders / "first-1.mp4.json", studio.renders / "first-1.mp4"
    if is_later:
        receipt.write_text(re.sub(r'"downloaded": "\d{4}', '"downloaded": "2999', receipt.read_text()))
    else:
        receipt.write_text(
            re.sub(r'"downloaded": ".*?"', _downloaded(studio.renders / "second-1.mp4.json"), receipt.read_text())
        )
        os.utime(video, (video.stat().st_atime, video.stat().st_mtime + 60))
    before = studio.run("jobs", "totals", "--json").out
    assert json.loads(before)["storyboards"][0]["file"] == "second.storyboard.yaml"
    shutil.rmtree(studio.state)
    assert studio.run("jobs", "rebuild").code == 0
    assert studio.run("jobs", "totals", "--json").out == before


def _downloaded(receipt: Path) -> str:
    """When a receipt's video came home, as the receipt says it."""
    return next(line.strip(" ,") for line in receipt.read_text().splitlines() if '"downloaded"' in line)


def test_another_take_after_a_lost_ledger(studio: Studio) -> None:
    """--again buys one that nobody has, and brings those home that were paid for and are not known here."""
    board = studio.board()
    studio.submit(board)
    studio.submit(board, "--again")
    shutil.rmtree(studio.state)
    (studio.renders / "film-2.mp4").unlink()
    (studio.renders / "film-2.mp4.json").unlink()
    ran = studio.submit(board, "--again")
    assert_done(studio, ran)
    assert [line["reused"] for line in ran.lines] == [True, False]
    assert len([name for name in studio.files() if name.endswith(".mp4")]) == 3
    assert_paid_once(studio, 3)


def test_killed_while_it_learns_of_a_paid_job(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What --again finds to be paid for never stands in the ledger as something that may still be sent."""
    board = studio.board()
    studio.submit(board)
    shutil.rmtree(studio.state)
    shutil.rmtree(studio.renders)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("storyboard.jobs.news.Chronicle.apply", die)
        assert studio.submit(board, "--again").code == 130
    assert studio.jobs() == []


SPOILT = (
    "UPDATE jobs SET state = 'dXne'",
    "UPDATE jobs SET request = substr(request, 1, 40)",
    "UPDATE jobs SET request = x'ff'",
    "UPDATE jobs SET request = CAST(replace(CAST(request AS BLOB), CAST('dawn' AS BLOB), x'ff') AS TEXT)",
    "UPDATE jobs SET estimated_cost = '0.3x'",
    "UPDATE jobs SET takes = 0",
    "UPDATE jobs SET created_at = 'abc'",
    "UPDATE results SET cost = 'abc'",
    "UPDATE results SET url = x'ff41'",
    "UPDATE orders SET file = 'a' || char(0)",
    "UPDATE deliveries SET path = CAST(replace(CAST(path AS BLOB), x'2f', x'ff') AS TEXT)",
    "UPDATE deliveries SET take = 'one'",
    "PRAGMA user_version = 0",
    "DROP TABLE orders",
    "ALTER TABLE jobs DROP COLUMN takes",
    "UPDATE sqlite_master SET sql = CAST(x'ff41' AS TEXT), name = CAST(x'ff42' AS TEXT) WHERE name = 'orders'",
)


@pytest.mark.parametrize("how", SPOILT)
def test_rows_that_make_no_sense(studio: Studio, how: str) -> None:
    """No command shows a bug; rebuilding leaves them out, and receipts make good what they prove."""
    board = studio.board()
    assert_done(studio, studio.submit(board))
    connection = sqlite3.connect(studio.state / FILE_NAME)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(how)
    connection.commit()
    connection.close()
    for command in (["jobs"], ["jobs", "totals"], ["jobs", "show", "a"], ["resume"], ["submit", board, "--yes"]):
        assert studio.run(*command).code in (0, 2, 6), command
    ran = studio.run("jobs", "rebuild")
    assert (ran.code, len(kept_ledgers(studio))) == (0, 1), ran
    assert_done(studio, studio.submit(board))
    totals = json.loads(studio.run("jobs", "totals", "--json").out)
    assert totals["total"]["cost"] == 0.336
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("takes", [1, 2])
@pytest.mark.parametrize("at", ["after_ready", "after_rename"])
def test_videos_that_the_ledger_lost(studio: Studio, at: str, takes: int) -> None:
    """A finished job whose videos cannot be read any more is asked for again: what was paid for comes home."""
    board = studio.board(takes=takes)
    studio.killed("submit", board, "--yes", at=at)
    connection = sqlite3.connect(studio.state / FILE_NAME)
    connection.execute("UPDATE results SET cost = 'abc' WHERE number = 1")
    connection.commit()
    connection.close()
    assert studio.run("jobs", "rebuild").code == 0
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"]) == (0, "done")
    assert_takes(studio, ran.line, in_order=False)
    assert_paid_once(studio, 1)


def test_an_index_that_does_not_fit(studio: Studio) -> None:
    """What is listed twice because an index lies is damage too."""
    studio.submit(*(studio.board(f"board{number}") for number in range(3)))
    connection = sqlite3.connect(studio.state / FILE_NAME)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = replace(sql, '(state)', '(uuid)') WHERE name = 'jobs_by_state'")
    connection.commit()
    connection.close()
    assert studio.run("jobs", "rebuild").code == 0
    assert len(kept_ledgers(studio)) == 1
    assert len(studio.jobs()) == 3


def test_killed_while_rebuilding(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old ledger stays where it is until the new one is whole; the next rebuild begins anew."""
    studio.run("submit", *(studio.board(f"board{number}") for number in range(5)), "--yes", "--no-wait")
    damage(studio.state / FILE_NAME, "")
    connection = sqlite3.connect(studio.state / FILE_NAME)
    connection.execute("UPDATE jobs SET takes = 0 WHERE rowid = 1")
    connection.commit()
    connection.close()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("storyboard.submitting.rebuilding.take_in_receipts", die)
        assert studio.run("jobs", "rebuild").code == 130
    assert kept_ledgers(studio) == []
    assert "4 jobs of it are in the new one" in studio.run("jobs", "rebuild").err
    assert_done(studio, studio.resume())
    assert_done(studio, studio.submit(*(f"board{number}.storyboard.yaml" for number in range(5))))
    assert_paid_once(studio, 5)
    assert [path.name for path in studio.state.iterdir() if path.is_dir()] == []


def test_half_characters_in_a_receipt(studio: Studio) -> None:
    """One such receipt is none; the others are believed."""
    studio.submit(studio.board("one"), studio.board("two"))
    place = studio.renders / "one-1.mp4.json"
    for key in ("url", "video", "storyboard"):
        place.write_text(json.dumps(json.loads(place.read_text()) | {key: "\ud800"}))
        shutil.rmtree(studio.state)
        ran = studio.run("jobs", "rebuild")
        assert (ran.code, "1 file named like a receipt is none" in ran.err) == (0, True), ran
        assert studio.submit("one.storyboard.yaml").code == 0
    assert_paid_once(studio, 2)
