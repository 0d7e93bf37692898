"""Errors as they stand on the wire, and the exception that carries one there."""

from typing import Any

from .rules import Row

DOCUMENTATION = "https://runware.ai/docs/platform/errors"


class Refusal(Exception):
    """A task that is refused: `row` is its task-scoped error."""

    def __init__(self, row: Row) -> None:
        super().__init__(f"{row['code']}: {row['message']}")
        self.row = row


def error(code: str, message: str, **fields: Any) -> Row:
    """An error without a task: about the request or the account."""
    return {"code": code, "message": message, **fields, "documentation": DOCUMENTATION}


def task_error(task: Row, code: str, message: str, parameter: str | list[str], **fields: Any) -> Row:
    """An error of one task; what the task does not say of itself is left out."""
    own = {name: task[name] for name in ("taskType", "taskUUID") if isinstance(task.get(name), str)}
    return error(code, message, parameter=parameter, **fields, **own)


def refuse(task: Row, code: str, message: str, parameter: str | list[str], **fields: Any) -> Refusal:
    """The exception for a task that breaks a rule."""
    return Refusal(task_error(task, code, message, parameter, **fields))


def failure(uuid: str, code: str, message: str) -> Row:
    """The verdict on an accepted job, as it stands in `errors`."""
    return {"code": code, "status": "error", "message": message, "taskType": "videoInference", "taskUUID": uuid}


def invalid_key() -> Row:
    """The refusal of a key that is missing or wrong."""
    return error("invalidApiKey", "Invalid API key.", parameter="apiKey", taskType="authentication")
