"""Carries jobs from wherever they are to their end: ask, send once, wait, bring home."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storyboard.jobs import leases
from storyboard.jobs.admission import Admission
from storyboard.jobs.asking import Asker, QuestionRefused
from storyboard.jobs.delivery import Deliverer, Lost, NotOnDisk, Undelivered
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.line import Line
from storyboard.jobs.news import Chronicle, News, Trouble
from storyboard.jobs.polling import NoEnd, Poller
from storyboard.jobs.sending import LeaseLost, Sender
from storyboard.jobs.states import BOUGHT, ODD_LENGTH, UNSENT, State
from storyboard.jobs.stopping import StopRun, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.pace import Gate, Pace
    from storyboard.jobs.rows import Job, Order
    from storyboard.runware.client import Client
    from storyboard.runware.videos import VideoHost

__all__ = ["Carrier", "News", "Trouble"]

_WATCH_SECONDS = 0.5


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
    ) -> None:
        """`tell` hears of every change, `finished` of each job that this run has finished with.

        About jobs of other keys than the `account` (a fingerprint; None: there are none) the service is not asked.
        Runs at one service share a `gate`, so that a pause which it asks for is everybody's.
        """
        self._ledger = ledger
        self._account = account
        self._may_send = True
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
        self.stop: StopRun | None = None
        """Why the whole run ended early."""

    async def run(self, jobs: Iterable[Job], *, wait: bool = True, send: bool = True) -> None:
        """Carries these jobs on; without `wait` only until the service has them, without `send` by questions alone.

        Ends early, with `stop` set, where the service cannot be reached or refuses the account.
        """
        mine = list({job.uuid: job for job in jobs}.values())
        self._may_send = send
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
            self._ledger.renew(jobs)

    async def _carry(self, job: Job, *, wait: bool, held: bool) -> None:
        while True:
            if not held:
                self._admission.leave(job.uuid)
                watched = await self._watch(job, wait=wait)
                if watched is None:
                    words = "it was taken out of the ledger meanwhile, and was not sent: submit its storyboard again"
                    self._chronicle.trouble(job, "forgotten", words)
                    break
                job = watched
            try:
                job = await self._advance(job, wait=wait)
                break
            except LeaseLost:
                held = False
            finally:
                self._admission.leave(job.uuid)
                self._ledger.release(job)
        self._finished(job)

    async def _advance(self, job: Job, *, wait: bool) -> Job:
        job = self._ledger.fresh(job)
        if self._account not in (None, job.account):
            return await self._bring_copies(job)
        if job.state in (State.EXPIRED, State.REVIEW):
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
        return self._chronicle.apply(job, standing)

    async def _look_again(self, job: Job) -> Job:
        """Asks once more about a job that was given up; nothing is sent, and it may have been found since."""
        try:
            standing = await self._asker.ask(job)
        except QuestionRefused:
            return job
        if job.state is State.EXPIRED and standing.state is not State.READY:
            return job
        return self._chronicle.apply(job, standing)

    async def _wait(self, job: Job) -> Job:
        if job.state is State.ACCEPTED:
            known = {result.video_uuid for result in self._ledger.results(job)}
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
            self._chronicle.trouble(job, error.code, _still_kept(job, error))
        except Lost as error:
            return self._chronicle.move(job, State.EXPIRED, "expired", str(error))
        else:
            odd = (ODD_LENGTH, remark) if job.code is None and remark is not None else (job.code, job.message)
            return self._chronicle.move(job, State.DONE, *odd)
        return job


def _still_kept(job: Job, error: Undelivered) -> str:
    return f"{error}; it is {job.kept_words}, run `storyboard resume`"
