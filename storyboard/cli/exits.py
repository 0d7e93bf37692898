"""Exit codes, and the one exception that ends a command with words."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What a command's exit code says; other programs rely on it."""

    DONE = 0
    STORYBOARD_ERRORS = 1
    USAGE = 2
    SERVICE = 3
    JOB_FAILED = 4
    MONEY_GUARD = 5
    PERSON = 6
    """A person must act first: running the same again alone does not help. All work is kept."""
    BUG = 70
    INTERRUPTED = 130


class Stop(Exception):
    """Ends the command: `message` goes to standard error, `code` to the shell."""

    def __init__(self, code: Exit, message: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
