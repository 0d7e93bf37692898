"""The same work on many files, on all cores of the machine, told in the order of the files."""

from __future__ import annotations

import os
import sys
from collections import deque
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

Told = TypeVar("Told")

FEW = 200
"""Files up to which one process is done before others have begun."""
_BATCH = 40
_AHEAD = 3
"""Batches that each core may be ahead of what was told."""


def on_all_cores(work: Callable[[str], Told], files: Iterable[str]) -> Iterator[Told]:
    """What `work` says of each file; a few files, or those of a machine with one core, are worked on in this process.

    `work` is a function of a module and must not read standard input; what it raises is raised here.
    """
    files = iter(files)
    first = list(islice(files, FEW + 1))
    cores = _cores()
    if cores == 1 or len(first) <= FEW:
        yield from map(work, chain(first, files))
    else:
        yield from _shared(work, chain(first, files), cores)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(work: Callable[[str], Told], files: Iterator[str], cores: int) -> Iterator[Told]:
    pool = _pool(cores)
    begun: deque[tuple[list[str], Future[list[Told]] | None]] = deque()
    try:
        while batch := list(islice(files, _BATCH)):
            begun.append((batch, _begin(pool, work, batch)))
            if len(begun) > cores * _AHEAD:
                yield from _end(work, *begun.popleft())
        while begun:
            yield from _end(work, *begun.popleft())
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


def _pool(cores: int) -> Executor | None:
    """Processes to share the work with; None where the system has no semaphores for them."""
    try:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(cores, get_context(_start_method()), initializer=_end_with_the_command)
    except (ImportError, OSError):
        return None


def _start_method() -> str | None:
    """How processes begin: as copies of this one where that is sound, else as the system does it.

    Copies have all modules already, and need no server of their own that writes to the terminal once this is killed.
    """
    from threading import active_count

    return "fork" if sys.platform not in {"darwin", "win32"} and active_count() == 1 else None


def _end_with_the_command() -> None:
    """A helper would wait for work for ever, were the command killed, and were SIGTERM blocked where the pool sends it.

    The pool ends its other helpers by SIGTERM once one was killed, and waits for them.
    """
    import signal
    from multiprocessing import parent_process
    from threading import Thread

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def follow() -> None:
        if (command := parent_process()) is not None:
            command.join()
            os._exit(1)

    Thread(target=follow, daemon=True).start()


def _begin(pool: Executor | None, work: Callable[[str], Told], batch: list[str]) -> Future[list[Told]] | None:
    import signal

    # The first batch starts the helpers, which inherit what is blocked: these are for the command alone.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        return pool.submit(_all, work, batch) if pool else None
    except (RuntimeError, OSError):  # a helper was killed, or none can be started
        return None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(work: Callable[[str], Told], batch: list[str], begun: Future[list[Told]] | None) -> list[Told]:
    """What a helper says of a batch, or this process where the helper was killed."""
    from concurrent.futures import BrokenExecutor

    try:
        return begun.result() if begun else _all(work, batch)
    except BrokenExecutor:
        return _all(work, batch)


def _all(work: Callable[[str], Told], batch: list[str]) -> list[Told]:
    return [work(file) for file in batch]
