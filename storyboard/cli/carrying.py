"""Carrying jobs from a command: progress, one report for each, the exit code."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from storyboard import interrupts
from storyboard.cli import say
from storyboard.cli.exits import Exit
from storyboard.cli.progress import Progress, progress
from storyboard.cli.running import exit_of
from storyboard.compiler.price import dollars
from storyboard.disk import reported, require_descriptors
from storyboard.jobs.carrier import Carrier, Trouble
from storyboard.jobs.ledger_errors import UnsoundRow
from storyboard.jobs.pace import Gate, Pace
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.states import ENDS, State
from storyboard.jobs.stopping import StopRun
from storyboard.submitting.accounts import require_drawing
from storyboard.submitting.crash import describe
from storyboard.submitting.outcome import in_words, job_json, line_of
from storyboard.submitting.service import open_lines, pace
from storyboard.submitting.words import counted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storyboard.jobs.carrier import News
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account
    from storyboard.jobs.rows import Job
    from storyboard.submitting.loads import Load

    Before = Callable[[Carrier, list[Load]], Awaitable[None]]

_FOR_A_PERSON = frozenset(("environment", "undecodable", "anotherKey", "paidByAnotherKey", "ledger"))
"""Codes of problems that running it again does not end."""
_NOTICED = 1.0
"""Seconds."""
_PATIENCE = Pace().patience_when_paced
_BAD_ENDS = frozenset((State.REJECTED, State.FAILED, State.EXPIRED, State.REVIEW))


class Reporter:
    """Says what came of each job, once, as soon as it is known."""

    def __init__(self, ledger: Ledger, loads: list[Load], *, as_json: bool, is_buying: bool, shown: Progress) -> None:
        """`is_buying`: what these jobs cost is newly paid, unless it turns out to have been paid before."""
        self._is_buying = is_buying
        self._ledger = ledger
        self._loads = loads
        self._as_json = as_json
        self._shown = shown
        self._said: set[int] = set()
        self._said_busy = False
        self._of_job: dict[str, list[int]] = {}
        self._elsewhere: set[str] = set()
        self._paid: dict[str, Decimal] = {}

    def hear(self, news: News) -> None:
        """Notes which jobs another process carries, and passes the news on."""
        (self._elsewhere.add if news.held_elsewhere else self._elsewhere.discard)(news.job.uuid)
        self._shown.tell(news)

    def paused(self, seconds: float) -> None:
        """Says that the service asks to wait, once: at the first pause that a person would notice."""
        if seconds >= _NOTICED and not self._said_busy:
            self._said_busy = True
            with self._shown.aside():
                say.words(
                    f"the service is busy and asks to wait {math.ceil(seconds)} s; this run waits, and tries again "
                    f"for up to {counted(round(_PATIENCE / 60), 'minute')}"
                )

    def finished(self, job: Job, troubles: dict[str, Trouble]) -> None:
        """Reports every storyboard that waited for this job."""
        for index in self._places().get(job.uuid, ()):
            if index not in self._said:
                self._said.add(index)
                self._say(self._loads[index], job, troubles.get(job.uuid))

    def _places(self) -> dict[str, list[int]]:
        """By a job's UUID, the loads that wait for it; they are all there once the first job ends."""
        if not self._of_job:
            for index, load in enumerate(self._loads):
                self._of_job.setdefault(load.job.uuid, []).append(index)
        return self._of_job

    def rest(self, stop: StopRun | None) -> None:
        """Reports what the run did not come to."""
        for index, load in enumerate(self._loads):
            if index in self._said:
                continue
            job = _fresh(self._ledger, load.job)
            trouble = Trouble(stop.code, stop.message) if stop is not None and job.state not in ENDS else None
            # Words of the stop itself come once, at the end, and not with each of a hundred jobs.
            self._say(load, job, trouble, in_json_only=trouble is not None)
        if self._is_buying and len(self._paid) > 1:
            say.words(f"{dollars(sum(self._paid.values(), Decimal(0)))} newly paid, for {len(self._paid)} jobs")

    def _say(self, load: Load, job: Job, trouble: Trouble | None, *, in_json_only: bool = False) -> None:
        reused = True if load.reused is None and job.uuid in self._elsewhere else load.reused
        try:
            line = job_json(self._ledger, job, load.order, shown=load.name, reused=reused, trouble=trouble)
        except UnsoundRow as error:
            line = line_of(job, [], load.name, reused=reused, error=("ledger", str(error)))
        if line["reused"] and load.reused is None and (there := job.request.get("uploadEndpoint")) is not None:
            with self._shown.aside():
                say.words(f"{load.name}: paid for by another request, which decided whether its videos went to {there}")
        if line["cost"] and not line["reused"]:
            self._paid[job.uuid] = Decimal(str(line["cost"]))
        if self._as_json:
            with self._shown.aside():
                say.json_data(line)
                say.flush()
        elif not in_json_only:
            self._say_to_people(line)

    def _say_to_people(self, line: dict[str, Any]) -> None:
        with self._shown.aside():
            for take in line["takes"]:
                if take["path"] is not None:
                    say.data(reported(take["path"]))
            say.words(in_words(line))


def carry(
    ledger: Ledger,
    account: Account,
    loads: list[Load],
    *,
    as_json: bool,
    wait: bool = True,
    poll_interval: float | None = None,
    before: Before | None = None,
    is_buying: bool = False,
    is_named: bool = False,
    callbacks: bool = False,
) -> Exit:
    """Carries jobs of one account and reports them; `before` may add to `loads` once the lines are open.

    `is_named`: a person named these very jobs, so that those which ended without a video are asked for once more. With
    `callbacks` the sandbox calls webhooks and upload endpoints on this machine, and what came of it is said.
    """
    require_descriptors()
    if account.service == SANDBOX and wait and any(load.job.state not in ENDS for load in loads):
        require_drawing()
    where = "" if account.service == SANDBOX else "what was sent goes on at the service; "
    with interrupts.saying(f"interrupted; {where}`storyboard resume` carries on"):
        return interrupts.run(
            _carry(ledger, account, loads, as_json, wait, poll_interval, before, is_buying, is_named, callbacks)
        )


async def _carry(  # noqa: PLR0917 - the arguments of `carry`
    ledger: Ledger,
    account: Account,
    loads: list[Load],
    as_json: bool,
    wait: bool,
    poll_interval: float | None,
    before: Before | None,
    is_buying: bool,
    is_named: bool,
    callbacks: bool,
) -> Exit:
    called: list[str] = []
    with progress() as shown:
        reporter = Reporter(ledger, loads, as_json=as_json, is_buying=is_buying, shown=shown)
        async with open_lines(account, callbacks=called.append if callbacks else None) as lines:
            carrier = Carrier(
                ledger,
                lines.client,
                lines.host,
                pace=pace(account.service, poll_interval),
                account=account.fingerprint,
                tell=reporter.hear,
                gate=Gate(reporter.paused),
                finished=lambda job: reporter.finished(job, carrier.troubles),
                describe=describe,
            )
            if before is not None:
                await _prepare(before, carrier, loads)
            for load in loads:
                shown.name(load.job.uuid, load.name)
            if carrier.stop is None:
                await carrier.run([load.job for load in loads], wait=wait, is_named=is_named)
            reporter.rest(carrier.stop)
    for line in called:
        say.words(line)
    return _exit(ledger, loads, carrier, as_json=as_json)


async def _prepare(before: Before, carrier: Carrier, loads: list[Load]) -> None:
    try:
        await before(carrier, loads)
    except StopRun as stop:
        carrier.stop = stop


def _exit(ledger: Ledger, loads: list[Load], carrier: Carrier, *, as_json: bool) -> Exit:
    if carrier.stop is not None:
        say.error(carrier.stop.message)
    # To people what only they can mend was said with each job; programs got JSON, and a bug may have left no line.
    for words in dict.fromkeys(
        one.message
        for uuid, one in carrier.troubles.items()
        if uuid in carrier.unexpected or (as_json and one.code in _FOR_A_PERSON)
    ):
        say.error(words)
    jobs = [_fresh(ledger, load.job) for load in loads]
    if left := {job.uuid for job in jobs if job.state not in ENDS}:
        say.words(f"{counted(len(left), 'job')} not finished: `storyboard resume` carries on")
    # A bug comes first, then what only a person can mend, then work that is left, then jobs that ended badly.
    unexpected = {exit_of(error) for error in carrier.unexpected.values()}
    if Exit.BUG in unexpected:
        return Exit.BUG
    if carrier.stop is not None and not carrier.stop.passes:
        return Exit.PERSON
    if Exit.PERSON in unexpected or any(one.code in _FOR_A_PERSON for one in carrier.troubles.values()):
        return Exit.PERSON
    if carrier.stop is not None or carrier.troubles:
        return Exit.SERVICE
    return Exit.JOB_FAILED if any(job.state in _BAD_ENDS for job in jobs) else Exit.DONE


def _fresh(ledger: Ledger, job: Job) -> Job:
    """A job as it stands by now, as far as its row in the ledger makes sense."""
    try:
        return ledger.fresh(job)
    except UnsoundRow:
        return job
