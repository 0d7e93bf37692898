"""The farm's tables, made where they are missing: Procrastinate's own, and beside them what jobs came to."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from procrastinate.schema import SchemaManager

from storyboard.farm.database import connected
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from storyboard.farm.database import Connection

_LOCK = 0x5B0A4D
"""Of the database's advisory locks the one under which tables are made."""
_LATEST = "procrastinate_retry_job_v2"
"""A function that Procrastinate's tables have from the version on that the farm needs."""


async def ensure_schema() -> None:
    """Makes what is missing, once, whoever comes first. Raises SubmitError."""
    async with connected() as connection:
        if await _has(connection, "storyboard_farm_days") and await _has_function(connection, _LATEST):
            return
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        if not await _has(connection, "procrastinate_jobs"):
            await connection.execute(SchemaManager.get_schema())
        elif not await _has_function(connection, _LATEST):
            words = "Procrastinate's tables in the farm's database are of an older version: apply its migrations first"
            raise SubmitError(Kind.PERSON, f"{words} (procrastinate --app storyboard.farm.app.app schema --help)")
        await connection.execute(_own())


async def _has(connection: Connection, table: str) -> bool:
    row = await (await connection.execute("SELECT to_regclass(%s) AS found", (table,))).fetchone()
    return row is not None and row["found"] is not None


async def _has_function(connection: Connection, name: str) -> bool:
    row = await (await connection.execute("SELECT to_regproc(%s) AS found", (name,))).fetchone()
    return row is not None and row["found"] is not None


def _own() -> bytes:
    return files("storyboard.farm").joinpath("schema.sql").read_bytes()
