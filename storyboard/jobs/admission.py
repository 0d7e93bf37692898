"""Jobs let in to be sent a batch after another: the question about a job is fresh when it is sent, and has company."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_ONCE = 3
"""Batches inside at first; then the next one comes in when half of one has left."""


class Admission:
    """Who may be sent now; jobs that it does not know may at once."""

    def __init__(self, uuids: Sequence[str], size: int) -> None:
        """`size` is a batch's."""
        self._size = size
        self._batch_of = {uuid: place // size for place, uuid in enumerate(uuids)}
        self._doors = [asyncio.Event() for _ in range(0, len(uuids), size)]
        self._left = [0] * len(self._doors)
        self._opened = 0
        for _ in range(_AT_ONCE):
            self._open_next()

    async def enter(self, uuid: str) -> None:
        """Returns when it is this job's turn."""
        if (batch := self._batch_of.get(uuid)) is not None:
            await self._doors[batch].wait()

    def leave(self, uuid: str) -> None:
        """This job is sent, or will not be now; once said is enough."""
        batch = self._batch_of.pop(uuid, None)
        if batch is None:
            return
        self._left[batch] += 1
        if self._left[batch] == (self._size + 1) // 2:
            self._open_next()

    def _open_next(self) -> None:
        if self._opened < len(self._doors):
            self._doors[self._opened].set()
            self._opened += 1
