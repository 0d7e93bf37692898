"""Placeholder that the real panel replaces."""

from __future__ import annotations

from storyboard.tui.panels.panel import Panel

PANEL = Panel
