"""`storyboard doctor`: what is set up and what is not."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import click

from storyboard import __version__
from storyboard.cli import say
from storyboard.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXTRAS = {"preview": ("av", "pillow"), "sandbox": ("av", "pillow", "uvicorn")}


@click.command("doctor")
def command() -> int:
    """Say what is set up and what is not: key, ledger, terminal, extras. Sends nothing."""
    for what, state in _findings():
        say.data(f"{what:<10} {state}")
    return Exit.DONE


def _findings() -> Iterator[tuple[str, str]]:
    yield "storyboard", f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield "key", _key()
    yield "service", _service()
    yield "ledger", _ledger()
    yield "terminal", _terminal()
    for extra, packages in _EXTRAS.items():
        yield extra, _extra(extra, packages)


def _key() -> str:
    if os.environ.get("RUNWARE_API_KEY", "").strip():
        return "RUNWARE_API_KEY is set"
    return "RUNWARE_API_KEY is not set: `--sandbox` works without it; export it to pay for real videos"


def _service() -> str:
    from storyboard.cli.service import base_url

    try:
        return base_url()
    except click.UsageError as error:
        return error.message


def _ledger() -> str:
    from storyboard.jobs.ledger import FILE_NAME, Ledger, LedgerError
    from storyboard.jobs.paths import state_folder

    path = state_folder() / FILE_NAME
    if not path.exists():
        return f"{path}, made with the first job"
    try:
        with Ledger.open(state_folder()) as ledger:
            jobs, unfinished = len(ledger.all()), len(ledger.unfinished())
    except LedgerError as error:
        return str(error)
    open_to_others = os.name == "posix" and path.stat().st_mode & 0o077
    warning = f"; others can read it: chmod 600 {path}" if open_to_others else ""
    left = f", {unfinished} unfinished: `storyboard resume`" if unfinished else ""
    return f"{path}, {jobs} jobs{left}{warning}"


def _terminal() -> str:
    if not sys.stderr.isatty():
        return "none: plain lines"
    size = os.get_terminal_size(sys.stderr.fileno())
    return f"{os.environ.get('TERM', 'unknown')}, {size.columns}×{size.lines}, {sys.stderr.encoding}"


def _extra(extra: str, packages: tuple[str, ...]) -> str:
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return f"{', '.join(missing)} missing: pip install 'multishot-storyboard[{extra}]'"
    return ", ".join(found)
