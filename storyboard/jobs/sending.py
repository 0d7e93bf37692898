"""From any doubt about a job to certainty: ask first, send only what nobody knows, and only the very same task."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from storyboard.jobs import clock
from storyboard.jobs.asking import QuestionRefused
from storyboard.jobs.ledger import PaidByAnotherKey
from storyboard.jobs.line import BUSY_WORDS
from storyboard.jobs.news import News
from storyboard.jobs.states import ENDS, UNSENT, State
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.verdict import UNKNOWN, Standing, after_refusal, after_submit
from storyboard.jobs.wire import NotAsApproved, NotFilledIn, wire_task, without_values
from storyboard.runware.client import only_while
from storyboard.runware.errors import Elsewhere, NotSent, Paced, Refused, TooLate, Unclear, Unreadable
from storyboard.runware.messages import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.jobs.asking import Asker
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.line import Line
    from storyboard.jobs.news import Chronicle
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job


_REFUSALS_AT_MOST = 5
"""Tasks refused in a row in the same way, and none taken, after which no new one is sent for a while."""
_REST = 60.0
"""Seconds for which none is; then one is tried."""


class LeaseLost(Exception):
    """Another process has taken a job over."""


class _Closed(Exception):
    """The service refuses all that is sent; nothing was sent for this job."""


class _NoAnswer(Exception):
    """A task was sent, and what came says nothing about it; the text says what came."""

    def __init__(self, job: Job, error: Refused | Unreadable) -> None:
        words = f"the service gave no clear answer about it ({without_values(job, str(error))})"
        super().__init__(str(error) if isinstance(error, Elsewhere) else words)
        self.code = "refused"
        if isinstance(error, Elsewhere | Unreadable):
            self.code = "environment" if isinstance(error, Elsewhere) else "undecodable"


class _Door:
    """Closed while the service refuses whatever is sent: ten thousand jobs would be refused as well."""

    def __init__(self) -> None:
        self._count = 0
        self._words = ""
        self._open_at = 0.0

    def refused(self, words: str) -> None:
        """A task was refused in these words by an answer that names none."""
        self._count = self._count + 1 if self._words == words else 1
        self._words = words
        if self._count >= _REFUSALS_AT_MOST:
            self._open_at = monotonic() + _REST

    def answered(self) -> None:
        """A task got an answer of its own."""
        self._count, self._open_at = 0, 0.0

    def require_open(self) -> None:
        """Raises _Closed."""
        if monotonic() < self._open_at:
            words = f"the service refuses all that is sent ({self._words}); nothing was sent for it"
            raise _Closed(f"{words}, it is kept, run it again")


@dataclass(slots=True)
class _Doubts:
    """How often a job was sent without a clear answer, and since when the service only asks to wait."""

    count: int = 0
    words: str = ""
    paced_since: clock.Moment | None = None
    sent: clock.Moment = field(default_factory=clock.Moment)
    """When it was sent last; of a job that was in doubt before, when it was taken up, for nobody knows."""
    slow_since: float | None = None
    """When it was first answered too late, by `monotonic`: a sleep is no patience that was spent."""


class Sender:
    """Sends paid tasks, each at most once for all that anybody knows."""

    def __init__(self, ledger: Ledger, line: Line, asker: Asker, pace: Pace, chronicle: Chronicle) -> None:
        self._ledger = ledger
        self._line = line
        self._asker = asker
        self._pace = pace
        self._chronicle = chronicle
        self._slots = asyncio.Semaphore(pace.submits)
        self._door = _Door()

    async def settle(self, job: Job) -> Job:
        """Makes certain that the service has a job, or why not; a job that stays in doubt has its trouble noted.

        Raises StopRun, or LeaseLost where another process carries the job by now.
        """
        try:
            return await self._settle(job)
        except QuestionRefused as error:
            self._chronicle.trouble(job, error.code, str(error))
        except NotAsApproved as error:
            self._chronicle.trouble(job, error.what, str(error))
        except NotFilledIn as error:
            self._chronicle.trouble(job, "environment", f"{error}; nothing was sent for it")
        except _Closed as error:
            self._chronicle.trouble(job, "refused", str(error))
        except _NoAnswer as error:
            self._chronicle.trouble(job, error.code, f"{error}; it is kept, run it again")
        except PaidByAnotherKey as error:
            self._chronicle.trouble(job, "paidByAnotherKey", str(error))
        return self._ledger.fresh(job)

    async def _settle(self, job: Job) -> Job:
        doubts = _Doubts()
        while doubts.count < self._pace.doubts:
            never_sent = job.state is State.PREPARED
            # A pause ends before the question is put, so that its answer is fresh when the task is sent.
            await self._line.open()
            asked, standing = await self._ask(job, doubts)
            standing = standing.as_of_doubtful() if job.is_in_doubt else standing
            if standing.state is not None and standing.state not in ENDS:
                job = self._ledger.mark_reused(job) if never_sent else job
                return self._chronicle.apply(job, standing)
            if asked.age > self._pace.fresh:
                if self._is_too_slow(doubts):
                    break
                continue
            if standing.state is not None:
                return self._ended(self._ledger.mark_reused(job) if never_sent else job, standing)
            if job.is_in_doubt and (why := self._why_left_to_a_person(job, standing)) is not None:
                return self._ended(job, Standing(State.REVIEW, problem=Problem(*why)))
            job = await self._send(job, asked, doubts)
            if job.state not in UNSENT:
                return job
            if self._is_too_busy(doubts):
                self._chronicle.trouble(job, "busy", BUSY_WORDS)
                return job
        self._chronicle.trouble(
            job, "unclear", f"the service gave no clear answer about it{doubts.words}; run it again"
        )
        return job

    async def _ask(self, job: Job, doubts: _Doubts) -> tuple[clock.Moment, Standing]:
        """When it was asked, and what the service knows of a job.

        One never sent from here needs no details: a repeat would be a conflict. Of one in doubt, that nobody knows it
        says nothing while it may still be on its way: it is asked for again.
        """
        while True:
            asked = clock.Moment()
            try:
                standing = await self._asker.ask(job)
            except QuestionRefused as error:
                if error.only_details and job.state is State.PREPARED:
                    return asked, UNKNOWN
                raise
            rest = self._pace.arrival - (asked.tick - doubts.sent.tick)
            if standing.state is not None or not job.is_in_doubt or rest <= 0:
                return asked, standing
            await asyncio.sleep(rest)

    def _why_left_to_a_person(self, job: Job, standing: Standing) -> tuple[str, str] | None:
        """Code and words where a doubtful job that the service does not know is not sent again by itself."""
        if standing.problem is not None:
            said = f"{standing.problem.code} {without_values(job, standing.problem.words())}".rstrip()
            words = (
                f"all that the service keeps of it is a later refusal ({said}): nobody knows whether it was paid for"
            )
            return "refusedSince", words
        if job.sent_at is None:
            return None
        age = clock.now() - job.sent_at
        if age > self._pace.trust_window:
            return "tooOld", "too old to be sent again without a person's word: nobody knows whether it was paid for"
        if age < -clock.AHEAD:
            words = (
                "it was sent by a clock that was ahead of this one: nobody knows how old it is, nor whether it was paid"
            )
            return "tooOld", words
        return None

    def _is_too_busy(self, doubts: _Doubts) -> bool:
        since = doubts.paced_since
        return since is not None and since.age >= self._pace.patience_when_paced

    def _is_too_slow(self, doubts: _Doubts) -> bool:
        doubts.words = ": its answers come too late"
        doubts.slow_since = doubts.slow_since if doubts.slow_since is not None else monotonic()
        return monotonic() - doubts.slow_since >= self._pace.patience_when_paced

    async def _send(self, job: Job, asked: clock.Moment, doubts: _Doubts) -> Job:
        async with self._slots:
            if self._line.is_paused or asked.age > self._pace.fresh:
                return job
            self._door.require_open()
            task = wire_task(job, self._ledger)
            held = self._ledger.begin_sending(job)
            if held is None:
                raise LeaseLost
            self._chronicle.tell(News(held))
            doubts.sent = clock.Moment()
            with only_while(partial(self._may_go, held, asked)):
                sent = await self._post(job, held, task, doubts)
        if doubts.paced_since is None and sent.state in UNSENT:
            await asyncio.sleep(self._pace.backoff(doubts.count))
        return sent

    def _may_go(self, job: Job, asked: clock.Moment) -> bool:
        """Whether a job may still be sent: this process has it, and knows from just now that nobody else sent it."""
        return asked.age <= self._pace.fresh and self._ledger.holds(job)

    async def _post(self, before: Job, job: Job, task: dict[str, object], doubts: _Doubts) -> Job:
        """Sends a task; `before` is its job as it was, which it is again where nothing left this machine."""
        try:
            reply = await self._line.submit(task)
        except StopRun as stop:
            # A refused account, and a service that was not reached, took nothing.
            if before.was_never_sent and stop.code in ("account", "environment", "unreachable"):
                self._take_back(before, job, self._ledger.not_taken)
            raise
        except Paced as error:
            doubts.paced_since = doubts.paced_since or clock.Moment()
            return self._put_off(before, job, error)
        except (TooLate, NotSent) as error:
            doubts.count += 1
            if isinstance(error, TooLate):
                doubts.words = ": this machine stood still each time before it was sent"
            return self._as_it_was(before, job)
        except Unclear as error:
            doubts.count, doubts.words, doubts.paced_since = doubts.count + 1, f" ({error})", None
            return self._chronicle.move(job, State.UNKNOWN)
        except (Refused, Unreadable) as error:
            return self._refused(before, job, error)
        self._door.answered()
        standing = after_submit(reply.of(job.uuid), reply.trouble)
        doubts.paced_since = None
        if standing.state is not None:
            return self._ended(job, standing.as_of_doubtful() if before.is_in_doubt else standing)
        doubts.count += 1
        if standing.problem is not None:
            doubts.words = f" ({standing.problem.code}: {without_values(job, standing.problem.words())})"
        return self._chronicle.move(job, State.UNKNOWN)

    def _ended(self, job: Job, standing: Standing) -> Job:
        """Writes down what an answer says; LeaseLost for an end, where another process has the job, and may send it."""
        if standing.state in ENDS and not self._ledger.is_last_holder(job):
            raise LeaseLost
        return self._chronicle.apply(job, standing)

    def _as_it_was(self, before: Job, job: Job) -> Job:
        """The job of a sending of which nothing left this machine."""
        return self._take_back(
            before, job, self._ledger.unsent if before.state is State.PREPARED else self._ledger.not_taken
        )

    def _put_off(self, before: Job, job: Job, error: Paced) -> Job:
        """The job of a sending after which the service asked to wait."""
        if error.took_nothing:
            return self._take_back(before, job, self._ledger.not_taken)
        return self._chronicle.move(job, State.UNKNOWN)

    def _take_back(self, before: Job, job: Job, write: Callable[[Job], Job]) -> Job:
        """Notes that a sending came to nothing, where the job was never sent before; what was in doubt stays so.

        Raises LeaseLost where another process has taken the job since, and may have sent it.
        """
        with self._ledger.transaction():
            if not self._ledger.is_last_holder(job):
                raise LeaseLost
            return write(job) if before.was_never_sent else job

    def _refused(self, before: Job, job: Job, error: Refused | Unreadable) -> Job:
        """What an answer that names no task means for the one that was sent: its end, or a doubt that stays.

        Where it was sent before, what is refused now may have been taken then.
        """
        self._door.refused(without_values(job, str(error)))
        if isinstance(error, Elsewhere):
            self._take_back(before, job, self._ledger.not_taken)
            raise _NoAnswer(job, error)
        if before.was_never_sent and isinstance(error, Refused):
            standing = after_refusal(error)
            if standing.state is not None:
                return self._ended(job, standing)
        self._chronicle.move(job, State.UNKNOWN)
        raise _NoAnswer(job, error)
