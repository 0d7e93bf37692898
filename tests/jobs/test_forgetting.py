"""`storyboard jobs forget`: only jobs of which nothing was ever sent or paid leave the ledger, whatever goes on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.states import State
from tests.jobs import points
from tests.jobs.rows import a_job, an_order
from tests.jobs.rules import assert_done, assert_paid_once
from tests.provider import Fault
from tests.provider.picture import png

if TYPE_CHECKING:
    from tests.jobs.studio import Studio

NOWHERE = "http://127.0.0.1:9/v1"


def rows(studio: Studio) -> dict[str, int]:
    """How many rows each table has."""
    with sqlite3.connect(studio.state / FILE_NAME) as connection:
        tables = ("jobs", "results", "orders", "deliveries", "names", "frames")
        found = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    connection.close()
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize("how", ["killed", "refused", "unreachable", "another key", "another service"])
def test_a_job_of_which_nothing_was_sent(studio: Studio, how: str) -> None:
    """It is gone with all that belongs to it, no key is needed, and submitting is a new start."""
    (studio.folder / "frame.png").write_bytes(png(640, 360))
    board = studio.board(more="first_frame: frame.png\n")
    if how == "refused":
        studio.provider.add_faults(Fault(on="submit", kind="401"))
        assert studio.submit(board).code != 0
    elif how == "unreachable":
        studio.extra["RUNWARE_BASE_URL"] = NOWHERE
        assert studio.submit(board).code == 3
    else:
        studio.killed("submit", board, "--yes", at="written_down")
    if how == "another key":
        studio.extra["RUNWARE_API_KEY"] = "another-key"
    elif how == "another service":
        studio.extra["RUNWARE_BASE_URL"] = NOWHERE
    (job,) = studio.jobs()
    if how.startswith("another"):
        said = studio.run("resume")
        assert (said.code, f"storyboard jobs forget {job.uuid[:8]}" in said.err) == (0, True), said
    studio.extra["RUNWARE_API_KEY"] = ""
    said = studio.run("jobs", "forget", job.uuid[:6])
    assert (said.code, said.out) == (0, ""), said
    assert rows(studio) == {}
    assert studio.run("resume").err == "nothing to resume\n"
    assert studio.run("jobs", "forget", job.uuid).code == 2
    studio.extra.clear()
    assert_done(studio, studio.submit(board))
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("kill", ["after_commit", "after_response", "after_accepted", "after_ready", "mid_download"])
def test_a_job_that_may_have_been_sent(studio: Studio, kill: str) -> None:
    """It stays, with the one beside it that could go; why and what to do is said: code 5."""
    board, unsent = studio.board(), studio.board("unsent")
    studio.killed("submit", board, "--yes", at=kill)
    studio.killed("submit", unsent, "--yes", at="written_down")
    before = rows(studio)
    new, old = studio.jobs()
    said = studio.run("jobs", "forget", new.uuid, old.uuid)
    assert said.code == 5
    assert f"{old.uuid[:8]}: " in said.err
    assert f"{new.uuid[:8]}: " not in said.err
    assert "no job was taken out" in said.err
    assert rows(studio) == before
    assert_done(studio, studio.resume())
    assert studio.run("jobs", "forget", old.uuid).code == 5
    assert_paid_once(studio, 2)


@pytest.mark.parametrize("state", sorted(set(State) - {State.PREPARED, State.SUBMITTING}))
def test_in_every_other_state(studio: Studio, state: State) -> None:
    """Whatever came of a job that was sent is known for good."""
    with Ledger.open(studio.state) as ledger:
        ledger.add(a_job(1, state=state), None, an_order())
        ledger.add(a_job(2, state=State.SUBMITTING, sent_at=1.8e9), None, an_order())
    for job in studio.jobs():
        said = studio.run("jobs", "forget", job.uuid)
        assert said.code == 5
        assert "it stays in the ledger" in said.err
    assert len(studio.jobs()) == 2


def test_what_others_need_stays(studio: Studio) -> None:
    """A storyboard's name and takes of another job are not the forgotten one's."""
    board = studio.board()
    assert_done(studio, studio.submit(board))
    studio.killed("submit", board, "--yes", "--again", at="written_down")
    before = rows(studio)
    (unsent,) = [job for job in studio.jobs() if job.state is State.PREPARED]
    assert studio.run("jobs", "forget", unsent.uuid).code == 0
    assert rows(studio) == before | {"jobs": 1, "orders": 1}
    again = studio.submit(board, "--again")
    assert_done(studio, again)
    assert again.line["takes"][0]["path"] == "renders/film-2.mp4"
    assert_paid_once(studio, 2)


def test_a_job_that_another_process_is_about_to_send(studio: Studio) -> None:
    """It is that one's: nothing is taken out, code 3; afterwards it is paid, code 5."""
    go = studio.folder / "go"
    sender = studio.start("submit", studio.board(), "--yes", "--json", at="before_sending", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    (job,) = studio.jobs()
    assert job.was_never_sent
    said = studio.run("jobs", "forget", job.uuid)
    assert (said.code, "another storyboard process carries it" in said.err) == (3, True)
    go.touch()
    assert_done(studio, sender.wait())
    assert studio.run("jobs", "forget", job.uuid).code == 5
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("command", ["submit", "resume"])
def test_a_job_that_is_forgotten_before_it_is_taken_up(studio: Studio, command: str) -> None:
    """The process that was to carry it says so and ends, and sends nothing."""
    board, go = studio.board(), studio.folder / "go"
    if command == "resume":
        studio.killed("submit", board, "--yes", at="written_down")
    arguments = ("resume", "--json") if command == "resume" else ("submit", board, "--yes", "--json")
    sender = studio.start(*arguments, at="written_down", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    assert studio.run("jobs", "forget", studio.jobs()[0].uuid).code == 0
    go.touch()
    ran = sender.wait()
    assert (ran.code, ran.line["error"]["code"]) == (3, "forgotten"), ran
    assert not studio.provider.paid
    assert rows(studio) == {}
    assert_done(studio, studio.submit(board))
    assert_paid_once(studio, 1)


def test_a_job_that_is_forgotten_while_its_going_on_is_planned(studio: Studio) -> None:
    """Who was to go on with it has approved its price, and sends it."""
    board, go = studio.board(), studio.folder / "go"
    studio.killed("submit", board, "--yes", at="written_down")
    sender = studio.start("submit", board, "--yes", "--json", at="planned", act=points.wait_for(go))
    points.wait_until(go.with_suffix(".waiting").exists)
    assert studio.run("jobs", "forget", studio.jobs()[0].uuid).code == 0
    go.touch()
    assert_done(studio, sender.wait())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("named", ["", "%", "zz", "nope"])
def test_names_of_jobs_that_are_none(studio: Studio, named: str) -> None:
    """Wrong usage, and nothing is taken out, with a ledger and without one."""
    assert studio.run("jobs", "forget", named).code == 2
    assert studio.run("jobs", "forget").code == 2
    assert not studio.state.exists()
    studio.killed("submit", studio.board(), "--yes", at="written_down")
    assert studio.run("jobs", "forget", studio.jobs()[0].uuid, named).code == 2
    assert len(studio.jobs()) == 1
