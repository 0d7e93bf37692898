"""A provider and a studio for each test, and a pace that does not wait."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from storyboard.jobs import ledger
from storyboard.jobs.pace import Pace
from tests.jobs.studio import Studio
from tests.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once, and nobody waits for the disk: tests end processes, not the machine."""
    set_up = ledger._set_up

    def set_up_in_haste(connection: ledger._Connection, path: Path) -> None:
        set_up(connection, path)
        connection.execute("PRAGMA synchronous = OFF")

    real = Pace.__init__

    def quick(self: Pace, **given: Any) -> None:
        real(self, **({"arrival": 0.1} | given))

    monkeypatch.setattr(Pace, "__init__", quick)
    monkeypatch.setattr(Pace, "backoff", lambda self, failures: 0.01)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(ledger, "_set_up", set_up_in_haste)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider whose jobs are quick and whose repeated tasks would run, and bill, again once they are done."""
    with Provider(job_seconds=0.05, conflict="running") as one:
        yield one


@pytest.fixture
def studio(tmp_path: Path, provider: Provider) -> Studio:
    """One user at one machine."""
    return Studio(tmp_path / "studio", provider)


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets figures of the pace: `patience(patience=0.5)`."""

    def set_figures(**figures: float) -> None:
        real = Pace.__init__

        def patched(self: Pace, **given: Any) -> None:
            real(self, **(figures | given))

        monkeypatch.setattr(Pace, "__init__", patched)

    return set_figures
