"""What a fault makes of an answer: statuses, pages, and true answers in strange shapes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from storyboard.sandbox.faults import STATUSES
from storyboard.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from storyboard.sandbox.faults import Fault

Rows = list[dict[str, "Any"]]

_PAGE = b"<!DOCTYPE html><html><head><title>Sandbox</title></head><body><h1>We will be right back</h1></body></html>\n"
_ERRORS = {
    "401": ("invalidApiKey", "The fault plan refuses this key."),
    "402": ("insufficientCredits", "The balance is too low, says the fault plan."),
    "403": ("forbidden", "This key may not do that, says the fault plan."),
    "404": ("notFound", "No such resource, says the fault plan."),
    "410": ("gone", "No longer here, says the fault plan."),
    "429": ("rateLimitExceeded", "Too many requests, says the fault plan."),
    "500": ("internalServerError", "Something went wrong, says the fault plan."),
    "504": ("timeoutProvider", "It took too long, says the fault plan."),
}


@dataclass(frozen=True, slots=True)
class Response:
    """A whole HTTP response."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    """Names in lower case; `content-length` is added when it is sent."""


def spoil(fault: Fault, answer: Response | None, uuids: Sequence[str]) -> Response:
    """The response to a request about these UUIDs; `answer` is the true one, None where the fault came first."""
    if fault.kind in STATUSES:
        return _status(fault, uuids)
    if fault.kind in _FIXED:
        return _FIXED[fault.kind]()
    true = answer or _json(200, {"data": []})
    if fault.kind == "truncated":
        return replace(true, body=true.body[: max(1, len(true.body) * 2 // 3)])
    if fault.kind in _SHAPES:
        return _json(true.status, _SHAPES[fault.kind](json.loads(true.body), uuids))
    return true


def _status(fault: Fault, uuids: Sequence[str]) -> Response:
    if fault.kind == "503":
        response = Response(503, _PAGE, {"content-type": "text/html; charset=utf-8"})
    else:
        row = Refusal(*_ERRORS[fault.kind]).to_error()
        if fault.scoped and uuids:
            row["taskUUID"] = uuids[0]
        response = _json(int(fault.kind), {"errors": [row]})
    if fault.retry_after is not None:
        response.headers["retry-after"] = _retry_after(fault.retry_after, as_date=fault.retry_as_date)
    return response


def _retry_after(seconds: int, *, as_date: bool) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True) if as_date else str(seconds)


def _json(status: int, envelope: dict[str, Any]) -> Response:
    return Response(status, json.dumps(envelope).encode(), {"content-type": "application/json"})


def _each(envelope: dict[str, Any], change: Callable[[Rows], Rows]) -> dict[str, Any]:
    return {name: change(rows) for name, rows in envelope.items()}


def _partial(envelope: dict[str, Any], uuids: Sequence[str]) -> dict[str, Any]:
    """Rows for the first half of the tasks; about the others an error that is no verdict on them."""
    half = set(uuids[: -(-len(uuids) // 2)])
    rows = {name: [row for row in rows if row.get("taskUUID") in half] for name, rows in envelope.items()}
    lost = [
        Refusal("taskUUIDNotFound", "No such task, says the fault plan.").to_error() | {"taskUUID": uuid}
        for uuid in uuids
        if uuid not in half
    ]
    return {"data": rows.get("data", []), "errors": [*rows.get("errors", []), *lost]}


_FIXED: dict[str, Callable[[], Response]] = {
    "html": lambda: Response(200, _PAGE, {"content-type": "text/html; charset=utf-8"}),
    "expired": lambda: _json(403, {"errors": [Refusal("expired", "Expired, says the fault plan.").to_error()]}),
    "empty": lambda: _json(200, {"data": []}),
}
_EXTRA = {"queuePosition": None, "telemetry": {"node": "sandbox", "hops": [1, 2]}, "expiresAt": "2027-01-01T00:00:00Z"}
_SHAPES: dict[str, Callable[[dict[str, Any], Sequence[str]], dict[str, Any]]] = {
    "missing_uuid": lambda envelope, _: _each(
        envelope, lambda rows: [{name: value for name, value in row.items() if name != "taskUUID"} for row in rows]
    ),
    "repeated": lambda envelope, _: _each(envelope, lambda rows: rows + rows),
    "reordered": lambda envelope, _: _each(envelope, lambda rows: rows[::-1]),
    "extra": lambda envelope, _: _each(envelope, lambda rows: [_EXTRA | row for row in rows]),
    "partial": _partial,
}
