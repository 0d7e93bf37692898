"""Marks on takes: kept or rejected by a person, with a reason, in the take's own receipt."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from storyboard.disk import refuse_read_only
from storyboard.jobs.receipts import read_receipt, receipt_path, save_receipt

if TYPE_CHECKING:
    from pathlib import Path

Verdict = Literal["keep", "reject"]

WHY_LIMIT = 500
"""Characters of a reason at most."""


class NotATake(Exception):
    """A file that no receipt calls a take; the text says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person thinks of a take."""

    verdict: Verdict
    why: str | None
    at: str
    """When it was said, as ISO 8601 in UTC."""

    def as_json(self) -> dict[str, Any]:
        """As receipts keep it and `jobs --json` shows it."""
        return {"verdict": self.verdict, "why": self.why, "at": self.at}


def mark_of(receipt: dict[str, Any]) -> Mark | None:
    """The mark in a receipt; None where there is none that can be read."""
    found = receipt.get("mark")
    if not isinstance(found, dict) or found.get("verdict") not in ("keep", "reject"):
        return None
    why, at = found.get("why"), found.get("at")
    return Mark(found["verdict"], why[:WHY_LIMIT] if isinstance(why, str) else None, at if isinstance(at, str) else "")


def mark_beside(video: Path) -> Mark | None:
    """The mark of a video, from its receipt."""
    return mark_of(read_receipt(receipt_path(video)))


def set_mark(video: Path, verdict: Verdict, why: str | None) -> Mark:
    """Marks a take, durable when this returns; a mark that was there is replaced. Raises NotATake or OSError."""
    place = receipt_path(video)
    receipt = read_receipt(place)
    if not isinstance(receipt.get("video"), str) or not isinstance(receipt.get("job"), str):
        raise NotATake("it has no receipt beside it" if not os.path.lexists(place) else f"{place.name} is no receipt")
    refuse_read_only(place)
    mark = Mark(verdict, why, datetime.now(UTC).isoformat(timespec="seconds"))
    receipt["mark"] = mark.as_json()
    save_receipt(place, receipt)
    return mark
