"""What the service's answers say about one job; pure, so that every case can be tried without a network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from storyboard.jobs.states import State
from storyboard.runware.errors import (
    CONFLICT,
    NO_VERDICT,
    Refused,
    Unclear,
    family,
    is_of_question,
    is_verdict_on_task,
)
from storyboard.runware.messages import Problem

if TYPE_CHECKING:
    from storyboard.runware.errors import ServiceError
    from storyboard.runware.messages import Item, Reply

_REPEATS = 10
"""Equal answers in a row after which fewer failures than missing takes are the failure of all of them."""
_REPEATS_WHEN_COUNTED = 3
"""The same, where there are rows enough, though they may be one row said several times."""
_REPEATS_TO_CONFIRM = 3
"""The same, where a failure may be none, such as one of an unknown code."""
_QUESTIONS = ("getResponse", "getTaskDetails")


@dataclass(frozen=True, slots=True)
class Memory:
    """What the answers about a job have shown so far."""

    videos: frozenset[str] = frozenset()
    failures: int = 0
    """Failed takes in the last answer."""
    repeats: int = 0
    """How many answers before the last one said the same."""
    namings: int = 0
    """Answers in a row with rows that name all videos, and say neither where they are nor that they are finished."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands by an answer; `state` None: the answer does not know it."""

    state: State | None = None
    videos: list[Item] = field(default_factory=list)
    problem: Problem | None = None
    """Why it failed or was rejected; beside READY, why a take of it is missing."""
    progress: float | None = None
    """Percent, where the service says so."""
    memory: Memory = Memory()
    """What the next answer is to be read with."""
    is_of_record: bool = False
    """Whether it is known from the last answer that the task got, which may be that to a repeat."""
    is_doubtful: bool = False
    """Whether a failure stands in it that is neither moderation nor the provider's: other questions must confirm it."""
    is_repeated: bool = False
    """Whether enough answers in a row have said the same."""
    is_at_work: bool = False
    """Whether rows of it say that the service has the task now, and not only that it had it."""

    def as_of_accepted(self) -> Standing:
        """The same about a job that is known to have been taken: it can fail, but not be refused any more."""
        return replace(self, state=State.FAILED) if self.state is State.REJECTED else self

    def as_of_doubtful(self) -> Standing:
        """The same about a job that was sent without an answer: a later refusal does not tell whether it was taken."""
        is_later = self.state is State.REJECTED or (self.state is State.FAILED and self.is_of_record)
        return replace(self, state=State.REVIEW) if is_later else self


UNKNOWN = Standing()


def after_submit(part: Reply, trouble: ServiceError | None) -> Standing:
    """Of an answer to `videoInference`: ACCEPTED, REJECTED, or unknown.

    An error of the service or of the provider says nothing about whether the task was taken, unless the status
    (`trouble` is what it means) says that the request was at fault.
    """
    if part.items or any(problem.code == CONFLICT for problem in part.problems):
        return Standing(State.ACCEPTED)
    open_families = {"server", "provider"}
    if isinstance(trouble, Unclear):
        open_families.add("other")
    elif isinstance(trouble, Refused):
        open_families.discard("provider")
    for problem in part.problems:
        if family(problem.code) not in open_families:
            return Standing(State.REJECTED, problem=problem)
    return Standing(problem=part.problems[0]) if part.problems else UNKNOWN


def after_refusal(error: Refused) -> Standing:
    """Of an answer that refuses a POST with one paid task, sent for the first time, and names no task.

    REJECTED where the service itself says so of the request, ACCEPTED where it knows the task, else unknown.
    """
    group, problem = family(error.code), Problem(error.code, error.message)
    if error.is_of_service and error.code == CONFLICT:
        return Standing(State.ACCEPTED)
    if is_of_question(error.code):  # say that the UUID was used before: then the service may have the task
        return Standing(problem=problem)
    if error.is_of_service and (group in ("request", "moderation") or (group == "other" and error.status >= 400)):
        return Standing(State.REJECTED, problem=problem)
    return Standing(problem=problem)


def after_poll(part: Reply, takes: int, memory: Memory = Memory()) -> Standing:
    """Of an answer to `getResponse`: ACCEPTED while it goes on, READY, FAILED, or unknown.

    `memory` is what earlier answers showed; of several takes some may fail and the others count.
    """
    videos = [item for item in part.items if item.video_uuid is not None]
    seen = memory.videos | {item.video_uuid for item in videos if item.video_uuid is not None}
    count = len(seen)
    progress = max((item.progress for item in part.items if item.progress is not None), default=None)
    failed = [problem for problem in part.problems if _is_verdict(problem)]
    named = [replace(item, video_uuid=item.named) for item in part.items if item.named is not None]
    names_all = len({item.named for item in named}) >= takes and not failed
    memory = _remembered(memory, seen, len(failed), names_all=names_all)
    if count >= takes:
        return Standing(State.READY, videos, memory=memory)
    if not failed:
        if memory.namings > _REPEATS:
            return Standing(State.READY, named, memory=memory)
        state = State.ACCEPTED if part.items or _is_known(part) else None
        return Standing(state, videos, progress=progress, memory=memory, is_at_work=_is_at_work(part))
    if takes > 1 and (any(item.going for item in part.items) or not _settled(failed, takes - count, memory.repeats)):
        return Standing(State.ACCEPTED, videos, failed[0], progress, memory)
    state = State.READY if count else State.FAILED
    sure = [problem for problem in failed if is_verdict_on_task(problem.code)]
    enough = _REPEATS if any(item.going for item in part.items) else _REPEATS_TO_CONFIRM
    return Standing(
        state,
        videos,
        failed[0],
        memory=memory,
        is_doubtful=len(sure) < takes - count and len(sure) < len(failed),
        is_repeated=memory.repeats >= enough,
    )


def after_details(record: Reply, takes: int, memory: Memory = Memory()) -> Standing:
    """Of a record of `getTaskDetails`, which holds the last answer that the task got.

    A record of nothing but a refused account or pace is unknown, with the refusal as its problem: it may be the answer
    to a repeat, in place of the first one.
    """
    if any(problem.code == CONFLICT for problem in record.problems):
        return Standing(State.ACCEPTED, memory=memory)
    if record.problems and not record.items and all(family(problem.code) in NO_VERDICT for problem in record.problems):
        return Standing(problem=record.problems[0], memory=memory)
    standing = replace(after_poll(record, takes, memory), is_of_record=True, is_at_work=False)
    if standing.state is State.FAILED and standing.problem is not None and family(standing.problem.code) == "request":
        return replace(standing, state=State.REJECTED, videos=[], progress=None, is_doubtful=True)
    return standing if standing.state is not None else Standing(State.ACCEPTED, memory=memory)


def _remembered(memory: Memory, videos: frozenset[str], failures: int, *, names_all: bool) -> Memory:
    same = bool(failures) and (videos, failures) == (memory.videos, memory.failures)
    return Memory(videos, failures, memory.repeats + 1 if same else 0, memory.namings + 1 if names_all else 0)


def _settled(failed: list[Problem], missing: int, repeats: int) -> bool:
    """Whether these failures account for the missing takes.

    One row may be said several times, and one error may stand for the whole job or for the first take that
    failed while others go on: only time tells these apart.
    """
    distinct = {(problem.video_uuid, problem.code, problem.message) for problem in failed}
    return len(distinct) >= missing or repeats >= (_REPEATS_WHEN_COUNTED if len(failed) >= missing else _REPEATS)


def _is_at_work(part: Reply) -> bool:
    return any(item.going or item.named is not None for item in part.items)


def _is_known(part: Reply) -> bool:
    return any(problem.code == CONFLICT for problem in part.problems)


def _is_verdict(problem: Problem) -> bool:
    """Whether an error in an answer to a poll is about the job and not about the poll."""
    group = family(problem.code)
    if problem.code == CONFLICT or group in NO_VERDICT or is_of_question(problem.code, problem.parameter):
        return False
    if group == "server":
        return problem.of_job
    return not (group == "request" and problem.task_type in _QUESTIONS)
