"""A worker: takes tasks from the queue and carries their jobs, until it is told to end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from storyboard import interrupts
from storyboard.farm.app import AT_ONCE, CARRY, RESCUE_QUEUE, app, connector
from storyboard.farm.books import worker_ledger
from storyboard.farm.crew import Crew
from storyboard.farm.database import as_refusals, refusal
from storyboard.farm.payload import queue_of
from storyboard.farm.schema import ensure_schema
from storyboard.submitting.crash import describe
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.submitting.service import open_lines, pace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from storyboard.jobs.plan import Account

_GRACE = 5.0
"""Seconds in which what is being sent may still be answered once the worker is told to end."""
_FETCH_SECONDS = 1.0
"""How often an idle worker looks for tasks; listening instead would need one more connection that a restart breaks."""
_ORPHAN_SECONDS = 3.0


async def work(
    account: Account,
    *,
    concurrency: int,
    stalled_after: float,
    poll_interval: float | None,
    tell: Callable[[str], None],
) -> int | None:
    """Works until SIGTERM, SIGINT or SIGHUP, whose number it gives; tasks under way go to other workers then.

    Raises SubmitError where the database is gone for too long, and where the service refuses the account.
    """
    connector.tell = tell
    # Tasks whose end the database refuses are reported by the database's state, not by a traceback.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    await ensure_schema()
    with worker_ledger() as ledger:
        async with open_lines(account) as lines:
            asked_at = pace(account.service, poll_interval)
            crew = Crew(ledger, lines, account, asked_at, stalled_after=stalled_after, tell=tell)
            with as_refusals():
                async with _opened():
                    tell(f"working for {account.service}, {concurrency} jobs at once")
                    return await _work(crew, account, concurrency)


async def _work(crew: Crew, account: Account, concurrency: int) -> int | None:
    worker = Worker(
        app,
        queues=[queue_of(account), RESCUE_QUEUE],
        concurrency=concurrency,
        fetch_job_polling_interval=_FETCH_SECONDS,
        abort_job_polling_interval=3600.0,
        shutdown_graceful_timeout=_GRACE,
        listen_notify=False,
        delete_jobs="successful",
        additional_context={"crew": crew},
        install_signal_handlers=False,
        update_heartbeat_interval=crew.stalled_after / 3,
        stalled_worker_timeout=crew.stalled_after,
    )
    told = _Told(worker)
    helpers = [
        asyncio.create_task(work) for work in (crew.note_accepted_jobs(), _end_on(crew, worker), _adopt(crew, worker))
    ]
    try:
        with told.listening():
            await _run(worker)
    finally:
        await crew.close()
        await _cancel(helpers)
    if crew.fatal is not None:
        raise SubmitError(Kind.where(passes=crew.fatal.passes), crew.fatal.message)
    if told.signal is None:
        raise SubmitError(Kind.SERVICE, "the farm's database failed the worker; all work is kept, start it again")
    return told.signal


async def _run(worker: Worker) -> None:
    """Runs it, anew where it was silent for so long that another worker has struck it off. Raises SubmitError."""
    while True:
        try:
            await worker.run()
        except ConnectorException as error:
            cause = error.__cause__
            if not isinstance(cause, psycopg.errors.ForeignKeyViolation):
                if isinstance(cause, psycopg.Error):
                    raise refusal(cause) from None
                raise SubmitError(Kind.SERVICE, str(error)) from None
            connector.tell("this worker was silent for too long and was taken for dead; it begins anew")
        else:
            return


@asynccontextmanager
async def _opened() -> AsyncIterator[None]:
    """The App with its pool of connections; closed quickly where the database is gone."""
    await app.open_async()
    try:
        yield
    finally:
        with suppress(TimeoutError, psycopg.Error, ConnectorException):
            await asyncio.wait_for(app.close_async(), _GRACE)


class _Told:
    """Which signal has asked the worker to end."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.signal: int | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Within it, the first SIGTERM, SIGINT or SIGHUP asks the worker to end."""
        loop = asyncio.get_running_loop()
        with interrupts.ending_by(lambda number: loop.call_soon_threadsafe(self._end, number)):
            yield

    def _end(self, number: int) -> None:
        self.signal = number
        self._worker.stop()


async def _end_on(crew: Crew, worker: Worker) -> None:
    """Ends the worker once it can carry nothing any more."""
    await crew.ended.wait()
    worker.stop()


async def _adopt(crew: Crew, worker: Worker) -> None:
    """After each outage, gives back tasks that this worker was given in an answer which never arrived."""
    seen = connector.outages
    while True:
        await asyncio.sleep(_ORPHAN_SECONDS)
        if connector.outages == seen or worker.worker_id is None:
            continue
        before_that, seen = seen, connector.outages
        try:
            before = await _unattended(crew, worker.worker_id)
            await asyncio.sleep(_ORPHAN_SECONDS)
            found = before & await _unattended(crew, worker.worker_id)
        except Exception as error:  # noqa: BLE001 - it is looked again, as long as the worker lives
            seen = before_that
            connector.tell(f"what was handed out in an outage cannot be looked for yet: {describe(error)}")
            continue
        for task in sorted(found):
            await _give_back(task)


async def _give_back(task: int) -> None:
    """One that fails is left to the rescue of tasks whose worker is dead; others are given back all the same."""
    try:
        await app.job_manager.retry_job_by_id_async(task, AT_ONCE)
    except Exception as error:  # noqa: BLE001 - one task's trouble
        connector.tell(f"task {task} cannot be given back: {describe(error)}")


async def _unattended(crew: Crew, worker_id: int) -> set[int]:
    doing = await app.job_manager.list_jobs_async(task=CARRY, status=Status.DOING.value, worker_id=worker_id)
    return {task.id for task in doing if task.id is not None} - crew.running


async def _cancel(helpers: Iterable[asyncio.Task[None]]) -> None:
    for helper in helpers:
        helper.cancel()
    await asyncio.gather(*helpers, return_exceptions=True)
