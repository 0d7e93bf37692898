"""The faces of the one place for panels; each is imported when it is opened."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.tui.board import Board
    from storyboard.tui.panels.panel import Panel

NAMES = ("problems", "compiled", "settings", "cast", "jobs", "changes")


def make_panel(name: str, board: Board) -> Panel:
    """A panel by its name."""
    if name not in NAMES:
        raise ValueError(name)
    panel: Panel = import_module(f"storyboard.tui.panels.{name}").PANEL(board, name)
    return panel
