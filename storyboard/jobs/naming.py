"""Names of videos: each storyboard has its own in a folder, and takes count on."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order, Result

_SUFFIXES = (".storyboard.yaml", ".storyboard.yml", ".yaml", ".yml")
_EXTENSIONS = {"MP4": "mp4", "WEBM": "webm", "MOV": "mov"}
_TAKE = r"-([0-9]{1,9})\.(?:mp4|webm|mov)(?:\.json|\.part|\.part\.json)?\Z"
_NAME_BYTES = 180
"""Bytes of a name that leave room for number, extension and ".part.json" in a file name of 255."""


def plain_name(file: str) -> str:
    """A storyboard's name: its file's, without the suffix."""
    name = os.path.basename(file)
    lowered = name.lower()
    suffix = next((suffix for suffix in _SUFFIXES if lowered.endswith(suffix) and len(name) > len(suffix)), "")
    return name.removesuffix(name[len(name) - len(suffix) :]) if suffix else name


def allot(ledger: Ledger, job: Job, result: Result, order: Order) -> tuple[Path, int]:
    """The path and take number of one video for one order: the old ones, or new ones that nobody else has."""
    key = (job.service, job.uuid, result.video_uuid, order.file, order.folder)
    with ledger.transaction() as db:
        row = db.execute(
            "SELECT path, take FROM deliveries "
            "WHERE service = ? AND uuid = ? AND video_uuid = ? AND file = ? AND folder = ?",
            key,
        ).fetchone()
        if row is not None:
            return Path(row[0]), row[1]
        base = _base(db, order)
        take = 1 + max(_last_take(db, order), _last_take_on_disk(order.folder, base))
        extension = _EXTENSIONS[job.request.get("outputFormat", "MP4")]
        path = Path(order.folder, f"{base}-{take}.{extension}")
        db.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", (*key, take, str(path)))
    return path, take


def _base(db: sqlite3.Connection, order: Order) -> str:
    row = db.execute("SELECT base FROM names WHERE folder = ? AND file = ?", (order.folder, order.file)).fetchone()
    if row is not None:
        return str(row[0])
    for base in _candidates(order.file):
        taken = db.execute("SELECT 1 FROM names WHERE folder = ? AND name = ?", (order.folder, base.casefold()))
        if taken.fetchone() is None and not _belongs_to_another(order, base):
            db.execute("INSERT INTO names VALUES (?, ?, ?, ?)", (order.folder, base.casefold(), order.file, base))
            return base
    raise AssertionError("a name with a digest of the path is always free")


def _candidates(file: str) -> Iterator[str]:
    """The plain name, then with more and more folders in front, at last with a digest of the path."""
    name = _shortened(plain_name(file))
    yield name
    parts = [part for part in Path(file).parent.parts if part not in ("/", "\\")]
    for count in range(1, min(len(parts), 4) + 1):
        yield _shortened("-".join([*parts[-count:], name]))
    digest = sha256(file.encode(errors="surrogateescape")).hexdigest()
    for length in (8, 16, 64):
        yield f"{digest[:length]}-{name}"


def _shortened(name: str) -> str:
    encoded = os.fsencode(name)
    return name if len(encoded) <= _NAME_BYTES else encoded[-_NAME_BYTES:].decode(errors="ignore")


def _last_take(db: sqlite3.Connection, order: Order) -> int:
    row = db.execute(
        "SELECT coalesce(max(take), 0) FROM deliveries WHERE folder = ? AND file = ?", (order.folder, order.file)
    ).fetchone()
    return int(row[0])


def _takes_on_disk(folder: str, base: str) -> Iterator[tuple[int, str]]:
    """Number and file name of everything in the folder that looks like a take of this name."""
    take = re.compile(re.escape(base) + _TAKE, re.IGNORECASE)
    try:
        names = [path.name for path in Path(folder).iterdir()]
    except OSError:
        return
    for name in names:
        if match := take.match(name):
            yield int(match[1]), name


def _last_take_on_disk(folder: str, base: str) -> int:
    return max((number for number, _ in _takes_on_disk(folder, base)), default=0)


def _belongs_to_another(order: Order, base: str) -> bool:
    """Whether receipts in the folder say that takes of this name were made from another storyboard."""
    for _, name in _takes_on_disk(order.folder, base):
        if name.endswith(".json") and not name.endswith(".part.json"):
            try:
                receipt = json.loads(Path(order.folder, name).read_bytes())
                source = receipt["storyboard"]
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if isinstance(source, str) and os.path.realpath(os.path.join(order.folder, source)) != order.file:
                return True
    return False
