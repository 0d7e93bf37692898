"""What the service says about a job decides that job, in whatever shape and with whatever status it comes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.runware.client import Client
from tests.jobs.rules import assert_done, assert_paid_once, assert_take, assert_takes
from tests.provider import Fault, Outcome
from tests.provider.job import Job as ProvidersJob

if TYPE_CHECKING:
    from tests.jobs.studio import Studio


@pytest.mark.parametrize("status", [200, 400, 404, 422, 500, 504])
def test_a_failure_counts_with_any_status(studio: Studio, status: int) -> None:
    """A task's own error is its end, also in an answer of 500; the other jobs of the answer go on; exit 4."""
    studio.provider.mixed_status = status
    studio.provider.add_outcomes(Outcome(prompt="bad", code="providerContentPolicyViolation", message="Too grim."))
    ran = studio.submit(studio.board("bad"), studio.board("good"))
    by_file = {line["file"]: line for line in ran.lines}
    bad, good = by_file["bad.storyboard.yaml"], by_file["good.storyboard.yaml"]
    assert (ran.code, bad["state"], good["state"]) == (4, "failed", "done")
    assert bad["error"] == {"code": "providerContentPolicyViolation", "message": "Too grim."}
    assert_takes(studio, good)
    assert_paid_once(studio, 2)


@pytest.mark.parametrize("where", ["errors", "data"])
@pytest.mark.parametrize("code", ["inferenceError", "timeoutProvider", "internalServerError", "somethingNobodyHeardOf"])
def test_a_failure_is_shown_with_its_code(studio: Studio, where: Any, code: str) -> None:
    """In `errors` or in `data`, with a known code or not: failed, code and words shown, not tried again by itself."""
    studio.provider.add_outcomes(Outcome(nth=1, code=code, message="It did not work.", where=where))
    board = studio.board()
    for _ in range(2):
        ran = studio.submit(board)
        assert (ran.code, ran.line["state"]) == (4, "failed")
        assert ran.line["error"] == {"code": code, "message": "It did not work."}
    assert_paid_once(studio, 1)
    assert code in studio.run("jobs", "show", ran.line["job"][:8]).out
    assert_done(studio, studio.submit(board, "--again"))
    assert_paid_once(studio, 2)


def test_a_refused_request_is_not_paid(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that the service refuses is rejected with its words; the others of the call go on."""
    _spoil_task(monkeypatch, "bad", outputQuality=5)
    ran = studio.submit(studio.board("bad"), studio.board("good"))
    by_file = {line["file"]: line for line in ran.lines}
    bad = by_file["bad.storyboard.yaml"]
    assert (ran.code, bad["state"], bad["error"]["code"]) == (4, "rejected", "invalidOutputQuality")
    assert by_file["good.storyboard.yaml"]["state"] == "done"
    assert_paid_once(studio, 1)
    monkeypatch.undo()
    assert_done(studio, studio.submit(studio.board("bad")))


def _spoil_task(monkeypatch: pytest.MonkeyPatch, words: str, **changes: Any) -> None:
    real = Client.send

    async def send(self: Client, tasks: Any) -> Any:
        return await real(
            self, [task | changes if words in str(task.get("positivePrompt")) else task for task in tasks]
        )

    monkeypatch.setattr(Client, "send", send)


@pytest.mark.parametrize("show_rest", [True, False])
@pytest.mark.parametrize("failing", [(1,), (2,), (3,)])
def test_one_take_of_three_fails(studio: Studio, failing: tuple[int, ...], show_rest: bool) -> None:
    """The other two come home, though they finish later and the answers until then show nothing but the failure."""
    studio.provider.show_rest = show_rest
    studio.provider.result_gap = 0.1
    studio.provider.add_outcomes(Outcome(code="inferenceError", takes=failing))
    ran = studio.submit(studio.board(takes=3))
    line = ran.line
    assert (ran.code, line["state"], line["error"]["code"], len(line["takes"])) == (0, "done", "inferenceError", 2)
    assert_takes(studio, line)
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("single", [True, False])
def test_all_takes_fail(studio: Studio, single: bool) -> None:
    """Three errors, or one for all of them: the job has failed."""
    studio.provider.result_gap = 0.0
    studio.provider.add_outcomes(Outcome(code="inferenceError", single=single))
    ran = studio.submit(studio.board(takes=3))
    assert (ran.code, ran.line["state"], ran.line["takes"]) == (4, "failed", [])
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("kind", ["extra", "foreign", "data_object", "empty_errors", "error_object", "error_list"])
def test_strange_shapes(studio: Studio, kind: Any) -> None:
    """Unknown fields, somebody else's rows, one object for a list, empty errors: read for what they say."""
    studio.provider.add_faults(Fault(on="submit", kind=kind, when="after", count=None))
    studio.provider.add_faults(*(Fault(on=on, kind=kind, count=None) for on in ("poll", "details")))
    assert_done(studio, studio.submit(studio.board("one"), studio.board("two", takes=2)))
    assert_paid_once(studio, 2)


@pytest.mark.parametrize("kind", ["error_object", "error_list"])
def test_strange_shapes_of_failures(studio: Studio, kind: Any) -> None:
    """A failure under `error`, as an object or a list, is one."""
    studio.provider.add_faults(Fault(on="poll", kind=kind, count=None))
    studio.provider.add_outcomes(Outcome(code="inferenceError"))
    assert studio.submit(studio.board()).line["error"]["code"] == "inferenceError"


def test_a_conflict_in_a_strange_shape(studio: Studio) -> None:
    """A conflict means accepted earlier, also where only the answer as a whole names the task."""
    studio.provider.conflict = "always"
    board = studio.board()
    assert studio.killed("submit", board, "--yes", at="after_response").code != 0
    studio.provider.forget(studio.jobs()[0].uuid, details=True, seconds=0.3)
    studio.provider.add_faults(Fault(on="submit", kind="error_object", when="after"))
    ran = studio.resume()
    assert_done(studio, ran)
    assert studio.provider.count("submit") == 2
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_results_without_a_name(studio: Studio, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """A video whose row lacks videoUUID but has an address is a video, and each of several another one."""
    real = ProvidersJob._result

    def nameless(self: ProvidersJob, *arguments: Any) -> Any:
        return {key: value for key, value in real(self, *arguments).items() if key != "videoUUID"}

    monkeypatch.setattr(ProvidersJob, "_result", nameless)
    studio.provider.expire_urls()
    ran = studio.submit(studio.board(takes=rows))
    assert_done(studio, ran)
    assert len(ran.line["takes"]) == rows
    assert_paid_once(studio, 1)


def test_success_without_an_address(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paid for and finished, but no address: kept and said, not given up; fetched once there is one."""
    real = ProvidersJob._result

    def homeless(self: ProvidersJob, *arguments: Any) -> Any:
        return {key: value for key, value in real(self, *arguments).items() if key != "videoURL"}

    monkeypatch.setattr(ProvidersJob, "_result", homeless)
    ran = studio.submit(studio.board())
    assert (ran.code, ran.line["state"], ran.line["error"]["code"]) == (3, "ready", "undelivered")
    assert "no address" in ran.line["error"]["message"]
    monkeypatch.undo()
    assert_done(studio, studio.resume())
    assert_paid_once(studio, 1)


@pytest.mark.parametrize("cost", ["zero", "none"])
def test_a_price_that_is_none(studio: Studio, cost: Any) -> None:
    """A reported 0, or nothing, is no price: null, beside the estimate."""
    studio.provider.reported_cost = cost
    line = studio.submit(studio.board()).line
    assert (line["cost"], line["takes"][0]["cost"], line["estimated_cost"]) == (None, None, 0.336)


@pytest.mark.parametrize("unknown", ["empty", "error"])
def test_both_ways_of_not_knowing(studio: Studio, unknown: Any) -> None:
    """An empty answer and taskUUIDNotFound both mean that nobody knows the job, and are no verdict on it."""
    studio.provider.unknown_poll = unknown
    studio.provider.unknown_details = unknown
    studio.provider.add_faults(Fault(on="poll", kind="partial", nth=2, count=2))
    assert_done(studio, studio.submit(studio.board("one"), studio.board("two")))
    assert_paid_once(studio, 2)


def test_the_last_take_is_shown_once(studio: Studio) -> None:
    """Rows that are repeated in an answer make no second take."""
    studio.provider.add_faults(Fault(on="poll", kind="repeated", count=None))
    line = studio.submit(studio.board(takes=2)).line
    assert len(line["takes"]) == 2
    for take in line["takes"]:
        assert_take(studio, line["job"], take)


def test_more_videos_than_were_asked_for(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first are brought home, the others left out, and it is said; the job is as done as any."""
    real = Client.send

    async def send(self: Client, tasks: Any) -> Any:
        reply = await real(self, tasks)
        more = [replace(item, video_uuid=f"more-{n}") for item in reply.items if item.url for n in range(50)]
        reply.items += more
        return reply

    monkeypatch.setattr(Client, "send", send)
    ran = studio.submit(studio.board())
    assert_done(studio, ran)
    assert len(ran.line["takes"]) == 1
    shown = studio.run("jobs", "show", ran.line["job"][:8]).out
    assert "note      the service named more videos than were asked for (50 of them were left out)" in shown
