"""A desk for each test, and the services it talks to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import storyboard.sandbox
from storyboard.sandbox import Sandbox
from tests.cli.desk import Desk
from tests.provider import KEY, Provider
from tests.provider.media import video

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OURS = ("RUNWARE_API_KEY", "RUNWARE_BASE_URL", "STORYBOARD_HTTP_TIMEOUT", "NO_COLOR", "COLUMNS", "FORCE_COLOR")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An empty folder and an environment in which nothing is set but where the ledger lies, and a quick pace."""
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("STORYBOARD_POLL_INTERVAL", "0.1")
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Desk(folder, capsys)


@pytest.fixture
def provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the desk's environment names, with its key."""
    with Provider(job_seconds=0.1) as provider:
        monkeypatch.setenv("RUNWARE_BASE_URL", provider.url)
        monkeypatch.setenv("RUNWARE_API_KEY", KEY)
        yield provider
    assert provider.sins == []
    assert provider.leaks == []


def _draw_quickly(target: Path, **options: Any) -> None:
    """A small whole video that differs with what it shows."""
    seconds = sum(cut.seconds for cut in options["cuts"])
    target.write_bytes(video(str(options["cuts"]) + options["title"], target.suffix[1:], 2000, seconds))


@pytest.fixture
def quick_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox whose jobs and drawings take no time."""
    monkeypatch.setattr(storyboard.sandbox, "Sandbox", partial(Sandbox, job_seconds=0.05, renderer=_draw_quickly))
