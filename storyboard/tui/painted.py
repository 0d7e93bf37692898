"""Lines of text that are drawn again only when they change, and never read as markup."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class Painted(Widget):
    """Shows content that others make; the only way text gets on the screen without being edited."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self._content = Content()

    @property
    def shown(self) -> str:
        """The text that is on the screen."""
        return self._content.plain

    def paint(self, content: Content, *, layout: bool = False) -> None:
        """Shows this instead; with `layout` its height may be another."""
        if not content.is_same(self._content):
            self._content = content
            self.refresh(layout=layout)

    def render(self) -> Content:
        """What was painted."""
        return self._content
