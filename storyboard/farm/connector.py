"""Procrastinate's line to PostgreSQL with patience: a database that is restarted stops no worker and loses no job."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar, cast

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException

from storyboard.farm.database import in_words, is_outage
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from storyboard.farm.database import Connection

_T = TypeVar("_T")


class PatientConnector(PsycopgConnector):
    """Tries again what the database did not answer, for `patience` seconds.

    What was asked may have been done all the same. That is harmless for all that workers ask but two things: a task
    handed out in an answer that was lost, which `outages` tells of, and a task ended twice, which is let pass.
    """

    patience = 600.0
    """How long a database that is gone is tried, in seconds."""
    outages = 0
    """How often it was gone and came back."""

    def __init__(self, **pool: Any) -> None:
        """`pool` is for psycopg's pool of connections."""
        super().__init__(**pool)
        self.tell: Callable[[str], None] = lambda _: None
        """Hears, in words, when the database is gone and when it is back."""
        self._gone_since: float | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A line from the pool, as one transaction."""
        async with self.pool.connection() as connection:
            yield cast("Connection", connection)

    async def patiently(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        """What `ask` gives, once the database answers; SubmitError where it does not for too long."""
        tried = 0
        while True:
            try:
                answer = await ask()
            except (ConnectorException, psycopg.Error) as error:
                cause = error if isinstance(error, psycopg.Error) else error.__cause__
                if not isinstance(cause, psycopg.Error) or not is_outage(cause):
                    raise
                self._note_outage(cause)
                tried += 1
                await asyncio.sleep(min(0.1 * 2.0**tried, 2.0))
            else:
                self._note_answer()
                return answer

    def _note_outage(self, cause: psycopg.Error) -> None:
        if self._gone_since is None:
            self._gone_since = monotonic()
            self.tell(f"{in_words(cause)}; jobs go on meanwhile, it is tried for {self.patience / 60:g} minutes")
        if monotonic() - self._gone_since > self.patience:
            raise SubmitError(Kind.SERVICE, f"{in_words(cause)}; all work is kept, start the worker again") from None

    def _note_answer(self) -> None:
        if self._gone_since is not None:
            self._gone_since = None
            self.outages += 1
            self.tell("the farm's database is back")

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Does something, once the database answers; a task that is not there to be ended any more is let pass."""
        try:
            await self.patiently(partial(super().execute_query_async, query, **arguments))
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.errors.RaiseException):
                raise

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """One row, once the database answers."""
        return await self.patiently(partial(super().execute_query_one_async, query, **arguments))

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """All rows, once the database answers."""
        return await self.patiently(partial(super().execute_query_all_async, query, **arguments))
