"""What receipts prove to be paid for, for a ledger that does not know it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.disk import stamp_of
from storyboard.jobs.found import take_beside
from storyboard.jobs.identity import digest, task_uuid
from storyboard.jobs.receipts import SUFFIX, attempt_in, cost_in, read_receipt, seed_in, source_of
from storyboard.jobs.rows import Job, Order
from storyboard.jobs.shelf import Shelf
from storyboard.jobs.states import State
from storyboard.jobs.wire import identity_of
from storyboard.runware.messages import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account

_TAKES_AT_MOST = 4


@dataclass(slots=True)
class Proven:
    """What receipts prove."""

    jobs: int = 0
    takes: int = 0
    of_others: int = 0
    """Receipts of jobs that none of the accounts would make."""
    unreadable: int = 0
    """Files named like receipts that are none."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A receipt that names its job and video."""

    video: Path
    number: int
    base: str
    content: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """Service and UUID of its job."""
        return self.content["service"], self.content["job"]

    @property
    def place(self) -> Path:
        """Where its video lies, as the ledger would say it."""
        return Path(os.path.realpath(self.video.parent), self.video.name)

    @property
    def came_home(self) -> tuple[float, int]:
        """When its video did; of those of one second, the file's own time tells."""
        return _seconds(self.content.get("downloaded")) or 0.0, (stamp_of(str(self.video)) or (0,))[0]

    @property
    def order(self) -> Order | None:
        """Who wanted its video, and where."""
        folder = os.path.realpath(self.video.parent)
        file = source_of(self.content, folder)
        return None if file is None else Order(file, folder, file)


def take_in_receipts(ledger: Ledger, folders: Iterable[str], accounts: Mapping[str, Account]) -> Proven:
    """Writes down what receipts below these folders prove to be paid; `accounts` by their service.

    Only a job whose UUID the account would make from the receipt's request.
    """
    proven, jobs = Proven(), dict[tuple[str, str], list[_Paper]]()
    for paper in _papers(folders, proven):
        jobs.setdefault(paper.key, []).append(paper)
    for (service, _), papers in jobs.items():
        account = accounts.get(service)
        job = None if account is None else _job(papers[0], account)
        if job is None:
            proven.of_others += len(papers)
        else:
            _restore(ledger, job, _without_copies(ledger, job, papers))
            proven.jobs, proven.takes = proven.jobs + 1, proven.takes + len(papers)
    return proven


def _papers(folders: Iterable[str], proven: Proven) -> Iterator[_Paper]:
    for folder in _below(folders):
        for entry in Shelf(folder).receipts():
            content = read_receipt(Path(folder, entry.name))
            if all(isinstance(content.get(key), str) for key in ("service", "job", "video", "storyboard")):
                yield _Paper(Path(folder, entry.name.removesuffix(SUFFIX)), entry.number, entry.base, content)
            else:
                proven.unreadable += 1


def _below(folders: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for top in folders:
        for folder, inner, _ in os.walk(top):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            real = os.path.realpath(folder)
            if real not in seen:
                seen.add(real)
                yield folder


def _job(paper: _Paper, account: Account) -> Job | None:
    """The job of a receipt, where the account would make its UUID from its request."""
    request, attempt = paper.content.get("request"), attempt_in(paper.content)
    if not isinstance(request, dict) or attempt is None:
        return None
    try:
        identity = identity_of(request)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError):
        return None
    if task_uuid(account.key, identity, attempt) != paper.content["job"]:
        return None
    takes, cost = request.get("numberResults", 1), cost_in(paper.content, "estimated_cost")
    moments = [_seconds(paper.content.get(key)) for key in ("prepared", "sent", "accepted", "downloaded")]
    return Job(
        service=account.service,
        uuid=paper.content["job"],
        account=account.fingerprint,
        digest=digest(identity),
        attempt=attempt,
        state=State.DONE,
        request=request,
        frame=None,
        media_type=None,
        estimated_cost=Decimal(str(cost or 0)),
        takes=takes if isinstance(takes, int) and 1 <= takes <= _TAKES_AT_MOST else 1,
        created_at=moments[0] or moments[3] or 0.0,
        sent_at=moments[1],
        accepted_at=moments[2],
        finished_at=moments[3],
    )


def _without_copies(ledger: Ledger, job: Job, papers: list[_Paper]) -> list[_Paper]:
    """Papers of which none says just what another does, marks aside: a folder that was copied is nobody's order.

    Which of two is the copy they do not say: it is not what the ledger knows, else not what has the shorter path.
    """
    known = {path for result in ledger.results(job) for path, _, _ in ledger.deliveries(job, result)}
    originals: dict[str, _Paper] = {}
    for paper in sorted(papers, key=lambda one: (one.place not in known, len(str(one.place)))):
        originals.setdefault(json.dumps(paper.content | {"mark": None}, sort_keys=True), paper)
    return list(originals.values())


def _restore(ledger: Ledger, job: Job, papers: list[_Paper]) -> None:
    """A job with all its takes is done; of another the service is asked for the rest."""
    complete = len({paper.content["video"] for paper in papers}) >= job.takes
    job = replace(job, state=State.DONE if complete else State.ACCEPTED)
    ordered = [(paper, order) for paper in papers if (order := paper.order) is not None]
    with ledger.transaction():
        # Whoever got its videos first had ordered first, and is who the job is billed to.
        for _, order in sorted(ordered, key=lambda one: one[0].came_home):
            ledger.add(job, None, order)
        for paper, order in sorted(ordered, key=lambda one: one[0].number):
            take = take_beside(paper.video, paper.base, paper.number, paper.content)
            if take is not None:
                ledger.restore(job, order, [take])
            else:
                ledger.add_results(job, [_lost(paper)])


def _lost(paper: _Paper) -> Item:
    """A video that a receipt tells of and that is not there, or is another one."""
    url = paper.content.get("url")
    return Item(
        paper.content["job"],
        "success",
        paper.content["video"],
        url if isinstance(url, str) else None,
        cost_in(paper.content),
        seed_in(paper.content),
    )


def _seconds(moment: object) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp() if isinstance(moment, str) else None
    except (ValueError, OverflowError, OSError):
        return None
