"""Waiting for accepted jobs: one poller for all of them, its ticks aligned so that batches fill."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from time import monotonic, time
from typing import TYPE_CHECKING

from storyboard.jobs.asking import REFUSALS, QuestionRefused, ask_all
from storyboard.jobs.ledger_errors import LedgerError, UnsoundRow
from storyboard.jobs.states import State
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.verdict import Memory, Standing, after_poll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storyboard.jobs.asking import Answers, Asker
    from storyboard.jobs.line import Line
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job

_REFUSALS_AT_MOST = 5
_SILENCES = 3
"""Answers in a row without a word about a job after which `getTaskDetails` is asked as well."""
_REMEMBERED = 50
_USUAL_AT_MOST = 500.0
"""Seconds: a clock that was set makes jobs look older, and the next ones must not wait for it."""
_RECORDS_TO_CONFIRM = 2
"""Records of `getTaskDetails` with a failure that may be none after which it counts."""


class NoEnd(Exception):
    """This run does not see a job's end; it goes on at the service."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class _Waiting:
    job: Job
    end: asyncio.Future[Standing]
    memory: Memory
    interval: float
    due: float
    heard_at: float
    silences: int = 0
    refusals: int = 0
    records: int = 0
    """Records of a failure that may be none."""
    is_doubtful: bool = False
    """Whether the last answer holds a failure that has to be confirmed."""
    failure: Standing | None = None
    """A failure that answers to `getResponse` have confirmed; `getTaskDetails` may know better."""
    was_going: bool = False

    def give_up(self, code: str, message: str) -> None:
        """Ends the wait without an end of the job."""
        self.fail(NoEnd(code, f"{message}; it is {self.job.kept_words}, run `storyboard resume`"))

    def fail(self, error: Exception) -> None:
        """Raises an error where the end is awaited."""
        if not self.end.done():
            self.end.set_exception(error)


class Poller:
    """Asks about every waiting job until its end; `heard` is told of each answer about each job."""

    def __init__(self, line: Line, asker: Asker, pace: Pace, heard: Callable[[Job, Standing], None]) -> None:
        self._line = line
        self._asker = asker
        self._pace = pace
        self._heard = heard
        self._waiting: dict[str, _Waiting] = {}
        self._ages: deque[float] = deque(maxlen=_REMEMBERED)
        """Of the last jobs that were seen going and then ended."""
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(pace.asks)

    async def end_of(self, job: Job, known: set[str]) -> Standing:
        """Waits for a job's end: READY or FAILED. `known` are its videos seen before.

        Raises NoEnd where the service refuses to tell, or says nothing for too long, and whatever goes wrong with this
        job alone.
        """
        interval = self._pace.first_poll_of(_age(job), self._usual, self._batches)
        end: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        memory = Memory(frozenset(known))
        self._waiting[job.uuid] = _Waiting(
            job, end, memory, interval, self._pace.tick(interval, self._batches), monotonic()
        )
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
                # `asyncio.wait_for` loses a cancellation that comes together with what it waits for.
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                continue
            await self._poll_due()

    @property
    def _batches(self) -> float:
        """How many POSTs it takes to ask about every job that waits."""
        return len(self._waiting) / self._line.batch

    @property
    def _usual(self) -> float | None:
        """Seconds that the last jobs took; None before any was seen to end."""
        return sorted(self._ages)[len(self._ages) // 2] if self._ages else None

    async def _poll_due(self) -> None:
        now, size = monotonic(), self._line.batch
        due = [waiting for waiting in self._waiting.values() if waiting.due <= now + 0.05]
        async with asyncio.TaskGroup() as group:
            for start in range(0, len(due), size):
                group.create_task(self._poll(due[start : start + size]))

    async def _poll(self, batch: list[_Waiting]) -> None:
        async with self._slots:
            answers = await ask_all(self._line, "getResponse", [waiting.job.uuid for waiting in batch])
            open_ones = [waiting for waiting in batch if self._take(waiting, answers)]
            if open_ones:
                await self._ask_details(open_ones)
        batches = self._batches
        for waiting in batch:
            waiting.interval = self._pace.next_poll(waiting.interval, _age(waiting.job), batches)
            waiting.due = self._pace.tick(self._pace.confirming if waiting.is_doubtful else waiting.interval, batches)

    def _take(self, waiting: _Waiting, answers: Answers) -> bool:
        """Takes in what an answer says about one job; whether `getTaskDetails` has to be asked about it as well."""
        uuid = waiting.job.uuid
        if (refusal := answers.refused.get(uuid)) is not None:
            self._count_refusal(waiting, refusal)
            return False
        waiting.refusals = 0
        is_open = False
        with _own_trouble(waiting):
            standing = after_poll(answers.reply.of(uuid), waiting.job.takes, waiting.memory)
            waiting.is_doubtful = standing.is_doubtful
            if standing.is_doubtful and standing.is_repeated:
                waiting.memory, waiting.failure = standing.memory, standing
                is_open = True
            else:
                standing = replace(standing, state=State.ACCEPTED) if standing.is_doubtful else standing
                self._hear(waiting, standing)
                is_open = self._counts_as_silent(waiting, standing)
        return is_open

    def _hear(self, waiting: _Waiting, standing: Standing) -> None:
        waiting.memory = standing.memory
        if standing.state in (State.READY, State.FAILED):
            if not waiting.end.done():
                waiting.end.set_result(standing)
            if waiting.was_going:
                self._ages.append(min(_age(waiting.job), _USUAL_AT_MOST))
            self._waiting.pop(waiting.job.uuid, None)
        else:
            waiting.was_going = True
            self._heard(waiting.job, standing)

    def _counts_as_silent(self, waiting: _Waiting, standing: Standing) -> bool:
        """Whether it is time to ask elsewhere; silence is no verdict, but it may last too long for this run."""
        if standing.state is not None:
            waiting.silences, waiting.heard_at, waiting.records = 0, monotonic(), 0
            return False
        waiting.silences += 1
        return waiting.silences % _SILENCES == 0

    async def _ask_details(self, open_ones: list[_Waiting]) -> None:
        questions = {waiting.job.uuid: (waiting.job, waiting.memory) for waiting in open_ones}
        standings = await self._asker.details(questions)
        for waiting in open_ones:
            standing = standings[waiting.job.uuid]
            with _own_trouble(waiting):
                if isinstance(standing, Exception):
                    raise standing
                self._take_record(waiting, standing.as_of_accepted())

    def _take_record(self, waiting: _Waiting, standing: Standing) -> None:
        """Takes in what `getTaskDetails` says about one job."""
        waiting.records += standing.is_doubtful
        if waiting.failure is not None:
            # Only a video, or a failure beyond doubt, is better known than what several answers have said.
            is_better = standing.state in (State.READY, State.FAILED) and not standing.is_doubtful
            self._hear(waiting, standing if is_better else waiting.failure)
        elif standing.is_doubtful and waiting.records < _RECORDS_TO_CONFIRM:
            waiting.heard_at = monotonic()
        elif standing.state is not None:
            self._hear(waiting, standing)
        if monotonic() - waiting.heard_at >= self._pace.patience_when_silent:
            waiting.give_up("silent", "the service says nothing about it")

    def _count_refusal(self, waiting: _Waiting, error: Exception) -> None:
        if not isinstance(error, REFUSALS):
            waiting.fail(error)
            return
        waiting.refusals += 1
        if waiting.refusals >= _REFUSALS_AT_MOST:
            refused = QuestionRefused(error)
            waiting.give_up(refused.code, refused.words)


@contextmanager
def _own_trouble(waiting: _Waiting) -> Iterator[None]:
    """Within it, what goes wrong with one job is raised where its end is awaited, and nowhere else."""
    try:
        yield
    except (StopRun, LedgerError) as error:
        if not isinstance(error, UnsoundRow):
            raise
        waiting.fail(error)
    except Exception as error:  # noqa: BLE001 - it is told where the job is carried
        waiting.fail(error)


def _age(job: Job) -> float:
    """Seconds since the service took a job."""
    return max(0.0, time() - (job.accepted_at or job.sent_at or job.created_at))
