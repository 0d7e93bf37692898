"""What answers say about one job, as tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from storyboard.jobs.states import State
from storyboard.jobs.verdict import Memory, after_details, after_poll, after_submit
from storyboard.runware.errors import AccountRefused, Paced, Refused, ServiceError, Unclear
from storyboard.runware.messages import Reply, parse_reply

U = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
ACK = {"taskType": "videoInference", "taskUUID": U}
GOING = ACK | {"status": "processing", "progress": 47}


def _video(number: int) -> dict[str, Any]:
    return ACK | {"status": "success", "videoUUID": f"v{number}", "videoURL": f"https://h/{number}.mp4"}


def _error(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "message": "m", "taskUUID": U, **more}


def _reply(*data: Any, errors: Any = ()) -> Reply:
    reply = parse_reply(json.dumps({"data": data, "errors": list(errors)}).encode())
    assert reply is not None
    return reply.of(U)


BAD, FAULT = Refused("x", "", 400), Unclear("500")


@pytest.mark.parametrize(
    ("code", "trouble", "state"),
    [
        ("conflictTaskUUID", BAD, State.ACCEPTED),
        ("conflictTaskUUID", FAULT, State.ACCEPTED),
        ("conflictTaskUUID", None, State.ACCEPTED),
        ("invalidDuration", BAD, State.REJECTED),
        ("invalidDuration", FAULT, State.REJECTED),
        ("providerContentPolicyViolation", None, State.REJECTED),
        ("nobodyHeardOfIt", BAD, State.REJECTED),
        ("nobodyHeardOfIt", None, State.REJECTED),
        ("nobodyHeardOfIt", FAULT, None),
        ("modelUnavailable", BAD, State.REJECTED),
        ("timeoutProvider", FAULT, None),
        ("timeoutProvider", None, None),
        ("internalServerError", FAULT, None),
        ("internalServerError", BAD, None),
        ("internalServerError", None, None),
    ],
)
def test_after_submit(code: str, trouble: ServiceError | None, state: State | None) -> None:
    """A refusal must be the request's own: what may have been a fault of the service leaves the job in doubt."""
    assert after_submit(_reply(errors=[_error(code)]), trouble).state is state


@pytest.mark.parametrize("trouble", [None, BAD, FAULT, Paced(1), AccountRefused("x", "", 402)])
def test_an_acknowledgement_counts_whatever_else_is_said(trouble: ServiceError | None) -> None:
    """A row with the own UUID is proof that the task was taken."""
    assert after_submit(_reply(ACK, errors=[_error("invalidDuration")]), trouble).state is State.ACCEPTED
    assert after_submit(_reply(), trouble).state is None


@pytest.mark.parametrize(
    ("data", "errors", "takes", "state"),
    [
        ([], [], 1, None),
        ([ACK], [], 1, State.ACCEPTED),
        ([GOING], [], 1, State.ACCEPTED),
        ([ACK | {"status": "somethingNew"}], [], 1, State.ACCEPTED),
        ([_video(1)], [], 1, State.READY),
        ([_video(1), _video(1)], [], 2, State.ACCEPTED),
        ([_video(1), _video(2)], [], 2, State.READY),
        ([_video(1), GOING], [], 2, State.ACCEPTED),
        ([_video(1)], [_error("inferenceError")], 1, State.READY),
        ([], [_error("inferenceError")], 1, State.FAILED),
        ([_video(1)], [_error("inferenceError")], 2, State.READY),
        ([_video(1), GOING], [_error("inferenceError")], 3, State.ACCEPTED),
        ([_video(1)], [_error("inferenceError")], 3, State.ACCEPTED),
        ([], [_error("inferenceError"), _error("nsfwContentDetected")], 2, State.FAILED),
        ([], [_error("inferenceError"), _error("inferenceError")], 2, State.ACCEPTED),
        ([], [_error("taskUUIDNotFound")], 1, None),
        ([], [_error("taskNotFound")], 1, None),
        ([], [_error("conflictTaskUUID")], 1, State.ACCEPTED),
        ([], [_error("insufficientCredits")], 1, None),
        ([], [_error("invalidApiKey")], 1, None),
        ([], [_error("rateLimitExceeded")], 1, None),
        ([], [_error("internalServerError")], 1, None),
        ([], [_error("internalServerError", taskType="getResponse")], 1, None),
        ([], [_error("internalServerError", taskType="videoInference")], 1, State.FAILED),
        ([], [_error("internalServerError", status="error")], 1, State.FAILED),
        ([], [_error("invalidTaskUUID", taskType="getResponse")], 1, None),
        ([], [_error("invalidImage")], 1, State.FAILED),
        ([], [_error("somethingNew")], 1, State.FAILED),
        ([ACK | {"status": "error", "error": {"code": "x", "message": "m"}}], [], 1, State.FAILED),
        ([ACK | {"status": "error", "code": "x"}], [], 1, State.FAILED),
        ([ACK | {"status": "ERROR", "error": "words"}], [], 1, State.FAILED),
    ],
)
def test_after_poll(data: list[Any], errors: list[Any], takes: int, state: State | None) -> None:
    """One first answer to getResponse."""
    assert after_poll(_reply(*data, errors=errors), takes).state is state


@pytest.mark.parametrize(("rows", "answers"), [(1, 11), (2, 4)])
def test_failures_that_time_must_settle(rows: int, answers: int) -> None:
    """One error for a job of two takes, or one row said twice, ends it only when nothing changes for a while."""
    reply = _reply(errors=[_error("inferenceError")] * rows)
    memory, states = Memory(), []
    for _ in range(answers):
        standing = after_poll(reply, 2, memory)
        memory = standing.memory
        states.append(standing.state)
    assert states == [State.ACCEPTED] * (answers - 1) + [State.FAILED]


def test_anything_new_starts_the_settling_again() -> None:
    """A result that comes while failures are waited out is not lost."""
    memory = Memory()
    for _ in range(9):
        memory = after_poll(_reply(errors=[_error("inferenceError")]), 3, memory).memory
    standing = after_poll(_reply(_video(1), errors=[_error("inferenceError")]), 3, memory)
    assert (standing.state, standing.memory.repeats) == (State.ACCEPTED, 0)
    assert after_poll(_reply(_video(2), errors=[_error("x")]), 3, standing.memory).state is State.READY


def test_results_of_earlier_answers_count() -> None:
    """An answer that shows only what is new completes those before it."""
    first = after_poll(_reply(_video(1)), 2)
    assert after_poll(_reply(_video(2)), 2, first.memory).state is State.READY


@pytest.mark.parametrize(
    ("response", "state"),
    [
        (None, State.ACCEPTED),
        ({"data": [ACK]}, State.ACCEPTED),
        ({"data": [_video(1)]}, State.READY),
        ([_video(1)], State.READY),
        (_video(1), State.READY),
        ({"errors": [_error("inferenceError")]}, State.FAILED),
        ({"errors": [_error("invalidDuration")]}, State.REJECTED),
        ({"errors": [_error("conflictTaskUUID")]}, State.ACCEPTED),
        ({"errors": [_error("insufficientCredits")]}, None),
        ({"errors": [_error("rateLimitExceeded")]}, None),
        ({"errors": [{"code": "inferenceError", "message": "m"}]}, State.FAILED),
    ],
)
def test_after_details(response: Any, state: State | None) -> None:
    """The last answer that a task got; one that only the account or the pace refused was never taken."""
    row = {"taskType": "getTaskDetails", "taskUUID": U, "request": [{}], "response": response}
    reply = parse_reply(json.dumps({"data": [row]}).encode())
    assert reply is not None
    assert after_details(reply.records[U], 1).state is state


def test_an_accepted_job_can_fail_but_not_be_rejected() -> None:
    """What reads as a refusal is a failure, once the task is known to have been taken."""
    rejected = after_submit(_reply(errors=[_error("invalidDuration")]), BAD)
    assert rejected.as_of_accepted().state is State.FAILED
