"""Receipts: beside each video a JSON file that says where it came from and what it cost."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from storyboard.addresses import one_spelling
from storyboard.disk import is_of_other_machine
from storyboard.jobs.download import Fetched, is_there, measure
from storyboard.jobs.papers import read_paper
from storyboard.writing import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.jobs.rows import Job, Order, Result

SUFFIX = ".json"
_DOLLARS_AT_MOST = 1_000_000
_ATTEMPTS_AT_MOST = 1000
_PATH_AT_MOST = 8192
_URL_AT_MOST = 2000


def receipt_path(video: Path) -> Path:
    """Where a video's receipt lies."""
    return video.with_name(video.name + SUFFIX)


def write_receipt(video: Path, take: int, *, job: Job, result: Result, order: Order, fetched: Fetched) -> None:
    """Writes a video's receipt, durable when this returns; a mark on the same video stays."""
    old = read_receipt(receipt_path(video))
    receipt: dict[str, Any] = {
        "storyboard": os.path.relpath(order.file, order.folder),
        "take": take,
        "provider": job.provider,
        "service": job.service,
        "job": job.uuid,
        "attempt": job.attempt,
        "video": result.video_uuid,
        "url": result.url,
        "seed": result.seed,
        "estimated_cost": float(job.estimated_cost),
        "cost": job.cost_of(result),
        "nsfw": None if result.nsfw is None else bool(result.nsfw),
        "sha256": fetched.sha256,
        "bytes": fetched.bytes,
        **({} if fetched.seconds is None else {"seconds": fetched.seconds}),
        "prepared": _moment(job.created_at),
        "sent": _moment(job.sent_at),
        "accepted": _moment(job.accepted_at),
        "downloaded": _moment(datetime.now(UTC).timestamp()),
        "request": job.request,
    }
    if "mark" in old and is_of(old, job.uuid, result.video_uuid):
        receipt["mark"] = old["mark"]
    save_receipt(receipt_path(video), receipt)


def save_receipt(place: Path, receipt: dict[str, Any]) -> None:
    """Replaces a receipt, durable when this returns."""
    replace_file(place, json.dumps(receipt, indent=2, ensure_ascii=False).encode() + b"\n")


def read_receipt(path: Path) -> dict[str, Any]:
    """A receipt, its service in the one spelling; an empty one where `read_paper` finds nothing."""
    receipt = read_paper(path)
    if isinstance(service := receipt.get("service"), str):
        receipt["service"] = one_spelling(service)
    return receipt


def is_of(receipt: dict[str, Any], job: str, video: str) -> bool:
    """Whether a receipt is of this job's video."""
    return (receipt.get("job"), receipt.get("video")) == (job, video)


def source_of(receipt: dict[str, Any], folder: str) -> str | None:
    """The real path of the storyboard that a receipt in this folder names."""
    source = receipt.get("storyboard")
    if not isinstance(source, str) or "\0" in source or len(source) > _PATH_AT_MOST or is_of_other_machine(source):
        return None
    return os.path.realpath(os.path.join(folder, source))


def attempt_in(receipt: dict[str, Any]) -> int | None:
    """The number of the attempt in a receipt, where it is one that can be looked for."""
    attempt = receipt.get("attempt")
    if not isinstance(attempt, int) or isinstance(attempt, bool):
        return None
    return attempt if 1 <= attempt <= _ATTEMPTS_AT_MOST else None


def seed_in(receipt: dict[str, Any]) -> int | None:
    """The seed in a receipt, where it is one."""
    seed = receipt.get("seed")
    return seed if isinstance(seed, int) and not isinstance(seed, bool) and abs(seed) < 2**63 else None


def url_in(receipt: dict[str, Any]) -> str | None:
    """The video's address in a receipt, where it can be one."""
    url = receipt.get("url")
    return url if isinstance(url, str) and len(url) <= _URL_AT_MOST else None


def cost_in(receipt: dict[str, Any], key: str = "cost") -> float | None:
    """An amount of US dollars in a receipt, where it is one."""
    cost = receipt.get(key)
    if isinstance(cost, bool) or not isinstance(cost, int | float) or not 0 <= cost < _DOLLARS_AT_MOST:
        return None
    return float(cost)


def vouched(video: Path, receipt: dict[str, Any]) -> Fetched | None:
    """The video as it lies on disk, where its receipt says that these very bytes were fetched."""
    digest, size = receipt.get("sha256"), receipt.get("bytes")
    try:
        # Its size first: a file of gigabytes beside a receipt of another one is not read.
        if not isinstance(digest, str) or not is_there(video) or size not in (None, os.stat(video).st_size):
            return None
        fetched = measure(video)
    except OSError:
        return None
    return fetched if fetched.sha256 == digest else None


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
