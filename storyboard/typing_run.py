"""A run of keystrokes in one field, and which of them are one step of undo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.document import Reading

PAUSE_SECONDS = 1.0
"""Keystrokes that follow each other within this time are one step."""
STEP_SECONDS = 10.0
"""However fast somebody types, a new step begins after this time."""


@dataclass(slots=True)
class TypingRun:
    """A field that somebody types in, until something else is done."""

    path: tuple[str | int, ...]
    since: Reading
    """The document as it was when the typing began."""
    step: object = None
    """Stands for the step of undo that keystrokes go into now."""
    _last: float = -math.inf
    _began: float = -math.inf

    def pressed(self, now: float) -> None:
        """A key was pressed; `now` in seconds from anywhere."""
        if now - self._last > PAUSE_SECONDS or now - self._began > STEP_SECONDS:
            self.step, self._began = object(), now
        self._last = now

    def end_step(self) -> None:
        """The next keystroke begins a step of its own."""
        self._last = -math.inf
