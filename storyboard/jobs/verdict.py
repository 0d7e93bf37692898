"""What the service's answers say about one job; pure, so that every case can be tried without a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storyboard.jobs.states import State
from storyboard.runware.errors import CONFLICT, family, is_not_found

if TYPE_CHECKING:
    from storyboard.runware.messages import Item, Problem, Reply


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands by an answer; `state` None: the answer does not know it."""

    state: State | None = None
    videos: list[Item] = field(default_factory=list)
    problem: Problem | None = None
    """Why it failed or was rejected; beside READY, why a take of it is missing."""
    progress: float | None = None
    """Percent, where the service says so."""
    failures: int = 0
    """Failed takes seen so far; a second answer with the same number settles it."""


UNKNOWN = Standing()


def after_submit(part: Reply, status_is_fault: bool) -> Standing:
    """Of an answer to `videoInference`: ACCEPTED, REJECTED, or unknown.

    `status_is_fault`: the answer came with a status of 500 or more, so that an error of the service in it
    says nothing about whether the task was taken.
    """
    if part.items or any(problem.code == CONFLICT for problem in part.problems):
        return Standing(State.ACCEPTED)
    for problem in part.problems:
        if not (status_is_fault and family(problem.code) in ("server", "provider", "other")):
            return Standing(State.REJECTED, problem=problem)
    return UNKNOWN


def after_poll(part: Reply, takes: int, known: frozenset[str] = frozenset(), failures_before: int = 0) -> Standing:
    """Of an answer to `getResponse`: ACCEPTED while it goes on, READY, FAILED, or unknown.

    `known` are the videos that earlier answers showed; of several takes some may fail and the others count.
    """
    videos = [item for item in part.items if item.video_uuid is not None]
    count = len(known | {item.video_uuid for item in videos})
    progress = max((item.progress for item in part.items if item.progress is not None), default=None)
    if count >= takes:
        return Standing(State.READY, videos)
    failed = [problem for problem in part.problems if _is_verdict(problem)]
    if not failed:
        return Standing(State.ACCEPTED if part.items or _is_known(part) else None, videos, progress=progress)
    if takes > 1 and (any(item.going for item in part.items) or not _settled(failed, takes - count, failures_before)):
        return Standing(State.ACCEPTED, videos, failed[0], progress, len(failed))
    return Standing(State.READY if count else State.FAILED, videos, failed[0])


def after_details(record: Reply, takes: int) -> Standing:
    """Of a record of `getTaskDetails`, which holds the last answer that the task got."""
    if any(problem.code == CONFLICT for problem in record.problems):
        return Standing(State.ACCEPTED)
    standing = after_poll(record, takes, failures_before=len(record.problems))
    if standing.state is State.FAILED and standing.problem is not None and family(standing.problem.code) == "request":
        return Standing(State.REJECTED, problem=standing.problem)
    return standing if standing.state is not None else Standing(State.ACCEPTED)


def _settled(failed: list[Problem], missing: int, failures_before: int) -> bool:
    """Whether these failures account for the missing takes: repeats of one row in one answer do not."""
    distinct = {(problem.video_uuid, problem.code, problem.message) for problem in failed}
    return len(distinct) >= missing or failures_before >= len(failed)


def _is_known(part: Reply) -> bool:
    return any(problem.code == CONFLICT for problem in part.problems)


def _is_verdict(problem: Problem) -> bool:
    """Whether an error in an answer to a poll is about the job and not about the poll."""
    if problem.code == CONFLICT or is_not_found(problem.code):
        return False
    return not (family(problem.code) == "server" and problem.task_type in ("getResponse", "getTaskDetails"))
