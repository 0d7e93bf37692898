"""Carrying jobs from a command: progress, one report for each, the exit code."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.outcome import exit_code, in_words, job_json
from storyboard.cli.progress import Progress, progress
from storyboard.cli.report import counted
from storyboard.cli.service import open_lines, pace
from storyboard.jobs.carrier import Carrier, Trouble
from storyboard.jobs.line import StopRun
from storyboard.jobs.states import ENDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job, Order


@dataclass(slots=True)
class Load:
    """A job to carry, and for whom."""

    job: Job
    order: Order
    reused: bool | None = None
    """None: as the ledger says once it is carried."""


class Reporter:
    """Says what came of each job, once, as soon as it is known."""

    def __init__(self, ledger: Ledger, loads: list[Load], *, as_json: bool, shown: Progress) -> None:
        self._ledger = ledger
        self._loads = loads
        self._as_json = as_json
        self._shown = shown
        self._said: set[int] = set()
        for load in loads:
            shown.name(load.job.uuid, load.order.shown)

    def finished(self, job: Job, troubles: dict[str, Trouble]) -> None:
        """Reports every storyboard that waited for this job."""
        for index, load in enumerate(self._loads):
            if load.job.uuid == job.uuid and load.job.service == job.service and index not in self._said:
                self._said.add(index)
                self._say(job_json(self._ledger, job, load.order, reused=load.reused, trouble=troubles.get(job.uuid)))

    def rest(self, stop: StopRun | None) -> None:
        """Reports what the run did not come to."""
        for index, load in enumerate(self._loads):
            if index in self._said:
                continue
            job = self._ledger.get(load.job.service, load.job.uuid) or load.job
            trouble = Trouble(stop.code, stop.message) if stop is not None and job.state not in ENDS else None
            self._say(job_json(self._ledger, job, load.order, reused=load.reused, trouble=trouble))

    def _say(self, line: dict[str, Any]) -> None:
        if self._as_json:
            say.json_data(line)
            return
        for take in line["takes"]:
            if take["path"] is not None:
                say.data(take["path"])
        self._shown.say(in_words(line))


def carry(
    ledger: Ledger,
    account: Account,
    loads: list[Load],
    *,
    as_json: bool,
    wait: bool = True,
    poll_interval: float | None = None,
    before: Callable[[Carrier], Awaitable[list[Load]]] | None = None,
) -> Exit:
    """Carries jobs of one account and reports them; `before` may add loads once the lines are open."""
    try:
        return asyncio.run(_carry(ledger, account, loads, as_json, wait, poll_interval, before))
    except KeyboardInterrupt:
        say.error("interrupted; jobs go on at the service, `storyboard resume` picks them up")
        return Exit.INTERRUPTED


async def _carry(  # noqa: PLR0917 - the arguments of `carry`
    ledger: Ledger,
    account: Account,
    loads: list[Load],
    as_json: bool,
    wait: bool,
    poll_interval: float | None,
    before: Callable[[Carrier], Awaitable[list[Load]]] | None,
) -> Exit:
    with progress() as shown:
        async with open_lines(account) as lines:
            carrier = Carrier(
                ledger,
                lines.client,
                lines.host,
                pace=pace(account.service, poll_interval),
                tell=shown.tell,
                finished=lambda job: reporter.finished(job, carrier.troubles),
            )
            if before is not None:
                loads = loads + await _added(before, carrier)
            reporter = Reporter(ledger, loads, as_json=as_json, shown=shown)
            if carrier.stop is None:
                await carrier.run([load.job for load in loads], wait=wait)
            reporter.rest(carrier.stop)
    return _exit(ledger, loads, carrier)


async def _added(before: Callable[[Carrier], Awaitable[list[Load]]], carrier: Carrier) -> list[Load]:
    try:
        return await before(carrier)
    except StopRun as stop:
        carrier.stop = stop
        return []


def _exit(ledger: Ledger, loads: list[Load], carrier: Carrier) -> Exit:
    if carrier.stop is not None:
        say.error(carrier.stop.message)
    jobs = [ledger.get(load.job.service, load.job.uuid) or load.job for load in loads]
    if left := [job for job in jobs if job.state not in ENDS]:
        say.words(f"{counted(len({job.uuid for job in left}), 'job')} unfinished: `storyboard resume` carries on")
    return exit_code(jobs, carrier.troubles, stopped=carrier.stop is not None)
