"""Questions about jobs, gathered into batches: `getResponse` first, `getTaskDetails` for what that does not know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storyboard.jobs.line import StopRun
from storyboard.jobs.verdict import UNKNOWN, Standing, after_details, after_poll
from storyboard.runware.errors import Refused
from storyboard.runware.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.jobs.line import Line
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job

_GATHERING = 0.02
"""Seconds in which questions wait for company."""


async def ask_all(line: Line, task_type: str, uuids: Sequence[str]) -> Reply:
    """One answer about many jobs; a batch that the service refuses is halved, down to single questions.

    Raises Refused where even a single question is refused.
    """
    try:
        return await line.ask([{"taskType": task_type, "taskUUID": uuid} for uuid in uuids])
    except Refused:
        if len(uuids) == 1:
            raise
    middle = len(uuids) // 2
    first = await ask_all(line, task_type, uuids[:middle])
    second = await ask_all(line, task_type, uuids[middle:])
    return Reply(first.items + second.items, first.problems + second.problems, first.records | second.records)


class Asker:
    """Answers "what do you know of this job?" for many jobs at once."""

    def __init__(self, line: Line, pace: Pace) -> None:
        self._line = line
        self._batch = pace.batch
        self._waiting: dict[str, tuple[Job, asyncio.Future[Standing]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, job: Job) -> Standing:
        """What the service knows of a job; UNKNOWN where nobody knows it. Raises StopRun."""
        if job.uuid not in self._waiting:
            if not self._waiting:
                self._start(asyncio.create_task(self._later()))
            self._waiting[job.uuid] = (job, asyncio.get_running_loop().create_future())
        future = self._waiting[job.uuid][1]
        if len(self._waiting) >= self._batch:
            self._start(asyncio.create_task(self._flush()))
        return await asyncio.shield(future)

    async def details(self, job: Job) -> Standing:
        """What `getTaskDetails` knows of a job; UNKNOWN where it knows nothing. Raises StopRun."""
        return (await self._ask_details([job]))[job.uuid]

    def close(self) -> None:
        """Drops every question that has no answer yet."""
        for task in self._tasks:
            task.cancel()

    def _start(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _later(self) -> None:
        await asyncio.sleep(_GATHERING)
        await self._flush()

    async def _flush(self) -> None:
        batch, self._waiting = list(self._waiting.values()), {}
        for start in range(0, len(batch), self._batch):
            await self._answer(batch[start : start + self._batch])

    async def _answer(self, batch: list[tuple[Job, asyncio.Future[Standing]]]) -> None:
        try:
            standings = await self._ask_responses([job for job, _ in batch])
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(StopRun("unreachable", "stopped") if _is_cancel(error) else error)
                    future.exception()
            if _is_cancel(error):
                raise
            return
        for job, future in batch:
            if not future.done():
                future.set_result(standings[job.uuid])

    async def _ask_responses(self, jobs: list[Job]) -> dict[str, Standing]:
        try:
            reply = await ask_all(self._line, "getResponse", [job.uuid for job in jobs])
        except Refused as error:
            raise StopRun("refused", _refused_words(error)) from None
        standings = {job.uuid: after_poll(reply.of(job.uuid), job.takes) for job in jobs}
        unheard = [job for job in jobs if standings[job.uuid].state is None]
        return standings | await self._ask_details(unheard) if unheard else standings

    async def _ask_details(self, jobs: list[Job]) -> dict[str, Standing]:
        try:
            reply = await ask_all(self._line, "getTaskDetails", [job.uuid for job in jobs])
        except Refused as error:
            raise StopRun("refused", _refused_words(error)) from None
        return {
            job.uuid: after_details(reply.records[job.uuid], job.takes) if job.uuid in reply.records else UNKNOWN
            for job in jobs
        }


def _is_cancel(error: BaseException) -> bool:
    return isinstance(error, asyncio.CancelledError)


def _refused_words(error: Refused) -> str:
    return f"the service refused a question about a job ({error}); nothing was sent, run it again"
