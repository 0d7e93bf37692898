"""Undo and redo as a list of texts."""

from __future__ import annotations

LENGTH = 1000
"""Texts that are remembered."""


class History:
    """The texts of a document, one after another, and which of them is on disk."""

    def __init__(self, text: str) -> None:
        self._texts = [text]
        self._at = 0
        self._saved = text

    @property
    def dirty(self) -> bool:
        """Whether the present text is another than the saved one."""
        return self._texts[self._at] != self._saved

    def mark_saved(self) -> None:
        """The present text is on disk."""
        self._saved = self._texts[self._at]

    def add(self, text: str) -> None:
        """A new present text; what was undone is forgotten."""
        del self._texts[self._at + 1 :]
        self._texts.append(text)
        del self._texts[:-LENGTH]
        self._at = len(self._texts) - 1

    @property
    def depth(self) -> int:
        """Where in the list the present text stands."""
        return self._at

    def join(self, depth: int) -> None:
        """Makes everything since `depth` one step."""
        del self._texts[depth + 1 : self._at]
        self._at = min(depth + 1, len(self._texts) - 1)

    def undo(self) -> str | None:
        """The text before, None where there is none."""
        if self._at == 0:
            return None
        self._at -= 1
        return self._texts[self._at]

    def redo(self) -> str | None:
        """The text that was undone last, None where there is none."""
        if self._at + 1 == len(self._texts):
            return None
        self._at += 1
        return self._texts[self._at]
