"""A finished job's videos on disk: for every storyboard that wants them, under its own name, with a receipt."""

from __future__ import annotations

import asyncio
import shutil
from time import time
from typing import TYPE_CHECKING

from storyboard.jobs.download import Fetched, download, is_whole, measure
from storyboard.jobs.naming import allot
from storyboard.jobs.paths import fsync_folder
from storyboard.jobs.receipts import receipt_path, write_receipt
from storyboard.runware.errors import NotSent, ServiceError, Unclear
from storyboard.runware.videos import Gone, Unfit

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.jobs.asking import Asker
    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.pace import Pace
    from storyboard.jobs.rows import Job, Order, Result
    from storyboard.runware.videos import VideoHost

_TRIES = 6


class Undelivered(Exception):
    """A video that could not be brought home this time; the text says why. It stays paid for."""


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

    async def deliver(self, job: Job) -> None:
        """Every video of a job to everybody who ordered it.

        Raises Undelivered, Lost, or the asker's StopRun; what was delivered by then stays.
        """
        for order in self._ledger.orders(job):
            for result in self._ledger.results(job):
                async with self._slots:
                    await self._deliver_one(job, result, order)

    def is_delivered(self, job: Job) -> bool:
        """Whether everything a job's orders want is on disk and looks whole."""
        results = self._ledger.results(job)
        return all(
            (path := self._known_path(job, result, order)) is not None and is_whole(path, None)
            for order in self._ledger.orders(job)
            for result in results
        )

    def _known_path(self, job: Job, result: Result, order: Order) -> Path | None:
        return next((path for path, _, whose in self._ledger.deliveries(job, result) if whose == order.key), None)

    async def _deliver_one(self, job: Job, result: Result, order: Order) -> None:
        path, take = allot(self._ledger, job, result, order)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_whole(path, result.sha256):
                fetched = measure(path)
                if receipt_path(path).exists() and self._ledger.is_done(job, result, order):
                    return
            else:
                fetched = self._copied(job, result, path) or await self._fetched(job, result, path)
            write_receipt(path, take, job=job, result=result, order=order, fetched=fetched)
        except OSError as error:
            raise Undelivered(f"{path} cannot be written: {str(error.strerror or error).lower()}") from None
        self._ledger.delivered(job, result, order, fetched, time())

    def _copied(self, job: Job, result: Result, path: Path) -> Fetched | None:
        """A copy of the same video that another order has on disk."""
        for other, _, _ in self._ledger.deliveries(job, result):
            if other != path and result.sha256 is not None and is_whole(other, result.sha256):
                part = path.with_name(path.name + ".part")
                shutil.copyfile(other, part)
                part.replace(path)
                fsync_folder(path.parent)
                return measure(path)
        return None

    async def _fetched(self, job: Job, result: Result, path: Path) -> Fetched:
        url = result.url
        refreshed = 0
        reason = "the service gave no address of it"
        for tried in range(_TRIES):
            if url is not None:
                try:
                    return await download(self._host, url, path)
                except (NotSent, Unclear) as error:
                    reason = str(error)
                    await asyncio.sleep(min(self._pace.backoff(tried), 10.0))
                    continue
                except (Gone, Unfit) as error:
                    reason = str(error)
            if refreshed == 2:
                break
            url = await self._fresh_url(job, result, by_details=refreshed == 1) or url
            refreshed += 1
        if url is None or "the address answers" in reason:
            raise Lost(f"the service does not give the video out any more ({reason})")
        raise Undelivered(f"the video could not be fetched ({reason})")

    async def _fresh_url(self, job: Job, result: Result, *, by_details: bool) -> str | None:
        try:
            standing = await (self._asker.details(job) if by_details else self._asker.ask(job))
        except ServiceError:
            return None
        self._ledger.add_results(job, standing.videos)
        return next((item.url for item in standing.videos if item.video_uuid == result.video_uuid), None)
