"""The ledger's tables, as `schema.sql` beside this describes them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

VERSION = 1


def make_tables(connection: sqlite3.Connection) -> None:
    """Makes them in an empty database, as part of a transaction that is under way."""
    # One by one: `executescript` would end the transaction.
    for statement in files("storyboard.jobs").joinpath("schema.sql").read_text().split(";\n"):
        if statement.strip():
            connection.execute(statement)
