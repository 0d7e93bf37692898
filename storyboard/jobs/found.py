"""Takes of a storyboard that lie in a folder: what their receipts say, whatever the ledger knows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.folders import name_of
from storyboard.jobs.receipts import SUFFIX, cost_in, read_receipt, seed_in, source_of, url_in, vouched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storyboard.jobs.rows import Order
    from storyboard.jobs.shelf import Entry, Shelf

UNPAID = ".sandbox"
"""What follows a storyboard's name in those of the sandbox's takes, where paid ones lie in the same folder."""
_NAME_BYTES = 180
"""Bytes of a name that leave room for number, extension and ".part.json" in a file name of 255."""


@dataclass(frozen=True, slots=True)
class FoundTake:
    """A whole video whose receipt names where it came from."""

    path: Path
    base: str
    number: int
    service: str
    job: str
    attempt: int
    video_uuid: str
    url: str | None
    seed: int | None
    cost: float | None
    nsfw: bool | None
    measured: tuple[str, int]
    """Digest and size of the file."""


def shortened(name: str) -> str:
    """A name that fits into file names; its end is kept, where the storyboard's own name stands."""
    encoded = os.fsencode(name)
    return name if len(encoded) <= _NAME_BYTES else encoded[-_NAME_BYTES:].decode(errors="ignore")


def takes_like(order: Order, shelf: Shelf) -> Iterator[Entry]:
    """Everything in an order's folder that is named as takes of its storyboard are."""
    name = shortened(name_of(order.file))
    yield from shelf.takes_with_folders(name)
    yield from shelf.takes_with_folders(name + UNPAID)


def takes_of(order: Order, shelf: Shelf, is_wanted: Callable[[dict[str, Any]], bool]) -> Iterator[FoundTake]:
    """The takes in an order's folder that were made from its storyboard and are as they were fetched.

    Only those whose receipts are wanted: all of a video is read to see that it is the one.
    """
    for entry in takes_like(order, shelf):
        if not entry.is_receipt:
            continue
        receipt = read_receipt(Path(order.folder, entry.name))
        if source_of(receipt, order.folder) == order.file and is_wanted(receipt):
            path = Path(order.folder, entry.name.removesuffix(SUFFIX))
            if take := take_beside(path, entry.base, entry.number, receipt):
                yield take


def take_beside(path: Path, base: str, number: int, receipt: dict[str, Any]) -> FoundTake | None:
    """The take that a receipt tells of, where its video lies at `path` as it was fetched; None where it does not."""
    texts = [receipt.get(key) for key in ("service", "job", "video")]
    attempt, nsfw = receipt.get("attempt"), receipt.get("nsfw")
    fetched = vouched(path, receipt)
    if fetched is None or not all(isinstance(text, str) for text in texts) or not isinstance(attempt, int):
        return None
    return FoundTake(
        path,
        base,
        number,
        str(texts[0]),
        str(texts[1]),
        attempt,
        str(texts[2]),
        url_in(receipt),
        seed_in(receipt),
        cost_in(receipt),
        nsfw if isinstance(nsfw, bool) else None,
        (fetched.sha256, fetched.bytes),
    )
