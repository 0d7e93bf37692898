"""A folder with a storyboard and a state folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.studio import FILM, NO_CRAFT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("STORYBOARD_CONFIG", str(tmp_path / "editor.toml"))
    monkeypatch.delenv("RUNWARE_API_KEY", raising=False)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A storyboard on disk."""
    file = tmp_path / "harbour.storyboard.yaml"
    file.write_text(FILM, encoding="utf-8")
    (tmp_path / ".storyboard.toml").write_text(NO_CRAFT, encoding="utf-8")
    return file
