"""`storyboard jobs abandon`: a person gives jobs up, is told what that costs, and `resume` can end with 0."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import Ledger
from tests.jobs import points
from tests.jobs.rules import assert_done, assert_paid_once
from tests.jobs.test_mishaps import execute
from tests.provider import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.studio import Studio

STATES = {"after_commit": "submitting", "on_unknown": "unknown", "polling": "accepted", "before_deliver": "ready"}


@pytest.mark.parametrize(("kill", "state"), STATES.items())
def test_a_job_that_may_be_paid(studio: Studio, kill: str, state: str) -> None:
    """Said what it may have cost; then nothing waits for it, the sum stays in doubt, and it can be asked for again."""
    board = studio.board()
    if kill == "on_unknown":
        studio.provider.add_faults(Fault(on="submit", kind="500", when="after"))
    studio.killed("submit", board, "--yes", at=kill)
    (job,) = studio.jobs()
    assert job.state == state
    sent = studio.provider.count("submit")
    refused = studio.run("jobs", "abandon", job.uuid[:8])
    assert (refused.code, "$0.336 by the list" in refused.err, studio.jobs()) == (5, True, [job])
    assert "say --yes" in refused.err
    said = studio.run("jobs", "abandon", job.uuid[:8], "--yes")
    assert (said.code, said.out) == (0, "")
    assert f"storyboard resume {job.uuid[:8]}" in said.err
    assert studio.run("resume").err == "nothing to resume\n"
    (given_up,) = studio.jobs()
    assert (given_up.state, given_up.code) == ("failed", "abandoned")
    assert json.loads(studio.run("jobs", "totals", "--json").out)["total"]["may_be_charged"] == 0.336
    ran = studio.submit(board)
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "failed", "abandoned")
    assert studio.provider.count("submit") == sent
    assert "a person gave it up" in studio.run("jobs", "show", job.uuid).out
    again = studio.resume(job.uuid)
    if studio.provider.paid:
        assert_done(studio, again)
    else:
        assert (again.code, again.line["state"]) == (4, "failed")
    assert studio.provider.count("submit") == sent


def test_another_can_be_bought(studio: Studio) -> None:
    """With --again, beside the one that was given up; each is paid once."""
    board = studio.board()
    studio.killed("submit", board, "--yes", at="polling")
    assert studio.run("jobs", "abandon", studio.jobs()[0].uuid, "--yes").code == 0
    assert_done(studio, studio.submit(board, "--again"))
    assert_paid_once(studio, 2)


def test_a_job_under_review(studio: Studio) -> None:
    """One that a person has to decide about is decided so."""
    studio.killed("submit", studio.board(), "--yes", at="after_commit")
    execute(studio, "UPDATE jobs SET state = 'review', code = 'tooOld', message = 'm'")
    uuid = studio.jobs()[0].uuid
    assert f"storyboard jobs abandon {uuid[:8]}" in studio.run("jobs", "show", uuid).out
    assert studio.run("jobs", "abandon", uuid, "--yes").code == 0
    assert studio.jobs()[0].state == "failed"


@pytest.mark.parametrize(("kill", "words"), [("written_down", "storyboard jobs forget"), (None, "all its videos came")])
def test_nothing_to_give_up(studio: Studio, kill: str | None, words: str) -> None:
    """What was never sent can be forgotten, what is done is done; the job beside it stays as it is."""
    board, other = studio.board(), studio.board("other")
    studio.killed("submit", other, "--yes", at="polling")
    (beside,) = studio.jobs()
    if kill is not None:
        studio.killed("submit", board, "--yes", at=kill)
    else:
        studio.submit(board)
    uuids = [job.uuid for job in studio.jobs()]
    before = studio.jobs()
    said = studio.run("jobs", "abandon", *uuids, "--yes")
    assert (said.code, words in said.err) == (2, True), said
    assert studio.jobs() == before
    assert beside.uuid in uuids


def test_what_another_process_carries(studio: Studio, tmp_path: Path) -> None:
    """A living process keeps its job: it is told to wait, and that one finishes."""
    go = tmp_path / "go"
    fork = studio.start("submit", studio.board(), "--yes", "--json", at="before_deliver", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    said = studio.run("jobs", "abandon", studio.jobs()[0].uuid, "--yes")
    assert (said.code, "carries it just now" in said.err) == (3, True), said
    go.touch()
    assert_done(studio, fork.wait())
    assert_paid_once(studio, 1)


def test_a_video_that_cannot_come_to_a_folder(studio: Studio) -> None:
    """A job that is done elsewhere stays done: only the folder is given up, and `resume` ends with 0."""
    assert_done(studio, studio.submit(studio.board()))
    studio.killed("submit", studio.board(), "--yes", "--out", "elsewhere", at="before_deliver")
    (studio.folder / "elsewhere").write_text("no folder any more")
    assert studio.run("resume").code == 6
    uuid = studio.jobs()[0].uuid
    assert studio.run("jobs", "abandon", uuid, "--yes").code == 0
    assert studio.run("resume").err == "nothing to resume\n"
    (job,) = studio.jobs()
    assert job.state == "done"
    with Ledger.open(studio.state) as ledger:
        assert [order.folder for order in ledger.orders(job)] == [str(studio.renders)]
    assert studio.submit(studio.board()).line["reused"] is True


def test_no_such_job(studio: Studio) -> None:
    """Wrong usage, with a ledger and without."""
    assert studio.run("jobs", "abandon", "abc", "--yes").code == 2
    studio.submit(studio.board())
    assert studio.run("jobs", "abandon", "nothing", "--yes").code == 2
