"""Ctrl-C, SIGTERM and SIGHUP end a command alike: the first in order, the second at once."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

_T = TypeVar("_T")

CTRL_C = signal.SIGINT
"""The number of the signal that Ctrl-C sends."""

_CODE = 130
_INTERRUPTED = "interrupted"
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_DEFAULTS = (signal.SIG_DFL, signal.default_int_handler)


class _State:
    """What this process does about the next signal."""

    number: int | None = None
    """The signal that was heard first."""
    is_at_work = False
    """Whether there is anything to put in order; before that, a process simply ends."""
    end: Callable[[int], object] | None = None
    """What ends the work in order; without it the signal is a KeyboardInterrupt."""
    words: str | None = _INTERRUPTED
    """What is still to be said about the end."""

    def __init__(self) -> None:
        self.code_of: Callable[[int], int] = lambda _number: _CODE
        """The exit code of a process that is ended by this signal."""


_state = _State()


def listen(code_of: Callable[[int], int]) -> None:
    """From now on these signals end the process in order; one that the caller ignores, as nohup does, stays ignored.

    `code_of` gives the exit code by the signal's number; where that is 0 nothing is said.
    """
    _state.code_of = code_of
    _take_over()


def _take_over() -> dict[int, Any]:
    """Hears the signals that do what they do by default; what they did before, by their numbers."""
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return {number: signal.signal(number, _hear) for number in numbers if signal.getsignal(number) in _DEFAULTS}


def begin() -> None:
    """A command begins, in a process that may have run others."""
    _state.number, _state.words = None, _INTERRUPTED


def begin_work() -> None:
    """From now on the first signal is a KeyboardInterrupt, so that files and jobs are left in order.

    A server, which is ended with 0, has nothing to put in order before it serves.
    """
    _state.is_at_work = _state.code_of(signal.SIGTERM) != 0


def heard() -> bool:
    """Whether any of the signals has come."""
    return _state.number is not None


def code() -> int:
    """The exit code of a command that was interrupted."""
    return _CODE if _state.number is None else _state.code_of(_state.number)


def last_words() -> str | None:
    """What is to be said about the interruption, once; None where it was said, or nothing is to be."""
    words, _state.words = _state.words, None
    return words if code() else None


@contextmanager
def saying(words: str) -> Iterator[None]:
    """Within it this is what an interruption says; as it is left by one, it is still to be said."""
    before, _state.words = _state.words, words
    yield
    _state.words = before


@contextmanager
def ending_by(end: Callable[[int], object]) -> Iterator[None]:
    """Within it the first signal calls `end` with its number; the call comes between any two steps of the program."""
    from threading import current_thread, main_thread

    before = (_state.end, _state.is_at_work)
    _state.end, _state.is_at_work = end, True
    handlers = _take_over() if current_thread() is main_thread() else {}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        _state.end, _state.is_at_work = before


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Runs a coroutine as asyncio.run does; any of the signals cancels it, and is then a KeyboardInterrupt."""
    import asyncio

    watched = _watched(work)
    try:
        return asyncio.run(watched)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        watched.close()
        work.close()


async def _watched(work: Coroutine[Any, Any, _T]) -> _T:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel(_number: int) -> None:
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    with ending_by(cancel):
        try:
            return await work
        except asyncio.CancelledError:
            # A thread that looks up a name may take minutes; the loop waits for those of the executor it has.
            loop.set_default_executor(ThreadPoolExecutor(1))
            raise


def _hear(number: int, _frame: object) -> None:
    is_second = _state.number is not None
    if not is_second:
        _state.number = number
    if is_second or not _state.is_at_work:
        _end_at_once()
    elif _state.end is not None:
        _state.end(number)
    else:
        raise KeyboardInterrupt


def _end_at_once() -> None:
    if (words := last_words()) is not None and sys.stderr is not None:
        with suppress(OSError):
            os.write(2, f"storyboard: {words}\n".encode())
    os._exit(code())
