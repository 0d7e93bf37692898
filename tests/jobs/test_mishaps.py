"""What goes wrong beside the service: a run that must end, pictures that are lost, beginnings that nobody knows."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.line import Line
from storyboard.jobs.pace import Gate, Pace
from storyboard.jobs.polling import Poller
from storyboard.jobs.states import State
from storyboard.jobs.stopping import StopRun
from storyboard.runware.client import Client
from storyboard.runware.errors import AccountRefused, Unclear, Unreadable
from tests.jobs.points import DEATH
from tests.jobs.rows import a_job, an_item
from tests.jobs.rules import assert_done, assert_no_leftovers, assert_paid_once
from tests.provider import Fault, png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.runware.messages import Reply
    from tests.jobs.studio import Studio


def execute(studio: Studio, statement: str, *values: object) -> None:
    """Changes a studio's ledger behind everybody's back."""
    connection = sqlite3.connect(studio.state / FILE_NAME)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


@pytest.mark.parametrize("turns", range(6))
def test_a_poller_that_is_stopped_ends(turns: int) -> None:
    """Also when a job begins to wait in the same moment."""

    async def scene() -> bool:
        line = cast("Line", SimpleNamespace(batch=100))
        poller = Poller(line, cast("Any", None), Pace(), lambda *_: None)
        running = asyncio.create_task(poller.run())
        job = a_job(state=State.ACCEPTED, accepted_at=time.time())
        tasks = [running, asyncio.create_task(poller.end_of(job, set()))]
        await asyncio.sleep(0.05)
        other = a_job(2, state=State.ACCEPTED, accepted_at=time.time())
        tasks.append(asyncio.create_task(poller.end_of(other, set())))
        for _ in range(turns):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait([running], timeout=60)
        return running.done()

    assert asyncio.run(scene())


@pytest.mark.parametrize("spoil", ["UPDATE frames SET bytes = zeroblob(length(bytes))", "DELETE FROM frames"])
def test_a_first_frame_that_is_lost(studio: Studio, spoil: str) -> None:
    """Another picture is never sent; the other jobs go on; submitting the storyboard again brings the picture back."""
    (studio.folder / "first.png").write_bytes(png(640, 480))
    film = studio.board("film", more="first_frame: first.png\n")
    other = studio.board("other")
    assert studio.killed("submit", film, other, "--yes", at="written_down").code == DEATH
    execute(studio, spoil)
    _assert_sent_once_made_good(studio, film, other, "submit its storyboard again")


def _assert_sent_once_made_good(studio: Studio, film: str, other: str, words: str) -> None:
    """Of two jobs that were written down, the first stays unsent until its storyboard is submitted again."""
    ran = studio.resume()
    assert ran.code == 3
    assert {line["file"]: line["state"] for line in ran.lines} == {film: "prepared", other: "done"}
    assert words in ran.out
    assert len(studio.provider.paid) == 1
    assert_done(studio, studio.submit(film))
    assert_paid_once(studio, 2)


@pytest.mark.parametrize(("was", "becomes"), [('"duration": 3', '"duration": 9'), ("of film at", "of a crime at")])
def test_a_request_that_is_damaged(studio: Studio, was: str, becomes: str) -> None:
    """Nothing else is ever sent, or paid, than what was approved; submitting the storyboard again makes it good."""
    film, other = studio.board("film"), studio.board("other")
    assert studio.killed("submit", film, other, "--yes", at="written_down").code == DEATH
    execute(studio, f"UPDATE jobs SET request = replace(request, '{was}', '{becomes}') WHERE request LIKE '%film%'")
    words = "its request is damaged in the ledger: submit its storyboard again"
    _assert_sent_once_made_good(studio, film, other, words)


@pytest.mark.parametrize("kind", ["401", "402"])
def test_a_refused_account_is_no_doubt(studio: Studio, kind: Any) -> None:
    """However long ago: nothing was taken or charged, and it is simply sent once the account is good."""
    studio.provider.add_faults(Fault(on="submit", kind=kind, count=None))
    board = studio.board()
    assert studio.submit(board).code == 6
    execute(studio, "UPDATE jobs SET created_at = created_at - 200000, sent_at = sent_at - 200000")
    assert '"may_be_charged": 0.0' in studio.run("jobs", "totals", "--json").out
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.submit(board))
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("error", [Unclear("reset"), Unreadable("as br")], ids=["unclear", "unreadable"])
def test_a_lost_answer_while_another_one_refuses_the_account(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """What was sent and charged stays in doubt: that the account was refused elsewhere says nothing about it."""
    paid, other = studio.board("paid"), studio.board("other")
    assert studio.submit(other, "--no-wait").code == 0
    real, has_refused, is_sent = Client.send, asyncio.Event(), asyncio.Event()

    async def send(self: Client, tasks: Sequence[dict[str, Any]]) -> Reply:
        if tasks[0]["taskType"] == "videoInference":
            await real(self, tasks)
            is_sent.set()
            await has_refused.wait()
            raise error
        reply = await real(self, tasks)
        if reply.items:
            await is_sent.wait()
            reply = replace(reply, trouble=AccountRefused("insufficientCredits", "", 402, is_of_service=True))
            has_refused.set()
        return reply

    monkeypatch.setattr(Client, "send", send)
    assert studio.submit(paid, other).code == 6
    monkeypatch.undo()
    (job,) = [job for job in studio.jobs() if "paid" in str(job.request)]
    assert (job.is_in_doubt, job.may_be_paid) == (True, True)
    assert studio.run("jobs", "forget", job.uuid).code == 5
    assert_done(studio, studio.submit(paid, other))
    assert_paid_once(studio, 2)


def test_a_job_that_nobody_wants_any_more(studio: Studio) -> None:
    """It is paid for: without its order it comes to `renders` under its own name."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    uuid = studio.jobs()[0].uuid
    execute(studio, "DELETE FROM orders")
    assert studio.resume().code == 0
    assert f"{uuid[:8]}-1.mp4" in studio.files()


def test_a_beginning_is_found_without_the_ledger(studio: Studio) -> None:
    """Killed while fetching and the ledger lost: the same name is gone on with, and nothing is left over."""
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="mid_download").code == DEATH
    assert "film-1.mp4.part" in studio.files()
    shutil.rmtree(studio.state)
    ran = studio.submit(board)
    assert_done(studio, ran)
    assert [take["path"] for take in ran.line["takes"]] == ["renders/film-1.mp4"]
    assert_paid_once(studio, 1)
    assert_no_leftovers(studio)


def test_a_pause_of_an_hour_ends_every_run() -> None:
    """Also those that begin within it."""
    gate = Gate()
    gate.close_for(3600)

    async def scene() -> None:
        await Line(cast("Any", None), Pace(), gate).open()

    with pytest.raises(StopRun, match="asks to wait 60 minutes"):
        asyncio.run(scene())


def test_names_that_a_hostile_service_gives(studio: Studio) -> None:
    """A video may be called anything; the ledger stays readable."""
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    job = studio.jobs()[0]
    with Ledger.open(studio.state) as ledger:
        ledger.add_results(job, [an_item(job, video_uuid="\x1b[31m\u202e\x07", url="\x00")])
        assert len(ledger.results(job)) == 1
    assert studio.run("jobs").code == 0
