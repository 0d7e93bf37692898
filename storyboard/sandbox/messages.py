"""What the provider would answer to an array of tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storyboard.sandbox.job import seed, video_uuid
from storyboard.sandbox.plan import simulated_cost
from storyboard.sandbox.refusal import Refusal, RefusedError, invalid
from storyboard.sandbox.rules import check_envelope, check_video_task
from storyboard.sandbox.videos import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from storyboard.sandbox.job import Job
    from storyboard.sandbox.media import Media
    from storyboard.sandbox.pictures import Pictures
    from storyboard.sandbox.state import State

Conflict = Literal["always", "running"]
"""How long a taskUUID that was sent is refused: for ever, or only until its job has ended."""

TASK_TYPES = (
    *("videoInference", "getResponse", "getTaskDetails", "imageUpload", "mediaStorage"),
    *("authentication", "ping"),
)


@dataclass(slots=True)
class Answer:
    """The two lists of an answer."""

    data: list[dict[str, object]] = field(default_factory=list)
    errors: list[dict[str, object]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The HTTP status: 400 where there is nothing but errors."""
        return 400 if self.errors and not self.data else 200

    def to_json(self) -> dict[str, object]:
        """The body; `errors` only where there are any."""
        return {"data": self.data, "errors": self.errors} if self.errors else {"data": self.data}


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes tasks in and answers for them; knows nothing of HTTP."""

    state: State
    pictures: Pictures
    media: Media
    job_seconds: float
    conflict: Conflict
    clock: Callable[[], float]
    taken: set[str] | None = None
    """Gets the UUIDs of tasks that are taken here, where somebody wants to know."""
    with_names: bool = False
    """Whether addresses to call may hold ${NAME}."""

    def answer(self, tasks: Sequence[Mapping[str, object]], origin: str) -> Answer:
        """Deal with the tasks in their order; an error is about its own task and leaves the others alone.

        Addresses in the answer begin with `origin`.
        """
        answer = Answer()
        for task in tasks:
            try:
                for row in self._handle(task, origin):
                    (answer.errors if "code" in row else answer.data).append(row)
            except RefusedError as refused:
                answer.errors += refused.to_errors(task)
        return answer

    def _handle(self, task: Mapping[str, object], origin: str) -> Iterator[dict[str, object]]:
        rows: Iterator[dict[str, object]] = iter(())
        match task.get("taskType"):
            case "videoInference":
                rows = self._start(task)
            case "getResponse":
                rows = self._poll(task, origin)
            case "getTaskDetails":
                rows = self._details(task, origin)
            case "imageUpload":
                rows = self.media.upload_image(task)
            case "mediaStorage":
                rows = self.media.store(task, origin)
            case "ping":
                rows = iter(({"taskType": "ping", "pong": True},))
            case "authentication":
                pass
            case _:
                raise RefusedError(invalid("taskType", "No such taskType here.", type="string", allowed=TASK_TYPES))
        return rows

    def _start(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        refusals = check_video_task(task, self.media.find, with_names=self.with_names)
        if refusals:
            raise RefusedError(*refusals)
        conflict = Refusal("conflictTaskUUID", "A task with this taskUUID was sent before.", "taskUUID")
        taken = self.state.start(
            str(task["taskUUID"]),
            self.pictures.shelve(task),
            now=self.clock(),
            job_seconds=self.job_seconds,
            refusal={"errors": [conflict.to_error(task)]},
            may_run_again=self._may_run_again,
        )
        if not taken:
            raise RefusedError(conflict)
        if self.taken is not None:
            self.taken.add(str(task["taskUUID"]))
        yield {"taskType": "videoInference", "taskUUID": task["taskUUID"]}

    def _may_run_again(self, job: Job) -> bool:
        now = self.clock()
        return job.is_forgotten(now) or (self.conflict == "running" and not job.is_running(now))

    def _poll(self, task: Mapping[str, object], origin: str) -> Iterator[dict[str, object]]:
        job = self._find(task)
        if job is not None:
            yield from self.standing(job, self.clock(), origin)

    def _details(self, task: Mapping[str, object], origin: str) -> Iterator[dict[str, object]]:
        job = self._find(task)
        if job is None:
            return
        now = self.clock()
        response = job.refusal
        if response is None and not job.is_running(now):
            rows = list(self.standing(job, now, origin))
            response = {"errors": rows} if job.verdict else {"data": rows}
        head = {"taskType": "getTaskDetails", "taskUUID": job.uuid}
        yield head | {"request": [self.pictures.unshelve(job.request)], "response": response}

    def _find(self, task: Mapping[str, object]) -> Job | None:
        refusals = list(check_envelope(task, ("taskType", "taskUUID")))
        if refusals:
            raise RefusedError(*refusals)
        job = self.state.find(str(task["taskUUID"]))
        return None if job is None or job.is_forgotten(self.clock()) else job

    def standing(self, job: Job, now: float, origin: str) -> Iterator[dict[str, object]]:
        """What getResponse says of a run: its results so far and whether it goes on, or the error it ended with."""
        head: dict[str, object] = {"taskType": "videoInference", "taskUUID": job.uuid}
        if job.verdict is None:
            yield from (result(job, place, origin) for place in range(1, job.results_ready(now) + 1))
        if job.is_running(now):
            yield head | {"status": "processing", "progress": job.progress(now)}
        elif job.verdict is not None:
            yield failure(job)


def result(job: Job, place: int, origin: str) -> dict[str, object]:
    """A finished video as getResponse and webhooks tell of it; `place` counts a run's results from 1."""
    video = video_uuid(job.uuid, job.charge, place)
    row: dict[str, object] = {
        "taskType": "videoInference",
        "taskUUID": job.uuid,
        "status": "success",
        "videoUUID": video,
        "videoURL": f"{origin}/videos/{video}{suffix_of(job)}",
        "seed": seed(job.uuid, job.charge, place),
        "cost": 0,
    }
    if job.request.get("includeCost"):
        row["simulatedCost"] = simulated_cost(job.request)
    if "safety" in job.request:
        row["NSFWContent"] = False
    return row


def failure(job: Job) -> dict[str, object]:
    """The error that a run ended with, as getResponse and webhooks tell of it."""
    return {**(job.verdict or {}), "status": "error", "taskType": "videoInference", "taskUUID": job.uuid}


def suffix_of(job: Job) -> str:
    """How the names of a run's video files end."""
    return SUFFIXES[str(job.request.get("outputFormat", "MP4"))]
