"""A carrier that stands by: jobs come to it one after another, and all share its one line and its one poller."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from storyboard.jobs.carrier import Carrier, plainly
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.stopping import StopRun, leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.news import News, Trouble
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job
    from storyboard.runware.client import Client
    from storyboard.runware.videos import VideoHost


class StandingCarrier(Carrier):
    """Carries whatever `take_on` brings, from `stand_by` until that is cancelled or ends early."""

    def __init__(
        self,
        ledger: Ledger,
        client: Client,
        host: VideoHost,
        *,
        pace: Pace,
        tell: Callable[[News], None],
        describe: Callable[[Exception], str] = plainly,
    ) -> None:
        """`tell` hears of every change; `describe` puts errors into words that nobody expected."""
        super().__init__(ledger, client, host, pace=pace, tell=tell, describe=describe)
        self._group: asyncio.TaskGroup | None = None
        self._over = asyncio.Event()
        self._mine: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def stand_by(self, ready: asyncio.Event) -> None:
        """Sets `ready` once jobs may come. Ends early, with `stop` set, where no job can be carried any more."""
        try:
            async with asyncio.TaskGroup() as self._group:
                self._group.create_task(self._poller.run())
                self._group.create_task(self._keep_leases(self._mine.values()))
                ready.set()
        except* StopRun as stops:
            self.stop = next(leaves(stops))
        except* LedgerError as errors:
            error = next(leaves(errors))
            self.stop = StopRun("ledger", f"{error}; all work is kept", passes=error.passes)
        finally:
            self._group = None
            self._over.set()
            self._asker.close()

    async def take_on(self, job: Job) -> tuple[Job, Trouble | None]:
        """Carries one more job: the job at its end, or as far as it came and what kept it from its end.

        It must be in the ledger. One that is being carried already is waited for, and then delivered to whoever wants
        it by now. Raises StopRun where the line ends, or has ended, before the job does.
        """
        while (running := self._tasks.get(job.uuid)) is not None:
            await self._finish(running)
        if self._group is None:
            raise self._why_over()
        self.troubles.pop(job.uuid, None)
        self.unexpected.pop(job.uuid, None)
        held = job.uuid in self._ledger.hold([job])
        carried = self._carry(job, wait=True, held=held)
        try:
            task = self._group.create_task(carried)
        except RuntimeError:  # another job has ended the line, and those beside it are being stopped
            carried.close()
            if held:
                self._ledger.release(job)
            await self._over.wait()
            raise self._why_over() from None
        self._mine[job.uuid], self._tasks[job.uuid] = job, task
        task.add_done_callback(lambda _: self._let_go(job, task))
        await self._finish(task)
        return self._ledger.fresh(job), self.troubles.pop(job.uuid, None)

    def _let_go(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._mine[job.uuid], self._tasks[job.uuid]
        if task.cancelled():  # perhaps before its first step, which would have seen to its end
            with suppress(LedgerError):
                self._ledger.release(job)

    async def _finish(self, task: asyncio.Task[None]) -> None:
        """Waits for a job's end; whoever waits may be cancelled without it. StopRun where the line ends first."""
        await asyncio.wait([task])
        if task.cancelled() or task.exception() is not None:
            await self._over.wait()
            raise self._why_over()

    def _why_over(self) -> StopRun:
        return self.stop or StopRun("refused", "the line has ended; all work is kept")
