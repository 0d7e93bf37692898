"""An editor at its desk: a folder, a clean environment, and a note of everything the desk told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import storyboard.sandbox
from storyboard.jobs.pace import Pace
from storyboard.sandbox import Sandbox
from tests.provider import KEY, Provider
from tests.provider.media import video
from tests.submitting.editor import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OURS = ("RUNWARE_API_KEY", "RUNWARE_BASE_URL", "STORYBOARD_HTTP_TIMEOUT")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    """An editor in an empty folder, whose desk is closed in the end; whatever it was told holds no key."""
    for name in _OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("STORYBOARD_POLL_INTERVAL", "0.05")
    folder = tmp_path / "films"
    folder.mkdir()
    monkeypatch.chdir(folder)
    editor = Editor(folder)
    yield editor
    editor.desk.close()
    assert KEY not in repr(editor.events)


@pytest.fixture
def provider(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the environment names, with its key, and that would bill a repeated task again."""
    with Provider(job_seconds=0.1, conflict="running") as provider:
        monkeypatch.setenv("RUNWARE_BASE_URL", provider.url)
        monkeypatch.setenv("RUNWARE_API_KEY", KEY)
        yield provider
        editor.desk.close()
    assert provider.sins == []
    assert provider.leaks == []


@pytest.fixture(autouse=True)
def _no_backing_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(Pace, "backoff", lambda self, failures: 0.01)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that was never reached is given up soon."""
    real = Pace.__init__

    def in_haste(self: Pace, **given: Any) -> None:
        real(self, **({"patience_before_contact": 0.2} | given))

    monkeypatch.setattr(Pace, "__init__", in_haste)


def _draw_quickly(target: Path, **options: Any) -> None:
    seconds = sum(cut.seconds for cut in options["cuts"])
    target.write_bytes(video(str(options["cuts"]) + options["title"], target.suffix[1:], 2000, seconds))


@pytest.fixture
def quick_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox whose jobs and drawings take no time."""
    monkeypatch.setattr(storyboard.sandbox, "Sandbox", partial(Sandbox, job_seconds=0.05, renderer=_draw_quickly))
