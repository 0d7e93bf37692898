"""The ledger's tables, as `schema.sql` beside this describes them."""

from __future__ import annotations

import sqlite3
from importlib.resources import files
from time import monotonic, sleep

VERSION = 1
BUSY_SECONDS = 30.0
"""How long a process waits for others to have done with the file."""
_LOOK_AGAIN = 0.01


def write_ahead(connection: sqlite3.Connection) -> None:
    """Turns write-ahead logging on. Two processes that begin a ledger at once do not wait for each other by themselves.

    Raises sqlite3.Error.
    """
    end = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.cursor(sqlite3.Cursor).execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > end:
                raise
            sleep(_LOOK_AGAIN)
        else:
            return


def make_tables(connection: sqlite3.Connection) -> None:
    """Makes them in an empty database, as part of a transaction that is under way."""
    # One by one: `executescript` would end the transaction.
    for statement in files("storyboard.jobs").joinpath("schema.sql").read_text().split(";\n"):
        if statement.strip():
            connection.execute(statement)
