"""How Sphinx makes the site from these pages; nothing is fetched, neither then nor when it is read."""

from __future__ import annotations

from storyboard import __version__

project = "Storyboard"
version = release = __version__
extensions = ["myst_parser"]
suppress_warnings = ["misc.highlighting_failure"]
"""A console block may hold JSON: it is shown all the same."""

myst_heading_anchors = 4
html_theme = "furo"
html_title = f"Storyboard {release}"
html_copy_source = html_show_sourcelink = html_show_sphinx = html_show_copyright = False
