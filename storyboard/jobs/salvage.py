"""A ledger that cannot be used any more: what is wrong with it, what can be read of it, and how it is replaced."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from storyboard import writing
from storyboard.jobs.schema import make_tables
from storyboard.jobs.soundness import TABLES, is_sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIDES = ("-wal", "-shm")
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)


def is_whole(ledger: Path) -> bool:
    """Whether every page, index and row of a ledger is as storyboard writes them, and its tables are the usual ones."""
    with _copied(ledger) as copy, closing(sqlite3.connect(copy)) as source:
        try:
            if source.execute("PRAGMA integrity_check").fetchall() != [("ok",)] or not _has_our_tables(source):
                return False
            return all(is_sound(table, row) for table in TABLES for row in _rows(source, table, "ASC"))
        except _UNREADABLE:
            return False


def save_rows(old: Path, new: Path) -> int:
    """Copies what can still be read of a damaged ledger and makes sense; how many jobs the new one has now."""
    with _copied(old) as copy, closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(new)) as target:
        source.text_factory = lambda data: data.decode(errors="surrogateescape")
        with target:
            for table in TABLES:
                _take_in(target, table, _readable(source, table))
        return int(target.execute("SELECT count(*) FROM jobs").fetchone()[0])


def put_in_place(new: Path, ledger: Path) -> Path:
    """Puts a new ledger where the old one is, which is kept beside it; where that lies then. Raises OSError.

    The new one must be closed. Whenever this ends, a ledger lies in its place.
    """
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = ledger.with_name(f"{ledger.stem}-kept-{moment}-{os.urandom(2).hex()}{ledger.suffix}")
    writing.keep_beside(ledger, kept)
    for side in _SIDES:
        with suppress(FileNotFoundError):
            writing.put_in_place(ledger.with_name(ledger.name + side), kept.with_name(kept.name + side))
    writing.put_in_place(new, ledger)
    return kept


@contextmanager
def _copied(ledger: Path) -> Iterator[Path]:
    """A copy of a ledger to read from: looking into one changes its files."""
    with TemporaryDirectory(dir=ledger.parent, prefix="reading-") as folder:
        copy = Path(folder, ledger.name)
        for side in ("", *_SIDES):
            with suppress(FileNotFoundError):
                writing.copy_file(ledger.with_name(ledger.name + side), copy.with_name(copy.name + side))
        yield copy


def _has_our_tables(source: sqlite3.Connection) -> bool:
    with closing(sqlite3.connect(":memory:")) as usual:
        make_tables(usual)
        return all(_columns(source, table) == _columns(usual, table) for table in TABLES)


def _columns(source: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return source.execute(f"PRAGMA table_info({table})").fetchall()


def _rows(source: sqlite3.Connection, table: str, order: str) -> Iterator[dict[str, Any]]:
    rows = source.execute(f"SELECT * FROM {table} ORDER BY rowid {order}")  # noqa: S608 - our own names
    names = [column[0] for column in rows.description]
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _readable(source: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    """Rows from the first on until one cannot be read, then from the last back."""
    for order in ("ASC", "DESC"):
        with suppress(*_UNREADABLE):
            yield from _rows(source, table, order)
            return


def _take_in(target: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Adds rows without those that are there and those that make no sense; leases are not taken over."""
    names = [column[1] for column in _columns(target, table)]
    insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - our own names
    free = {"holder": None, "held_until": 0}
    for row in rows:
        if is_sound(table, row):
            with suppress(sqlite3.Error, UnicodeEncodeError):
                target.execute(insert, [free.get(name, row.get(name)) for name in names])
