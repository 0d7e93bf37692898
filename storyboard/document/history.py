"""Undo and redo as a list of texts, each with what its owner noted beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from storyboard.document.source import Source

LENGTH = 1000
"""Steps that are remembered at most."""
CHARACTERS = 50_000_000
"""Characters that all remembered texts have at most."""


class Step(NamedTuple):
    """A text, and its owner's note, which undo and redo bring back with it."""

    source: Source
    note: object = None
    run: object = None
    """Steps of the same run, one after another, are one step."""


class History:
    """The steps of a document, one after another, and which text is on disk."""

    def __init__(self, source: Source) -> None:
        self._steps = [Step(source)]
        self._at = 0
        self._saved: Source | None = source

    @property
    def present(self) -> Step:
        """The step where the document stands."""
        return self._steps[self._at]

    @property
    def dirty(self) -> bool:
        """Whether the present text is another than the saved one."""
        return self.present.source != self._saved

    def mark_saved(self) -> None:
        """The present text is on disk."""
        self._saved = self.present.source

    def mark_unsaved(self) -> None:
        """No text is on disk."""
        self._saved = None

    def add(self, step: Step) -> None:
        """A new present step; what was undone is forgotten."""
        del self._steps[self._at + 1 :]
        self._steps.append(step)
        most = min(LENGTH, CHARACTERS // (len(step.source.text) + 1))
        del self._steps[: -max(most, 2)]
        self._at = len(self._steps) - 1

    def position(self) -> tuple[list[Step], int]:
        """All there is to go back to with `restore`."""
        return self._steps.copy(), self._at

    def restore(self, position: tuple[list[Step], int]) -> None:
        """As if nothing had been done since."""
        self._steps, self._at = position[0].copy(), position[1]

    def join(self, position: tuple[list[Step], int], run: object = None) -> None:
        """Makes all that was added since one step, one with the step before where that is of the same run.

        Where that leads back to the text before, there was no step.
        """
        steps, at = position
        present = self.present
        if at == self._at and len(steps) == len(self._steps) and present is steps[at]:
            return
        self.restore(position)
        if run is not None and self.present.run is run:
            self._at -= 1
        del self._steps[self._at + 1 :]
        if present[:2] != self.present[:2]:
            self.add(present._replace(run=run))

    def undo(self) -> Step | None:
        """The step before, None where there is none."""
        if self._at == 0:
            return None
        self._at -= 1
        return self.present

    def redo(self) -> Step | None:
        """The step that was undone last, None where there is none."""
        if self._at + 1 == len(self._steps):
            return None
        self._at += 1
        return self.present
