"""The least that Textual can show, and the least that it can edit: what the editor is measured beside.

Run as a file: `bare_apps.py static TEXT` or `bare_apps.py area TEXT`.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult


class BareStatic(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        from textual.widgets import Static

        yield Static(sys.argv[2], markup=False)


class BareArea(App[None]):
    """One text area with soft wrap, its cursor steady."""

    def compose(self) -> ComposeResult:
        """The area, which has the focus as the only widget that can."""
        from textual.widgets import TextArea

        area = TextArea(sys.argv[2], soft_wrap=True)
        area.cursor_blink = False
        yield area


if __name__ == "__main__":
    {"static": BareStatic, "area": BareArea}[sys.argv[1]]().run()
