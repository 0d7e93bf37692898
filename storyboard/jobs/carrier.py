"""Carries jobs from wherever they are to their end: ask, send once, wait, bring home."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from storyboard.jobs import leases
from storyboard.jobs.admission import Admission
from storyboard.jobs.asking import Asker, QuestionRefused
from storyboard.jobs.delivery import Deliverer, Lost, NotOnDisk, Undelivered, Unfinished
from storyboard.jobs.ledger_errors import LedgerError, UnsoundRow
from storyboard.jobs.line import Line
from storyboard.jobs.news import Chronicle, News, Trouble
from storyboard.jobs.polling import NoEnd, Poller
from storyboard.jobs.sending import LeaseLost, Sender
from storyboard.jobs.states import ABANDONED, BOUGHT, ENDS, ODD_LENGTH, UNSENT, State
from storyboard.jobs.stopping import StopRun, leaves

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.pace import Gate, Pace
    from storyboard.jobs.rows import Job, Order
    from storyboard.runware.client import Client
    from storyboard.runware.videos import VideoHost

__all__ = ["Carrier", "News", "Trouble"]

_WATCH_SECONDS = 0.5


def plainly(error: Exception) -> str:
    """What to say of an error that nobody expected, where nobody says it better."""
    return f"this is a bug ({type(error).__name__})"


class Carrier:
    """One run over jobs of one service."""

    def __init__(
        self,
        ledger: Ledger,
        client: Client,
        host: VideoHost,
        *,
        pace: Pace,
        account: str | None = None,
        gate: Gate | None = None,
        tell: Callable[[News], None] = lambda _: None,
        finished: Callable[[Job], None] = lambda _: None,
        describe: Callable[[Exception], str] = plainly,
    ) -> None:
        """`tell` hears of every change, `finished` of each job that this run has finished with.

        `describe` puts an error into words that nobody expected, and that kept one job from its end.
        About jobs of other keys than the `account` (a fingerprint; None: there are none) the service is not asked.
        Runs at one service share a `gate`, so that a pause which it asks for is everybody's.
        """
        self._ledger = ledger
        self._account = account
        self._may_send = True
        self._is_named = False
        self._describe = describe
        self._described: dict[tuple[object, ...], str] = {}
        """Words for errors by where they came from: a hundred jobs may meet the same one."""
        self._tell = tell
        self._finished = finished
        self._chronicle = Chronicle(ledger, tell)
        self._batch = pace.batch
        self._admission = Admission((), self._batch)
        line = Line(client, pace, gate)
        self._asker = Asker(line, pace)
        self._sender = Sender(ledger, line, self._asker, pace, self._chronicle)
        self._poller = Poller(line, self._asker, pace, self._chronicle.heard)
        self._deliverer = Deliverer(ledger, host, self._asker, pace)
        self.troubles = self._chronicle.troubles
        """By UUID, what kept jobs from their end."""
        self._carried: dict[str, asyncio.Timeout] = {}
        """By UUID, the jobs that are carried just now: what ends that where their lease is lost."""
        self.unexpected: dict[str, Exception] = {}
        """By UUID, those of them that nobody expected."""
        self._waited_again: set[str] = set()
        self.stop: StopRun | None = None
        """Why the whole run ended early."""

    async def run(self, jobs: Iterable[Job], *, wait: bool = True, send: bool = True, is_named: bool = False) -> None:
        """Carries these jobs on; without `wait` only until the service has them, without `send` by questions alone.

        Where a person named them (`is_named`), jobs that have ended without a video are asked for once more, whatever
        their end. Ends early, with `stop` set, where the service cannot be reached or refuses the account, or the
        ledger cannot be used; any other trouble is that of its job.
        """
        mine = list({job.uuid: job for job in jobs}.values())
        self._may_send, self._is_named = send, is_named
        self._admission = Admission([job.uuid for job in mine if job.state in UNSENT], self._batch)
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [group.create_task(self._poller.run()), group.create_task(self._keep_leases(mine))]
                held = self._ledger.hold(mine)
                carried = [group.create_task(self._carry(job, wait=wait, held=job.uuid in held)) for job in mine]
                await asyncio.gather(*carried)
                for helper in helpers:
                    helper.cancel()
        except* StopRun as stops:
            self.stop = next(leaves(stops))
        except* LedgerError as errors:
            error = next(leaves(errors))
            words = f"{error}; all work is kept: `storyboard resume` carries on afterwards"
            self.stop = StopRun("ledger", words, passes=error.passes)
        finally:
            self._asker.close()

    async def free_attempt(self, job_for: Callable[[int], Job], attempt: int, order: Order) -> tuple[Job, list[Job]]:
        """The first job from `attempt` on that nobody knows, so that buying another really does. Raises StopRun.

        Beside it those before it that the service knows and this ledger did not: they are paid for, and written down.
        """
        found: list[Job] = []
        while True:
            job = job_for(attempt)
            try:
                standing = await self._asker.ask(job)
            except QuestionRefused as error:
                raise StopRun(error.code, str(error)) from None
            if standing.state is None:
                return job, found
            # At once, so that nobody who finds it as it was planned takes it for one that may be sent.
            with self._ledger.transaction():
                added = self._ledger.mark_reused(self._ledger.add(job, None, order))
                found.append(self._chronicle.apply(added, standing))
            attempt += 1

    async def _keep_leases(self, jobs: Collection[Job]) -> None:
        while True:
            await asyncio.sleep(leases.LEASE_SECONDS / 3)
            lapsed = self._ledger.renew(jobs) & self._carried.keys()
            with self._ledger.transaction():
                mine = self._ledger.hold(
                    [job for job in jobs if job.uuid in lapsed and self._ledger.is_last_holder(job)]
                )
            for uuid in lapsed - mine:
                self._carried.pop(uuid).reschedule(0)

    @asynccontextmanager
    async def _while_mine(self, job: Job) -> AsyncIterator[None]:
        """Within it, a job is carried; LeaseLost where another process has taken it meanwhile."""
        scope = asyncio.timeout(None)
        self._carried[job.uuid] = scope
        try:
            async with scope:
                yield
        except TimeoutError:
            if scope.expired():
                raise LeaseLost from None
            raise
        finally:
            self._carried.pop(job.uuid, None)

    async def _carry(self, job: Job, *, wait: bool, held: bool) -> None:
        while True:
            try:
                if not held:
                    self._admission.leave(job.uuid)
                    watched = await self._watch(job, wait=wait)
                    if watched is None:
                        words = (
                            "it was taken out of the ledger meanwhile, and was not sent: submit its storyboard again"
                        )
                        self._chronicle.trouble(job, "forgotten", words)
                        break
                    job = watched
                async with self._while_mine(job):
                    job = await self._advance(job, wait=wait)
                break
            except LeaseLost:
                held = False
            except Exception as error:  # noqa: BLE001 - it is told, and the other jobs go on
                job = self._keep_apart(job, error)
                break
            finally:
                self._admission.leave(job.uuid)
                self._ledger.release(job)
        try:
            self._finished(job)
        except Exception as error:  # noqa: BLE001 - as above
            self._keep_apart(job, error)

    def _keep_apart(self, job: Job, error: Exception) -> Job:
        """Notes an error as the trouble of the job that it kept from its end, and gives that as far as it came.

        Raises what ends the run for all.
        """
        if isinstance(error, StopRun) or (isinstance(error, LedgerError) and not isinstance(error, UnsoundRow)):
            raise error
        code, words = "bug", f"{error}"
        if isinstance(error, UnsoundRow):
            code = "ledger"
        else:
            self.unexpected[job.uuid] = error
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            key = (type(error), place and place.tb_frame.f_code, place and place.tb_lineno)
            words = self._described.get(key) or self._described.setdefault(key, self._describe(error))
        with suppress(UnsoundRow):
            job = self._ledger.fresh(job)
        with suppress(Exception):  # who is told may be what is broken
            self._chronicle.trouble(job, code, words)
        return job

    async def _advance(self, job: Job, *, wait: bool) -> Job:
        job = self._ledger.fresh(job)
        if self._account not in (None, job.account):
            return await self._bring_copies(job)
        if job.state in ENDS and job.state is not State.DONE:
            job = await self._look_again(job)
        if job.state in UNSENT and not self._may_send:
            job = await self._ask_only(job)
        elif job.state in UNSENT:
            await self._admission.enter(job.uuid)
            job = await self._sender.settle(job)
        self._admission.leave(job.uuid)
        return await self._wait(job) if wait else job

    async def _ask_only(self, job: Job) -> Job:
        """A job in doubt, as the service knows it; where it does not, the doubt stays for a person to end."""
        if job.state is State.PREPARED or job.sent_at is None:
            return job
        try:
            standing = await self._asker.ask(job)
        except QuestionRefused as error:
            self._chronicle.trouble(job, error.code, str(error))
            return job
        if standing.state is None:
            words = "the service does not know it so far; it was only asked for, nothing was sent"
            self._chronicle.trouble(job, "unclear", words)
            return job
        return self._chronicle.apply(job, standing.as_of_doubtful())

    async def _look_again(self, job: Job) -> Job:
        """Asks once more about a job that has ended without a video; nothing is sent, and one may be found.

        What a person gave up is asked for only where a person names it; so is what was never taken.
        """
        is_given_up = job.state is State.REJECTED or job.code == ABANDONED
        if is_given_up and not self._is_named:
            return job
        try:
            standing = await self._asker.ask(job)
        except QuestionRefused:
            return job
        if job.state is State.REVIEW:
            return self._chronicle.apply(job, standing.as_of_doubtful())
        goes_on = standing.state is State.ACCEPTED and job.state is not State.EXPIRED
        if standing.state is State.READY or (goes_on and (standing.is_at_work or self._is_named)):
            return self._chronicle.apply(job, standing)
        return self._ledger.asked_again(job)

    async def _wait(self, job: Job) -> Job:
        job = await self._wait_once(job)
        # A video that was named before it was made is waited for once more.
        return await self._wait_once(job) if job.state is State.ACCEPTED and job.uuid not in self.troubles else job

    async def _wait_once(self, job: Job) -> Job:
        if job.state is State.ACCEPTED:
            known = {result.video_uuid for result in self._ledger.results(job) if result.is_there}
            try:
                job = self._chronicle.apply(job, await self._poller.end_of(job, known))
            except NoEnd as error:
                self._chronicle.trouble(job, error.code, str(error))
        if job.state is State.READY or (job.state is State.DONE and not self._deliverer.is_delivered(job)):
            job = await self._bring_home(job)
        return job

    async def _watch(self, job: Job, *, wait: bool) -> Job | None:
        """Waits while another process carries a job, and takes it over should that one die.

        None where the ledger does not have it any more.
        """
        while self._ledger.get(job.service, job.uuid) is not None:
            self._tell(News(job, held_elsewhere=True))
            await asyncio.sleep(_WATCH_SECONDS)
            job = self._ledger.fresh(job)
            if (job.state in BOUGHT and not wait) or self._ledger.hold([job]):
                return self._ledger.fresh(job)
        return None

    async def _bring_copies(self, job: Job) -> Job:
        """What another key paid for comes from disk alone, and the job stays as it is."""
        if job.state is State.DONE and not self._deliverer.is_delivered(job):
            try:
                await self._deliverer.deliver(job, is_ours=False)
            except NotOnDisk as error:
                words = f"{error}: set RUNWARE_API_KEY to that key and run `storyboard resume {job.uuid[:8]}`"
                self._chronicle.trouble(job, "anotherKey", words)
            except Undelivered as error:
                self._chronicle.trouble(job, "undelivered", _still_kept(job, error))
        return job

    async def _bring_home(self, job: Job) -> Job:
        try:
            remark = await self._deliverer.deliver(job)
        except Undelivered as error:
            if not self._ledger.is_last_holder(job):
                raise LeaseLost from None  # and whoever has it may have brought the very same files home
            if isinstance(error, Unfinished) and job.state is State.READY and job.uuid not in self._waited_again:
                self._waited_again.add(job.uuid)
                return self._chronicle.move(job, State.ACCEPTED)
            self._chronicle.trouble(job, error.code, _still_kept(job, error))
        except Lost as error:
            if not self._ledger.is_last_holder(job):
                raise LeaseLost from None
            return self._chronicle.move(job, State.EXPIRED, "expired", str(error))
        else:
            odd = (ODD_LENGTH, remark) if job.code is None and remark is not None else (job.code, job.message)
            return self._chronicle.move(job, State.DONE, *odd)
        return job


def _still_kept(job: Job, error: Undelivered) -> str:
    return f"{error}; it is {job.kept_words}, run `storyboard resume`"
