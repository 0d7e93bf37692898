"""How Sphinx makes the site from these pages; nothing is fetched, neither then nor when it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from storyboard import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Storyboard"
version = release = __version__
extensions = ["myst_parser"]
suppress_warnings = ["misc.highlighting_failure"]
"""A console block may hold JSON: it is shown all the same."""

myst_heading_anchors = 4
html_theme = "furo"
html_title = f"Storyboard {release}"
html_copy_source = html_show_sourcelink = html_show_sphinx = html_show_copyright = False


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", leave_out_missing_pages)


def leave_out_missing_pages(app: Sphinx, page: str, source: list[str]) -> None:
    """The index may name a page that this version does not have."""
    if page == "index":
        folder = Path(app.srcdir)
        source[0] = re.sub(
            r"^([a-z]+)\n",
            lambda line: line[0] if (folder / f"{line[1]}.md").exists() else "",
            source[0],
            flags=re.MULTILINE,
        )
