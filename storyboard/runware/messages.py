"""Answers of the service, whatever shape they come in; nothing in them is trusted."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.runware.errors import ServiceError

    Mask = Callable[[str], str]

_TEXT_LIMIT = 2000
_CODE_LIMIT = 200
_ADDRESS_LIMIT = 8192
"""Letters of an address, of which a part is worth nothing; signed ones have some thousand."""
_ROWS_AT_MOST = 64
"""Rows about one task in one answer: of its takes, which are four at most, and of its failures."""
_DIGITS_LIMIT = 40
"""Digits of a whole number; a longer one is no amount of anything."""
_DOLLARS_AT_MOST = 10_000
"""What no video costs: a larger price is not believed."""
_GOING = frozenset(("processing", "pending", "queued", "scheduled", "waiting", "running"))
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: about the task `uuid`, or about the request or account where there is none."""

    code: str
    message: str
    uuid: str | None = None
    task_type: str | None = None
    parameter: str | None = None
    """Which part of the task or question the service says it is about."""
    video_uuid: str | None = None
    allowed: str | None = None
    """The values that the service says it would take."""
    of_job: bool = False
    """Whether the error is written as a job's own end: with the job's task type, or with status error."""

    def words(self) -> str:
        """The message, with the allowed values where the service names them."""
        return f"{self.message} (allowed: {self.allowed})" if self.allowed else self.message


@dataclass(frozen=True, slots=True)
class Item:
    """A row of `data`: an acknowledgement, a state, or one finished video."""

    uuid: str
    status: str
    video_uuid: str | None = None
    """The video's name; one made from its address or seed where the service gives an address without a name."""
    url: str | None = None
    cost: float | None = None
    """US dollars, as `believable_price` allows; None where nothing such was said."""
    seed: int | None = None
    nsfw: bool | None = None
    progress: float | None = None
    """Percent done, 0 to 100."""
    named: str | None = None
    """The name of a video of which it says neither where it is nor whether it is finished."""

    @property
    def going(self) -> bool:
        """Whether the service is still working on it; every unknown status counts as such."""
        return self.url is None and self.status not in ("success", "")


@dataclass(slots=True)
class Reply:
    """What one answer says: rows and errors, in the order they came."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    records: dict[str, Reply] = field(default_factory=dict)
    """Of `getTaskDetails`: what the task's last answer said; empty where there was none yet."""
    trouble: ServiceError | None = None
    """What the answer says beside its tasks: the account, the pace, the request as a whole."""

    def of(self, uuid: str) -> Reply:
        """The part that is about one task."""
        return Reply(
            [item for item in self.items if item.uuid == uuid],
            [problem for problem in self.problems if problem.uuid == uuid],
        )


def parse_reply(body: bytes, mask: Mask = str) -> Reply | None:
    """Reads an answer's body; None where it is no JSON object at all.

    All of its text passes `mask`, which takes out what nobody may see. Of rows about one task the first 64 count.
    """
    try:
        answer = json.loads(body, parse_constant=lambda _: None, parse_int=_whole)
        return _Reader(mask).reply(answer) if isinstance(answer, dict) else None
    except (ValueError, RecursionError):
        return None


def believable_price(value: object) -> float | None:
    """A price in US dollars that a video may have: more than 0 and at most 10,000; None for anything else."""
    price = _number(value)
    return price if price is not None and 0 < price <= _DOLLARS_AT_MOST else None


def _whole(digits: str) -> int | None:
    """A whole number; Python refuses to read endless ones, and an answer must not be lost for one of them."""
    return int(digits) if len(digits) <= _DIGITS_LIMIT else None


def _rows(value: object) -> list[dict[str, Any]]:
    """A list of objects from an array or a single object; anything else is no row."""
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


class _Reader:
    """Takes one answer apart; here its text enters, without what `mask` takes out."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._seen: Counter[str | None] = Counter()
        """How many rows there were about each task, or about none."""

    def reply(self, answer: dict[str, Any], uuid: str | None = None) -> Reply:
        """What an answer says, or one that is kept within another, about the task `uuid` where it names none."""
        reply = Reply()
        for row in _rows(answer.get("data")):
            self._read_row(row, reply, uuid)
        outer = self._text(answer.get("taskUUID")) or uuid
        for key in ("errors", "error"):
            for row in _rows(answer.get(key)):
                named = self._named(row, outer)
                if self._counts(named):
                    reply.problems.append(self._problem(row, named))
        return reply

    def _counts(self, uuid: str | None) -> bool:
        self._seen[uuid] += 1
        return self._seen[uuid] <= _ROWS_AT_MOST

    def _named(self, row: dict[str, Any], uuid: str | None) -> str | None:
        named = self._text(row.get("taskUUID")) or uuid
        return named.lower() if named else None

    def _read_row(self, row: dict[str, Any], reply: Reply, uuid: str | None) -> None:
        named = self._named(row, uuid)
        if not named or not self._counts(named):
            return
        if "request" in row or ("response" in row and row.get("taskType") == "getTaskDetails"):
            reply.records[named] = self._record(row.get("response"), named)
            return
        nested = row.get("error")
        if (self._text(row.get("status")) or "").lower() == "error" or isinstance(nested, dict):
            inner = nested if isinstance(nested, dict) else {"message": nested} | row
            problem = self._problem(inner, named)
            task_type = problem.task_type or self._text(row.get("taskType"))
            video_uuid = self._text(row.get("videoUUID"))
            reply.problems.append(replace(problem, uuid=named, task_type=task_type, video_uuid=video_uuid, of_job=True))
            return
        reply.items.append(self._item(row, named))

    def _record(self, response: object, uuid: str) -> Reply:
        """A stored answer: an envelope, a list of rows, or one row."""
        if isinstance(response, dict) and not response.keys() & {"data", "errors", "error"}:
            response = [response]
        if isinstance(response, list):
            response = {"data": response}
        return self.reply(response, uuid) if isinstance(response, dict) else Reply()

    def _problem(self, row: dict[str, Any], uuid: str | None) -> Problem:
        allowed = row.get("allowedValues")
        values = list(allowed.values()) if isinstance(allowed, dict) else allowed if isinstance(allowed, list) else []
        shown = [text[:40] for value in values[:20] if (text := self._scalar(value))]
        # The name of the part that an error is about, of several the first.
        parameter = row.get("parameter")
        parameter = parameter[0] if isinstance(parameter, list) and parameter else parameter
        return Problem(
            self._text(row.get("code"), _CODE_LIMIT) or self._text(row.get("errorId"), _CODE_LIMIT) or "unnamedError",
            self._text(row.get("message")) or self._text(row.get("errorMessage")) or "",
            self._named(row, uuid),
            self._text(row.get("taskType"), _CODE_LIMIT),
            self._text(parameter, _CODE_LIMIT),
            allowed=", ".join(shown) or None,
            of_job=row.get("taskType") == "videoInference" or row.get("status") == "error",
        )

    def _item(self, row: dict[str, Any], uuid: str) -> Item:
        cost, progress, seed, nsfw = (row.get(key) for key in ("cost", "progress", "seed", "NSFWContent"))
        status = (self._text(row.get("status"), _CODE_LIMIT) or "").lower()
        url = self._address(row.get("videoURL")) if status not in _GOING else None
        # Services name a video before they have made it: only a success or an address says that it is there.
        name = self._text(row.get("videoUUID"))
        is_video = url is not None or status == "success"
        progress = _number(progress)
        seed = seed if isinstance(seed, int) and not isinstance(seed, bool) and abs(seed) < 2**63 else None
        return Item(
            uuid,
            status,
            (name or (_made_name(uuid, url, seed) if url is not None else None)) if is_video else None,
            url,
            believable_price(cost),
            seed,
            nsfw if isinstance(nsfw, bool) else None,
            progress if progress is None or progress <= 100 else None,
            named=name if not is_video and status == "" else None,
        )

    def _text(self, value: object, most: int = _TEXT_LIMIT) -> str | None:
        """Text that can be stored and shown: neither endless nor with half characters."""
        if not isinstance(value, str) or not value:
            return None
        # A little more than is kept, so that nothing stands at the cut that would have been taken out.
        return self._mask(value[: 2 * most].encode(errors="replace").decode())[:most]

    def _address(self, value: object) -> str | None:
        """An address, whole; None for one that is too long."""
        text = self._text(value, _ADDRESS_LIMIT + 1)
        return text if text is not None and len(text) <= _ADDRESS_LIMIT else None

    def _scalar(self, value: object) -> str | None:
        return self._text(str(value)) if isinstance(value, str | int | float) else None


def _made_name(uuid: str, url: str, seed: int | None) -> str:
    """A name for a video without one that every later answer about it leads to as well."""
    path = url.partition("?")[0]
    if found := _UUID.findall(path.rpartition("/")[2]):
        return str(found[0]).lower()
    hint = path if seed is None else str(seed)
    return str(UUID(bytes=sha256(f"{uuid} {hint}".encode()).digest()[:16], version=4))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
