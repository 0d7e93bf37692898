"""What an answer means for everybody: by its body first, and by its status only where that is silent."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from storyboard.runware.client import judge
from storyboard.runware.errors import AccountRefused, Elsewhere, Paced, Refused, ServiceError, Unclear

U = "3f0c1a52-8d7e-4b39-9a61-0c2f5be81d47"
ROW = {"taskUUID": U, "taskType": "videoInference"}
HTML = b"<html><body>We will be right back</body></html>"


def _errors(code: str, uuid: str | None = None) -> bytes:
    row = {"code": code, "message": "words"} | ({"taskUUID": uuid} if uuid else {})
    return json.dumps({"errors": [row]}).encode()


def _judged(status: int, body: bytes, retry_after: str | None = None) -> Any:
    try:
        return judge(status, retry_after, body)
    except ServiceError as error:
        return type(error)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, HTML, Unclear),
        (200, b"", Unclear),
        (200, b"OK", Unclear),
        (200, b"[]", Unclear),
        (400, HTML, Elsewhere),
        (404, HTML, Elsewhere),
        (307, b"", Elsewhere),
        (501, HTML, Elsewhere),
        (404, b'{"message": "no route"}', Elsewhere),
        (404, b'{"data": []}', Refused),
        (404, _errors("taskNotFound"), Refused),
        (413, HTML, Refused),
        (408, HTML, Unclear),
        (500, HTML, Unclear),
        (502, HTML, Unclear),
        (504, HTML, Unclear),
        (503, HTML, Unclear),
        (401, HTML, AccountRefused),
        (402, b"", AccountRefused),
        (403, HTML, AccountRefused),
        (429, HTML, Paced),
        (200, _errors("invalidApiKey"), AccountRefused),
        (400, _errors("insufficientCredits", U), AccountRefused),
        (500, _errors("insufficientCredits"), AccountRefused),
        (401, _errors("inferenceError", U), AccountRefused),
        (402, _errors("inferenceError", U), AccountRefused),
        (200, _errors("rateLimitExceeded", U), Paced),
        (429, _errors("inferenceError", U), Paced),
        (400, _errors("invalidRequestBody"), Refused),
        (200, _errors("maxTasksExceeded"), Refused),
        (200, _errors("internalServerError"), Unclear),
        (400, _errors("timeoutProvider"), Unclear),
        (500, _errors("nobodyHeardOfIt"), Unclear),
    ],
)
def test_answers_that_say_nothing_about_a_task(status: int, body: bytes, meaning: type[ServiceError]) -> None:
    """They are trouble of the account, the pace, the request as a whole, or unclear."""
    assert _judged(status, body) is meaning


@pytest.mark.parametrize("status", [200, 400, 403, 404, 422, 500, 503, 504])
def test_an_error_of_a_task_counts_with_any_status(status: int) -> None:
    """The body is the task's verdict; a 403 for one task is no refusal of the account."""
    reply = _judged(status, _errors("contentPolicyViolation", U))
    assert [problem.code for problem in reply.of(U).problems] == ["contentPolicyViolation"]
    assert not isinstance(reply.trouble, AccountRefused)


@pytest.mark.parametrize(
    ("status", "trouble"), [(401, AccountRefused), (402, AccountRefused), (429, Paced), (500, Unclear), (404, Refused)]
)
def test_rows_are_never_thrown_away(status: int, trouble: type[ServiceError]) -> None:
    """Data counts whatever the status, and the trouble is told beside it."""
    reply = _judged(status, json.dumps({"data": [ROW], "errors": []}).encode())
    assert [item.uuid for item in reply.items] == [U]
    assert type(reply.trouble) is trouble


def test_a_403_of_the_account_in_the_name_of_a_task() -> None:
    """A forbidden key is the account's trouble, whichever task it is said of."""
    assert _judged(403, _errors("forbidden", U)) is AccountRefused


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("2.5", 2.5, 2.5),
        ("-3", 0, 0),
        ("999999", 3600, 3600),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_wait(status: int, header: str, least: float, most: float) -> None:
    """Retry-After in seconds or as a date, never below 0 nor above an hour; a 503 with it asks to wait as well."""
    with pytest.raises(Paced) as paced:
        judge(status, header, HTML)
    assert paced.value.seconds is not None
    assert least <= paced.value.seconds <= most


def test_waiting_until_a_date() -> None:
    """A date is as far off as it is now."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    with pytest.raises(Paced) as paced:
        judge(429, soon, HTML)
    assert paced.value.seconds is not None
    assert 290 < paced.value.seconds <= 300


@pytest.mark.parametrize("header", [None, "", "soon", "nan", "Thu, 99 Foo 1970", "Mon, 01 Jan 0001 00:00:00 +2359"])
def test_nonsense_about_how_long_to_wait(header: str | None) -> None:
    """It is as if nothing were said."""
    with pytest.raises(Paced) as paced:
        judge(429, header, HTML)
    assert paced.value.seconds in (None, 0.0)
