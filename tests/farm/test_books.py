"""A worker's own ledger: one for each process, gone with it; what killed workers left is swept up, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storyboard.farm.books import worker_ledger
from storyboard.submitting.errors import SubmitError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYBOARD_STATE_DIR", str(tmp_path))


def test_one_for_each(tmp_path: Path) -> None:
    """Two at once do not share, and leave nothing behind."""
    with worker_ledger() as one, worker_ledger() as other:
        assert one.path != other.path
        assert one.path.exists()
    assert [path.name for path in (tmp_path / "farm").iterdir()] == ["lock"]


def test_what_a_killed_worker_left(tmp_path: Path) -> None:
    """Is swept up by the next one; another's that lives is not."""
    left = tmp_path / "farm" / "worker-1-aaaaaa"
    left.mkdir(parents=True)
    (left / "lock").touch()
    (left / "ledger.sqlite3").touch()
    with worker_ledger() as alive:
        assert not left.exists()
        with worker_ledger():
            assert alive.path.exists()


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    """Is said in words, with what names the place."""
    (tmp_path / "farm").touch()
    with pytest.raises(SubmitError, match="STORYBOARD_STATE_DIR"), worker_ledger():
        pass
