"""A worker's own ledger: a local file that lives as long as the worker does; none is shared, and none is missed."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from storyboard.disk import may_pass, words_of
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.paths import make_state_folder
from storyboard.submitting import books
from storyboard.submitting.errors import Kind, SubmitError
from storyboard.writing import make_private_folder, open_lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "lock"


@contextmanager
def worker_ledger() -> Iterator[Ledger]:
    """A ledger for this process alone; those of workers that were killed are swept up. Raises SubmitError.

    What a worker must not forget stands in the farm's database before it is done, and the service is asked before
    anything is sent: a task that another worker had begins with that, and not with a ledger.
    """
    folder = books.folder() / "farm"
    place = folder / f"worker-{os.getpid()}-{os.urandom(3).hex()}"
    try:
        with ExitStack() as held:
            _begin(folder, place, held)
            with Ledger.open(place) as ledger:
                yield ledger
            shutil.rmtree(place, ignore_errors=True)
    except LedgerError as error:
        raise SubmitError(Kind.where(passes=error.passes), f"{error}; STORYBOARD_STATE_DIR names its folder") from None
    except OSError as error:
        why = words_of(error)
        words = f"the worker's ledger cannot be made in {folder}: {why}; STORYBOARD_STATE_DIR names its folder"
        raise SubmitError(Kind.where(passes=may_pass(error)), words) from None


def _begin(folder: Path, place: Path, held: ExitStack) -> None:
    """Sweeps up and makes a place, its lock held; one worker after another, so that none takes a new place for left."""
    make_state_folder(folder.parent)
    make_private_folder(folder, is_ours=True)
    with os.fdopen(open_lock(folder / _LOCK), "rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _sweep(folder)
        make_private_folder(place, is_ours=True)
        fcntl.flock(held.enter_context(os.fdopen(open_lock(place / _LOCK), "rb")), fcntl.LOCK_EX)


def _sweep(folder: Path) -> None:
    for old in folder.glob("worker-*"):
        try:
            with (old / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old, ignore_errors=True)
        except OSError:
            continue  # it is another worker's, or is just being made
