"""The body of a POST, read without trusting it: an array of tasks, or a refusal that says what it is instead."""

from __future__ import annotations

import hmac
import json
import math
from typing import TYPE_CHECKING

from storyboard.sandbox.refusal import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

BYTES_AT_MOST = 80_000_000
TASKS_AT_MOST = 1000

# No task of this API nests deeper than five or holds more than a few dozen values.
_DEPTH_AT_MOST = 32
_VALUES_AT_MOST = 200_000


def read_tasks(body: bytes) -> list[dict[str, object]]:
    """The tasks of a body. Raises RefusedError about the request as a whole."""
    try:
        tasks = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _refused("The body is not JSON, or nested too deeply.") from error
    if not isinstance(tasks, list) or not tasks:
        raise _refused("The body has to be a JSON array of tasks, also for one task.")
    if len(tasks) > TASKS_AT_MOST:
        raise _refused(f"At most {TASKS_AT_MOST} tasks in one request.")
    if not all(isinstance(task, dict) for task in tasks):
        raise _refused("Every element of the array has to be a task object.")
    _refuse_monsters(tasks)
    return tasks


ANY_KEY = ""
"""Stands for a key of whatever text, which has to be there."""


def check_key(key: str | None, authorization: str, tasks: Sequence[dict[str, object]]) -> Refusal | None:
    """What is wrong with the request's key, given in the header `Authorization` or by a first authentication task.

    With `key` None nothing is needed, with ANY_KEY any will do.
    """
    if key is None:
        return None
    scheme, _, given = authorization.partition(" ")
    offered: object = given.strip() if scheme.lower() == "bearer" else None
    if tasks and tasks[0].get("taskType") == "authentication":
        offered = tasks[0].get("apiKey")
    if not offered:
        return Refusal("missingApiKey", "The request carries no API key.", "apiKey")
    if isinstance(offered, str) and key == ANY_KEY:
        return None
    if isinstance(offered, str) and hmac.compare_digest(offered.encode(), key.encode()):
        return None
    return Refusal("invalidApiKey", "This is not the sandbox's API key.", "apiKey")


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _refuse_monsters(tasks: list[dict[str, object]]) -> None:
    level: list[object] = list(tasks)
    seen = 0
    for _ in range(_DEPTH_AT_MOST):
        seen += len(level)
        if seen > _VALUES_AT_MOST:
            raise _refused("The body holds too many values.")
        for value in level:
            _refuse_unsendable(value)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise _refused("The body is nested too deeply.")


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _refuse_unsendable(value: object) -> None:
    """Refuse what JSON's grammar lets through and an answer or a file could not carry."""
    if isinstance(value, float) and not math.isfinite(value):
        raise _refused("The body holds a number that is too large.")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise _refused("The body holds half a surrogate pair.") from error


def _refused(message: str) -> RefusedError:
    return RefusedError(Refusal("invalidRequest", message))
