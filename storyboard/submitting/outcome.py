"""What came of a job, for one storyboard: as JSON for programs, as words for people."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.compiler.price import dollars
from storyboard.disk import reported
from storyboard.jobs.states import ODD_LENGTH, UNSENT

if TYPE_CHECKING:
    from storyboard.jobs.carrier import Trouble
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order

_CENT = 0.01
_CODES_OF_DELIVERY = ("undelivered", "undecodable", "environment", "anotherKey", ODD_LENGTH)
"""Ours, for programs; to people the message says all."""


def job_json(
    ledger: Ledger,
    job: Job,
    order: Order,
    *,
    shown: str | None = None,
    reused: bool | None = None,
    trouble: Trouble | None = None,
) -> dict[str, Any]:
    """The line of `submit --json` and `resume --json`; `shown` is the file's name, its path from here without one."""
    takes = [_take_json(ledger, job, order, result) for result in ledger.results(job)]
    error = (trouble.code, trouble.message) if trouble else (job.code, job.message) if job.code else None
    return line_of(job, takes, shown if shown is not None else shown_path(order.file), reused=reused, error=error)


def line_of(
    job: Job, takes: list[dict[str, Any]], shown: str, *, reused: bool | None, error: tuple[str, str | None] | None
) -> dict[str, Any]:
    """The line about a job with these takes, for the storyboard that is called so."""
    costs = [take["cost"] for take in takes]
    return {
        "file": shown,
        "job": job.uuid,
        "state": job.state.value,
        "provider": job.provider,
        "reused": job.reused if reused is None else reused,
        "estimated_cost": float(job.estimated_cost),
        "cost": None if not costs or None in costs else float(sum(Decimal(str(cost)) for cost in costs)),
        "takes": takes,
        "error": None if error is None else {"code": error[0], "message": error[1] or ""},
    }


def _take_json(ledger: Ledger, job: Job, order: Order, result: Any) -> dict[str, Any]:
    found = ledger.place(job, result, order)
    done = found is not None and ledger.is_done(job, result, order) and found[0].exists()
    return {
        "take": found[1] if found is not None else None,
        "path": shown_path(found[0]) if found is not None and done else None,
        "video": result.video_uuid,
        "url": result.url,
        "seed": result.seed,
        "cost": job.cost_of(result),
        "sha256": result.sha256,
    }


def shown_path(path: Path | str) -> str:
    """A path as people type it: from the current folder, where it lies below."""
    try:
        return str(Path(path).relative_to(Path(os.path.realpath(os.curdir))))
    except (ValueError, OSError):
        return str(path)


def in_words(line: dict[str, Any]) -> str:
    """One job that this call has finished with, in a line: what came of it, why, and what can be done."""
    why = f": {_why(line)}" if line["error"] else ""
    return f"{reported(line['file'])}: {_head(line)}{why}{_advice(line['state'], line['provider'])}"


def error_in_words(line: dict[str, Any]) -> str | None:
    """What went wrong with a job and what can be done; None where nothing did."""
    return f"{_why(line)}{_advice(line['state'], line['provider'])}" if line["error"] else None


def _why(line: dict[str, Any]) -> str:
    """The message, behind the service's code where that has one."""
    code, message = line["error"]["code"], line["error"]["message"].rstrip(" .")
    is_of_service = line["state"] in ("rejected", "failed", "done") and code not in _CODES_OF_DELIVERY
    return f"{code} {message}".rstrip() if is_of_service or not message else message


def _head(line: dict[str, Any]) -> str:
    state = line["state"]
    if state in ("accepted", "ready"):
        words = "rendered" if state == "ready" else "sent"
        return words if line["provider"] == "sandbox" else f"{words} and paid for"
    if state in UNSENT:
        return "not finished"
    if state != "done":
        return str(state)
    on_disk = sum(take.get("path") is not None for take in line["takes"])
    is_here = on_disk == len(line["takes"])
    is_all = is_here and (not line["error"] or line["error"]["code"] == ODD_LENGTH)
    takes = "done" if is_all else f"{on_disk or 'none'} of its takes on disk"
    if line["provider"] == "sandbox":
        return takes
    if line["reused"]:
        return f"{takes}, paid before"
    return takes if line["cost"] is None else f"{takes}, {_price(line)}"


def _price(line: dict[str, Any]) -> str:
    """What it cost, and what the list says where all takes came and that is something else."""
    differs = not line["error"] and abs(line["cost"] - line["estimated_cost"]) >= _CENT / 2
    return dollars(line["cost"]) + (f" ({dollars(line['estimated_cost'])} by the list)" if differs else "")


def _advice(state: str, provider: str) -> str:
    anew = "submit it again" if provider == "sandbox" else "`storyboard submit --again` buys another"
    return {
        "rejected": "; nothing was paid for it",
        "failed": f"; change the storyboard, or {anew}",
        "expired": f"; {anew}",
        "review": "; see `storyboard jobs show`",
    }.get(state, "")
