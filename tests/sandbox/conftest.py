"""One sandbox for a test, closed after it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.sandbox.twin import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class OpenTwin(Protocol):
    """Opens sandboxes on the test's one folder."""

    def __call__(self, **options: Any) -> Twin: ...


@pytest.fixture
def open_twin(tmp_path: Path) -> Iterator[OpenTwin]:
    """Open as many sandboxes on one folder as the test wants."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> Twin:
            twin = Twin(tmp_path / "twin", **options)
            stack.callback(twin.app.close)
            return twin

        yield open_one


@pytest.fixture
def twin(open_twin: OpenTwin) -> Twin:
    """One sandbox whose jobs take ten seconds of a clock that stands still."""
    return open_twin()
