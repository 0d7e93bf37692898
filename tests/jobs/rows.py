"""Rows for a ledger, and what the service would say about them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from storyboard.jobs.rows import Job, Order
from storyboard.jobs.states import State
from storyboard.runware.messages import Item


def uuid(number: int) -> str:
    """The UUID of a numbered job."""
    return str(UUID(int=number, version=4))


def a_job(number: int = 1, *, state: State = State.PREPARED, **changes: Any) -> Job:
    """A job of one take."""
    usual: dict[str, Any] = {
        "service": "https://api.example/v1",
        "uuid": uuid(number),
        "account": "0123456789abcdef",
        "digest": f"digest {number}",
        "attempt": 1,
        "state": state,
        "request": {"positivePrompt": f"shot 1, 3, Nummer {number} – ü;", "outputFormat": "MP4"},
        "frame": None,
        "media_type": None,
        "estimated_cost": Decimal("0.336"),
        "takes": 1,
        "reused": False,
        "code": None,
        "message": None,
        "created_at": 1_800_000_000.0 + number,
        "sent_at": None,
        "accepted_at": None,
        "finished_at": None,
    }
    return Job(**(usual | changes))


def an_order(file: str = "/boards/film.storyboard.yaml", folder: str = "/renders") -> Order:
    """Somebody who wants a job's videos."""
    return Order(file, folder, file.rpartition("/")[2])


def an_item(job: Job, number: int = 1, **changes: Any) -> Item:
    """A finished video of a job."""
    usual: dict[str, Any] = {"video_uuid": f"video-{number}", "url": f"https://h/{number}.mp4", "seed": number}
    return Item(job.uuid, "success", **(usual | changes))
