"""What all tasks of a worker share: one line to the service, one poller, one ledger, one way from task to outcome."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

from storyboard.farm import records
from storyboard.farm.app import connector
from storyboard.farm.database import in_words as in_words_of_database
from storyboard.farm.payload import NotOurs, Payload, genuine_takes, seal_takes
from storyboard.farm.putting_back import TRIES, EndedBadly, PutBack, later, tomorrow
from storyboard.folders import stray_link
from storyboard.jobs.naming import keep_places, note_name
from storyboard.jobs.news import Trouble
from storyboard.jobs.standing import StandingCarrier
from storyboard.jobs.states import ENDS, UNSENT, State
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.wire import NotFilledIn, fill_in
from storyboard.runware.messages import Item
from storyboard.submitting.crash import describe
from storyboard.submitting.errors import SubmitError
from storyboard.submitting.outcome import in_words, job_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from procrastinate.jobs import Job as QueuedTask

    from storyboard.farm.database import Connection
    from storyboard.farm.records import Record
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.news import News
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job, Order
    from storyboard.submitting.service import Lines

_T = TypeVar("_T")
_FLUSH_SECONDS = 1.0
_ENDLESS = ("unreachable", "account", "environment", "ledger")
"""Troubles that are nothing of the job's, and are tried again for as long as they last."""
_FATAL = ("account", "environment", "ledger")
"""Reasons for which this worker can carry nothing any more until a person has acted."""


class Crew:
    """One worker process at one account."""

    def __init__(
        self,
        ledger: Ledger,
        lines: Lines,
        account: Account,
        pace: Pace,
        *,
        stalled_after: float,
        tell: Callable[[str], None],
    ) -> None:
        """`stalled_after`: seconds of silence after which a worker is taken for dead; `tell` hears words."""
        self._ledger = ledger
        self._lines = lines
        self._account = account
        # Nobody else is given a task of this worker before two thirds of that time have gone by since a sign of life.
        self._pace = replace(pace, fresh=min(pace.fresh, stalled_after / 2))
        self._tell = tell
        self._carrier: StandingCarrier | None = None
        self._standing: asyncio.Task[None] | None = None
        self._accepted: set[str] = set()
        self._records: dict[str, Record] = {}
        """By UUID, of the jobs that are carried."""
        self._over_budget = False
        self._ahead = timedelta(0)
        """By how much the database's clock is ahead of this machine's."""
        self.stalled_after = stalled_after
        self.running: set[int] = set()
        """Numbers of the tasks that this worker works on."""
        self.fatal: StopRun | None = None
        """Why this worker has to end."""
        self.ended = asyncio.Event()
        """Set together with `fatal`."""

    async def carry(self, task: QueuedTask, arguments: dict[str, Any]) -> None:
        """From a task's arguments to the outcome in the database. Raises PutBack or EndedBadly."""
        number = task.id or 0
        self.running.add(number)
        try:
            await self._carry(task, arguments)
        except (PutBack, EndedBadly, SubmitError):
            raise
        except Exception as error:  # noqa: BLE001 - the task comes again, and people are told
            self._tell(in_words_of_database(error) if isinstance(error, psycopg.Error) else describe(error))
            raise (later(task.attempts, self._ahead) if task.attempts + 1 < TRIES else EndedBadly()) from None
        finally:
            self.running.discard(number)

    async def close(self) -> None:
        """Ends all lines; what is under way goes on at the service, and with another worker."""
        if self._standing is not None:
            self._standing.cancel()
            with suppress(asyncio.CancelledError):
                await self._standing

    async def note_accepted_jobs(self) -> None:
        """Writes down, now and then, which jobs the service has; runs until it is cancelled."""
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            if self._accepted:
                batch, self._accepted = sorted(self._accepted), set()
                try:
                    await self._ask(partial(records.note_accepted, uuids=batch))
                except Exception as error:  # noqa: BLE001 - without the note another worker asks the service
                    self._tell(in_words_of_database(error) if isinstance(error, psycopg.Error) else describe(error))

    async def _carry(self, task: QueuedTask, arguments: dict[str, Any]) -> None:
        try:
            payload = Payload.opened(arguments, self._account)
        except NotOurs as error:
            self._tell(f"task {task.id} is refused: {error}; nothing was sent for it")
            raise EndedBadly from None
        record = await self._ask(partial(records.record_of, uuid=payload.uuid))
        if record is None or record.is_settled:
            return
        self._ahead = record.ahead
        if (trouble := _unfit(payload, record)) is not None:
            await self._put_back(task, payload, record, trouble)
        reserved = "before" if record.reserved_at else await self._ask(partial(records.reserve, uuid=payload.uuid))
        if reserved == "over":
            await self._wait_for_budget(payload)
        self._over_budget = False
        job = self._as_it_stands(payload, record, is_new=reserved == "now")
        frame = await self._frame(payload) if job.state in UNSENT else None
        if frame is None and payload.frame is not None and job.state in UNSENT:
            await self._put_back(task, payload, record, Trouble("frame", "its first frame is not in the database"))
        job, left = await self._taken_on(self._written_down(job, frame, record), record)
        if left is None or job.state in ENDS:
            await self._end(job, record, None)
            return
        if reserved == "now" and job.was_never_sent:
            await self._ask(partial(records.release, uuid=job.uuid))
        await self._put_back(task, payload, record, left)

    def _as_it_stands(self, payload: Payload, record: Record, *, is_new: bool) -> Job:
        has_takes = bool(self._takes(payload.uuid, record))
        return _as_it_stands(payload.job(self._account), record, is_new=is_new, has_takes=has_takes)

    def _takes(self, uuid: str, record: Record) -> list[dict[str, Any]]:
        """Finished videos by what a worker with this key has told of them; of others the service is asked."""
        told = (genuine_takes(line, uuid, self._account) for line in record.told)
        return next((takes for takes in told if takes), [])

    async def _taken_on(self, job: Job, record: Record) -> tuple[Job, Trouble | None]:
        """A job at its end, or as far as it came, and what kept it from its end."""
        self._records[job.uuid] = record
        try:
            return await (await self._carrier_now()).take_on(job)
        except StopRun as stop:
            self._note_stop(stop)
            return self._ledger.fresh(job), Trouble(stop.code, stop.message)
        finally:
            if self._records.get(job.uuid) is record:
                del self._records[job.uuid]

    async def _frame(self, payload: Payload) -> bytes | None:
        return None if payload.frame is None else await self._ask(partial(records.frame_bytes, sha256=payload.frame))

    def _written_down(self, job: Job, frame: bytes | None, record: Record) -> Job:
        """The job in this worker's ledger, as far as anybody has come with it, with everybody who wants it."""
        with self._ledger.transaction():
            wanted, job = job, self._ledger.add(job, frame, None)
            if wanted.state is State.UNKNOWN and job.was_never_sent:
                job = self._ledger.doubt(job, wanted.sent_at)  # another worker had it since it was here
            for place in record.places:
                if place.order.folder:
                    self._ledger.add_order(job, place.order)
                    note_name(self._ledger, place.order, place.name)
            if job.state is State.READY:
                self._ledger.add_results(job, [_item(job, take) for take in self._takes(job.uuid, record)])
                self._keep_places(job, record)
        return job

    async def _put_back(self, task: QueuedTask, payload: Payload, record: Record, trouble: Trouble) -> None:
        """Raises PutBack, or EndedBadly where this was the last try."""
        if task.attempts + 1 >= TRIES and trouble.code not in _ENDLESS:
            known = self._ledger.get(payload.service, payload.uuid)
            guess = self._as_it_stands(payload, record, is_new=record.reserved_at is None)
            await self._end(known or guess, record, trouble)
        await self._note_trouble(payload.uuid, trouble)
        raise later(task.attempts, self._ahead)

    async def _wait_for_budget(self, payload: Payload) -> None:
        if not self._over_budget:
            self._over_budget = True
            self._tell("today's budget is spent; what waits goes on tomorrow (UTC), or after `storyboard farm budget`")
        await self._note_trouble(payload.uuid, Trouble("budget", "it waits for a day whose budget it fits into"))
        raise tomorrow(self._ahead)

    async def _end(self, job: Job, record: Record, trouble: Trouble | None) -> None:
        """Writes down what came of a job and says it. Raises EndedBadly where that is no video."""
        self._accepted.discard(job.uuid)
        lines = [(order, self._line(job, order, trouble)) for order in (place.order for place in record.places)]
        sealed = [(order, seal_takes(line, job.uuid, self._account)) for order, line in lines]
        await self._ask(partial(records.end, job=job, lines=sealed))
        for _, line in lines:
            self._tell(in_words(line))
        if job.state is not State.DONE:
            raise EndedBadly

    def _line(self, job: Job, order: Order, trouble: Trouble | None) -> dict[str, Any]:
        line = job_json(self._ledger, job, order, shown=order.shown, trouble=trouble)
        for take in line["takes"]:
            take["path"] = None if take["path"] is None else os.path.abspath(take["path"])
        return line

    async def _note_trouble(self, uuid: str, trouble: Trouble) -> None:
        await self._ask(partial(records.note_trouble, uuid=uuid, code=trouble.code, message=trouble.message))

    async def _ask(self, ask: Callable[[Connection], Awaitable[_T]]) -> _T:
        """One transaction, once the database answers."""

        async def once() -> _T:
            async with connector.connection() as connection:
                return await ask(connection)

        return await connector.patiently(once)

    # the line to the service

    async def _carrier_now(self) -> StandingCarrier:
        """The carrier that all tasks share; a new one where the last has ended, say because the service was silent."""
        if self._carrier is None or self._standing is None or self._standing.done():
            ready = asyncio.Event()
            carrier = StandingCarrier(
                self._ledger, self._lines.client, self._lines.host, pace=self._pace, tell=self._hear, describe=describe
            )
            self._carrier, self._standing = carrier, asyncio.create_task(carrier.stand_by(ready))
            self._ready = ready
            self._standing.add_done_callback(self._tell_bug)
        await self._ready.wait()
        return self._carrier

    def _tell_bug(self, standing: asyncio.Task[None]) -> None:
        if not standing.cancelled() and isinstance(error := standing.exception(), Exception):
            self._tell(describe(error))

    def _hear(self, news: News) -> None:
        if news.job.state is State.ACCEPTED:
            self._accepted.add(news.job.uuid)
        elif news.job.state is State.READY and (record := self._records.get(news.job.uuid)) is not None:
            self._keep_places(news.job, record)

    def _keep_places(self, job: Job, record: Record) -> None:
        for place in record.places:
            if place.order.folder:
                keep_places(self._ledger, job, place.order, place.name, place.first)

    def _note_stop(self, stop: StopRun) -> None:
        if stop.code in _FATAL:
            self.fatal = stop
            self.ended.set()
        elif self._standing is not None and self._standing.done() and self._carrier is not None:
            self._carrier = None
            self._tell(stop.message)


def _as_it_stands(job: Job, record: Record, *, is_new: bool, has_takes: bool) -> Job:
    """A job as far as any worker has come with it; one that may have been sent is in doubt."""
    sent_at = None if record.reserved_at is None else record.reserved_at.timestamp()
    accepted_at = None if record.accepted_at is None else record.accepted_at.timestamp()
    if is_new:
        state, sent_at = State.PREPARED, None
    elif record.state in (State.READY, State.DONE) and has_takes:
        state = State.READY
    elif record.state in UNSENT:
        state = State.UNKNOWN
    else:
        state = State.ACCEPTED if record.state in (State.READY, State.DONE) else record.state
    return replace(job, state=state, sent_at=sent_at, accepted_at=accepted_at)


def _item(job: Job, take: dict[str, Any]) -> Item:
    return Item(job.uuid, "success", take["video"], take["url"], take["cost"], take["seed"])


def _unfit(payload: Payload, record: Record) -> Trouble | None:
    """What this machine lacks for a job; better known before anything is paid."""
    for key in ("uploadEndpoint", "webhookURL"):
        try:
            fill_in(str(payload.request[key])) if key in payload.request else None
        except NotFilledIn as error:
            return Trouble("environment", f"on {os.uname().nodename}: {error}")
    for place in record.places:
        if place.order.folder and (stray := stray_link(place.order.folder, place.order.file)) is not None:
            words = f"{place.order.folder} leads to {stray} by a link in the project on {os.uname().nodename}"
            return Trouble("folder", f"{words}: take the link away, or submit with another --out")
    for folder in {place.order.folder for place in record.places} - {""}:
        if not os.access(folder, os.W_OK | os.X_OK):
            return Trouble("folder", f"nothing can be written to {folder} on {os.uname().nodename}: share it")
    return None
