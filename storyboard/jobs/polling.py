"""Waiting for accepted jobs: one poller for all of them, its ticks aligned so that batches fill."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from storyboard.jobs.asking import ask_all
from storyboard.jobs.line import StopRun
from storyboard.jobs.verdict import Standing, after_poll
from storyboard.runware.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.line import Line
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job

_REFUSALS_AT_MOST = 5


@dataclass(slots=True)
class _Waiting:
    job: Job
    end: asyncio.Future[Standing]
    known: set[str]
    interval: float
    due: float
    failures: int = 0
    refusals: int = 0


class Poller:
    """Asks about every waiting job until its end; `heard` is told of each answer about each job."""

    def __init__(self, line: Line, pace: Pace, heard: Callable[[Job, Standing], None]) -> None:
        self._line = line
        self._pace = pace
        self._heard = heard
        self._waiting: dict[str, _Waiting] = {}
        self._changed = asyncio.Event()

    async def end_of(self, job: Job, known: set[str]) -> Standing:
        """Waits for a job's end: READY or FAILED. `known` are its videos seen before."""
        interval = self._pace.next_poll(None)
        end: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        self._waiting[job.uuid] = _Waiting(job, end, set(known), interval, self._tick(interval))
        self._changed.set()
        try:
            return await end
        finally:
            self._waiting.pop(job.uuid, None)

    async def run(self) -> None:
        """Polls for ever; cancelled when nobody waits any more."""
        while True:
            if not self._waiting:
                self._changed.clear()
                await self._changed.wait()
            wait = min(waiting.due for waiting in self._waiting.values()) - monotonic()
            if wait > 0:
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), wait)
                continue
            await self._poll_due()

    def _tick(self, interval: float) -> float:
        """The next common tick at least `interval` from now; ticks lie half an interval apart."""
        grid = interval if self._pace.fixed_poll is not None else interval / 2
        return monotonic() + interval if grid <= 0.05 else math.ceil((monotonic() + interval) / grid) * grid

    async def _poll_due(self) -> None:
        now = monotonic()
        due = [waiting for waiting in self._waiting.values() if waiting.due <= now + 0.05]
        batches = [due[start : start + self._pace.batch] for start in range(0, len(due), self._pace.batch)]
        for batch in batches:
            await self._poll(batch)

    async def _poll(self, batch: list[_Waiting]) -> None:
        try:
            reply = await ask_all(self._line, "getResponse", [waiting.job.uuid for waiting in batch])
        except Refused as error:
            self._count_refusal(batch, error)
            return
        for waiting in batch:
            part = reply.of(waiting.job.uuid)
            standing = after_poll(part, waiting.job.takes, frozenset(waiting.known), waiting.failures)
            waiting.failures = standing.failures
            waiting.known.update(item.video_uuid for item in standing.videos if item.video_uuid is not None)
            self._heard(waiting.job, standing)
            self._settle(waiting, standing)

    def _settle(self, waiting: _Waiting, standing: Standing) -> None:
        if standing.state in ("ready", "failed"):
            if not waiting.end.done():
                waiting.end.set_result(standing)
            self._waiting.pop(waiting.job.uuid, None)
            return
        waiting.interval = self._pace.next_poll(waiting.interval)
        waiting.due = self._tick(waiting.interval)

    def _count_refusal(self, batch: list[_Waiting], error: Refused) -> None:
        for waiting in batch:
            waiting.refusals += 1
            if waiting.refusals >= _REFUSALS_AT_MOST:
                raise StopRun("refused", f"the service refuses to tell about jobs ({error}); they go on, run it again")
            self._settle(waiting, Standing())
