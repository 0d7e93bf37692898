"""Waiting for many jobs: batches, silence, and questions that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.jobs.rules import assert_done, assert_paid_once
from tests.provider import Fault

if TYPE_CHECKING:
    from tests.jobs.studio import Studio


def test_a_hundred_questions_in_a_post(studio: Studio) -> None:
    """Jobs that wait together are asked about together, never more than a hundred at once."""
    studio.provider.job_seconds = 1.0
    studio.extra["STORYBOARD_POLL_INTERVAL"] = "0.5"
    boards = [studio.board(f"board{number}") for number in range(120)]
    assert_done(studio, studio.submit(*boards))
    assert_paid_once(studio, 120)
    sizes = [len(seen.uuids) for seen in studio.provider.seen("poll")]
    assert max(sizes) == 100
    assert len(sizes) <= 60


def test_four_batches_at_once(studio: Studio, patience: Any) -> None:
    """A slow answer to one batch does not keep the others waiting."""
    patience(batch=2)
    studio.provider.job_seconds = 0.3
    boards = [studio.board(f"board{number}") for number in range(8)]
    studio.run("submit", *boards, "--yes", "--no-wait")
    before = studio.provider.count("poll")
    studio.provider.add_faults(Fault(on="poll", kind="slow", seconds=1.5, count=4))
    studio.extra["STORYBOARD_HTTP_TIMEOUT"] = "20"
    assert_done(studio, studio.resume())
    first = studio.provider.seen("poll")[before : before + 4]
    assert first[-1].time - first[0].time < 1.4
    assert len({uuid for seen in first for uuid in seen.uuids}) == 8


def test_a_service_that_takes_smaller_batches(studio: Studio) -> None:
    """A batch that is refused is halved until it is taken, and the later ones are of that size at once."""
    studio.provider.add_faults(Fault(on="poll", kind="batch_refused", limit=2, count=None))
    boards = [studio.board(f"board{number}") for number in range(8)]
    assert_done(studio, studio.submit(*boards))
    assert_paid_once(studio, 8)
    sizes = [len(seen.uuids) for seen in studio.provider.seen("poll")]
    assert [size for size in sizes if size > 2] == [8, 4, 4]


@pytest.mark.parametrize(("point", "state"), [("before", "prepared"), ("after", "accepted")])
def test_one_job_nobody_may_ask_about(studio: Studio, point: str, state: str) -> None:
    """A question that is refused even alone is the trouble of its own job; the others are brought home."""
    boards = [studio.board(f"board{number}") for number in range(4)]
    if point == "after":
        studio.run("submit", *boards, "--yes", "--no-wait")
        uuid = studio.jobs()[0].uuid
    else:
        uuid = studio.run("submit", boards[0], "--dry-run", "--json").line["request"]["taskUUID"]
    studio.provider.add_faults(Fault(on="poll", kind="redirect", uuid=uuid, count=None))
    ran = studio.submit(*boards)
    states = {line["job"]: line["state"] for line in ran.lines}
    assert (ran.code, states.pop(uuid), set(states.values())) == (6, state, {"done"})
    studio.provider._plan.slots.clear()
    assert_done(studio, studio.submit(*boards))
    assert_paid_once(studio, 4)


def test_an_accepted_job_that_polls_forget(studio: Studio) -> None:
    """Where getResponse knows nothing of an accepted job any more, getTaskDetails is asked, and gives the result."""
    board = studio.board(takes=2)
    studio.run("submit", board, "--yes", "--no-wait")
    studio.provider.advance(60)
    studio.provider.forget(studio.jobs()[0].uuid)
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


def test_a_failure_that_only_the_details_hold(studio: Studio) -> None:
    """The same for a job that failed: an accepted job fails, it is not refused any more."""
    board = studio.board()
    studio.run("submit", board, "--yes", "--no-wait")
    uuid = studio.jobs()[0].uuid
    studio.provider.fail(uuid, "invalidProviderAnswer")
    studio.provider.forget(uuid)
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "failed", "invalidProviderAnswer")


def test_a_job_that_nobody_speaks_of(studio: Studio, patience: Any) -> None:
    """Silence is no verdict, and no reason to wait for ever: the run ends, the job is kept, a later run finishes it."""
    patience(patience_when_silent=0.3)
    studio.run("submit", studio.board(), "--yes", "--no-wait")
    uuid = studio.jobs()[0].uuid
    studio.provider.forget(uuid, details=True)
    ran = studio.resume()
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "accepted", "silent")
    studio.provider.forget(uuid, details=True, seconds=0)
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("scoped", [True, False])
@pytest.mark.parametrize("kind", ["500", "503", "429", "404", "reset", "empty", "missing_uuid"])
def test_trouble_with_polls_is_no_verdict(studio: Studio, kind: Any, scoped: bool) -> None:
    """Whatever goes wrong with a question, also in the name of the job: the job goes on and comes home."""
    studio.provider.add_faults(Fault(on="poll", kind=kind, nth=2, count=3, scoped=scoped))
    assert_done(studio, studio.submit(studio.board()))
    assert_paid_once(studio, 1)


def test_a_504_with_a_verdict(studio: Studio) -> None:
    """A 504 whose body holds an error of the task is its end; the page of a proxy with 504 is not."""
    studio.provider.add_faults(Fault(on="poll", kind="504_html", nth=2), Fault(on="poll", kind="504", nth=3))
    studio.provider.job_seconds = 5
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (4, "failed", "failedProviderTimeout")
