"""Carries jobs from wherever they are to their end: ask, send once, wait, bring home."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from storyboard.jobs.asking import Asker
from storyboard.jobs.delivery import Deliverer, Lost, Undelivered
from storyboard.jobs.ledger import LEASE_SECONDS
from storyboard.jobs.line import Line, StopRun
from storyboard.jobs.polling import Poller
from storyboard.jobs.states import BOUGHT, ENDS, UNSENT, State
from storyboard.jobs.verdict import Standing, after_submit
from storyboard.jobs.wire import wire_task
from storyboard.runware.errors import NotSent, Paced, Unclear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job
    from storyboard.runware.client import Client
    from storyboard.runware.videos import VideoHost

_WATCH_SECONDS = 0.5


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


class Carrier:
    """One run over jobs of one service."""

    def __init__(
        self,
        ledger: Ledger,
        client: Client,
        host: VideoHost,
        *,
        pace: Pace,
        tell: Callable[[News], None] = lambda _: None,
        finished: Callable[[Job], None] = lambda _: None,
    ) -> None:
        """`tell` hears of every change, `finished` of each job that this run has finished with."""
        self._ledger = ledger
        self._pace = pace
        self._tell = tell
        self._finished = finished
        self._line = Line(client, pace)
        self._asker = Asker(self._line, pace)
        self._poller = Poller(self._line, pace, self._heard)
        self._deliverer = Deliverer(ledger, host, self._asker, pace)
        self._slots = asyncio.Semaphore(pace.submits)
        self.troubles: dict[str, Trouble] = {}
        """By UUID, what kept jobs from their end."""
        self.stop: StopRun | None = None
        """Why the whole run ended early."""

    async def run(self, jobs: Iterable[Job], *, wait: bool = True) -> None:
        """Carries these jobs on; without `wait` only until the service has them.

        Ends early, with `stop` set, where the service cannot be reached or refuses the account.
        """
        mine = list({job.uuid: job for job in jobs}.values())
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [group.create_task(self._poller.run()), group.create_task(self._keep_leases(mine))]
                held = self._ledger.hold(mine)
                carried = [group.create_task(self._carry(job, wait=wait, held=job.uuid in held)) for job in mine]
                await asyncio.gather(*carried)
                for helper in helpers:
                    helper.cancel()
        except* StopRun as stops:
            self.stop = next(_leaves(stops))
        except* sqlite3.Error as errors:
            words = (
                f"the ledger cannot be written ({errors.exceptions[0]}): free some space, then run `storyboard resume`"
            )
            self.stop = StopRun("ledger", words)
        finally:
            self._asker.close()

    async def free_attempt(self, job_for: Callable[[int], Job], attempt: int) -> Job:
        """The first job from `attempt` on that nobody knows, so that buying another really does."""
        while True:
            job = job_for(attempt)
            if (await self._asker.ask(job)).state is None:
                return job
            attempt += 1

    async def _keep_leases(self, jobs: list[Job]) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            self._ledger.renew(jobs)

    async def _carry(self, job: Job, *, wait: bool, held: bool) -> None:
        if not held:
            job = await self._watch(job, wait=wait)
        try:
            if job.state in UNSENT:
                job = await self._settle(job)
            if wait:
                job = await self._wait(job)
        finally:
            self._ledger.release(job)
        self._finished(job)

    async def _wait(self, job: Job) -> Job:
        if job.state is State.ACCEPTED:
            known = {result.video_uuid for result in self._ledger.results(job)}
            job = self._apply(job, await self._poller.end_of(job, known))
        if job.state is State.READY or (job.state is State.DONE and not self._deliverer.is_delivered(job)):
            job = await self._bring_home(job)
        return job

    async def _watch(self, job: Job, *, wait: bool) -> Job:
        """Waits while another process carries a job, and takes it over should that one die."""
        while True:
            self._tell(News(job, held_elsewhere=True))
            await asyncio.sleep(_WATCH_SECONDS)
            job = self._ledger.get(job.service, job.uuid) or job
            if (job.state in ENDS or (job.state in BOUGHT and not wait)) or self._ledger.hold([job]):
                return self._ledger.get(job.service, job.uuid) or job

    async def _settle(self, job: Job) -> Job:
        """From any doubt to certainty: ask first, send only what nobody knows, and only the very same task."""
        first = job.state is State.PREPARED
        for doubt in range(self._pace.doubts):
            standing = await self._asker.ask(job)
            if standing.state is not None:
                if first:
                    job = self._ledger.mark_reused(job)
                return self._apply(job, standing)
            if not first and self._is_old(job):
                words = "too old to be sent again without a person's word: nobody knows whether it was paid for"
                return self._move(job, State.REVIEW, "tooOld", words)
            job = await self._send(job)
            if job.state not in UNSENT:
                return job
            first = False
            await asyncio.sleep(self._pace.backoff(doubt))
        self._trouble(job, "unclear", "the service gave no clear answer about it; run it again")
        return job

    def _is_old(self, job: Job) -> bool:
        return time() - (job.sent_at or job.created_at) > self._pace.trust_window

    async def _send(self, job: Job) -> Job:
        task = wire_task(job, self._ledger)
        async with self._slots:
            job = self._move(job, State.SUBMITTING)
            try:
                reply = await self._line.submit(task)
            except (NotSent, Paced):
                return job
            except Unclear:
                return self._move(job, State.UNKNOWN)
        standing = after_submit(reply.of(job.uuid), isinstance(reply.trouble, Unclear))
        return self._move(job, State.UNKNOWN) if standing.state is None else self._apply(job, standing)

    def _apply(self, job: Job, standing: Standing) -> Job:
        """Writes what the service says about a job into the ledger."""
        self._ledger.add_results(job, standing.videos)
        code, message = (standing.problem.code, standing.problem.words()) if standing.problem else (None, None)
        if standing.state is not None and standing.state is not job.state:
            job = self._move(job, standing.state, code, message)
        return job

    def _heard(self, job: Job, standing: Standing) -> None:
        self._ledger.add_results(job, standing.videos)
        self._tell(News(job, standing.progress))

    async def _bring_home(self, job: Job) -> Job:
        try:
            await self._deliverer.deliver(job)
        except Undelivered as error:
            self._trouble(job, "undelivered", f"{error}; it is paid for and kept, run `storyboard resume`")
        except Lost as error:
            return self._move(job, State.EXPIRED, "expired", str(error))
        else:
            return self._move(job, State.DONE, job.code, job.message)
        return job

    def _trouble(self, job: Job, code: str, message: str) -> None:
        self.troubles[job.uuid] = Trouble(code, message)
        self._tell(News(job))

    def _move(self, job: Job, state: State, code: str | None = None, message: str | None = None) -> Job:
        job = self._ledger.move(job, state, code=code, message=message)
        self._tell(News(job))
        return job


def _leaves(group: BaseExceptionGroup[StopRun]) -> Iterator[StopRun]:
    for error in group.exceptions:
        if isinstance(error, StopRun):
            yield error
        else:
            yield from _leaves(error)
