"""A task whose first answer was lost, sent again and then refused: whatever is kept of it, it is charged once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

import pytest

from storyboard.jobs.states import State
from tests.jobs.rules import assert_done
from tests.jobs.studio import Studio
from tests.jobs.test_kills_and_faults import CONFLICTS
from tests.provider import Fault, Provider
from tests.provider.book import Book
from tests.provider.errors import refuse

if TYPE_CHECKING:
    from pathlib import Path

SOAK = bool(os.environ.get("STORYBOARD_SOAK"))
CODES = {
    "insufficientCredits": State.REVIEW,
    "paymentRequired": State.REVIEW,
    "invalidApiKey": State.REVIEW,
    "forbidden": State.REVIEW,
    "rateLimitExceeded": State.REVIEW,
    "invalidDuration": State.REVIEW,
    "nobodyHeardOfIt": State.REVIEW,
    "providerContentPolicyViolation": State.REVIEW,
    "internalServerError": State.REVIEW,
    "timeoutProvider": State.REVIEW,
    "conflictTaskUUID": State.ACCEPTED,
}
"""What the second sending is answered with, and where the job is left by the record of it."""


class _Forgetful:
    """A service of which neither memory knows the task until it comes again; then one keeps the answer to that."""

    def __init__(self, provider: Provider, code: str, monkeypatch: pytest.MonkeyPatch, *, taken: bool) -> None:
        self._provider, self._code, self._taken = provider, code, taken
        self.uuid = ""
        self.sent = 0
        self._kept: dict[str, Any] | None = None
        self._submit, self._details = Book.submit, Book.details
        provider.add_faults(Fault(on="submit", kind="reset", when="after"))
        monkeypatch.setattr(Book, "submit", self._answer)
        monkeypatch.setattr(Book, "details", self._record)

    def remember(self) -> None:
        """From now on it knows what it has."""
        self._provider.forget(self.uuid, details=True, seconds=0)

    def _answer(self, task: dict[str, Any]) -> dict[str, Any]:
        self.uuid, self.sent = task["taskUUID"], self.sent + 1
        if self.sent == 1:
            self._provider.forget(self.uuid, details=True)
            return self._submit(self._provider._book, task) if self._taken else {}
        if self.sent == 2:
            refusal = refuse(task, self._code, "No.", "duration")
            self._kept = refusal.row
            raise refusal
        return self._submit(self._provider._book, task)

    def _record(self, task: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        if self._kept is None:
            return self._details(self._provider._book, task)
        own = {"taskType": "getTaskDetails", "taskUUID": self.uuid, "request": [{}]}
        return [own | {"response": {"errors": [self._kept]}}], []


@pytest.mark.parametrize("taken", [True, False] if SOAK else [True])
@pytest.mark.parametrize("conflict", CONFLICTS if SOAK else ("running",))
@pytest.mark.parametrize("code", CODES)
def test_a_repeat_that_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    patience: Any,
    code: str,
    conflict: Literal["always", "running"],
    taken: bool,
) -> None:
    """After a lost answer only that nobody knows the task is proof: it is sent twice at most, and charged once."""
    patience(patience_when_silent=0.1, patience_when_paced=0.1, doubts=3)
    with Provider(job_seconds=0.01, conflict=conflict) as provider:
        service = _Forgetful(provider, code, monkeypatch, taken=taken)
        studio = Studio(tmp_path / "studio", provider)
        board = studio.board()
        studio.submit(board)
        ran = studio.resume()
        assert studio.jobs()[0].state is CODES[code], ran
        studio.submit(board)
        assert studio.jobs()[0].state is CODES[code]
        assert provider.paid[service.uuid] == taken
        assert service.sent == 2
        if CODES[code] is State.REVIEW:
            shown = studio.run("jobs", "show", service.uuid).out
            assert "buys another; paid twice if this one was charged" in shown
            assert code in shown
        service.remember()
        if taken:
            assert_done(studio, studio.resume(service.uuid))
        assert provider.paid[service.uuid] == taken
