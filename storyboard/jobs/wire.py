"""The task that is POSTed, made anew from the ledger: the same bytes of meaning every time."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Literal

from storyboard.addresses import DATABASE_NAME, KEY_NAME, Disclosure, disclosures, is_key_name
from storyboard.jobs.identity import canonical, digest
from storyboard.jobs.rows import SANDBOX
from storyboard.own_key import can_be_told, holds_key, without_key

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


class NotFilledIn(Exception):
    """An address of a job that the environment makes none of just now; the text says what to do."""


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

    Raises NotAsApproved, or NotFilledIn where the environment lacks something.
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
                text = without_key(text, value, f"${{{name}}}") if can_be_told(value) else text
    return text


def missing_variables(task: dict[str, Any]) -> list[str]:
    """Names that a task's addresses want from the environment and that are not set there."""
    wanted = [name for key in _WITH_VARIABLES for name in _VARIABLE.findall(str(task.get(key, "")))]
    return [name for name in dict.fromkeys(wanted) if not os.environ.get(name)]


def where_key_is_told(task: dict[str, Any]) -> str | None:
    """What of a task's addresses would hold the key once they are filled in, for people; None where nothing would."""
    for key in _WITH_VARIABLES:
        if key in task:
            address = str(task[key])
            if _holds_own_key(_VARIABLE.sub(lambda match: os.environ.get(match[1], ""), address)):
                return _culprits(address)
    return None


def _holds_own_key(text: str) -> bool:
    key = os.environ.get(KEY_NAME, "").strip()
    return bool(key) and holds_key(text, key)


def _culprits(address: str) -> str:
    """Why an address is not sent: what of it may hold the key."""
    names = " or ".join(f"${{{name}}}" for name in dict.fromkeys(_VARIABLE.findall(address)))
    words = f"holds the value of {KEY_NAME}, and would tell the key of your account to whoever is called"
    return f"{names or 'an address of it'} {words}: change it"


def fill_in(address: str) -> str:
    """An address with ${NAME} replaced from the environment.

    Raises NotFilledIn for what is unset or makes no address, and for what would hold the key, in any notation and
    whatever variable it came from.
    """

    def value(match: re.Match[str]) -> str:
        if is_key_name(match[1]):
            raise NotFilledIn(f"{address} would tell the key of your account to whoever is called")
        if match[1].upper() == DATABASE_NAME:
            raise NotFilledIn(f"{address} would tell the password of the farm's database to whoever is called")
        if not (found := os.environ.get(match[1])):
            raise NotFilledIn(f"the environment variable {match[1]} is not set; set it and run again")
        return found

    filled = _VARIABLE.sub(value, address)
    if _holds_own_key(filled):
        raise NotFilledIn(_culprits(address))
    if not filled.startswith(("https://", "http://")) or not filled.isprintable() or " " in filled:
        raise NotFilledIn(f"{address} is no http(s) address once the environment is filled in")
    return filled
