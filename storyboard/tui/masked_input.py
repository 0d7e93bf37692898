"""A field of one line that holds any text: what is not seen in it is shown as pictures, and kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.widgets import Input

from storyboard.tui.masks import Masks
from storyboard.tui.wording import WRONG

if TYPE_CHECKING:
    from rich.text import Text
    from textual import events

_BREAKS = re.compile("\r\n|\r|\n")


class MaskedInput(Input):
    """Whoever wants the text asks what it `said`; `value` is how it is held."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        select_on_focus: bool = True,
        compact: bool = False,
    ) -> None:
        self._masks = Masks(one_line=True)
        super().__init__(self._masks.mask(text), placeholder, id=id, select_on_focus=select_on_focus, compact=compact)

    @property
    def said(self) -> str:
        """The text."""
        return self._masks.unmask(self.value)

    def say(self, text: str) -> None:
        """Puts another text in its place."""
        self.value = self._masks.mask(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Puts a text that somebody types or pastes where another stood."""
        super().replace(self._masks.mask(text), start, end)

    @property
    def selected_text(self) -> str:
        """The selected part, as it is copied."""
        return self._masks.unmask(super().selected_text)

    @property
    def _value(self) -> Text:
        """The text as it is painted."""
        text = super()._value
        raw = text.plain
        text.plain = self._masks.shown(raw)
        for span in self._masks.hidden(raw):
            text.stylize(WRONG, *span)
        return text

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(" ".join(_BREAKS.split(event.text.strip("\r\n"))), *self.selection)
