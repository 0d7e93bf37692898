"""The provider's books: who was charged for what, and what every task has come to."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from . import request
from .errors import failure, refuse
from .job import Job, Take, start
from .outcomes import Outcome, outcome_of
from .rules import Row, Rules


class Book:
    """All state of the provider; every method may be called from any thread."""

    def __init__(self, rules: Rules, origin: Callable[[], str]) -> None:
        self.rules = rules
        self.origin = origin
        self.paid: Counter[str] = Counter()
        self.charged_usd = Decimal(0)
        self.outcomes: list[Outcome] = list(rules.outcomes)
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._videos: dict[str, tuple[Job, Take]] = {}
        self._hidden: dict[tuple[str, str], float] = {}
        self._runs = 0
        self._ahead = 0.0

    def now(self) -> float:
        """The provider's clock: monotonic seconds."""
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._ahead += seconds

    def submit(self, task: Row) -> Row:
        """Accept and charge `task` and give its acknowledgement, or raise Refusal."""
        request.check(task)
        with self._lock:
            known = self._jobs.get(task["taskUUID"])
            if known and (self.rules.conflict == "always" or known.is_running(self.now())):
                refusal = refuse(task, "conflictTaskUUID", "This taskUUID is in use.", "taskUUID")
                known.refusal = refusal.row
                raise refusal
            self._run(task)
        return acknowledgement(task)

    def _run(self, task: Row) -> None:
        self._runs += 1
        job = start(task, self.now(), self.rules, outcome_of(self.outcomes, self._runs, task))
        self._jobs[job.uuid] = job
        self._videos.update({take.video: (job, take) for take in job.takes})
        self.paid[job.uuid] += 1
        self.charged_usd += request.price(task) * len(job.takes)

    def poll(self, task: Row) -> tuple[list[Row], list[Row]]:
        """(data, errors) that getResponse has for the task's UUID; Refusal where it is unknown and that is an error."""
        uuid = task["taskUUID"]
        with self._lock:
            job = self._visible("poll", uuid)
            if job:
                job.renew_urls(self.now(), self.rules)
                return job.rows(self.now(), self.rules, self.origin())
        if self.rules.unknown_poll == "error":
            raise refuse(task, "taskUUIDNotFound", "No such task.", "taskUUID")
        return [], []

    def details(self, task: Row) -> tuple[list[Row], list[Row]]:
        """(data, errors) that getTaskDetails has for the task's UUID; Refusal as in `poll`."""
        with self._lock:
            job = self._visible("details", task["taskUUID"])
            if job:
                own = {"taskType": "getTaskDetails", "taskUUID": job.uuid}
                return [own | {"request": [job.task], "response": self._last_answer(job)}], []
        if self.rules.unknown_details == "error":
            raise refuse(task, "taskNotFound", "No such task.", "taskUUID")
        return [], []

    def _last_answer(self, job: Job) -> Row | None:
        """The envelope that the task got last; its URLs are not renewed."""
        if job.refusal:
            return {"errors": [job.refusal]}
        if job.is_running(self.now()):
            return {"data": [acknowledgement(job.task)]} if self.rules.running_details == "ack" else None
        for take in job.takes:
            take.issued = self.now() if take.issued is None else take.issued
        data, errors = job.rows(self.now(), self.rules, self.origin())
        return ({"data": data} if data else {}) | ({"errors": errors} if errors else {})

    def _visible(self, to: str, uuid: str) -> Job | None:
        hidden = self.now() < self._hidden.get((to, uuid), 0.0)
        return None if hidden else self._jobs.get(uuid)

    def hide(self, to: str, uuids: Iterable[str], seconds: float) -> None:
        """Let `poll` or `details` know nothing of these tasks for a while."""
        with self._lock:
            self._hidden.update({(to, uuid): self.now() + seconds for uuid in uuids})

    def fail(self, uuids: Iterable[str], code: str, message: str) -> list[Row]:
        """Fail the named jobs for good where they are known; their errors."""
        rows = [failure(uuid, code, message) for uuid in uuids]
        with self._lock:
            for row in rows:
                if job := self._jobs.get(row["taskUUID"]):
                    job.verdict = row
        return rows

    def video(self, video: str, serial: int) -> tuple[Job, Take, bool] | None:
        """The job and take of a video that is ready, and whether this URL of it still serves."""
        with self._lock:
            job, take = self._videos.get(video, (None, None))
            if job is None or take is None or take.issued is None or take.fails or serial > take.serial:
                return None
            return job, take, serial == take.serial and not take.is_expired(self.now(), self.rules.url_life)

    def expire(self, video: str | None = None) -> None:
        """End the current URLs of one video, or of all."""
        with self._lock:
            for name, (_, take) in self._videos.items():
                take.expired = take.expired or video in (None, name)

    def videos(self, uuid: str) -> list[str]:
        """The videoUUIDs of a task's last run, in the order of the results."""
        with self._lock:
            job = self._jobs.get(uuid)
            return [take.video for take in job.takes if not take.fails] if job else []

    def summary(self) -> dict[str, Any]:
        """The money in plain JSON values."""
        with self._lock:
            return {"paid": dict(self.paid), "charged_usd": str(self.charged_usd)}


def acknowledgement(task: Row) -> Row:
    """The one row that a submit is answered with."""
    return {"taskType": "videoInference", "taskUUID": task["taskUUID"]}
