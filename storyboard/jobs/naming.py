"""Names of videos: each storyboard has its own in a folder, and takes count on."""

from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyboard import folders
from storyboard.jobs.download import is_whole
from storyboard.jobs.found import UNPAID, shortened, takes_like, takes_of
from storyboard.jobs.holders import is_dead
from storyboard.jobs.parts import NOTE, clear_away, discard, drop, label, note_of, part_of, reserve
from storyboard.jobs.presence import want_again
from storyboard.jobs.receipts import is_of, read_receipt, receipt_path, source_of
from storyboard.jobs.results import note_base
from storyboard.jobs.rows import SANDBOX
from storyboard.jobs.soundness import LAST_TAKE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

    from storyboard.jobs.ledger import Ledger
    from storyboard.jobs.rows import Job, Order, Result
    from storyboard.jobs.shelf import Shelf

EXTENSIONS = {"MP4": "mp4", "WEBM": "webm", "MOV": "mov"}
"""What files of an output format end with."""


def allot(ledger: Ledger, job: Job, result: Result, order: Order, shelf: Shelf) -> tuple[Path, int]:
    """The path and take number of one video for one order: the old ones, or new ones that nobody else has.

    A take of this very video that lies there already, though no ledger knows it, keeps its name. Whatever the name is,
    nobody with another ledger can take it until the video lies there. Raises OSError.
    """
    key = (job.service, job.uuid, result.video_uuid, order.file, order.folder)
    with ledger.transaction() as db:
        whose = label(job, result, order, ledger.holder)
        if (known := ledger.place(job, result, order)) is not None:
            if _keep_again(known[0], job, result, whose):
                return known
            if is_of(read_receipt(note_of(known[0])), job.uuid, result.video_uuid):
                discard(known[0])
            db.execute("DELETE FROM deliveries WHERE path = ?", (str(known[0]),))
        path, take = (
            _lying_there(db, job, result, order, shelf)
            or _left_behind(db, job, result, order, shelf)
            or _reserved(db, order, shelf, job, whose)
        )
        try:
            db.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", (*key, take, str(path)))
        except OSError:
            drop(path)
            raise
    return path, take


def _keep_again(path: Path, job: Job, result: Result, whose: dict[str, Any]) -> bool:
    """Keeps an old name from others where nothing lies under it; False where another ledger has given it away since."""
    receipt = read_receipt(receipt_path(path))
    if "video" in receipt and not is_of(receipt, job.uuid, result.video_uuid):
        return False
    if "video" not in receipt and path.exists():
        # It is this video, brought home by a run that died before the receipt, or somebody else's file.
        return not part_of(path).exists() and (result.sha256 is None or is_whole(path, result.sha256))
    if path.exists() or _seize(path, whose):
        return True
    note = read_receipt(note_of(path))
    return "video" not in note or is_of(note, job.uuid, result.video_uuid)


def _lying_there(
    db: sqlite3.Connection, job: Job, result: Result, order: Order, shelf: Shelf
) -> tuple[Path, int] | None:
    for take in takes_of(order, shelf, lambda receipt: is_of(receipt, job.uuid, result.video_uuid)):
        if _is_free(db, take.path):
            note_base(db, order, take.base)
            return take.path, take.number
    return None


def name_of(ledger: Ledger, order: Order, shelf: Shelf) -> str:
    """The name of an order's storyboard in its folder: the one it has, or a free one that is its own from now on."""
    with ledger.transaction() as db:
        return _base(db, order, shelf, is_paid=True)


def note_name(ledger: Ledger, order: Order, name: str) -> None:
    """Writes down a name that a storyboard was given elsewhere; one that it has here already stays."""
    with ledger.transaction() as db:
        note_base(db, order, name)


def keep_places(ledger: Ledger, job: Job, order: Order, name: str, first: int) -> None:
    """Writes down where a job's videos go in an order's folder: takes from `first` on.

    Whoever has the same videos comes to the same places, on any machine, so that one goes on where another died. A
    place where anything else lies is left, and another one allotted as always.
    """
    extension = EXTENSIONS[job.request.get("outputFormat", "MP4")]
    results = sorted(ledger.results(job), key=lambda result: result.video_uuid)
    with ledger.transaction() as db:
        for take, result in enumerate(results, first):
            path = Path(order.folder, f"{name}-{take}.{extension}")
            if not 1 <= take <= LAST_TAKE or path.name != f"{name}-{take}.{extension}":
                continue
            if not os.path.lexists(path) or is_of(read_receipt(receipt_path(path)), job.uuid, result.video_uuid):
                key = (job.service, job.uuid, result.video_uuid, order.file, order.folder)
                db.execute(
                    "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", (*key, take, str(path))
                )


def redirect(ledger: Ledger, job: Job, folder: str) -> list[Order]:
    """Sends a job's videos to another folder (a real path), and drops what runs that died were fetching elsewhere.

    The orders that go there now; what came to one of them before and was deleted since comes again.
    """
    for result in ledger.results(job):
        for path, _, _ in ledger.deliveries(job, result):
            note = read_receipt(note_of(path))
            if is_of(note, job.uuid, result.video_uuid) and is_dead(str(note.get("holder"))):
                discard(path)
    redirected = ledger.redirect(job, folder)
    for order in redirected:
        want_again(ledger, job, order)
    return redirected


def first_take(name: str, shelf: Shelf, count: int, last: int = 0) -> int:
    """The first of so many numbers in a row for new takes of this name in a folder, after `last` where that is one."""
    taken = {last, *(entry.number for entry in shelf.takes(name))}
    free = _free_numbers(taken)
    return next((one for one in free if taken.isdisjoint(range(one, one + count)) and one + count - 1 <= LAST_TAKE), 1)


def _free_numbers(taken: Collection[int]) -> Iterator[int]:
    """Numbers for new takes: on from the highest that is taken, up to the last there may be; then what is free below.

    Where the very last ones are taken, by a file that somebody has called so, the count goes on below them.
    """
    known = {one for one in taken if 1 <= one <= LAST_TAKE}
    end = LAST_TAKE
    while end in known:
        end -= 1
    start = 1 + max((one for one in known if one < end), default=0)
    yield from (one for one in range(start, LAST_TAKE + 1) if one not in known)
    yield from (one for one in range(1, start) if one not in known)


def _left_behind(
    db: sqlite3.Connection, job: Job, result: Result, order: Order, shelf: Shelf
) -> tuple[Path, int] | None:
    """The name under which a run that died was fetching this very video, for a ledger that does not know it."""
    for entry in takes_like(order, shelf):
        if not entry.name.endswith(NOTE):
            continue
        note = read_receipt(Path(order.folder, entry.name))
        video = Path(order.folder, entry.name.removesuffix(NOTE))
        if not note:
            clear_away(video)
        is_ours = is_of(note, job.uuid, result.video_uuid) and source_of(note, order.folder) == order.file
        if is_ours and is_dead(str(note.get("holder"))) and _is_free(db, video):
            note_base(db, order, entry.base)
            return video, entry.number
    return None


def _is_free(db: sqlite3.Connection, path: Path) -> bool:
    return db.execute("SELECT 1 FROM deliveries WHERE path = ?", (str(path),)).fetchone() is None


def _reserved(db: sqlite3.Connection, order: Order, shelf: Shelf, job: Job, whose: dict[str, Any]) -> tuple[Path, int]:
    """The next free number; a process with another ledger finds the file that keeps it."""
    base = _base(db, order, shelf, is_paid=job.service != SANDBOX)
    extension = EXTENSIONS[job.request.get("outputFormat", "MP4")]
    for take in _free_numbers(_takes_given(db, order, base) | {entry.number for entry in shelf.takes(base)}):
        if _seize(path := Path(order.folder, f"{base}-{take}.{extension}"), whose):
            return path, take
    raise FileExistsError(errno.EEXIST, "every number of a take is taken", os.path.join(order.folder, base))


def _seize(path: Path, whose: dict[str, Any]) -> bool:
    """Keeps a name from everybody else; False where it is taken."""
    try:
        reserve(path, whose)
    except FileExistsError:
        return False
    if path.exists():
        drop(path)
        return False
    return True


def _base(db: sqlite3.Connection, order: Order, shelf: Shelf, *, is_paid: bool) -> str:
    """The sandbox's takes have a name and a count of their own where paid ones of the same storyboard lie."""
    rows = db.execute("SELECT base FROM names WHERE folder = ? AND file = ? ORDER BY rowid", (order.folder, order.file))
    known = [str(base) for (base,) in rows]
    unpaid_ending = shortened(folders.name_of(order.file)) + UNPAID
    unpaid = [base for base in known if base.endswith(unpaid_ending)]
    plain = [base for base in known if base not in unpaid]
    is_apart = not is_paid and (bool(unpaid) or _has_paid_takes(db, order, shelf))
    if found := unpaid if is_apart else plain:
        return found[0]
    for candidate in _candidates(order.file):
        base = candidate + UNPAID if is_apart else candidate
        taken = db.execute("SELECT 1 FROM names WHERE folder = ? AND name = ?", (order.folder, base.casefold()))
        if taken.fetchone() is None and not _belongs_to_another(order, base, shelf):
            note_base(db, order, base)
            return base
    raise AssertionError("a name with a digest of the path is always free")


def _candidates(file: str) -> Iterator[str]:
    """The plain name, then with more and more folders in front, at last with a digest of the path."""
    name = shortened(folders.name_of(file))
    yield name
    parts = [part for part in Path(file).parent.parts if part not in ("/", "\\")]
    for count in range(1, min(len(parts), 4) + 1):
        yield shortened("-".join([*parts[-count:], name]))
    digest = sha256(file.encode(errors="surrogateescape")).hexdigest()
    for length in (8, 16, 64):
        yield f"{digest[:length]}-{name}"


def _has_paid_takes(db: sqlite3.Connection, order: Order, shelf: Shelf) -> bool:
    """Whether paid takes of an order's storyboard lie, or will lie, in its folder."""
    of_order = "SELECT 1 FROM deliveries WHERE folder = ? AND file = ? AND service != ?"
    if db.execute(of_order, (order.folder, order.file, SANDBOX)).fetchone() is not None:
        return True
    receipts = (read_receipt(Path(order.folder, entry.name)) for entry in takes_like(order, shelf) if entry.is_receipt)
    return any(
        receipt.get("service", SANDBOX) != SANDBOX and source_of(receipt, order.folder) == order.file
        for receipt in receipts
    )


def _takes_given(db: sqlite3.Connection, order: Order, base: str) -> set[int]:
    """The numbers that this ledger has given to takes of this name."""
    rows = db.execute("SELECT take, path FROM deliveries WHERE folder = ? AND file = ?", (order.folder, order.file))
    return {
        take
        for take, path in rows
        if isinstance(take, int) and Path(str(path)).stem.casefold() == f"{base}-{take}".casefold()
    }


def _belongs_to_another(order: Order, base: str, shelf: Shelf) -> bool:
    """Whether receipts in the folder say that takes of this name were made from another storyboard."""
    for entry in shelf.takes(base):
        if entry.is_receipt:
            source = source_of(read_receipt(Path(order.folder, entry.name)), order.folder)
            if source not in (None, order.file):
                return True
    return False
