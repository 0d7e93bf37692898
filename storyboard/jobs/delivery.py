"""A finished job's videos on disk: for every storyboard that wants them, under its own name, with a receipt."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING, Literal

from storyboard.disk import open_regular, words_of
from storyboard.folders import stray_link
from storyboard.jobs.asking import QuestionRefused
from storyboard.jobs.download import SIZE_LIMIT, Fetched, Odd, download, is_whole, measure
from storyboard.jobs.ledger_errors import LedgerError
from storyboard.jobs.naming import allot
from storyboard.jobs.parts import drop, label, note_of, part_of
from storyboard.jobs.receipts import is_of, read_receipt, receipt_path, vouched, write_receipt
from storyboard.jobs.shelf import Shelves
from storyboard.jobs.stopping import StopRun
from storyboard.jobs.verdict import Memory
from storyboard.runware.errors import Coded, Gone, NotSent, Unclear, Unfit, WrongSetting
from storyboard.writing import open_to_grow, put_in_place, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.asking import Asker
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job, Order, Result
    from storyboard.runware.videos import VideoHost

_TRIES = 6
_LONGEST = 7200.0
"""Seconds after which no other try begins in this run; a video's host may give little at a time."""
_CLOSED = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP)
)
"""Errors of a folder that running it again does not end; EEXIST: a file stands where it should be."""


class Undelivered(Exception):
    """A video that could not be brought home this time; the text says why. It stays paid for."""

    def __init__(self, words: str, code: Literal["undelivered", "undecodable", "environment"] = "undelivered") -> None:
        """With a `code` other than "undelivered" a person has to act first."""
        super().__init__(words)
        self.code = code


class Unfinished(Undelivered):
    """A video that was named before it was made: the service is still at work on it."""


class NotOnDisk(Undelivered):
    """A video that another key paid for and that lies nowhere any more: only that key can ask for it."""


class Lost(Exception):
    """A video that the service does not give out any more."""


class Deliverer:
    """Brings videos home, a few at a time."""

    def __init__(self, ledger: Ledger, host: VideoHost, asker: Asker, pace: Pace) -> None:
        self._ledger = ledger
        self._host = host
        self._asker = asker
        self._pace = pace
        self._slots = asyncio.Semaphore(pace.downloads)
        self._shelves = Shelves()
        self._swept: set[str] = set()

    async def deliver(self, job: Job, *, is_ours: bool = True) -> str | None:
        """Delivers every video of a job to each order that lacks it; one that fails does not stop the rest.

        The videos of a job that is not ours, another key's, are copied from where they lie, and nothing is asked.
        What came and was deleted since does not come again: see `want_again`.
        What is to be said of a video that is not what was ordered, and is all that there is; None where nothing is.
        Raises Undelivered where another run may have more luck, else Lost, or the asker's StopRun. What nobody expected
        goes wrong with one video is raised as well, once all the others were tried.
        """
        remarks: list[str] = []
        troubles: list[Exception] = []
        lost: dict[str, Lost] = {}
        for order in self._ledger.orders(job):
            for result in self._ledger.results(job):
                if result.video_uuid in lost or self._ledger.is_done(job, result, order):
                    continue
                try:
                    async with self._slots:
                        remark = await self._deliver_one(job, result, order, is_ours=is_ours)
                    remarks += [remark] if remark is not None else []
                except Lost as error:
                    lost[result.video_uuid] = error
                except (StopRun, LedgerError):
                    raise
                except Exception as error:  # noqa: BLE001 - it is raised below
                    troubles.append(error)
        unexpected = [error for error in troubles if not isinstance(error, Undelivered)]
        if every := [*unexpected, *troubles, *lost.values()]:
            raise every[0]
        return "; ".join(dict.fromkeys(remarks)) or None

    def is_delivered(self, job: Job) -> bool:
        """Whether everything that a job's orders want came to them."""
        return all(self._ledger.is_delivered(job, order) for order in self._ledger.orders(job))

    async def _deliver_one(self, job: Job, result: Result, order: Order, *, is_ours: bool) -> str | None:
        place: str | Path = order.folder
        if (stray := stray_link(order.folder, order.file)) is not None:
            words = f"{place} leads to {stray} by a link in the project, through which nothing is written"
            raise Undelivered(f"{words}; `--out DIR` names another folder", "environment")
        try:
            Path(order.folder).mkdir(parents=True, exist_ok=True)
            self._sweep(order.folder)
            place, take = allot(self._ledger, job, result, order, self._shelves.at(order.folder))
            fetched = _vouched(place, job, result)
            if fetched is None:
                fetched = await self._brought(job, result, order, place, is_ours=is_ours)
                note_of(place).unlink(missing_ok=True)
                write_receipt(place, take, job=job, result=result, order=order, fetched=fetched)
        except LedgerError:
            raise
        except OSError as error:
            words = f"{place} cannot be written: {words_of(error)}"
            if error.errno in _CLOSED:
                raise Undelivered(f"{words}; `--out DIR` names another folder", "environment") from None
            raise Undelivered(words) from None
        self._ledger.delivered(job, result, order, fetched, time())
        if fetched.seconds is None:
            return None
        return f"{place.name} plays {fetched.seconds:.1f} s instead of {_ordered_seconds(job)}: so it came twice"

    def _sweep(self, folder: str) -> None:
        """Once for each folder: what a run that died has left beside a receipt."""
        if folder not in self._swept:
            self._swept.add(folder)
            sweep(folder)

    async def _brought(self, job: Job, result: Result, order: Order, path: Path, *, is_ours: bool) -> Fetched:
        if is_whole(path, result.sha256):
            return measure(path)
        if (copied := self._copied(job, result, path)) is not None:
            return copied
        if not is_ours:
            drop(path)
            raise NotOnDisk(f"{path.name} was paid for with another key, and is on disk nowhere any more")
        return await self._fetched(job, result, order, path)

    def _copied(self, job: Job, result: Result, path: Path) -> Fetched | None:
        """A copy of the same video that another order has on disk."""
        for other, _, _ in self._ledger.deliveries(job, result):
            if other != path and result.sha256 is not None and is_whole(other, result.sha256):
                part = part_of(path)
                with open_regular(other, most=SIZE_LIMIT) as source, open_to_grow(part, 0) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                    target.flush()
                    os.fsync(target.fileno())
                put_in_place(part, path)
                return measure(path)
        return None

    async def _fetched(self, job: Job, result: Result, order: Order, path: Path) -> Fetched:
        """The video from the service; where its address does not serve, by the addresses that the service has now."""
        url, is_gone, reason = result.url, False, "the service gave no address of it"
        odd = frozenset[str]()
        whose, seconds = label(job, result, order, self._ledger.holder), _ordered_seconds(job)
        for tried in _tries():
            by_details = tried % 2 == 1
            if url is not None:
                try:
                    return await download(self._host, url, path, whose, seconds=seconds, came_before=odd)
                except (NotSent, Unclear) as error:
                    is_gone, reason = False, str(error)
                    await self._pause(tried)
                    if not (by_details and isinstance(error, NotSent)):
                        continue
                except Coded as error:
                    words = f"{error}; its address stands in `storyboard jobs show {job.uuid[:8]} --json`"
                    raise Undelivered(words, "undecodable") from None
                except WrongSetting as error:
                    raise Undelivered(str(error), "environment") from None
                except (Gone, Unfit) as error:
                    is_gone, reason = isinstance(error, Gone), str(error)
                    odd |= _digest_of(error)
            fresh = await self._fresh_url(job, result, by_details=by_details)
            if fresh in (None, url):
                await self._pause(tried)
            url = fresh or url
        if is_gone:
            drop(path)
            raise Lost(f"the service does not give the video out any more ({reason})")
        raise Undelivered(f"the video could not be fetched ({reason})")

    async def _pause(self, tried: int) -> None:
        await asyncio.sleep(min(self._pace.backoff(tried), 10.0))

    async def _fresh_url(self, job: Job, result: Result, *, by_details: bool) -> str | None:
        try:
            if by_details:
                standing = (await self._asker.details({job.uuid: (job, Memory())}))[job.uuid]
            else:
                standing = await self._asker.ask(job)
        except QuestionRefused:
            return None
        if isinstance(standing, Exception):
            raise standing
        if standing.is_at_work and result.url is None:
            raise Unfinished("the service is still at work on the video")
        self._ledger.add_results(job, standing.videos)
        return next((item.url for item in standing.videos if item.video_uuid == result.video_uuid), None)


def _ordered_seconds(job: Job) -> int | None:
    """How long a job's videos were ordered; None where its request does not say it."""
    seconds = job.request.get("duration")
    return seconds if isinstance(seconds, int) and not isinstance(seconds, bool) else None


def _tries() -> Iterator[int]:
    """Numbers of tries from 0 on, as many as there may be in the time that they take."""
    began = monotonic()
    for tried in range(_TRIES):
        if monotonic() - began > _LONGEST:
            return
        yield tried


def _digest_of(error: Gone | Unfit) -> frozenset[str]:
    """The bytes of a video that came and is not what was ordered, by their digest."""
    return frozenset({error.sha256}) if isinstance(error, Odd) else frozenset()


def _vouched(path: Path, job: Job, result: Result) -> Fetched | None:
    """The video, where it lies at its path beside a receipt that names it and its bytes."""
    receipt = read_receipt(receipt_path(path))
    return vouched(path, receipt) if is_of(receipt, job.uuid, result.video_uuid) else None
