"""The three standard streams, whatever the caller made of them: closed, full, in another encoding, cut off."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO

_lost: list[OSError] = []
"""Why data could not be written; a reader that had enough is no reason."""


def open_all() -> None:
    """Makes all three streams usable, and text that they cannot hold into escapes."""
    _lost.clear()
    _fill_descriptors()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _fill_descriptors() -> None:
    """Else the next file that is opened, say the ledger, would become somebody's standard output."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def flush(stream: TextIO) -> None:
    """Hands over what was written; a stream that takes no more is given up."""
    try:
        stream.flush()
    except OSError as error:
        give_up(stream, error)


def give_up(stream: TextIO, error: OSError) -> None:
    """Sends the rest of a stream nowhere, so that the command runs to its end and Python does not complain at exit."""
    if stream is sys.stdout and not isinstance(error, BrokenPipeError):
        _lost.append(error)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def lost() -> OSError | None:
    """Why data of this run could not be written; None where nothing was lost."""
    return _lost[0] if _lost else None
