"""The task that is POSTed, made anew from the ledger: the same bytes of meaning every time."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Literal

from storyboard.addresses import DATABASE_NAME, KEY_NAME, Disclosure, disclosures
from storyboard.jobs.identity import canonical, digest
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.stopping import StopRun

if TYPE_CHECKING:
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_WITH_VARIABLES = ("uploadEndpoint", "webhookURL")


class NotAsApproved(Exception):
    """A job that cannot be sent as it was approved, because the ledger lost part of it; the text says what to do."""

    def __init__(self, what: Literal["frame", "request"], words: str) -> None:
        super().__init__(f"{words}: submit its storyboard again")
        self.what = what


def stored_task(task: dict[str, Any], frame: str | None) -> dict[str, Any]:
    """A task as the ledger and receipts keep it: a local first frame only as its digest, no secret filled in."""
    if frame is None:
        return task
    return task | {"inputs": {"frameImages": [{"image": f"sha256:{frame}", "frame": "first"}]}}


def frame_in(task: dict[str, Any]) -> str | None:
    """What stands for a task's first frame: an address, a data URI, an image's UUID, or the digest of a file."""
    frames = (task.get("inputs") or {}).get("frameImages") or [{}]
    image = frames[0].get("image")
    return image if isinstance(image, str) else None


def identity_of(task: dict[str, Any]) -> bytes:
    """The identity of a task as ledger and receipts keep it."""
    return canonical(task, frame_in(task))


def is_as_approved(job: Job) -> bool:
    """Whether the request in the ledger is still the one that the job was made for."""
    return digest(identity_of(job.request)) == job.digest


def wire_task(job: Job, ledger: Ledger) -> dict[str, Any]:
    """The task of a job with its first frame and, but for the sandbox, the environment's values.

    Raises NotAsApproved, or StopRun where the environment lacks something.
    """
    task = dict(job.request)
    if not is_as_approved(job):
        raise NotAsApproved("request", "its request is damaged in the ledger")
    if job.frame is not None:
        data = ledger.frame_bytes(job.frame)
        if data is None:
            raise NotAsApproved("frame", "its first frame is missing from the ledger")
        image = f"data:{job.media_type};base64,{b64encode(data).decode()}"
        task["inputs"] = {"frameImages": [{"image": image, "frame": "first"}]}
    for key in _WITH_VARIABLES:
        if key in task and job.service != SANDBOX:
            task[key] = fill_in(task[key])
    return task


def disclosed_by(task: dict[str, Any]) -> list[Disclosure]:
    """Variables of the environment that sending a task tells, and whom; each once."""
    found = [one for key in _WITH_VARIABLES for one in disclosures(str(task.get(key, "")))]
    return list(dict.fromkeys(found))


def without_values(job: Job, text: str) -> str:
    """Words of the service about a job with the values of its ${NAME}s taken out again."""
    for key in _WITH_VARIABLES:
        for name in _VARIABLE.findall(str(job.request.get(key, ""))):
            if value := os.environ.get(name):
                text = text.replace(value, f"${{{name}}}")
    return text


def missing_variables(task: dict[str, Any]) -> list[str]:
    """Names that a task's addresses want from the environment and that are not set there."""
    wanted = [name for key in _WITH_VARIABLES for name in _VARIABLE.findall(str(task.get(key, "")))]
    return [name for name in dict.fromkeys(wanted) if not os.environ.get(name)]


def fill_in(address: str) -> str:
    """An address with ${NAME} replaced from the environment; StopRun for what is unset or makes no address."""

    def value(match: re.Match[str]) -> str:
        if match[1] == KEY_NAME:
            raise StopRun("ledger", f"{address} would tell the key of your account to whoever is called")
        if match[1].upper() == DATABASE_NAME:
            raise StopRun("ledger", f"{address} would tell the password of the farm's database to whoever is called")
        if not (found := os.environ.get(match[1])):
            raise StopRun("ledger", f"the environment variable {match[1]} is not set; set it and run again")
        return found

    filled = _VARIABLE.sub(value, address)
    if not filled.startswith(("https://", "http://")) or not filled.isprintable() or " " in filled:
        raise StopRun("ledger", f"{address} is no http(s) address once the environment is filled in")
    return filled
