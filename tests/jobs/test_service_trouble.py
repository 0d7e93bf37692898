"""A service that refuses, dawdles or is not there: clear words, exit 3 or 6, all work kept, later it is finished."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from storyboard.jobs.states import State
from storyboard.runware import client
from tests.jobs.rules import assert_done, assert_paid_once
from tests.provider import Fault

if TYPE_CHECKING:
    from tests.jobs.studio import Studio

ACCOUNT = [
    ("401", "RUNWARE_API_KEY"),
    ("402", "add credit"),
    ("403", "RUNWARE_API_KEY"),
]


@pytest.mark.parametrize("scoped", [False, True])
@pytest.mark.parametrize(("kind", "words"), ACCOUNT)
def test_a_refused_account_on_sending(studio: Studio, kind: Any, words: str, scoped: bool) -> None:
    """Stops the run without a verdict on any job, says what to do, and the same UUID is sent later."""
    studio.provider.add_faults(Fault(on="submit", kind=kind, count=None, scoped=scoped))
    ran = studio.submit(studio.board("one"), studio.board("two"))
    assert ran.code == 6
    assert {line["state"] for line in ran.lines} <= {"submitting", "prepared"}
    assert words in ran.err
    assert all(line["error"]["code"] == "account" for line in ran.lines)
    assert not studio.provider.paid
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 2)


@pytest.mark.parametrize(("kind", "words"), ACCOUNT)
@pytest.mark.parametrize("on", ["poll", "details"])
def test_a_refused_account_on_asking(studio: Studio, on: Any, kind: Any, words: str) -> None:
    """A question that is refused with the account is no verdict either, whether before the sending or while waiting."""
    studio.provider.add_faults(Fault(on=on, kind=kind, nth=1 if on == "details" else 2, scoped=True))
    ran = studio.submit(studio.board())
    assert ran.code == 6
    assert words in ran.err
    assert ran.line["state"] in ("prepared", "accepted")
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_a_wrong_key(studio: Studio) -> None:
    """Nothing is bought with a wrong key, and nothing says more of it than that it is wrong."""
    studio.extra["RUNWARE_API_KEY"] = "rw-wrong-0123456789abcdef"
    ran = studio.submit(studio.board())
    assert (ran.code, studio.provider.paid) == (6, {})
    assert "invalidApiKey" in ran.err
    assert "rw-wrong" not in ran.out + ran.err


@pytest.mark.parametrize("on", ["submit", "poll"])
def test_being_asked_to_wait(studio: Studio, on: Any) -> None:
    """429 with Retry-After in seconds: everybody pauses for so long, nothing is sent or asked meanwhile; it is said."""
    studio.provider.add_faults(Fault(on=on, kind="429", retry_after=1))
    ran = studio.submit(studio.board("one"), studio.board("two"))
    assert_done(studio, ran)
    assert ran.err.count("the service is busy and asks to wait 1 s; this run waits") == 1
    assert_paid_once(studio, 2)
    times = [seen.time for seen in studio.provider.requests]
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.95


@pytest.mark.parametrize("retry_after", [0, 1800])
def test_a_fault_that_asks_to_wait(studio: Studio, patience: Any, retry_after: int) -> None:
    """503 with Retry-After is a fault like any other: what was sent may be paid for, though the run ends with it."""
    patience(patience_when_paced=60 if retry_after else 0)
    studio.provider.add_faults(Fault(on="submit", kind="503", when="after", retry_after=retry_after))
    if not retry_after:
        studio.provider.add_faults(Fault(on="poll", kind="429", nth=2, count=None))
    board = studio.board()
    assert studio.submit(board).code == 3
    (job,) = studio.jobs()
    assert (job.is_in_doubt, studio.run("jobs", "forget", job.uuid).code) == (True, 5)
    with mock.patch.dict(studio.extra, RUNWARE_API_KEY="another-key-of-the-same-team"):
        assert studio.submit(board).code == 5
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_being_asked_to_wait_until_a_date(studio: Studio) -> None:
    """Retry-After as a date is understood as well."""
    studio.provider.add_faults(Fault(on="submit", kind="429", retry_after=2, retry_as_date=True))
    began = time.monotonic()
    assert_done(studio, studio.submit(studio.board()))
    assert time.monotonic() - began >= 0.9
    assert_paid_once(studio, 1)


def test_many_pauses_are_no_doubts(studio: Studio) -> None:
    """However often the service asks to wait, within the patience for that the job is sent in the end."""
    studio.provider.add_faults(Fault(on="submit", kind="429", retry_after=0, count=15))
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)


def test_a_service_that_only_asks_to_wait(studio: Studio, patience: Any) -> None:
    """It is left in peace after a while, though it answers questions; the work is kept."""
    patience(patience_when_paced=0.3)
    studio.provider.add_faults(Fault(on="submit", kind="429", count=None))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "submitting", "busy")
    assert "keeps asking to wait" in ran.err + ran.out
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_a_pause_longer_than_the_patience(studio: Studio, patience: Any) -> None:
    """Nobody sits through an hour: the run ends at once and says how long to wait."""
    patience(patience_when_paced=60)
    studio.provider.add_faults(Fault(on="submit", kind="429", retry_after=1800))
    ran = studio.submit(studio.board())
    assert ran.code == 3
    assert "30 minutes" in ran.err
    assert "this run waits" not in ran.err
    assert_done(studio, studio.resume())


def test_a_dead_port(studio: Studio, patience: Any) -> None:
    """Nothing left this machine: the job is as it was written down, whatever its age, and is sent later."""
    patience(patience_before_contact=0.2)
    board = studio.board()
    with studio.provider.offline():
        ran = studio.submit(board)
        assert (ran.code, ran.line["state"]) == (3, "prepared")
        assert "could not be reached" in ran.err
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_a_port_that_dies_before_the_sending(studio: Studio, patience: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked, then gone: the attempt to send leaves no doubt behind, since no connection was made."""
    patience(patience=0.2, patience_before_contact=0.2)
    from storyboard.runware.client import Client

    real = Client.send

    async def send(self: Client, tasks: Any) -> Any:
        if tasks[0]["taskType"] == "videoInference":
            studio.provider.stop()
        return await real(self, tasks)

    monkeypatch.setattr(Client, "send", send)
    ran = studio.submit(studio.board())
    assert (ran.code, [job.state for job in studio.jobs()], studio.jobs()[0].sent_at) == (3, [State.PREPARED], None)
    monkeypatch.setattr(Client, "send", real)
    studio.provider.start()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("kind", ["500", "504_html", "not_json", "html_200", "reset", "truncated"])
def test_answers_that_are_none_for_ever(studio: Studio, patience: Any, kind: Any) -> None:
    """A service that answers nothing sensible to any question is given up for this run, and all work is kept."""
    patience(patience=0.2, patience_before_contact=0.2)
    studio.provider.add_faults(*(Fault(on=on, kind=kind, count=None) for on in ("submit", "poll", "details")))
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"]) == (3, "prepared")
    assert "could not be reached" in ran.err
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("kind", ["500", "reset", "empty", "missing_uuid", "504"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_submits_that_are_never_answered(studio: Studio, kind: Any, when: Any) -> None:
    """However often the answer to a submit is lost: asked each time, charged at most once, and done at the latest
    when the fault is gone."""
    studio.provider.add_faults(Fault(on="submit", kind=kind, when=when, count=None))
    ran = studio.submit(studio.board())
    if when == "after":
        assert_done(studio, ran)
    else:
        assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "unknown", "unclear")
        assert not studio.provider.paid
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)
    assert not [note for note in studio.provider.notes if "without a poll" in note]


def test_a_doubt_older_than_the_trust_window(studio: Studio, patience: Any) -> None:
    """Nobody knows the job and it is old: a person decides, nothing is sent; what is found later is taken."""
    studio.provider.add_faults(Fault(on="submit", kind="500", when="before", count=None))
    board = studio.board()
    uuid = studio.submit(board).line["job"]
    studio.provider._plan.slots.clear()
    sent = studio.provider.count("submit")
    patience(trust_window=0.0)
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "review", "tooOld")
    assert studio.submit(board).line["state"] == "review"
    assert (studio.provider.count("submit"), studio.provider.paid) == (sent, {})
    assert studio.resume(uuid[:8]).line["state"] == "review"


def test_a_job_under_review_that_turns_up(studio: Studio, patience: Any) -> None:
    """Naming a job under review asks once more; one that the service knows after all is brought home."""
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="after_response").code != 0
    uuid = studio.jobs()[0].uuid
    studio.provider.forget(uuid, details=True)
    patience(trust_window=0.0)
    assert studio.resume().line["state"] == "review"
    studio.provider.forget(uuid, details=True, seconds=0)
    assert_done(studio, studio.resume(uuid[:8]))
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("status", [301, 404, 405, 410, 451, 501])
def test_another_address(studio: Studio, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """Running it again does not help where something else answers; with the right address the job goes on."""
    _answer_as_another(monkeypatch, status, after=0)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (6, "prepared", "environment")
    assert f"RUNWARE_BASE_URL ({studio.provider.url}) answers HTTP {status}" in ran.err + ran.out
    assert not studio.provider.paid
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("status", [404, 501])
@pytest.mark.parametrize("after", [1, 2, 3])
def test_another_answers_meanwhile(studio: Studio, monkeypatch: pytest.MonkeyPatch, after: int, status: int) -> None:
    """A portal on the way that answers from some POST on loses nothing: the job is kept, and paid once."""
    _answer_as_another(monkeypatch, status, after=after)
    ran = studio.submit(studio.board())
    assert ran.code in (3, 6)
    assert ran.line["state"] in ("prepared", "submitting", "accepted")
    assert ran.code == 6 or ran.line["state"] == "submitting"
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def _answer_as_another(monkeypatch: pytest.MonkeyPatch, status: int, after: int) -> None:
    """All POSTs but the first ones are answered by a page that is none of the service's."""
    counted, plain = itertools.count(), client.judge

    def judge(real: int, retry_after: str | None, body: bytes, *rest: Any) -> Any:
        return plain(real, retry_after, body, *rest) if next(counted) < after else plain(status, None, b"<html>")

    monkeypatch.setattr(client, "judge", judge)


def test_no_tls(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """An https address of what speaks plain http is for a person to look at; nothing of the job has left."""
    studio.extra["RUNWARE_BASE_URL"] = studio.provider.url.replace("http:", "https:")
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["error"]["code"]) == (6, "environment")
    assert "speaks no TLS" in ran.err
    assert studio.jobs()[0].was_never_sent
