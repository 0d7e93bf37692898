"""Named points of a job's way at which a forked command is made to die, to be interrupted, or to wait."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from time import sleep
from typing import TYPE_CHECKING, Any

from storyboard.cli import submit_command
from storyboard.jobs import clock, delivery, download, leases
from storyboard.jobs.asking import Asker
from storyboard.jobs.carrier import Carrier
from storyboard.jobs.ledger import Ledger
from storyboard.jobs.polling import Poller
from storyboard.jobs.states import State
from storyboard.runware.client import Client, _Body

if TYPE_CHECKING:
    from pathlib import Path

DEATH = 77
"""The exit code of a command that died at its point."""

Act = Callable[[], None]


def die() -> None:
    """At once, without any clearing up."""
    os._exit(DEATH)


def kill() -> None:
    """By the signal that nobody can catch."""
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    """As by Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def no_space() -> None:
    """As where the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def wait_for(file: Path) -> Act:
    """Until a file is there; that it waits is said by another one beside it."""

    def wait() -> None:
        file.with_suffix(".waiting").touch()
        wait_until(file.exists)

    return wait


def wait_until(holds: Callable[[], bool]) -> None:
    """Returns once something holds, which the test's own limit of time cuts short."""
    while not holds():
        sleep(0.01)


def sleep_until(file: Path, seconds: float, then: Act = lambda: None) -> Act:
    """Until a file is there nothing of this process happens; it wakes with its clocks ahead, and does something."""

    def asleep() -> None:
        wait_for(file)()
        set_clocks(seconds)
        then()

    return asleep


def set_clocks(ahead: float, *, only_wall: bool = False) -> None:
    """Puts this process's clocks forward, or back, as a sleep does, or only the one that people can set."""
    now, ticks = clock.now, clock.ticks
    clock.now = lambda: now() + ahead
    if not only_wall:
        clock.ticks = lambda: ticks() + ahead


def set_lease(seconds: float) -> None:
    """How long this process's leases last."""
    leases.LEASE_SECONDS = seconds


def arm(point: str, act: Act) -> None:
    """Patches this process so that `act` happens when the point is reached for the first time."""
    _ARM[point](_once(act))


def _once(act: Act) -> Act:
    done: list[bool] = []

    def first() -> None:
        if not done:
            done.append(True)
            act()

    return first


def _before(owner: Any, name: str, act: Act) -> None:
    real = getattr(owner, name)

    def patched(*arguments: Any, **options: Any) -> Any:
        act()
        return real(*arguments, **options)

    setattr(owner, name, patched)


def _after(owner: Any, name: str, act: Act) -> None:
    real = getattr(owner, name)

    def patched(*arguments: Any, **options: Any) -> Any:
        result = real(*arguments, **options)
        act()
        return result

    setattr(owner, name, patched)


def _after_awaiting(owner: Any, name: str, act: Act) -> None:
    real: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def patched(*arguments: Any, **options: Any) -> Any:
        result = await real(*arguments, **options)
        act()
        return result

    setattr(owner, name, patched)


def _after_move(state: State) -> Callable[[Act], None]:
    def arm_it(act: Act) -> None:
        real = Ledger.move

        def patched(self: Ledger, job: Any, to: State, **why: Any) -> Any:
            moved = real(self, job, to, **why)
            if to is state:
                act()
            return moved

        setattr(Ledger, "move", patched)  # noqa: B010 - a method cannot be assigned to in typed code

    return arm_it


def _after_response(act: Act) -> None:
    real = Client.send

    async def patched(self: Client, tasks: Any) -> Any:
        reply = await real(self, tasks)
        if tasks[0]["taskType"] == "videoInference":
            act()
        return reply

    setattr(Client, "send", patched)  # noqa: B010 - as above


def _on_wire(event: str) -> Callable[[Act], None]:
    """When httpcore says so of the request that pays; what the product does at the same event comes after it."""

    def arm_it(act: Act) -> None:
        real = _Body.watch

        async def patched(self: _Body, name: str, info: dict[str, Any]) -> None:
            if name.endswith(event) and b'"videoInference"' in self._content:
                act()
            await real(self, name, info)

        setattr(_Body, "watch", patched)  # noqa: B010 - as above

    return arm_it


def _mid_download(act: Act) -> None:
    real = download._write

    async def patched(part: Any, *places: Any) -> None:
        part.chunks = _halfway(part.chunks, act)
        await real(part, *places)

    setattr(download, "_write", patched)  # noqa: B010 - as above


def _mid_copy(act: Act) -> None:
    def patched(source: Any, target: Any, length: int) -> None:
        target.write(source.read(5000))
        target.flush()
        act()
        target.write(source.read())

    setattr(shutil, "copyfileobj", patched)  # noqa: B010 - as above


async def _halfway(chunks: AsyncIterator[bytes], act: Act) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        middle = len(chunk) // 2
        yield chunk[:middle]
        act()
        yield chunk[middle:]


_ARM: dict[str, Callable[[Act], None]] = {
    "before_commit": lambda act: _before(Ledger, "add", act),
    "written_down": lambda act: _before(Carrier, "run", act),
    "after_commit": lambda act: _after(Ledger, "begin_sending", act),
    "after_response": _after_response,
    "on_unknown": _after_move(State.UNKNOWN),
    "after_accepted": _after_move(State.ACCEPTED),
    "polling": lambda act: _after_awaiting(Poller, "_poll", act),
    "after_ready": _after_move(State.READY),
    "mid_download": _mid_download,
    "after_rename": lambda act: _after_awaiting(delivery, "download", act),
    "after_receipt": lambda act: _after(delivery, "write_receipt", act),
}
POINTS = tuple(_ARM)
"""In the order of a job's way."""
_ARM |= {
    "planned": lambda act: _before(submit_command, "write_all", act),
    "before_sending": lambda act: _before(Ledger, "begin_sending", act),
    "answered": lambda act: _after_awaiting(Asker, "_standings", act),
    "connected": _on_wire("send_request_headers.started"),
    "headers_sent": _on_wire("send_request_headers.complete"),
    "body_sent": _on_wire("send_request_body.complete"),
    "before_deliver": lambda act: _before(delivery.Deliverer, "deliver", act),
    "before_copy": lambda act: _before(delivery.Deliverer, "_copied", act),
    "mid_copy": _mid_copy,
}
