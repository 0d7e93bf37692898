"""Questions about jobs, gathered into batches: `getResponse` first, `getTaskDetails` for what that does not know."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storyboard.jobs.stopping import StopRun
from storyboard.jobs.verdict import UNKNOWN, Memory, Standing, after_details, after_poll
from storyboard.runware.errors import Elsewhere, Refused, is_not_found
from storyboard.runware.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storyboard.jobs.line import Line
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job

_GATHERING = 0.02
"""Seconds in which questions wait for company."""
_GIVING_UP = 3
"""Single questions refused, with none answered, after which the others need not be tried."""


def code_of(error: Refused) -> Literal["environment", "refused"]:
    """Of a question that was refused, whether it is for a person to look at the address."""
    return "environment" if isinstance(error, Elsewhere) else "refused"


class QuestionRefused(Exception):
    """The service refuses to be asked about a job; the text says how."""

    def __init__(self, error: Refused, *, only_details: bool = False) -> None:
        self.code = code_of(error)
        """"environment" where running it again does not help, else "refused"."""
        words = f"{error}" if self.code == "environment" else f"the service refuses a question about it ({error})"
        super().__init__(f"{words}; it is kept, run it again{' then' if self.code == 'environment' else ''}")
        self.only_details = only_details
        """Whether `getResponse` was answered, and knew nothing."""


@dataclass(slots=True)
class Answers:
    """What came of questions about many jobs."""

    reply: Reply = field(default_factory=Reply)
    refused: dict[str, Refused] = field(default_factory=dict)
    """By UUID, questions that the service refused even alone."""
    largest: int = 0
    """The most questions that were answered in one POST."""

    def add(self, reply: Reply, count: int) -> None:
        """Takes in an answer to `count` questions."""
        self.reply.items += reply.items
        self.reply.problems += reply.problems
        self.reply.records |= reply.records
        self.largest = max(self.largest, count)


async def ask_all(line: Line, task_type: str, uuids: Sequence[str]) -> Answers:
    """Answers about many jobs; a batch that the service refuses is halved, down to single questions."""
    answers = Answers()
    parts = [list(uuids)]
    while parts:
        part = parts.pop()
        try:
            answers.add(await line.ask([{"taskType": task_type, "taskUUID": uuid} for uuid in part]), len(part))
        except Refused as error:
            middle = len(part) // 2
            if middle:
                parts += [part[middle:], part[:middle]]
            elif is_not_found(error.code):
                answers.add(Reply(), 1)
            else:
                answers.refused[part[0]] = error
                if len(answers.refused) >= _GIVING_UP and not answers.largest:
                    answers.refused |= dict.fromkeys((uuid for rest in parts for uuid in rest), error)
                    break
    if answers.largest < len(uuids) and not answers.refused:
        line.batch = max(1, min(line.batch, answers.largest))
    return answers


class Asker:
    """Answers "what do you know of this job?" for many jobs at once."""

    def __init__(self, line: Line, pace: Pace) -> None:
        self._line = line
        self._slots = asyncio.Semaphore(pace.asks)
        self._waiting: dict[str, tuple[Job, asyncio.Future[Standing]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, job: Job) -> Standing:
        """What the service knows of a job; UNKNOWN where nobody knows it. Raises StopRun or QuestionRefused."""
        if job.uuid not in self._waiting:
            if not self._waiting:
                self._start(asyncio.create_task(self._flush()))
            self._waiting[job.uuid] = (job, asyncio.get_running_loop().create_future())
        return await asyncio.shield(self._waiting[job.uuid][1])

    async def details(self, jobs: Mapping[str, tuple[Job, Memory]]) -> dict[str, Standing]:
        """What `getTaskDetails` knows of jobs, by UUID; UNKNOWN where it knows nothing. Raises StopRun."""
        return _by_records(await ask_all(self._line, "getTaskDetails", list(jobs)), jobs)

    def close(self) -> None:
        """Drops every question that has no answer yet."""
        for task in self._tasks:
            task.cancel()

    def _start(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _flush(self) -> None:
        await asyncio.sleep(_GATHERING)
        questions, self._waiting = list(self._waiting.values()), {}
        size = self._line.batch
        for start in range(0, len(questions), size):
            self._start(asyncio.create_task(self._answer(questions[start : start + size])))

    async def _answer(self, questions: list[tuple[Job, asyncio.Future[Standing]]]) -> None:
        try:
            async with self._slots:
                answers = await self._standings([job for job, _ in questions])
        except asyncio.CancelledError:
            _fail(questions, StopRun("unreachable", "stopped"))
            raise
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
            _fail(questions, error)
            return
        for job, future in questions:
            answer = answers[job.uuid]
            if future.done():
                continue
            if isinstance(answer, QuestionRefused):
                _fail([(job, future)], answer)
            else:
                future.set_result(answer)

    async def _standings(self, jobs: list[Job]) -> dict[str, Standing | QuestionRefused]:
        responses = await ask_all(self._line, "getResponse", [job.uuid for job in jobs])
        heard = {job.uuid: after_poll(responses.reply.of(job.uuid), job.takes) for job in jobs}
        found: dict[str, Standing | QuestionRefused] = {
            **heard,
            **{uuid: QuestionRefused(error) for uuid, error in responses.refused.items()},
        }
        unheard = [job for job in jobs if job.uuid not in responses.refused and heard[job.uuid].state is None]
        if unheard:
            details = await ask_all(self._line, "getTaskDetails", [job.uuid for job in unheard])
            found |= _by_records(details, {job.uuid: (job, Memory()) for job in unheard})
            found |= {uuid: QuestionRefused(error, only_details=True) for uuid, error in details.refused.items()}
        return found


def _by_records(answers: Answers, jobs: Mapping[str, tuple[Job, Memory]]) -> dict[str, Standing]:
    """Where jobs stand by answers to `getTaskDetails`."""
    records = answers.reply.records
    return {
        uuid: after_details(records[uuid], job.takes, memory) if uuid in records else UNKNOWN
        for uuid, (job, memory) in jobs.items()
    }


def _fail(questions: list[tuple[Job, asyncio.Future[Standing]]], error: Exception) -> None:
    for _, future in questions:
        if not future.done():
            future.set_exception(error)
            # Nobody may be waiting any more, and then nobody has to hear of it.
            future.exception()
