"""Questions about jobs, gathered into batches: `getResponse` first, `getTaskDetails` for what that does not know."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from storyboard.jobs.line import Unanswered
from storyboard.jobs.states import State
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.verdict import UNKNOWN, Memory, Standing, after_details, after_poll
from storyboard.runware.errors import Elsewhere, Refused, Unreadable, is_not_found
from storyboard.runware.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from storyboard.jobs.line import Line
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job

_GATHERING = 0.02
"""Seconds in which questions wait for company."""
_GIVING_UP = 3
"""Single questions refused, with none answered, after which the others need not be tried."""


REFUSALS = (Refused, Unreadable, Unanswered)
"""What may come of a question about one job."""


def code_of(error: Exception) -> Literal["environment", "undecodable", "refused"]:
    """Of a question without an answer, whether a person must act: look at the address, or at what codes answers."""
    if isinstance(error, Elsewhere):
        return "environment"
    return "undecodable" if isinstance(error, Unreadable) else "refused"


class QuestionRefused(Exception):
    """The service refuses to be asked about a job, or gives no clear answer; the text says how."""

    def __init__(self, error: Exception, *, only_details: bool = False) -> None:
        self.code = code_of(error)
        """"environment" or "undecodable" where running it again does not help, else "refused"."""
        self.words = f"the service refuses a question about it ({error})"
        """What happened, without what to do."""
        if isinstance(error, Unanswered):
            self.words = f"the service gives no clear answer to a question about it ({error})"
        if self.code == "environment":
            self.words = str(error)
        if self.code == "undecodable":
            self.words = f"{error}; running it again gives the same until the service or the proxy answers without it"
        then = {"environment": "; it is kept, run it again then", "undecodable": "; it is kept"}
        super().__init__(self.words + then.get(self.code, "; it is kept, run it again"))
        self.only_details = only_details
        """Whether `getResponse` was answered, and knew nothing."""


@dataclass(slots=True)
class Answers:
    """What came of questions about many jobs."""

    reply: Reply = field(default_factory=Reply)
    refused: dict[str, Exception] = field(default_factory=dict)
    """By UUID, questions that the service refused even alone, or that went wrong in another way."""
    largest: int = 0
    """The most questions that were answered in one POST."""

    def add(self, reply: Reply, count: int) -> None:
        """Takes in an answer to `count` questions."""
        self.reply.items += reply.items
        self.reply.problems += reply.problems
        self.reply.records |= reply.records
        self.largest = max(self.largest, count)


async def ask_all(line: Line, task_type: str, uuids: Sequence[str]) -> Answers:
    """Answers about many jobs; a batch that the service refuses is halved, down to single questions.

    Whatever goes wrong with a batch, but for what ends the run: it may be for one job of it.
    """
    answers, is_too_large, before = Answers(), False, line.answers
    parts, unanswered = [list(uuids)], list[list[str]]()
    while parts or unanswered:
        # What got no clear answer is asked once more when all others were.
        is_last = not parts
        part = parts.pop() if parts else unanswered.pop()
        tasks = [{"taskType": task_type, "taskUUID": uuid} for uuid in part]
        try:
            answers.add(await line.ask(tasks, before=before, is_last=is_last), len(part))
        except StopRun:
            raise
        except Exception as error:  # noqa: BLE001 - it is raised, or told, where each job is carried
            middle = len(part) // 2
            is_too_large = is_too_large or isinstance(error, Refused)
            if middle:
                parts += [part[middle:], part[:middle]]
            elif isinstance(error, Unanswered) and not is_last:
                unanswered.append(part)
            elif isinstance(error, Refused) and is_not_found(error.code):
                answers.add(Reply(), 1)
            else:
                answers.refused[part[0]] = error
                if len(answers.refused) >= _GIVING_UP and not answers.largest:
                    rest = [uuid for part in (*parts, *unanswered) for uuid in part]
                    answers.refused |= dict.fromkeys(rest, error)
                    break
    if is_too_large and answers.largest < len(uuids) and not answers.refused:
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

    async def details(self, jobs: Mapping[str, tuple[Job, Memory]]) -> dict[str, Standing | Exception]:
        """What `getTaskDetails` knows of jobs, by UUID; UNKNOWN where it knows nothing, what went wrong with one alone.

        Raises StopRun.
        """
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
            if isinstance(answer, Exception):
                _fail([(job, future)], answer)
            else:
                future.set_result(answer)

    async def _standings(self, jobs: list[Job]) -> dict[str, Standing | Exception]:
        responses = await ask_all(self._line, "getResponse", [job.uuid for job in jobs])
        heard = _by_answers(responses, jobs)
        unheard = [job for job in jobs if _is_open(heard[job.uuid])]
        if not unheard:
            return heard
        details = await ask_all(self._line, "getTaskDetails", [job.uuid for job in unheard])
        records = _by_records(details, {job.uuid: (job, Memory()) for job in unheard})
        for job in unheard:
            heard[job.uuid] = _together(job, heard[job.uuid], records[job.uuid], details.refused.get(job.uuid))
        return heard


def _by_answers(responses: Answers, jobs: list[Job]) -> dict[str, Standing | Exception]:
    """Where jobs stand by answers to `getResponse`; an error is that of its own job."""
    heard: dict[str, Standing | Exception] = {}
    for job in jobs:
        error = responses.refused.get(job.uuid)
        if error is None:
            heard[job.uuid] = _or_error(after_poll, responses.reply.of(job.uuid), job.takes)
        else:
            heard[job.uuid] = QuestionRefused(error) if isinstance(error, REFUSALS) else error
    return heard


def _is_open(heard: Standing | Exception) -> bool:
    """Whether the other memory of the service has to be asked as well."""
    return isinstance(heard, Standing) and (heard.state is None or heard.is_doubtful)


def _together(
    job: Job, heard: Standing | Exception, record: Standing | Exception, refusal: Exception | None
) -> Standing | Exception:
    """What both memories of the service say, where the first one does not know a job or names a doubtful failure.

    A failure that another question has to confirm leaves a job ACCEPTED: waiting for it asks again.
    """
    is_unknown = isinstance(heard, Standing) and heard.state is None
    if refusal is not None and (is_unknown or not isinstance(refusal, REFUSALS)):
        # Only what was refused, and not what got no clear answer, may be left unasked before a first sending.
        only_details = isinstance(refusal, Refused)
        return QuestionRefused(refusal, only_details=only_details) if isinstance(refusal, REFUSALS) else refusal
    if isinstance(record, Exception):
        return record
    # Of a job that was sent without an answer, a failure that stands in the record alone may be the answer to a repeat.
    is_of_repeat = is_unknown and (job.is_in_doubt or job.state is State.REVIEW)
    if record.is_doubtful and record.state is not State.REJECTED and not is_of_repeat:
        record = replace(record, state=State.ACCEPTED)
    if is_unknown or record.state in (State.READY, State.FAILED, State.REJECTED):
        return record
    if job.was_never_sent and record.state is None:
        problem = heard.problem if isinstance(heard, Standing) else None
        words = f"it answers with {problem.code if problem else 'an error'}, which does not say whether it has the job"
        return QuestionRefused(Unanswered(words))
    return replace(heard, state=State.ACCEPTED) if isinstance(heard, Standing) else heard


def _or_error(read: Callable[..., Standing], *arguments: object) -> Standing | Exception:
    """Where a job stands by an answer; what goes wrong with reading it is the trouble of that job alone."""
    try:
        return read(*arguments)
    except Exception as error:  # noqa: BLE001 - it is raised where the job is carried
        return error


def _by_records(answers: Answers, jobs: Mapping[str, tuple[Job, Memory]]) -> dict[str, Standing | Exception]:
    """Where jobs stand by answers to `getTaskDetails`."""
    records = answers.reply.records
    return {
        uuid: _or_error(after_details, records[uuid], job.takes, memory) if uuid in records else UNKNOWN
        for uuid, (job, memory) in jobs.items()
    }


def _fail(questions: list[tuple[Job, asyncio.Future[Standing]]], error: Exception) -> None:
    for _, future in questions:
        if not future.done():
            future.set_exception(error)
            # Nobody may be waiting any more, and then nobody has to hear of it.
            future.exception()
