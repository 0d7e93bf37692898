"""What may be left out of an installation, and how it is had."""

from __future__ import annotations

from storyboard.packages import is_missing, load_failure

EXTRAS = {
    "preview": {"av": "av", "pillow": "PIL"},
    "sandbox": {"av": "av", "pillow": "PIL", "uvicorn": "uvicorn", "wsproto": "wsproto"},
    "web": {"textual-serve": "textual_serve"},
    "farm": {"procrastinate": "procrastinate", "psycopg": "psycopg"},
}
"""Packages by their names for pip, with the modules that they bring."""


_HEARTS = {"PIL": "PIL.Image"}
"""Modules that load what can be broken in a package, where the package itself loads nothing."""


def missing(extra: str) -> dict[str, str]:
    """The packages of an extra that are not installed, with their modules."""
    return {package: module for package, module in EXTRAS[extra].items() if is_missing(module)}


def broken(extra: str) -> str | None:
    """Why a package of an extra that is installed cannot be loaded, and what to do; loads them all to see it."""
    modules = (_HEARTS.get(module, module) for module in EXTRAS[extra].values())
    failure = next(filter(None, map(load_failure, modules)), None)
    if failure is not None and "libpq" in failure:
        return f"psycopg finds no libpq: {how_to_get('farm')}"
    return failure


def how_to_get(extra: str) -> str:
    """The command that installs an extra."""
    return f"pip install 'multishot-storyboard[{extra}]'"
