"""A fault plan as people write it: a mapping with `seed`, `conflict` and a list of `faults`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from storyboard.sandbox.faults import API, DOWNLOAD, JOB, KINDS, REQUESTS, Fault, FaultPlan, When
from storyboard.sandbox.messages import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_SECONDS_AT_MOST = 3600.0


class FaultFileError(ValueError):
    """A plan that cannot be followed; the text says where, and what would do."""


def read_plan(data: object) -> FaultPlan:
    """The plan that plain data describe. Raises FaultFileError."""
    if not isinstance(data, dict):
        raise FaultFileError("a fault plan is a mapping with the key faults")
    _refuse_unknown(data, ("seed", "conflict", "faults"), "the plan")
    seed = data.get("seed", 0)
    if type(seed) is not int:
        raise FaultFileError("seed: a whole number")
    conflict = data.get("conflict")
    if conflict is not None and conflict not in get_args(Conflict):
        raise FaultFileError(f"conflict: one of {', '.join(get_args(Conflict))}")
    faults = data.get("faults", [])
    if not isinstance(faults, list):
        raise FaultFileError("faults: a list")
    return FaultPlan([_fault(value, f"fault {number}") for number, value in enumerate(faults, start=1)], seed, conflict)


def _fault(value: object, where: str) -> Fault:
    if not isinstance(value, dict):
        raise FaultFileError(f"{where}: a mapping with on and kind")
    _refuse_unknown(value, tuple(_READERS), where)
    for name in ("on", "kind"):
        if name not in value:
            raise FaultFileError(f"{where}: {name} is missing")
    read: dict[str, Any] = {}
    for name, raw in value.items():
        try:
            read[name] = _READERS[name](raw)
        except ValueError as error:
            raise FaultFileError(f"{where}: {name}: {error}") from None
    if "chance" in read:
        read.setdefault("count", None)
    fault = Fault(**read)
    _refuse_impossible(fault, where)
    return fault


def _refuse_impossible(fault: Fault, where: str) -> None:
    wrong = (*API, *JOB) if fault.on == "download" else DOWNLOAD
    if fault.kind in wrong:
        raise FaultFileError(f"{where}: {fault.kind} cannot happen on {fault.on}")
    if fault.kind in JOB and fault.on != "submit":
        raise FaultFileError(f"{where}: {fault.kind} is about a job: say on: submit")
    if fault.when is not None and fault.on != "submit":
        raise FaultFileError(f"{where}: when is about a submit")
    if fault.when == "before" and Fault(on="submit", kind=fault.kind).is_after:
        raise FaultFileError(f"{where}: {fault.kind} hands over what became of the request: when can only be after")
    if fault.kind == "forget" and fault.seconds is None:
        raise FaultFileError(f"{where}: forget needs seconds")


def _refuse_unknown(data: dict[object, object], known: Sequence[str], where: str) -> None:
    for key in data:
        if key not in known:
            close = get_close_matches(str(key)[:80], known, n=1)
            hint = f", did you mean {close[0]}?" if close else f", known are {', '.join(known)}"
            raise FaultFileError(f"{where}: no key {str(key)[:80]!r}{hint}")


def _one_of(*allowed: str) -> Callable[[object], str]:
    def read(raw: object) -> str:
        text = str(raw) if type(raw) is int else raw
        if not isinstance(text, str) or text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return read


def _whole(least: int, most: int) -> Callable[[object], int]:
    def read(raw: object) -> int:
        if type(raw) is not int or not least <= raw <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return raw

    return read


def _number(most: float, words: str) -> Callable[[object], float]:
    def read(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= most:
            raise ValueError(words)
        return float(raw)

    return read


def _count(raw: object) -> int | None:
    return None if raw == "all" else _whole(1, 1_000_000)(raw)


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= 500:
        raise ValueError("a text of 1 to 500 characters")
    return raw


def _yes_or_no(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("true or false")  # noqa: TRY004 - what a file holds is no type of ours
    return raw


_READERS: dict[str, Callable[[object], Any]] = {
    "on": _one_of(*REQUESTS),
    "kind": _one_of(*KINDS),
    "nth": _whole(1, 1_000_000),
    "count": _count,
    "chance": _number(1, "a number from 0 to 1"),
    "when": _one_of(*get_args(When)),
    "uuid": _text,
    "seconds": _number(_SECONDS_AT_MOST, "a number of seconds from 0 to 3600"),
    "retry_after": _whole(0, 3600),
    "retry_as_date": _yes_or_no,
    "scoped": _yes_or_no,
    "bytes": _whole(-1_000_000_000, 1_000_000_000),
    "code": _text,
    "message": _text,
}
