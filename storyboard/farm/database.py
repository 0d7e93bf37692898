"""The farm's database: where it is, lines to it, and words for what is wrong with it; no password is ever shown."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Any, TypeAlias

    Connection: TypeAlias = psycopg.AsyncConnection[dict[str, Any]]

DSN = "STORYBOARD_FARM_DSN"
_OF_LIBPQ = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")
_EXAMPLE = f"{DSN}=postgresql://USER@HOST/DATABASE, its password in PGPASSWORD or ~/.pgpass"
_PATIENCE = 10
"""Seconds that a line may take to open, unless the address says otherwise."""


def conninfo() -> str:
    """The database's address, as libpq reads it; empty where libpq's own variables say it. Raises SubmitError."""
    given = os.environ.get(DSN, "").strip()
    if not given and not any(os.environ.get(name) for name in _OF_LIBPQ):
        raise SubmitError(Kind.ENVIRONMENT, f"no database is named for the farm: set {_EXAMPLE}")
    try:
        parts = conninfo_to_dict(given)
    except psycopg.ProgrammingError:
        # What libpq says would repeat the address, password included.
        raise SubmitError(Kind.ENVIRONMENT, f"{DSN} is no address of a database: set {_EXAMPLE}") from None
    if "connect_timeout" not in parts and "PGCONNECT_TIMEOUT" not in os.environ:
        parts["connect_timeout"] = _PATIENCE
    return psycopg.conninfo.make_conninfo("", **parts)


@asynccontextmanager
async def connected() -> AsyncIterator[Connection]:
    """A line to the database; within it, what the database says against the work is a SubmitError."""
    with as_refusals():
        connection = await psycopg.AsyncConnection.connect(conninfo(), row_factory=dict_row)
        async with connection:
            yield connection


@contextmanager
def as_refusals() -> Iterator[None]:
    """Within it, errors of the database are a SubmitError in words."""
    try:
        yield
    except psycopg.Error as error:
        raise refusal(error) from None


def refusal(error: psycopg.Error) -> SubmitError:
    """What the database says as a refusal: one that passes, or one that a person has to act on."""
    return SubmitError(*_judged(error))


def in_words(error: psycopg.Error) -> str:
    """What the database says, and what to do."""
    return _judged(error)[1]


def _judged(error: psycopg.Error) -> tuple[Kind, str]:
    """Whether a person has to act, and what the database says."""
    said = " ".join((error.diag.message_primary or str(error)).split())
    lowered = said.lower()
    reason = said.rpartition("FATAL: ")[2].removeprefix("connection failed: ")
    if "password" in lowered or "authentication" in lowered or "no pg_hba.conf entry" in lowered:
        return Kind.PERSON, f"the farm's database refuses the user ({reason}): check {DSN}, PGPASSWORD or ~/.pgpass"
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        advice = "its user must own the farm's tables, or make them"
        return Kind.PERSON, f"the farm's database does not allow that ({reason}): {advice}"
    if "does not exist" in lowered and isinstance(error, psycopg.OperationalError):
        return Kind.PERSON, f"the farm's database is not there ({reason}): make it with createdb, or check {DSN}"
    if isinstance(error, psycopg.OperationalError):
        advice = f"check {DSN} and that PostgreSQL runs"
        return Kind.SERVICE, f"the farm's database cannot be reached ({_short(reason)}): {advice}"
    return Kind.SERVICE, f"the farm's database cannot be used ({_short(reason)}); nothing of it is lost, run it again"


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def is_outage(error: BaseException | None) -> bool:
    """Whether an error is about the line or the server, so that the same may well succeed a moment later."""
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
