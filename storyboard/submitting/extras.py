"""What may be left out of an installation, and how it is had."""

from __future__ import annotations

from importlib import util

EXTRAS = {
    "preview": {"av": "av", "pillow": "PIL"},
    "sandbox": {"av": "av", "pillow": "PIL", "uvicorn": "uvicorn", "wsproto": "wsproto"},
    "web": {"textual-serve": "textual_serve"},
    "farm": {"procrastinate": "procrastinate", "psycopg": "psycopg"},
}
"""Packages by their names for pip, with the modules that they bring."""


def missing(extra: str) -> dict[str, str]:
    """The packages of an extra that are not installed, with their modules."""
    return {package: module for package, module in EXTRAS[extra].items() if util.find_spec(module) is None}


def how_to_get(extra: str) -> str:
    """The command that installs an extra."""
    return f"pip install 'multishot-storyboard[{extra}]'"
