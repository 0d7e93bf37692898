"""What may be left out of an installation, and the words for where it is."""

from __future__ import annotations

from importlib import util

from storyboard.cli.exits import Exit, Stop

EXTRAS = {
    "preview": {"av": "av", "pillow": "PIL"},
    "sandbox": {"av": "av", "pillow": "PIL", "uvicorn": "uvicorn", "wsproto": "wsproto"},
    "web": {"textual-serve": "textual_serve"},
    "farm": {"procrastinate": "procrastinate", "psycopg": "psycopg"},
}
"""Packages by their names for pip, with the modules that they bring."""


def require(extra: str, who: str) -> None:
    """Ends the command where packages of an extra are missing; `who` needs them."""
    if missing := [package for package, module in EXTRAS[extra].items() if util.find_spec(module) is None]:
        raise Stop(Exit.USAGE, f"{who} needs {' and '.join(missing)}: {how_to_get(extra)}")


def how_to_get(extra: str) -> str:
    """The command that installs an extra."""
    return f"pip install 'multishot-storyboard[{extra}]'"
