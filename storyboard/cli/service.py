"""Which service a command talks to, and at what pace."""

from __future__ import annotations

import math
import os
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from storyboard.cli.exits import Exit, Stop
from storyboard.jobs.pace import Pace
from storyboard.jobs.paths import state_folder
from storyboard.jobs.plan import Account
from storyboard.runware.client import DEFAULT_BASE_URL, Client
from storyboard.runware.videos import VideoHost, is_allowed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SANDBOX = "sandbox"
_SANDBOX_ACCOUNT = Account(SANDBOX, "sandbox")
_SANDBOX_URL = "http://localhost/sandbox/v1"
_SANDBOX_PACE = Pace(first_poll=0.5, slowest_poll=2.0)


@dataclass(frozen=True, slots=True)
class Lines:
    """Open lines to a service and to its videos."""

    client: Client
    host: VideoHost


def real_account() -> Account | None:
    """The account of the environment's key; None without one."""
    key = os.environ.get("RUNWARE_API_KEY", "").strip()
    return Account(base_url(), key) if key else None


def account(*, sandbox: bool) -> Account:
    """The account that pays; ends the command where there is no key."""
    if sandbox:
        require_preview()
        return _SANDBOX_ACCOUNT
    found = real_account()
    if found is None:
        words = "RUNWARE_API_KEY is not set: export it, or try it for nothing with --sandbox"
        raise Stop(Exit.SERVICE, words)
    if not found.key.isascii() or not found.key.isprintable() or " " in found.key:
        raise Stop(Exit.SERVICE, "RUNWARE_API_KEY holds characters that no key has: copy it anew")
    return found


def base_url() -> str:
    """The service's address: RUNWARE_BASE_URL, or Runware's own."""
    url = os.environ.get("RUNWARE_BASE_URL", "").strip().rstrip("/") or DEFAULT_BASE_URL
    if not is_allowed(url):
        raise click.UsageError(f"RUNWARE_BASE_URL {url!r} is neither an https address nor one of this machine")
    return url


def require_preview() -> None:
    """Ends the command where the sandbox could not draw its videos."""
    from importlib.util import find_spec

    if missing := [name for name in ("av", "PIL") if find_spec(name) is None]:
        words = (
            f"the sandbox draws its videos with {' and '.join(missing)}: pip install 'multishot-storyboard[preview]'"
        )
        raise Stop(Exit.USAGE, words)


def pace(service: str, poll_interval: float | None) -> Pace:
    """How fast this service is asked; `poll_interval` in seconds wins over STORYBOARD_POLL_INTERVAL."""
    plain = _SANDBOX_PACE if service == SANDBOX else Pace()
    interval = poll_interval if poll_interval is not None else _seconds("STORYBOARD_POLL_INTERVAL")
    return replace(plain, fixed_poll=interval) if interval is not None else plain


def _seconds(name: str) -> float | None:
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < 86_400:
        raise click.UsageError(f"{name} must be a number of seconds above 0, not {text!r}")
    return seconds


@asynccontextmanager
async def open_lines(account: Account) -> AsyncIterator[Lines]:
    """Lines to the account's service: over the network, or into the sandbox in this process."""
    async with AsyncExitStack() as stack:
        app: Any = None
        url, timeout = account.service, _seconds("STORYBOARD_HTTP_TIMEOUT") or 60.0
        if account.service == SANDBOX:
            from storyboard.sandbox import Sandbox

            app, url = Sandbox(state_folder() / "sandbox"), _SANDBOX_URL
            stack.callback(app.close)
        client = await stack.enter_async_context(Client(url, account.key, timeout=timeout, app=app))
        host = await stack.enter_async_context(VideoHost(timeout=timeout, app=app))
        yield Lines(client, host)
