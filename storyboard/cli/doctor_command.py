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
from storyboard.submitting import books, environment
from storyboard.submitting.crash import load_failure_of
from storyboard.submitting.errors import SubmitError
from storyboard.submitting.extras import EXTRAS, broken, how_to_get
from storyboard.submitting.permission import allowed_in_words
from storyboard.submitting.places import unfit_place
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@click.command("doctor")
def command() -> int:
    """Say what is set up and what is not: key, ledger, terminal, extras. Sends nothing."""
    for what, state in _findings():
        say.data(f"{what:<10}  {state}")
    return Exit.DONE


def _findings() -> Iterator[tuple[str, str]]:
    yield "storyboard", f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield "key", _or_words(_key)
    yield "service", _or_words(environment.base_url)
    yield "network", _or_words(_network)
    yield "pace", _or_words(_pace)
    if variables := _or_words(_variables):
        yield "variables", variables
    yield "ledger", _or_words(_ledger)
    yield "terminal", _terminal()
    for extra, packages in EXTRAS.items():
        yield extra, _extra(extra, packages)


def _or_words(finding: Callable[[], str]) -> str:
    """What is found, or why it cannot be used."""
    try:
        return finding()
    except SubmitError as error:
        return error.message
    except Exception as error:
        if (failure := load_failure_of(error)) is None:
            raise
        return failure


def _key() -> str:
    if key := environment.api_key():
        from storyboard.jobs.identity import account_fingerprint

        return f"RUNWARE_API_KEY is set, its fingerprint is {account_fingerprint(key)}"
    return "RUNWARE_API_KEY is not set; --sandbox works without it"


def _network() -> str:
    from storyboard.runware.errors import WrongSetting
    from storyboard.runware.network import described

    try:
        return described(environment.base_url())
    except WrongSetting as error:
        return str(error)


def _pace() -> str:
    interval = environment.poll_interval()
    polls = "2 to 15 s" if interval is None else f"{interval:g} s"
    return f"asks every {polls}, waits {environment.http_timeout():g} s for an answer"


def _variables() -> str:
    """What the user has allowed; empty where that is nothing."""
    words = allowed_in_words()
    return f"filled into addresses without a question: {words}" if words else ""


def _ledger() -> str:
    path = books.ledger_path()
    if not books.has_ledger():
        if (unfit := unfit_place(str(path.parent))) is not None:
            return f"{path} cannot be made: {unfit} (STORYBOARD_STATE_DIR)"
        return f"{path}, made with the first job"
    with books.open_ledger() as ledger:
        jobs, unfinished = len(ledger.all()), len(ledger.unfinished())
    open_to_others = os.name == "posix" and path.stat().st_mode & 0o077
    warning = f"; others can read it: chmod 600 {path}" if open_to_others else ""
    left = f", {unfinished} not finished: `storyboard resume`" if unfinished else ""
    return f"{path}, {counted(jobs, 'job')}{left}{warning}"


def _terminal() -> str:
    if not sys.stderr.isatty():
        return "none: plain lines"
    size = os.get_terminal_size(sys.stderr.fileno())
    plain = ", plain lines (NO_COLOR)" if os.environ.get("NO_COLOR") else ""
    return f"{os.environ.get('TERM', 'unknown')}, {size.columns}×{size.lines}, {sys.stderr.encoding}{plain}"


def _extra(extra: str, packages: Iterable[str]) -> str:
    found, missing = [], []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        return f"{', '.join(missing)} missing: {how_to_get(extra)}"
    return broken(extra) or ", ".join(found)
