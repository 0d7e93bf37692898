"""Work in a thread of the pool, which outlives whoever asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.worker import active_worker

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")


def forgetting(work: Callable[[], _Result]) -> Callable[[], _Result]:
    """The same work; its thread, which waits for more, then holds no screen or panel that may be left meanwhile."""

    def run() -> _Result:
        try:
            return work()
        finally:
            active_worker.set(cast("Any", None))

    return run
