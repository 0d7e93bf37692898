"""What came of a job, for one storyboard: as JSON for programs, as words for people, as an exit code."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.cli.exits import Exit
from storyboard.jobs.receipts import provider_name, take_cost
from storyboard.jobs.states import State

if TYPE_CHECKING:
    from storyboard.jobs.carrier import Trouble
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order

_BAD_ENDS = frozenset((State.REJECTED, State.FAILED, State.EXPIRED, State.REVIEW))


def job_json(
    ledger: Ledger, job: Job, order: Order, *, reused: bool | None = None, trouble: Trouble | None = None
) -> dict[str, Any]:
    """The line of `submit --json` and `resume --json`."""
    takes = [_take_json(ledger, job, order, result) for result in ledger.results(job)]
    costs = [take["cost"] for take in takes]
    error = (trouble.code, trouble.message) if trouble else (job.code, job.message) if job.code else None
    return {
        "file": order.shown,
        "job": job.uuid,
        "state": job.state.value,
        "provider": provider_name(job.service),
        "reused": job.reused if reused is None else reused,
        "estimated_cost": float(job.estimated_cost),
        "cost": None if not costs or None in costs else float(sum(Decimal(str(cost)) for cost in costs)),
        "takes": takes,
        "error": None if error is None else {"code": error[0], "message": error[1] or ""},
    }


def _take_json(ledger: Ledger, job: Job, order: Order, result: Any) -> dict[str, Any]:
    found = next(((path, take) for path, take, key in ledger.deliveries(job, result) if key == order.key), None)
    done = found is not None and ledger.is_done(job, result, order)
    return {
        "take": found[1] if found is not None else None,
        "path": shown_path(found[0]) if found is not None and done else None,
        "video": result.video_uuid,
        "url": result.url,
        "seed": result.seed,
        "cost": take_cost(job, result),
        "sha256": result.sha256,
    }


def shown_path(path: Path) -> str:
    """A path as people type it: from the current folder, where it lies below."""
    try:
        return str(path.relative_to(Path(os.path.realpath(os.curdir))))
    except ValueError:
        return str(path)


def exit_code(jobs: list[Job], troubles: dict[str, Trouble], *, stopped: bool) -> Exit:
    """Work that is left comes first, then jobs that ended badly."""
    if stopped or troubles:
        return Exit.SERVICE
    return Exit.JOB_FAILED if any(job.state in _BAD_ENDS for job in jobs) else Exit.DONE


def in_words(line: dict[str, Any]) -> str:
    """One finished job in a line."""
    error = f": {line['error']['code']} {line['error']['message']}".rstrip() if line["error"] else ""
    state = line["state"]
    head = f"{line['file']}: {state}"
    if state == "done":
        reused = " (paid before)" if line["reused"] else ""
        head = (
            f"{line['file']}: {len(line['takes'])} of its takes on disk{reused}"
            if error
            else f"{line['file']}: done{reused}"
        )
    return f"{head}{error}{_advice(state)}"


def _advice(state: str) -> str:
    return {
        "accepted": "; `storyboard resume` brings it home",
        "rejected": "; nothing was paid for it",
        "failed": "; change the storyboard, or buy another try with --again",
        "expired": "; only --again makes it anew, and pays",
        "review": "; see `storyboard jobs show`",
    }.get(state, "")
