"""Collecting garbage, which starting up puts off."""

from __future__ import annotations

import gc


def collect_from_now() -> None:
    """Once in a process: what was made for the first picture is no garbage."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
