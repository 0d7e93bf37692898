"""What receipts prove to be paid for, for a ledger that does not know it."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.disk import stamp_of
from storyboard.jobs.clock import is_moment
from storyboard.jobs.found import FoundTake, take_beside
from storyboard.jobs.identity import digest, task_uuid
from storyboard.jobs.receipts import SUFFIX, attempt_in, cost_in, read_receipt, seed_in, source_of, url_in
from storyboard.jobs.rows import JOB_COLUMNS, SANDBOX, UNKNOWN_ACCOUNT, Job, Order, job_values
from storyboard.jobs.shelf import Shelf
from storyboard.jobs.soundness import is_sound
from storyboard.jobs.states import BOUGHT, State
from storyboard.jobs.wire import identity_of
from storyboard.runware.messages import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.plan import Account

_TAKES_AT_MOST = 4
_NAME_AT_MOST = 2000
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(slots=True)
class Proven:
    """What receipts prove."""

    jobs: int = 0
    takes: int = 0
    of_others: int = 0
    """Receipts of jobs that none of the accounts would make, their videos beside them as they were fetched."""
    unproven: int = 0
    """Such receipts without their videos or of other services, and those that say what cannot be."""
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
    def take(self) -> FoundTake | None:
        """Its video, where that lies beside it as it was fetched and can be written down; all of it is read."""
        if not self.number or not self.content["video"]:
            return None
        return take_beside(self.place, self.base, self.number, self.content)

    @property
    def is_storable(self) -> bool:
        """Whether the ledger can hold its paths."""
        texts = (*self.order.key, str(self.place)) if self.order is not None else ()
        try:
            "".join(texts).encode()
        except UnicodeEncodeError:
            return False
        return self.order is not None and not any("\0" in text for text in texts)

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

    A job whose UUID the account would make from the receipt's request is that account's. Another one at its service
    was paid with a key that is not known; it counts where its videos lie beside the receipts as they were fetched.
    """
    proven, jobs = Proven(), dict[tuple[str, str], list[_Paper]]()
    for paper in _papers(folders, proven):
        jobs.setdefault(paper.key, []).append(paper)
    for (service, _), papers in jobs.items():
        account = accounts.get(service)
        if account is not None and (job := _job(papers[0], account)) is not None:
            _restore(ledger, job, _without_copies(ledger, job, papers))
            proven.jobs, proven.takes = proven.jobs + 1, proven.takes + len(papers)
            continue
        taken_in = _take_in_of_another(ledger, papers) if account is not None else 0
        proven.of_others, proven.unproven = proven.of_others + taken_in, proven.unproven + len(papers) - taken_in
    return proven


class Papers:
    """Receipts in folders, each folder read once: what they prove that keys have paid which are not known here."""

    def __init__(self) -> None:
        self._by_folder: dict[str, dict[str, list[_Paper]]] = {}

    def take_in(self, ledger: Ledger, folder: str, service: str, request: str) -> bool:
        """Writes down the jobs of a service for a request, by its digest, whose whole videos lie in a folder.

        Whether there are any.
        """
        if folder not in self._by_folder:
            self._by_folder[folder] = self._read(folder)
        jobs: dict[tuple[str, str], list[_Paper]] = {}
        for paper in self._by_folder[folder].get(request, ()):
            if paper.content["service"] == service:
                jobs.setdefault(paper.key, []).append(paper)
        return sum(_take_in_of_another(ledger, papers) for papers in jobs.values()) > 0

    def _read(self, folder: str) -> dict[str, list[_Paper]]:
        by_digest: dict[str, list[_Paper]] = {}
        for paper in _papers_in(folder, Proven()):
            if (identity := _identity(paper)) is not None:
                by_digest.setdefault(digest(identity), []).append(paper)
        return by_digest


def _take_in_of_another(ledger: Ledger, papers: list[_Paper]) -> int:
    """Writes down a job of a key that is not known, as far as whole videos prove it; of how many receipts."""
    job = _job_of_another(papers[0])
    if job is None:
        return 0
    known = ledger.get(job.service, job.uuid)
    if known is not None and (known.state not in BOUGHT or ledger.results(known)):
        return len(papers)
    proven = [paper for paper in papers if paper.is_storable and paper.take is not None]
    if proven:
        _restore(ledger, job, _without_copies(ledger, job, proven))
        if known is not None and len(ledger.results(known)) >= known.takes:
            ledger.move(known, State.DONE)
    return len(proven)


def _papers(folders: Iterable[str], proven: Proven) -> Iterator[_Paper]:
    for folder in _below(folders):
        yield from _papers_in(folder, proven)


def _papers_in(folder: str, proven: Proven) -> Iterator[_Paper]:
    for entry in Shelf(folder).receipts():
        content = read_receipt(Path(folder, entry.name))
        texts = [content.get(key) for key in ("service", "job", "video", "storyboard")]
        if all(isinstance(text, str) for text in texts) and len(content["video"]) <= _NAME_AT_MOST:
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


def _identity(paper: _Paper) -> bytes | None:
    """The identity of a receipt's request; None where it is none."""
    request = paper.content.get("request")
    if not isinstance(request, dict):
        return None
    try:
        return identity_of(request)
    except (TypeError, AttributeError, ValueError, IndexError, KeyError, RecursionError):
        return None


def _job(paper: _Paper, account: Account) -> Job | None:
    """The job of a receipt, where the account would make its UUID from its request."""
    identity, attempt = _identity(paper), attempt_in(paper.content)
    if identity is None or attempt is None or task_uuid(account.key, identity, attempt) != paper.content["job"]:
        return None
    return _storable(_job_for(paper, identity, attempt, account.fingerprint))


def _job_of_another(paper: _Paper) -> Job | None:
    """The job of a receipt whose key is not known, where it is one that the ledger can hold: anybody may write one."""
    identity, attempt = _identity(paper), attempt_in(paper.content)
    if identity is None or attempt is None or paper.content["service"] == SANDBOX:
        return None
    if not _UUID.fullmatch(paper.content["job"]):
        return None
    return _storable(replace(_job_for(paper, identity, attempt, UNKNOWN_ACCOUNT), reused=True))


def _storable(job: Job) -> Job | None:
    """A job that a receipt tells of, where the ledger can hold it."""
    try:
        row = dict(zip(JOB_COLUMNS.split(", "), job_values(job), strict=True))
    except (ValueError, RecursionError):
        return None
    return job if is_sound("jobs", row) else None


def _job_for(paper: _Paper, identity: bytes, attempt: int, account: str) -> Job:
    request = paper.content["request"]
    takes, cost = request.get("numberResults", 1), cost_in(paper.content, "estimated_cost")
    moments = [_past(paper.content.get(key)) for key in ("prepared", "sent", "accepted", "downloaded")]
    return Job(
        service=paper.content["service"],
        uuid=paper.content["job"],
        account=account,
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
    ordered = [(paper, order) for paper in papers if paper.is_storable and (order := paper.order) is not None]
    with ledger.transaction():
        if not ordered:
            ledger.add(job, None, None)
        # Whoever got its videos first had ordered first, and is who the job is billed to.
        for _, order in sorted(ordered, key=lambda one: one[0].came_home):
            ledger.add(job, None, order)
        for paper, order in sorted(ordered, key=lambda one: one[0].number):
            if (take := paper.take) is not None:
                ledger.restore(job, order, [take])
            else:
                ledger.add_results(job, [_lost(paper)], are_proven=True)
                ledger.restore_place(job, order, (paper.content["video"], paper.number, paper.place))


def _lost(paper: _Paper) -> Item:
    """A video that a receipt tells of and that is not there, or is another one."""
    return Item(
        paper.content["job"],
        "success",
        paper.content["video"],
        url_in(paper.content),
        cost_in(paper.content),
        seed_in(paper.content),
    )


def _seconds(moment: object) -> float | None:
    """A moment in a receipt, in seconds since 1970."""
    try:
        return datetime.fromisoformat(moment).timestamp() if isinstance(moment, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _past(moment: object) -> float | None:
    """A moment that a receipt names, for the ledger; None for one that cannot have been yet."""
    seconds = _seconds(moment)
    return seconds if is_moment(seconds) else None
