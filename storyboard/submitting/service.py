"""Lines to the service, or into the sandbox in this process, and the pace at which it is asked."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyboard.disk import may_pass
from storyboard.jobs.pace import Pace
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.wire import fill_in
from storyboard.runware.client import Client
from storyboard.runware.errors import WrongSetting
from storyboard.runware.videos import VideoHost
from storyboard.submitting import books, environment
from storyboard.submitting.errors import Kind, SubmitError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from storyboard.jobs.plan import Account
    from storyboard.sandbox import Sandbox

_SANDBOX_URL = "http://localhost/sandbox/v1"
_SANDBOX_PACE = Pace(first_poll=0.5, slowest_poll=2.0, patience_when_silent=5.0, arrival=0.0)


@dataclass(frozen=True, slots=True)
class Lines:
    """Open lines to a service and to its videos."""

    client: Client
    host: VideoHost


def pace(service: str, poll_interval: float | None) -> Pace:
    """How fast this service is asked; `poll_interval` in seconds wins over STORYBOARD_POLL_INTERVAL."""
    plain = _SANDBOX_PACE if service == SANDBOX else Pace()
    interval = poll_interval if poll_interval is not None else environment.poll_interval()
    window = environment.trust_window()
    return replace(plain, fixed_poll=interval, trust_window=plain.trust_window if window is None else window)


@asynccontextmanager
async def open_lines(account: Account, callbacks: Callable[[str], None] | None = None) -> AsyncIterator[Lines]:
    """Lines to the account's service: over the network, or into the sandbox in this process. Raises SubmitError.

    The sandbox calls webhooks and upload endpoints only with `callbacks`, which gets a line about each.
    """
    async with AsyncExitStack() as stack:
        app, url, timeout = None, account.service, environment.http_timeout()
        if account.service == SANDBOX:
            app, url = stack.enter_context(_open_sandbox(callbacks)), _SANDBOX_URL
        try:
            client = Client(url, account.key, timeout=timeout, app=app)
            host = VideoHost(url, timeout=timeout, app=app)
        except WrongSetting as error:
            raise SubmitError(Kind.ENVIRONMENT, str(error)) from None
        await stack.enter_async_context(client)
        await stack.enter_async_context(host)
        yield Lines(client, host)


def _no_words(_line: str) -> None:
    return


@contextmanager
def _open_sandbox(callbacks: Callable[[str], None] | None) -> Iterator[Sandbox]:
    from storyboard.sandbox import Sandbox
    from storyboard.sandbox.state import StateError

    place = books.folder() / "sandbox"
    try:
        app = Sandbox(place, fill=fill_in, callbacks="own" if callbacks else "none", tell=callbacks or _no_words)
    except (StateError, OSError) as error:
        passes = error.passes if isinstance(error, StateError) else may_pass(error)
        words = f"the sandbox cannot keep its state in {place}: {error}"
        raise SubmitError(Kind.where(passes=passes), words) from None
    try:
        yield app
    except asyncio.CancelledError:
        # Closing the whole would wait for drawings under way, which nobody wants any more.
        app.state.close()
        raise
    except BaseException:
        app.close()
        raise
    app.close()
