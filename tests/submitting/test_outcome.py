"""What came of a job, in a line for people."""

from __future__ import annotations

from typing import Any

import pytest

from storyboard.submitting.outcome import in_words


def _line(state: str, code: str, message: str, provider: str = "runware") -> dict[str, Any]:
    return {
        "file": "f.yaml",
        "state": state,
        "provider": provider,
        "reused": False,
        "cost": None,
        "estimated_cost": 0.56,
        "takes": [],
        "error": {"code": code, "message": message},
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (_line("ready", "undelivered", "no space left"), "f.yaml: rendered and paid for: no space left"),
        (_line("ready", "undelivered", "no space left", "sandbox"), "f.yaml: rendered: no space left"),
        (_line("accepted", "unclear", "no answer."), "f.yaml: sent and paid for: no answer"),
        (_line("submitting", "busy", "it is busy"), "f.yaml: not finished: it is busy"),
        (
            _line("rejected", "invalidValue", "too wide"),
            "f.yaml: rejected: invalidValue too wide; nothing was paid for it",
        ),
        (_line("done", "anotherKey", "it is gone"), "f.yaml: none of its takes on disk: it is gone"),
        (_line("done", "contentModeration", ""), "f.yaml: none of its takes on disk: contentModeration"),
    ],
)
def test_a_job_in_words(line: dict[str, Any], words: str) -> None:
    """The service's codes stand there, our own do not; what the sandbox makes is never called paid."""
    assert in_words(line) == words
