"""The ledger as everything here opens it: where it is, whether there is one, and words where it cannot be used."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.jobs.ledger import FILE_NAME, Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.paths import state_folder
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def folder() -> Path:
    """The ledger's folder, which may not be there yet; SubmitError where there cannot be one."""
    try:
        place = state_folder()
    except RuntimeError:
        words = "no home folder is known for the ledger: set STORYBOARD_STATE_DIR to a folder, by its whole path"
        raise SubmitError(Kind.ENVIRONMENT, words) from None
    if os.path.lexists(place) and not os.path.isdir(place):
        raise SubmitError(Kind.ENVIRONMENT, f"{place} is not a folder: set STORYBOARD_STATE_DIR to one, for the ledger")
    return place


def ledger_path() -> Path:
    """Where the ledger lies or will lie."""
    return folder() / FILE_NAME


def has_ledger() -> bool:
    """Whether any job was ever written down; True where that cannot be seen, which opening the ledger says."""
    try:
        os.lstat(ledger_path())
    except FileNotFoundError:
        return False
    except OSError:
        pass
    return True


@contextmanager
def looking() -> Iterator[Ledger]:
    """The ledger to plan with, or an empty one where there is none: whatever is written into it is not kept.

    Raises SubmitError where it cannot be used.
    """
    with open_ledger() if has_ledger() else Ledger.in_memory() as ledger, ledger.trial():
        yield ledger


def open_ledger() -> Ledger:
    """The ledger, made where it is missing; SubmitError where it cannot be used."""
    place = folder()
    try:
        return Ledger.open(place)
    except LedgerError as error:
        words = str(error) if error.advice is not None else f"{error}; STORYBOARD_STATE_DIR names its folder"
        raise SubmitError(Kind.where(passes=error.passes), words) from None
