"""Answers of the API and what a fault makes of them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from .errors import error, failure, invalid_key
from .faults import STATUSES, Fault
from .rules import Row
from .wire import Manner, Response

STRANGER = "0b57f0f2-6a52-4c1e-9d0b-3a8e5f7c1d24"
"""A UUID that no client of this server chose."""
PAGE = b"<!DOCTYPE html><html><head><title>Runware</title></head><body><h1>We will be right back</h1></body></html>\n"
ACCOUNT_ERRORS = {
    "402": error("insufficientCredits", "The balance is too low."),
    "403": error("forbidden", "This key may not do that."),
    "404": error("notFound", "No such resource."),
    "410": error("gone", "No longer here."),
    "429": error("rateLimitExceeded", "Too many requests."),
    "500": error("internalServerError", "Something went wrong."),
}


@dataclass
class Answer:
    """What the API has to say, before it becomes bytes."""

    data: list[Row] = field(default_factory=list)
    errors: list[Row] = field(default_factory=list)
    status: int = 200


def plain(answer: Answer) -> Response:
    """The answer as the documentation shows it."""
    envelope: Row = {"data": answer.data}
    if answer.errors:
        envelope["errors"] = answer.errors
    return as_json(envelope, answer.status)


def as_json(envelope: Row, status: int = 200) -> Response:
    """Any JSON object as a response."""
    body = json.dumps(envelope, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json"})


def page(status: int) -> Response:
    """The page of some proxy on the way."""
    return Response(status, PAGE, {"Content-Type": "text/html; charset=utf-8"})


def status_response(fault: Fault, uuids: Sequence[str]) -> Response:
    """An answer about the request or the account, with the status that the fault is named after."""
    if fault.kind == "504_html":
        return page(504)
    if fault.kind == "503":
        response = page(503)
    else:
        row = invalid_key() if fault.kind == "401" else dict(ACCOUNT_ERRORS[fault.kind])
        if fault.scoped and uuids:
            row["taskUUID"] = uuids[0]
        response = as_json({"errors": [row]}, int(fault.kind))
    if fault.retry_after is not None:
        response.headers["Retry-After"] = _retry_after(fault)
    return response


def _retry_after(fault: Fault) -> str:
    seconds = fault.retry_after or 0
    if not fault.retry_as_date:
        return str(seconds)
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def spoil(fault: Fault, answer: Answer, uuids: Sequence[str]) -> Response:
    """The response to a request about `uuids` that would have been `answer`, but for `fault`."""
    if fault.kind in STATUSES:
        return status_response(fault, uuids)
    if fault.kind in MANNERS:
        return replace(plain(answer), manner=MANNERS[fault.kind], seconds=fault.seconds)
    if fault.kind in WHOLE_RESPONSES:
        return WHOLE_RESPONSES[fault.kind](fault, answer)
    return plain(ANSWERS[fault.kind](answer, uuids))


MANNERS = {
    "reset": Manner.RESET,
    "stall": Manner.SILENT,
    "slow": Manner.LATE,
    "drip": Manner.DRIP,
    "cut": Manner.CUT,
}


def _truncated(fault: Fault, answer: Answer) -> Response:
    response = plain(answer)
    # At least the last bracket goes; what is left is never JSON.
    return replace(response, body=response.body[: max(1, len(response.body) * 2 // 3)])


def _empty_errors(fault: Fault, answer: Answer) -> Response:
    return as_json({"data": answer.data, "errors": answer.errors}, answer.status)


def _data_object(fault: Fault, answer: Answer) -> Response:
    data: Any = answer.data[0] if len(answer.data) == 1 else answer.data
    return as_json({"data": data} | ({"errors": answer.errors} if answer.errors else {}), answer.status)


def _error_object(fault: Fault, answer: Answer) -> Response:
    if not answer.errors:
        return plain(answer)
    first = answer.errors[0]
    outer = {"taskUUID": first["taskUUID"]} if "taskUUID" in first else {}
    return as_json({"error": _nameless(first)} | outer | ({"data": answer.data} if answer.data else {}), answer.status)


def _error_list(fault: Fault, answer: Answer) -> Response:
    if not answer.errors:
        return plain(answer)
    return as_json({"error": answer.errors} | ({"data": answer.data} if answer.data else {}), answer.status)


WHOLE_RESPONSES: dict[str, Callable[[Fault, Answer], Response]] = {
    "truncated": _truncated,
    "empty_errors": _empty_errors,
    "data_object": _data_object,
    "error_object": _error_object,
    "error_list": _error_list,
    "html_200": lambda fault, answer: page(200),
    "not_json": lambda fault, answer: Response(200, b"OK", {"Content-Type": "text/plain"}),
    "redirect": lambda fault, answer: Response(307, headers={"Location": fault.location or "/elsewhere"}),
    "batch_refused": lambda fault, answer: as_json({"errors": [error("maxTasksExceeded", "Too many tasks.")]}, 400),
}


def _empty(answer: Answer, uuids: Sequence[str]) -> Answer:
    return Answer()


def _missing_uuid(answer: Answer, uuids: Sequence[str]) -> Answer:
    data, errors = ([_nameless(row) for row in rows] for rows in (answer.data, answer.errors))
    return replace(answer, data=data, errors=errors)


def _nameless(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "taskUUID"}


def _repeated(answer: Answer, uuids: Sequence[str]) -> Answer:
    return replace(answer, data=answer.data + answer.data)


def _reordered(answer: Answer, uuids: Sequence[str]) -> Answer:
    return replace(answer, data=answer.data[::-1], errors=answer.errors[::-1])


def _partial(answer: Answer, uuids: Sequence[str]) -> Answer:
    """Rows for the first half of the UUIDs; for the others, and for a stranger, errors that are no verdicts."""
    kept = set(uuids[: -(-len(uuids) // 2)])
    lost = [
        error("taskUUIDNotFound", "No such task.", taskUUID=uuid) for uuid in (*uuids, STRANGER) if uuid not in kept
    ]
    data = [row for row in answer.data if row.get("taskUUID") in kept]
    return replace(answer, data=data, errors=[*lost, *(row for row in answer.errors if row.get("taskUUID") in kept)])


def _extra(answer: Answer, uuids: Sequence[str]) -> Answer:
    more = {"queuePosition": None, "telemetry": {"node": "eu-7", "hops": [1, 2]}, "expiresAt": "2027-01-01T00:00:00Z"}
    return replace(answer, data=[more | row for row in answer.data])


def _foreign(answer: Answer, uuids: Sequence[str]) -> Answer:
    """Rows about somebody else's job beside the own ones."""
    row = {"taskType": "videoInference", "taskUUID": STRANGER, "status": "success", "videoUUID": STRANGER}
    row["videoURL"] = "https://vm.runware.ai/video/not-yours.mp4"
    strange = failure(STRANGER, "inferenceError", "Somebody else's trouble.")
    return replace(answer, data=[row, *answer.data], errors=[strange, *answer.errors])


ANSWERS: dict[str, Callable[[Answer, Sequence[str]], Answer]] = {
    "empty": _empty,
    "missing_uuid": _missing_uuid,
    "repeated": _repeated,
    "reordered": _reordered,
    "partial": _partial,
    "extra": _extra,
    "foreign": _foreign,
    # The Book forgets; the answer made from it is already silent.
    "forget": lambda answer, uuids: answer,
}
