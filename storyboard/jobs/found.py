"""Takes of a storyboard that lie in a folder: what their receipts say, whatever the ledger knows."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard.jobs.receipts import SUFFIX, read_receipt, source_of, vouched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storyboard.jobs.rows import Order

_SUFFIXES = (".storyboard.yaml", ".storyboard.yml", ".yaml", ".yml")
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


def plain_name(file: str) -> str:
    """A storyboard's name: its file's, without the suffix."""
    name = os.path.basename(file)
    lowered = name.lower()
    suffix = next((suffix for suffix in _SUFFIXES if lowered.endswith(suffix) and len(name) > len(suffix)), "")
    return name.removesuffix(name[len(name) - len(suffix) :]) if suffix else name


def shortened(name: str) -> str:
    """A name that fits into file names; its end is kept, where the storyboard's own name stands."""
    encoded = os.fsencode(name)
    return name if len(encoded) <= _NAME_BYTES else encoded[-_NAME_BYTES:].decode(errors="ignore")


def takes_of(order: Order) -> Iterator[FoundTake]:
    """The takes in an order's folder that were made from its storyboard and are as they were fetched."""
    name = re.escape(shortened(plain_name(order.file)))
    receipt_name = re.compile(rf"((?:.*-)?{name})-([0-9]{{1,9}})\.(?:mp4|webm|mov){re.escape(SUFFIX)}\Z", re.DOTALL)
    try:
        names = sorted(os.listdir(order.folder))
    except OSError:
        return
    for entry in names:
        if match := receipt_name.match(entry):
            receipt = read_receipt(Path(order.folder, entry))
            if source_of(receipt, order.folder) == order.file:
                path = Path(order.folder, entry.removesuffix(SUFFIX))
                if take := _take(path, match[1], int(match[2]), receipt):
                    yield take


def _take(path: Path, base: str, number: int, receipt: dict[str, Any]) -> FoundTake | None:
    texts = [receipt.get(key) for key in ("service", "job", "video")]
    attempt, url, seed, cost, nsfw = (receipt.get(key) for key in ("attempt", "url", "seed", "cost", "nsfw"))
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
        url if isinstance(url, str) else None,
        seed if isinstance(seed, int) else None,
        cost if isinstance(cost, float) else None,
        nsfw if isinstance(nsfw, bool) else None,
        (fetched.sha256, fetched.bytes),
    )
