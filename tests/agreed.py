"""Texts that people agreed to: files in `tests/goldens`, which UPDATE_GOLDENS=1 writes anew."""

from __future__ import annotations

import os
from pathlib import Path

GOLDENS = Path(__file__).parent / "goldens"


def assert_agreed(name: str, text: str) -> None:
    """Compares a text with the file of this name, as `cli/help.txt`."""
    path = GOLDENS / name
    if os.environ.get("UPDATE_GOLDENS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
