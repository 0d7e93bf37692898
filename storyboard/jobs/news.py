"""What happens to jobs: written into the ledger first, then told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.jobs.wire import without_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job
    from storyboard.jobs.states import State
    from storyboard.jobs.verdict import Standing


@dataclass(frozen=True, slots=True)
class News:
    """Something happened to a job; `progress` in percent where the service says so."""

    job: Job
    progress: float | None = None
    held_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a job is not finished although this run is; all of it is kept."""

    code: str
    message: str


class Chronicle:
    """Writes down what becomes of jobs and tells it on."""

    def __init__(self, ledger: Ledger, tell: Callable[[News], None]) -> None:
        self._ledger = ledger
        self.tell = tell
        self.troubles: dict[str, Trouble] = {}
        """By UUID, what kept jobs from their end."""

    def move(self, job: Job, state: State, code: str | None = None, message: str | None = None) -> Job:
        """Puts a job into a state; the job as the ledger has it then."""
        job = self._ledger.move(job, state, code=code, message=message)
        self.tell(News(job))
        return job

    def apply(self, job: Job, standing: Standing) -> Job:
        """Writes what the service says about a job into the ledger."""
        code, message = None, None
        if standing.problem is not None:
            code, message = standing.problem.code, without_values(job, standing.problem.words())
        with self._ledger.transaction():
            kept = {result.video_uuid for result in self._ledger.add_results(job, standing.videos)}
            if code is None and (more := {video.video_uuid for video in standing.videos} - kept):
                message = f"the service named more videos than were asked for ({len(more)} of them were left out)"
            if standing.state is None or standing.state is job.state:
                return job
            job = self._ledger.move(job, standing.state, code=code, message=message)
        self.tell(News(job))
        return job

    def heard(self, job: Job, standing: Standing) -> None:
        """Notes an answer about a job that goes on."""
        self._ledger.add_results(job, standing.videos)
        self.tell(News(job, standing.progress))

    def trouble(self, job: Job, code: str, message: str) -> None:
        """Notes why this run does not finish a job."""
        self.troubles[job.uuid] = Trouble(code, message)
        self.tell(News(job))
