"""What the provider would answer to an array of tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from storyboard.sandbox.job import seed, video_uuid
from storyboard.sandbox.picture import UUID, PictureError, decode, is_reference, is_storable
from storyboard.sandbox.plan import simulated_cost
from storyboard.sandbox.refusal import Refusal, RefusedError, invalid
from storyboard.sandbox.rules import check_envelope, check_video_task
from storyboard.sandbox.videos import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from storyboard.sandbox.job import Job
    from storyboard.sandbox.pictures import Pictures
    from storyboard.sandbox.state import State

Conflict = Literal["always", "running"]
"""How long a taskUUID that was sent is refused: for ever, or only until its job has ended."""

TASK_TYPES = ("videoInference", "getResponse", "getTaskDetails", "imageUpload", "authentication")
UPLOAD_BYTES_AT_MOST = 50_000_000


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
    job_seconds: float
    conflict: Conflict
    origin: str
    clock: Callable[[], float]

    def answer(self, tasks: Sequence[Mapping[str, object]]) -> Answer:
        """Deal with the tasks in their order; an error is about its own task and leaves the others alone."""
        answer = Answer()
        for task in tasks:
            try:
                answer.data += self._handle(task)
            except RefusedError as refused:
                answer.errors += refused.to_errors(task)
        return answer

    def _handle(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        match task.get("taskType"):
            case "videoInference":
                return self._start(task)
            case "getResponse":
                return self._poll(task)
            case "getTaskDetails":
                return self._details(task)
            case "imageUpload":
                return self._upload(task)
            case "authentication":
                return iter(())
        raise RefusedError(invalid("taskType", "No such taskType here.", type="string", allowed=TASK_TYPES))

    def _start(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        refusals = check_video_task(task, self._find_upload)
        if refusals:
            raise RefusedError(*refusals)
        conflict = Refusal("conflictTaskUUID", "A task with this taskUUID was sent before.", "taskUUID")
        taken = self.state.start(
            str(task["taskUUID"]),
            self.pictures.shelve(task),
            now=self.clock(),
            job_seconds=self.job_seconds,
            refusal={"errors": [conflict.to_error(task)]},
            may_run_again=lambda job: self.conflict == "running" and not job.is_running(self.clock()),
        )
        if not taken:
            raise RefusedError(conflict)
        yield {"taskType": "videoInference", "taskUUID": task["taskUUID"]}

    def _poll(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        job = self._find(task)
        if job is None:
            return
        now = self.clock()
        yield from self._results(job, now)
        if job.is_running(now):
            head = {"taskType": "videoInference", "taskUUID": job.uuid}
            yield head | {"status": "processing", "progress": job.progress(now)}

    def _details(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        job = self._find(task)
        if job is None:
            return
        now = self.clock()
        response = job.refusal
        if response is None and not job.is_running(now):
            response = {"data": list(self._results(job, now))}
        head = {"taskType": "getTaskDetails", "taskUUID": job.uuid}
        yield head | {"request": self.pictures.unshelve(job.request), "response": response}

    def _upload(self, task: Mapping[str, object]) -> Iterator[dict[str, object]]:
        refusals = [*check_envelope(task, ("taskType", "taskUUID", "image")), *_check_upload(task.get("image"))]
        if refusals:
            raise RefusedError(*refusals)
        image = str(task["image"])
        uuid = str(uuid4())
        self.state.add_upload(uuid, image if is_reference(image) else self.pictures.keep(image))
        yield {"taskType": "imageUpload", "taskUUID": task["taskUUID"], "imageUUID": uuid}

    def _find(self, task: Mapping[str, object]) -> Job | None:
        refusals = list(check_envelope(task, ("taskType", "taskUUID")))
        if refusals:
            raise RefusedError(*refusals)
        return self.state.find(str(task["taskUUID"]))

    def _results(self, job: Job, now: float) -> Iterator[dict[str, object]]:
        suffix = SUFFIXES[str(job.request.get("outputFormat", "MP4"))]
        for place in range(1, job.results_ready(now) + 1):
            video = video_uuid(job.uuid, job.charge, place)
            result: dict[str, object] = {
                "taskType": "videoInference",
                "taskUUID": job.uuid,
                "status": "success",
                "videoUUID": video,
                "videoURL": f"{self.origin}/videos/{video}{suffix}",
                "seed": seed(job.uuid, job.charge, place),
                "cost": 0,
            }
            if job.request.get("includeCost"):
                result["simulatedCost"] = simulated_cost(job.request)
            if "safety" in job.request:
                result["NSFWContent"] = False
            yield result

    def _find_upload(self, image: str) -> str | None:
        key = self.state.find_upload(image) if UUID.fullmatch(image) else None
        return None if key is None else self.pictures.bring(key)


def _check_upload(image: object) -> Iterator[Refusal]:
    if not isinstance(image, str):
        yield invalid("image", "image is a data URI, base64, a URL or a UUID.", type="string")
        return
    if is_reference(image):
        return
    try:
        known = is_storable(decode(image, bytes_at_most=UPLOAD_BYTES_AT_MOST))
    except PictureError as error:
        yield invalid("image", f"The picture cannot be taken: {error}.", type="string")
        return
    if not known:
        yield invalid("image", "The picture is none of PNG, JPEG, WEBP, BMP and GIF.", type="string")
