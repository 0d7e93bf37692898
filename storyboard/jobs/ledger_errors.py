"""Why a ledger cannot be used, and what to do about it."""

from __future__ import annotations

import os
import sqlite3
from typing import Literal

from storyboard.disk import has_locks

REBUILD = "`storyboard jobs rebuild` keeps that file and begins a new one from the receipts beside the videos"

Reason = Literal["damaged", "newer", "unusable"]


class LedgerError(OSError):
    """The ledger cannot be used; the text says why and what to do."""

    def __init__(
        self,
        why: str,
        path: str | os.PathLike[str],
        *,
        advice: str | None = None,
        reason: Reason = "unusable",
        passes: bool = False,
    ) -> None:
        super().__init__(None, why, os.fspath(path))
        self.advice = advice
        self.reason = reason
        """"damaged": no program can read all of it. "newer": a newer version of storyboard can."""
        self.passes = passes
        """Whether it may go by itself: another process has the file, or the disk is full. Rights do not."""

    def __str__(self) -> str:
        words = f"{self.strerror} ({self.filename})"
        return words if self.advice is None else f"{words}; {self.advice}"


class UnsoundRow(LedgerError):
    """A row that storyboard would not have written; what belongs to other jobs can be used."""


_MACHINE = frozenset((3, 5, 6, 7, 8, 9, 10, 13, 14, 15, 23))
"""SQLite's codes for what is the machine's trouble and not the file's: locks, memory, rights, the disk."""
_MACHINE_WORDS = ("full", "locked", "busy", "I/O", "readonly", "unable to open", "out of memory", "interrupted")


def from_sqlite(error: sqlite3.Error | UnicodeDecodeError, path: str | os.PathLike[str]) -> LedgerError:
    """What SQLite says, with what to do; it may not even be able to say it."""
    words = f"the ledger cannot be used: {error if isinstance(error, sqlite3.Error) else 'it is malformed'}"
    if _is_of_the_file(error):
        return LedgerError(words, path, advice=REBUILD, reason="damaged")
    if _is_about_locks(error) and not has_locks(os.path.dirname(path) or os.curdir):
        words = "the ledger cannot be used: the file system that it lies on knows no locks"
        return LedgerError(words, path, advice="name a folder on another disk with STORYBOARD_STATE_DIR")
    is_full = "full" in str(error) or "I/O" in str(error)
    passes = not any(word in str(error) for word in ("readonly", "unable to open", "not authorized", "denied"))
    return LedgerError(words, path, advice="free some space and run it again" if is_full else None, passes=passes)


def _is_about_locks(error: Exception) -> bool:
    """Busy, or an error of input and output, or of the protocol of locks: what SQLite makes of a lock that failed."""
    return any(word in str(error) for word in ("locked", "locking", "busy", "I/O"))


def unsound(table: str, path: str | os.PathLike[str]) -> UnsoundRow:
    """A row that storyboard would not have written."""
    words = f"the ledger cannot be used: a row of its {table} makes no sense"
    return UnsoundRow(words, path, advice=REBUILD, reason="damaged")


def _is_of_the_file(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return False
    if code is not None:
        return code & 0xFF not in _MACHINE
    if isinstance(error, UnicodeDecodeError):
        return True
    return isinstance(error, sqlite3.DatabaseError) and not any(word in str(error) for word in _MACHINE_WORDS)


def from_newer(path: str | os.PathLike[str]) -> LedgerError:
    """A ledger that this version does not understand."""
    words = "the ledger was written by a newer version of storyboard"
    return LedgerError(words, path, advice=f"update storyboard; without it, {REBUILD}", reason="newer")
