"""What all panels have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from storyboard.tui.guarding import report_worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer
    from textual.worker import Worker

    from storyboard.checks import Diagnostic
    from storyboard.checks.diagnostic import Path
    from storyboard.session import Session
    from storyboard.tui.board import Board


PAUSE_SECONDS = 0.3
"""Nobody types who has not typed for so long."""


class Panel(VerticalScroll):
    """One face of the place for panels; `show` draws what the session says now."""

    DEFAULT_CSS = "Panel { height: 1fr; }"
    TITLE = ""

    def __init__(self, board: Board, name: str) -> None:
        super().__init__(name=name, id=f"panel-{name}")
        self.board = board
        self._has_begun = False
        self._waiting: Timer | None = None

    @property
    def session(self) -> Session:
        """The board's session."""
        return self.board.session

    def show(self) -> None:
        """Draws what the session says now; called after every edit, so it must be quick."""

    def take_focus(self) -> None:
        """Gives the focus to what is used first."""
        self.board.set_focus(self)

    @property
    def chosen(self) -> Diagnostic | None:
        """The problem that is meant by who stands here, where there is one."""
        return None

    def go_to(self, path: Path) -> None:
        """Goes to the field of what stands at a path of the file, where this panel has one."""

    def hear_of_jobs(self) -> None:
        """Something happened to a job."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What fails behind it is told."""
        report_worker(self.app, event)

    def in_a_pause(self, work: Callable[[], None]) -> None:
        """Does what is too slow for a keystroke: the first time at once, from then on when typing pauses."""
        if not self._has_begun:
            self._has_begun = True
            self.call_after_refresh(work)
            return
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PAUSE_SECONDS, work)
