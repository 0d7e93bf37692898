"""The line to the service that all jobs of a run share: one pace, one patience, one end."""

from __future__ import annotations

import asyncio
import math
from time import monotonic
from typing import TYPE_CHECKING

from storyboard.jobs.pace import Gate, Pace, Patience
from storyboard.jobs.stopping import StopRun
from storyboard.runware.errors import (
    AccountRefused,
    NotSent,
    Paced,
    Refused,
    ServiceError,
    Unclear,
    Unreadable,
    WrongSetting,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storyboard.runware.client import Client, Task
    from storyboard.runware.messages import Reply

_TRIES = 3
"""Unclear answers to the same questions after which it is asked whether it is for one of them."""
BUSY_WORDS = "the service keeps asking to wait; all work is kept, run it again later"


class Unanswered(Exception):
    """Questions get no clear answer while others do; the text says what came instead."""


class Line:
    """Sends tasks; knows which of them may be sent twice."""

    def __init__(self, client: Client, pace: Pace, gate: Gate | None = None) -> None:
        """`gate` is shared by lines that the service slows down together."""
        self._client = client
        self._pace = pace
        self._gate = gate if gate is not None else Gate()
        self._patience = Patience(pace)
        self._stop: StopRun | None = None
        self.answers = 0
        """Clear answers so far."""
        self._suspects: set[str] = set()
        """UUIDs about which questions got no clear answer while others did."""
        self.batch = pace.batch
        """Questions in one POST; fewer once the service refused as many."""

    async def open(self) -> None:
        """Returns when the service does not ask to wait; StopRun where it asks for too long."""
        self._refuse_long_rest()
        await self._gate.passed()

    @property
    def is_paused(self) -> bool:
        """Whether the service asks to wait just now."""
        return self._gate.rest > 0

    async def ask(self, tasks: Sequence[Task], *, before: int | None = None, is_last: bool = True) -> Reply:
        """Sends questions, which may be repeated, until there is an answer.

        Raises Refused where the answer is about none of them, Unreadable where it cannot be decoded, Unanswered where
        it may be for one of them that none comes, StopRun where there will be none for anybody. A single question is
        blamed where others were answered since there were `before` answers, or, unless it `is_last`, can be meanwhile.
        """
        tries, began = 0, monotonic()
        before = self.answers if before is None else before
        (alone,) = [task["taskUUID"] for task in tasks] if len(tasks) == 1 else [""]
        while True:
            try:
                reply = await self._send(tasks)
            except (NotSent, Unclear) as error:
                tries += isinstance(error, Unclear)
                # One task of several may be what the service stumbles over; alone it is known by others' answers.
                if tries >= _TRIES and alone and (alone in self._suspects or self.answers > before):
                    self._suspects.add(alone)
                    raise Unanswered(str(error)) from None
                if tries >= _TRIES and not (alone and is_last):
                    raise Unanswered(str(error)) from None
                await self._endure(error)
            except Paced:
                if self.answers > before and monotonic() - began >= self._pace.patience_when_paced:
                    raise Unanswered(BUSY_WORDS) from None
            else:
                self._suspects.discard(alone)
                return reply

    async def submit(self, task: Task) -> Reply:
        """Sends one paid task once.

        Raises Unclear or Unreadable where it may have arrived, Refused where the answer names no task, NotSent where it
        did not arrive, Paced, which says whether it did, StopRun where nothing will.
        """
        try:
            return await self._send([task], is_paid=True)
        except NotSent as error:
            await self._endure(error)
            raise

    async def _send(self, tasks: Sequence[Task], *, is_paid: bool = False) -> Reply:
        await self.open()
        if self._stop is not None:
            raise self._stop
        try:
            reply = await self._client.send(tasks)
        except ServiceError as error:
            self._heed(error, is_paid=is_paid)
            raise
        self._answered()
        if reply.trouble is not None:
            self._note(reply.trouble)
        return reply

    def _answered(self) -> None:
        self.answers += 1
        self._patience.answered()

    def _heed(self, error: ServiceError, *, is_paid: bool) -> None:
        """What an answer that is only trouble means for everybody."""
        if not (is_paid and _may_be_of_one_task(error)):
            self._note(error)
        # A paid task that may have been taken stays in doubt: what ends the run says nothing about it.
        is_in_doubt = is_paid and _leaves_doubt(error)
        if self._stop is not None and not is_in_doubt:
            raise self._stop from None
        if isinstance(error, Refused | Unreadable):
            self._answered()
        if isinstance(error, Paced):
            is_over = self._patience.paced()
            if is_in_doubt:
                return
            if is_over:
                raise StopRun("unreachable", BUSY_WORDS) from None
            self._refuse_long_rest()

    def _refuse_long_rest(self) -> None:
        if self._gate.rest > self._pace.patience_when_paced:
            words = f"the service asks to wait {math.ceil(self._gate.rest / 60)} minutes"
            raise StopRun("unreachable", f"{words}; all work is kept, run it again then")

    def _note(self, error: ServiceError) -> None:
        if isinstance(error, AccountRefused):
            self._stop = StopRun("account", _account_words(error))
        if isinstance(error, WrongSetting):
            self._stop = StopRun("environment", f"{error}; all work is kept, run it again then")
        if isinstance(error, Paced):
            wait = error.seconds if error.seconds is not None else self._pace.backoff(self._patience.failures + 1)
            self._gate.close_for(wait)
            if wait <= self._pace.patience_when_paced:
                self._gate.tell(wait)

    async def _endure(self, error: ServiceError) -> None:
        if self._patience.failed():
            words = f"the service could not be reached ({error}); all work is kept, run it again"
            raise StopRun("unreachable", words) from None
        await asyncio.sleep(min(self._pace.backoff(self._patience.failures), 15.0))


def _leaves_doubt(error: ServiceError) -> bool:
    """Whether a paid task that came to this may have been taken: neither account nor pace is why it was not."""
    if isinstance(error, AccountRefused):
        return _may_be_of_one_task(error)
    if isinstance(error, Paced):
        return not error.took_nothing
    return isinstance(error, Unclear | Unreadable | Refused)


def _may_be_of_one_task(error: ServiceError) -> bool:
    """Whether a refusal is a page with 403 and no word of the service: a gateway may not let one task pass."""
    return isinstance(error, AccountRefused) and error.status == 403 and not error.is_of_service


def _account_words(error: AccountRefused) -> str:
    money = error.status == 402 or any(part in error.code.lower() for part in ("credit", "quota", "balance", "payment"))
    advice = "add credit to the account" if money else "check RUNWARE_API_KEY"
    return f"the service refused the account ({error}): {advice}; all work is kept, run it again"
