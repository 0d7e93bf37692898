"""Jobs under way in the desk's thread: written down, carried to their end, each by one run at a time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from storyboard.compiler.price import dollars
from storyboard.jobs.carrier import Carrier, Trouble
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.pace import Gate
from storyboard.jobs.plan import Planner, Step
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import ENDS
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.wire import without_values
from storyboard.submitting import books
from storyboard.submitting.accounts import account, require_drawing
from storyboard.submitting.belonging import belonging
from storyboard.submitting.choosing import jobs_to_resume
from storyboard.submitting.crash import describe
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.events import Broken, Changed, Finished, Refused, Stopped
from storyboard.submitting.guarding import refuse_above, refuse_missing_variables, refuse_stopped, total_cost
from storyboard.submitting.loads import Load, loads_of, next_attempt, write_all, write_down
from storyboard.submitting.outcome import in_words, job_json
from storyboard.submitting.sandboxed import void_lost_jobs
from storyboard.submitting.service import open_lines, pace
from storyboard.submitting.views import key_of, view

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from decimal import Decimal

    from storyboard.addresses import Disclosure
    from storyboard.jobs.carrier import News
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job
    from storyboard.submitting.events import Event
    from storyboard.submitting.offers import Offer
    from storyboard.submitting.views import Key, Notes


class _Carried:
    """A job that a run carries, for these orders, until `ended` is set."""

    def __init__(self, *, send: bool = True) -> None:
        self.send = send
        """Whether it may be sent, where the service does not know it."""
        self.orders: set[tuple[str, str]] = set()
        self.ended = asyncio.Event()


class Runs:
    """All runs of a desk; made, used and closed in its thread. Its coroutines raise nothing: they tell."""

    def __init__(self, tell: Callable[[Event], None], notes: Notes, poll_interval: float | None) -> None:
        self._tell = tell
        self._notes = notes
        self._poll_interval = poll_interval
        self._opened: Ledger | None = None
        self._carried: dict[Key, _Carried] = {}
        self._told: dict[Key, tuple[object, ...]] = {}
        self._buying_another = asyncio.Lock()
        self._gates: defaultdict[str, Gate] = defaultdict(Gate)
        """By service: what it asks one run to wait, all of them wait."""
        self._bought: dict[str, Job] = {}
        """By the UUID that was offered, the job that was bought for it."""

    @property
    def _ledger(self) -> Ledger:
        if self._opened is None:
            self._opened = books.open_ledger()
        return self._opened

    def close(self) -> None:
        """Lets go of the ledger."""
        if self._opened is not None:
            self._opened.close()

    async def submit(self, offer: Offer, max_cost: Decimal | None) -> None:
        """Buys what was offered and carries it to its end; tells why where it does not."""
        refused = partial(Refused, offer.files)
        try:
            payer = _payer(offer)
            loads = await self._written(offer, payer, max_cost)
        except SubmitError as error:
            self._tell(refused(error.kind, "\n".join((*error.lines, error.message))))
        except StopRun as stop:
            self._tell(refused(Kind.SERVICE, stop.message))
        except LedgerError as error:
            self._tell(refused(Kind.SERVICE, f"{error}; nothing was sent"))
        except Exception as error:  # noqa: BLE001 - the editor is told, and the thread goes on
            self._tell(Broken(describe(error)))
        else:
            await self._safely(self._carry(payer, loads))

    async def resume(self, jobs: Sequence[str] | None) -> None:
        """Carries these jobs on, by how their UUIDs begin, or all that are unfinished."""
        await self._safely(self._resume(jobs))

    async def _resume(self, prefixes: Sequence[str] | None) -> None:
        if not books.has_ledger() and not prefixes:
            return
        ledger = self._ledger
        chosen = jobs_to_resume(ledger, prefixes)
        services = sorted({job.service for job in chosen})
        await asyncio.gather(
            *(
                self._safely(
                    self._resume_at(service, [job for job in chosen if job.service == service], is_named=bool(prefixes))
                )
                for service in services
            )
        )

    async def _resume_at(self, service: str, jobs: list[Job], *, is_named: bool) -> None:
        found = belonging(self._ledger, service, jobs)
        if found.words is not None:
            left = {job.uuid for job in jobs} - {job.uuid for job in found.mine}
            self._tell(Stopped(tuple(sorted(left)), found.words))
        if found.payer is not None:
            loads = [load for job in found.mine for load in loads_of(self._ledger, job)]
            await self._carry(found.payer, loads, is_named=is_named)

    async def watch(self, file: str) -> None:
        """Carries on what the service has, or may have, of a storyboard's jobs, by its real path; sends nothing."""
        await self._safely(self._watch(file))

    async def _watch(self, file: str) -> None:
        ledger = self._ledger
        jobs = [job for job in ledger.wanted_by(file) if job.may_be_there]
        for service in sorted({job.service for job in jobs}):
            with suppress(SubmitError):  # without a key, or without what the sandbox draws with, they are left
                found = belonging(ledger, service, [job for job in jobs if job.service == service])
                if found.payer is not None:
                    loads = [load for job in found.mine for load in loads_of(ledger, job)]
                    await self._carry(found.payer, loads, send=False)

    async def _safely(self, work: Awaitable[None]) -> None:
        try:
            await work
        except SubmitError as error:
            self._tell(Stopped((), error.message))
        except Exception as error:  # noqa: BLE001 - the editor is told, and the thread goes on
            self._tell(Broken(describe(error)))

    # from an offer to jobs that are written down

    async def _written(self, offer: Offer, payer: Account, max_cost: Decimal | None) -> list[Load]:
        """The offer's jobs in the ledger; between planning and writing nothing else of this desk happens."""
        ledger = self._ledger
        if offer.sandbox:
            void_lost_jobs(ledger)
        planner = Planner(ledger, payer)
        steps = list(offer.steps) if offer.again else planner.plan([step.wanted for step in offer.steps])
        refuse_stopped(steps, "sent")
        refuse_missing_variables(steps)
        if not offer.sandbox:
            _refuse_dearer(total_cost(steps), offer, max_cost)
        if offer.again:
            async with self._buying_another:
                return await self._others(planner, payer, steps, offer.told)
        return write_all(ledger, steps, offer.told)

    async def _others(
        self, planner: Planner, payer: Account, steps: list[Step], told: Sequence[Disclosure]
    ) -> list[Load]:
        """Jobs that nobody anywhere knows; for what was bought since it was offered, the job that was."""
        loads: list[Load] = []
        ledger = self._ledger
        async with open_lines(payer) as lines:
            asked_at = pace(payer.service, self._poll_interval)
            carrier = Carrier(ledger, lines.client, lines.host, pace=asked_at, gate=self._gates[payer.service])
            for step in steps:
                offered = step.job
                job = self._bought.get(offered.uuid) or ledger.get(offered.service, offered.uuid)
                if job is None:
                    new_job = partial(planner.new_job, step.wanted)
                    order = step.wanted.order
                    job, found = await carrier.free_attempt(new_job, next_attempt(ledger, step), order)
                    loads += [Load(one, order, order.shown, reused=True) for one in found]
                self._bought[offered.uuid] = job
                loads.append(write_down(ledger, Step(step.wanted, "buy", job), told))
        return loads

    # from jobs that are written down to videos at home

    async def _carry(self, payer: Account, loads: list[Load], *, send: bool = True, is_named: bool = False) -> None:
        """Carries jobs; one that a run of this desk carries already is left to it, and delivered afterwards.

        One that is only asked for, without `send`, is carried anew once that is done.
        """
        if payer.service == SANDBOX and any(load.job.state not in ENDS for load in loads):
            require_drawing()
        mine: list[Load] = []
        later: list[Load] = []
        for load in loads:
            carried = self._carried.get(key_of(load.job))
            if carried is None:
                mine.append(load)
            elif load.order.key not in carried.orders or (send and not carried.send):
                later.append(load)
        claims = self._claim(mine, send=send)
        try:
            for load in loads:
                self._tell(Changed(view(self._ledger, load.job, load.order, self._notes)))
        except BaseException:
            self._free(claims)
            raise
        await asyncio.gather(
            *([self._safely(self._run(payer, mine, claims, send=send, is_named=is_named))] if mine else []),
            *([self._safely(self._carry_later(payer, later, send=send, is_named=is_named))] if later else []),
        )

    def _claim(self, loads: list[Load], *, send: bool) -> dict[Key, _Carried]:
        claims: dict[Key, _Carried] = {}
        for load in loads:
            key = key_of(load.job)
            claims.setdefault(key, _Carried(send=send)).orders.add(load.order.key)
            self._notes.carried.add(key)
            self._notes.seen.add(key)
            self._notes.troubles.pop(key, None)
        self._carried |= claims
        return claims

    def _free(self, claims: dict[Key, _Carried]) -> None:
        """Lets other runs of this desk have these jobs, but for those that they have already."""
        for key, claim in claims.items():
            if self._carried.get(key) is claim:
                del self._carried[key]
                self._notes.carried.discard(key)
                self._notes.elsewhere.discard(key)
                self._notes.progress.pop(key, None)
                self._told.pop(key, None)
            claim.ended.set()

    async def _carry_later(self, payer: Account, loads: list[Load], *, send: bool, is_named: bool) -> None:
        for load in loads:
            if (carried := self._carried.get(key_of(load.job))) is not None:
                await carried.ended.wait()
        fresh = [(self._ledger.fresh(load.job), load) for load in loads]
        again = [Load(job, load.order, load.shown, load.reused) for job, load in fresh]
        await self._carry(payer, again, send=send, is_named=is_named)

    async def _run(
        self, payer: Account, loads: list[Load], claims: dict[Key, _Carried], *, send: bool, is_named: bool
    ) -> None:
        waiting: dict[Key, list[Load]] = {}
        for load in loads:
            waiting.setdefault(key_of(load.job), []).append(load)

        def finished(job: Job) -> None:
            self._finish(job, waiting, carrier.troubles.get(job.uuid))
            self._free({key_of(job): claims[key_of(job)]})

        try:
            async with open_lines(payer) as lines:
                carrier = Carrier(
                    self._ledger,
                    lines.client,
                    lines.host,
                    pace=pace(payer.service, self._poll_interval),
                    account=payer.fingerprint,
                    gate=self._gates[payer.service],
                    tell=lambda news: self._hear(news, waiting),
                    finished=finished,
                    describe=describe,
                )
                await carrier.run([load.job for load in loads], send=send, is_named=is_named)
            if carrier.stop is not None:
                self._stop(carrier.stop, loads, claims)
        finally:
            self._free(claims)

    def _hear(self, news: News, waiting: dict[Key, list[Load]]) -> None:
        key, notes = key_of(news.job), self._notes
        (notes.elsewhere.add if news.held_elsewhere else notes.elsewhere.discard)(key)
        if news.progress is not None:
            notes.progress[key] = news.progress
        now = (news.job.state, notes.progress.get(key), news.held_elsewhere)
        if self._told.get(key) != now:
            self._told[key] = now
            for load in waiting.get(key, ()):
                self._tell(Changed(view(self._ledger, news.job, load.order, notes)))

    def _finish(self, job: Job, waiting: dict[Key, list[Load]], trouble: Trouble | None) -> None:
        key = key_of(job)
        was_elsewhere = key in self._notes.elsewhere
        if trouble is not None:
            self._notes.troubles[key] = trouble
        self._notes.carried.discard(key)
        for load in waiting.get(key, ()):
            reused = True if load.reused is None and was_elsewhere else load.reused
            line = job_json(self._ledger, job, load.order, shown=load.name, reused=reused, trouble=trouble)
            self._tell(Finished(view(self._ledger, job, load.order, self._notes), in_words(line)))

    def _stop(self, stop: StopRun, loads: list[Load], claims: dict[Key, _Carried]) -> None:
        """Tells once what ended a run; each of its jobs that is left shows it until it is carried again."""
        words = stop.message
        left: dict[Key, Job] = {}
        for load in loads:
            words = without_values(load.job, words)
            job = self._ledger.fresh(load.job)
            if job.state not in ENDS and not claims[key_of(job)].ended.is_set():
                left[key_of(job)] = job
        for key in left:
            self._notes.troubles[key] = Trouble(stop.code, words)
            self._notes.carried.discard(key)
        self._tell(Stopped(tuple(job.uuid for job in left.values()), words))
        for load in loads:
            if (job_left := left.get(key_of(load.job))) is not None:
                self._tell(Changed(view(self._ledger, job_left, load.order, self._notes)))


def _payer(offer: Offer) -> Account:
    """The account that the offer was made for. Raises SubmitError where the environment names another by now."""
    payer = account(sandbox=offer.sandbox)
    if (payer.service, payer.fingerprint) != (offer.service, offer.account):
        words = "the key or the service's address has changed since this was offered; nothing was sent"
        raise SubmitError(Kind.MONEY, words)
    return payer


def _refuse_dearer(cost: Decimal, offer: Offer, max_cost: Decimal | None) -> None:
    refuse_above(cost, max_cost)
    if cost > offer.total:
        words = f"this would cost {dollars(cost)} now, {dollars(offer.total)} when it was offered; nothing was sent"
        raise SubmitError(Kind.MONEY, words)
