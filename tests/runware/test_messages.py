"""Answers in whatever shape: read for what they say, and never trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.jobs.verdict import after_details, after_poll, after_submit
from storyboard.runware.client import judge
from storyboard.runware.errors import ServiceError, family
from storyboard.runware.messages import parse_reply

U = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
KEYS = st.sampled_from(
    "data errors error taskType taskUUID status videoUUID videoURL cost seed NSFWContent progress code message "  # noqa: SIM905
    "parameter allowedValues request response errorId errorMessage".split()
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [U, "error", "success", "processing", "videoInference", "getTaskDetails", "https://h/v.mp4", 10**400]
    )
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6)
)


@given(JSON, st.sampled_from([200, 400, 401, 402, 403, 404, 429, 500, 503]), st.none() | st.text(max_size=12))
def test_any_json_is_read_without_an_error(answer: Any, status: int, retry_after: str | None) -> None:
    """Every answer is a reply or one of the room's errors; what it says can be judged, stored and shown."""
    body = json.dumps(answer).encode()
    try:
        reply = judge(status, retry_after, body)
    except ServiceError as error:
        str(error).encode()
        return
    for uuid in {item.uuid for item in reply.items} | {problem.uuid for problem in reply.problems if problem.uuid}:
        part = reply.of(uuid)
        after_submit(part, reply.trouble)
        after_poll(part, 2)
        for item in part.items:
            f"{item.uuid}{item.status}{item.video_uuid}{item.url}".encode()
            assert item.cost is None or item.cost > 0
        for problem in part.problems:
            problem.words().encode()
    for record in reply.records.values():
        after_details(record, 2)


@given(st.binary())
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    """What is no JSON object is none, and nothing else happens."""
    parse_reply(body)


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"data":' * 20_000, b'{"data":{"taskUUID":"u","request":1,"response":' * 5000, b"1" * 5000],
)
def test_deep_and_long_nonsense(body: bytes) -> None:
    """Nesting without end and numbers without end are no answers."""
    assert parse_reply(body) is None


def test_deep_records() -> None:
    """A record in a record in a record is read as far as sense goes, or not at all."""
    depth = 180
    body = b'{"data":{"taskUUID":"u","request":1,"response":' * depth + b"null" + b"}}" * depth
    parse_reply(body)


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"taskUUID": U, "status": "success", "videoUUID": "v", "videoURL": "https://h/v"}]},
        {"data": {"taskUUID": U, "status": "success", "videoUUID": "v", "videoURL": "https://h/v"}},
        {"data": [{"taskUUID": U.upper(), "status": "SUCCESS", "videoUUID": "v", "videoURL": "https://h/v"}]},
        {"data": [None, 5, {"x": 1}, {"taskUUID": U, "videoUUID": "v", "videoURL": "https://h/v"}], "errors": []},
        {"data": [{"taskUUID": U, "status": "completed", "videoUUID": "v", "videoURL": "https://h/v"}], "errors": None},
    ],
)
def test_shapes_of_a_result(answer: Any) -> None:
    """All of these say the same."""
    reply = parse_reply(json.dumps(answer).encode())
    assert reply is not None
    (item,) = reply.of(U).items
    assert (item.video_uuid, item.url, item.going) == ("v", "https://h/v", False)


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": [{"code": "c", "message": "m", "taskUUID": U}]},
        {"errors": {"code": "c", "message": "m", "taskUUID": U}},
        {"error": {"code": "c", "message": "m"}, "taskUUID": U},
        {"error": [{"code": "c", "message": "m", "taskUUID": U}]},
        {"data": [{"taskUUID": U, "status": "error", "error": {"code": "c", "message": "m"}}]},
        {"data": [{"taskUUID": U, "status": "error", "code": "c", "message": "m"}]},
        {"data": {"taskUUID": U, "error": {"code": "c", "message": "m"}}},
        {"errors": [{"errorId": "c", "errorMessage": "m", "taskUUID": U}]},
    ],
)
def test_shapes_of_an_error(answer: Any) -> None:
    """All of these say the same."""
    reply = parse_reply(json.dumps(answer).encode())
    assert reply is not None
    (problem,) = reply.of(U).problems
    assert (problem.code, problem.message) == ("c", "m")


def test_words_that_are_the_error() -> None:
    """A row of an error whose words stand alone shows them."""
    reply = parse_reply(json.dumps({"data": [{"taskUUID": U, "status": "error", "error": "It broke."}]}).encode())
    assert reply is not None
    assert (reply.problems[0].code, reply.problems[0].message) == ("unnamedError", "It broke.")


@pytest.mark.parametrize("allowed", [["1280x720", 5], {"0": "1280x720", "1": 5}])
def test_allowed_values_are_shown(allowed: Any) -> None:
    """As a list or as an object; what is no plain value is left out."""
    values = [*allowed, None, ["x"]] if isinstance(allowed, list) else allowed | {"2": {}}
    row = {"code": "c", "message": "No.", "taskUUID": U, "allowedValues": values}
    reply = parse_reply(json.dumps({"errors": [row]}).encode())
    assert reply is not None
    assert reply.problems[0].words() == "No. (allowed: 1280x720, 5)"


@pytest.mark.parametrize(
    ("cost", "read"), [(0.784, 0.784), (0, None), (-1, None), ("1", None), (True, None), (10**400, None), (1, 1.0)]
)
def test_a_price(cost: Any, read: float | None) -> None:
    """A positive number; a reported 0 is no price."""
    reply = parse_reply(json.dumps({"data": [{"taskUUID": U, "cost": cost}]}).encode())
    assert reply is not None
    assert reply.items[0].cost == read


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"videoURL": "https://h/a/v.mp4?sig=1"}, {"videoURL": "https://h/a/v.mp4?sig=2"}, True),
        ({"videoURL": f"https://h/a/{U}.mp4"}, {"videoURL": f"https://h/b/{U}-1.mp4"}, True),
        ({"videoURL": "https://h/a.mp4", "seed": 7}, {"videoURL": "https://h/b.mp4", "seed": 7}, True),
        ({"videoURL": "https://h/a.mp4", "seed": 7}, {"videoURL": "https://h/a.mp4", "seed": 8}, False),
        ({"videoURL": "https://h/a.mp4"}, {"videoURL": "https://h/b.mp4"}, False),
    ],
)
def test_names_for_videos_without_one(one: Any, other: Any, same: bool) -> None:
    """The same video leads to the same name in every answer, and another video to another."""
    names = []
    for row in (one, other):
        reply = parse_reply(json.dumps({"data": [row | {"taskUUID": U, "status": "success"}]}).encode())
        assert reply is not None
        names.append(reply.items[0].video_uuid)
    assert (names[0] == names[1]) is same
    assert all(names)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("invalidApiKey", "account"),
        ("accountSuspended", "account"),
        ("workspaceDisabled", "account"),
        ("insufficientCredits", "money"),
        ("quotaExceeded", "money"),
        ("paymentRequired", "money"),
        ("rateLimitExceeded", "pace"),
        ("providerContentPolicyViolation", "moderation"),
        ("nsfwContentDetected", "moderation"),
        ("moderationFailed", "moderation"),
        ("timeoutProvider", "provider"),
        ("failedProviderTimeout", "provider"),
        ("modelUnavailable", "provider"),
        ("internalServerError", "server"),
        ("unknownError", "server"),
        ("unknownParameter", "request"),
        ("invalidPositivePromptLength", "request"),
        ("conflictTaskUUID", "request"),
        ("unsupportedDimensions", "request"),
        ("nobodyHeardOfIt", "other"),
    ],
)
def test_families(code: str, name: str) -> None:
    """Each documented code belongs where the documentation puts it."""
    assert family(code) == name
