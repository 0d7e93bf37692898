"""POST /v1: an array of tasks in, rows and errors out."""

import json
from typing import Any, Literal, cast

from .book import Book, acknowledgement
from .errors import Refusal, error, invalid_key, refuse, task_error
from .faults import Fault, FaultPlan
from .record import Record
from .request import check_uuid
from .rules import KINDS_OF_TASK, Row, Rules
from .spoil import Answer, as_json, plain, spoil
from .wire import Request, Response

Kind = Literal["submit", "poll", "details", "other"]


class NotAnArray(ValueError):
    """The body is no JSON array of task objects."""


class Api:
    """The endpoint: checks who asks, lets the plan spoil what it wants to, and asks the book for the rest."""

    def __init__(self, rules: Rules, book: Book, plan: FaultPlan, record: Record) -> None:
        self.rules = rules
        self.book = book
        self.plan = plan
        self.record = record

    def answer(self, request: Request) -> Response:
        """Answer one request to the endpoint."""
        self._note_sins_of(request)
        try:
            tasks = read_tasks(request.body) if request.method == "POST" else []
        except NotAnArray as why:
            self.record.add(request, "other", ())
            self.record.sin(f"the body is not an array of tasks: {why}")
            known = self._has_key(request)
            row = error("invalidRequestBody", f"{why}.") if known else invalid_key()
            return as_json({"errors": [row]}, 400 if known else 401)
        allowed, tasks = self._authenticate(request, tasks)
        kind = self._kind_of(tasks)
        uuids = [task["taskUUID"] for task in tasks if isinstance(task.get("taskUUID"), str)]
        self.record.add(request, kind, uuids)
        if request.method != "POST":
            return as_json({"errors": [error("methodNotAllowed", "POST only.")]}, 405)
        if not allowed:
            return as_json({"errors": [invalid_key()]}, 401)
        self._note_sins_in(kind, tasks, uuids)
        fault = None if kind == "other" else self.plan.meet(kind, uuids)
        return self._run(kind, tasks, uuids, fault)

    def _run(self, kind: Kind, tasks: list[Row], uuids: list[str], fault: Fault | None) -> Response:
        if fault is None:
            return plain(self._work(tasks))
        if fault.kind == "forget" and kind in ("poll", "details"):
            self.book.hide(kind, uuids, fault.seconds or 0.0)
        if fault.kind == "504":
            return self._late_verdict(kind, tasks, uuids, fault)
        if kind == "submit" and not fault.charges:
            # Nobody is charged, so what a client can make out of a damaged answer is a promise that nobody keeps.
            return spoil(fault, Answer([acknowledgement(task) for task in tasks]), uuids)
        answer = self._work(tasks)
        if fault.kind == "forget" and kind == "submit":
            self.book.hide("poll", uuids, fault.seconds or 0.0)
        return spoil(fault, answer, uuids)

    def _late_verdict(self, kind: Kind, tasks: list[Row], uuids: list[str], fault: Fault) -> Response:
        """HTTP 504 with task-scoped errors: on a poll they are final, and every later answer says the same."""
        message = "The provider did not answer in time."
        if kind == "poll":
            return plain(Answer(errors=self.book.fail(uuids, "failedProviderTimeout", message), status=504))
        if fault.charges:
            self._work(tasks)
        rows = [task_error(task, "timeoutProvider", message, "taskUUID", status="error") for task in tasks]
        return plain(Answer(errors=rows, status=504))

    def _work(self, tasks: list[Row]) -> Answer:
        """Do what the tasks say; each has its own rows or its own error."""
        answer = Answer()
        refused = False
        for task in tasks:
            try:
                data, errors = self._one(task)
            except Refusal as refusal:
                data, errors, refused = [], [refusal.row], True
            answer.data += data
            answer.errors += errors
        if answer.errors:
            answer.status = 400 if refused and not answer.data else self.rules.mixed_status
        return answer

    def _one(self, task: Row) -> tuple[list[Row], list[Row]]:
        kind = task.get("taskType")
        if kind == "videoInference":
            return [self.book.submit(task)], []
        if kind not in ("getResponse", "getTaskDetails"):
            raise refuse(task, "invalidTaskType", "No such taskType.", "taskType")
        check_uuid(task)
        for key in task:
            if key not in ("taskType", "taskUUID"):
                raise refuse(task, "unsupportedParameter", f"Unsupported parameter '{key}'.", key)
        return self.book.poll(task) if kind == "getResponse" else self.book.details(task)

    def _authenticate(self, request: Request, tasks: list[Row]) -> tuple[bool, list[Row]]:
        """Whether the key is right, and the tasks without an authentication task in front."""
        allowed = self._has_key(request)
        if tasks and tasks[0].get("taskType") == "authentication":
            return allowed or tasks[0].get("apiKey") == self.rules.key, tasks[1:]
        return allowed, tasks

    def _has_key(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.rules.key}"

    def _kind_of(self, tasks: list[Row]) -> Kind:
        kinds = dict.fromkeys(KINDS_OF_TASK.get(str(task.get("taskType")), "other") for task in tasks)
        if len(kinds) > 1:
            self.record.sin(f"one POST holds {' and '.join(kinds)}")
        return cast("Kind", next(iter(kinds), "other"))

    def _note_sins_of(self, request: Request) -> None:
        if request.method != "POST":
            self.record.sin(f"{request.method} on the endpoint")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            self.record.sin(f"wrong content type: {request.headers.get('content-type')}")
        if self.rules.key in request.target:
            self.record.sin("the key stands in the URL")
        if self.rules.key.encode() in request.body:
            self.record.sin("the key stands in the body")
        if "x-runware-dry-run" in request.headers:
            self.record.note("X-Runware-Dry-Run, which no page documents, was sent")

    def _note_sins_in(self, kind: Kind, tasks: list[Row], uuids: list[str]) -> None:
        paid = [task for task in tasks if task.get("taskType") == "videoInference"]
        if len(paid) > 1:
            self.record.sin(f"{len(paid)} paid tasks in one POST")
        if kind == "poll" and len(tasks) > 100:
            self.record.sin(f"a poll of {len(tasks)} tasks")
        if len(set(uuids)) < len(uuids):
            self.record.sin("one POST names a taskUUID twice")
        for task in paid:
            self.record.sent(task)


def read_tasks(body: bytes) -> list[Row]:
    """The tasks of a body; NotAnArray where it is anything else."""
    try:
        tasks: Any = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as why:
        raise NotAnArray(str(why)) from why
    if not isinstance(tasks, list) or not tasks or not all(isinstance(task, dict) for task in tasks):
        raise NotAnArray("a JSON array of one or more objects is expected")
    return tasks


def _unique(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a key is given twice")
    return row


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
