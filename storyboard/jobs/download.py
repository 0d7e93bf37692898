"""Bringing one video home: continued where it stopped, checked, durable, under its name only when whole."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from storyboard.disk import open_regular
from storyboard.jobs.boxes import Damaged
from storyboard.jobs.containers import damage, is_cut, look
from storyboard.jobs.papers import read_paper
from storyboard.jobs.parts import note_of, part_of
from storyboard.runware.codings import is_gzip
from storyboard.runware.errors import Coded, Unfit
from storyboard.writing import open_to_grow, put_in_place, replace_file, size_to_grow

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.runware.videos import Part, VideoHost

SIZE_LIMIT = 4 * 1024**3
"""Bytes that a video may have; fifteen seconds at 1080p have some thirty million."""


_TOLERANCE = 0.5
"""Seconds by which a video may be longer or shorter than it was ordered: it ends with a whole picture and sound."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole video on disk."""

    sha256: str
    bytes: int
    seconds: float | None = None
    """How long it plays, where that is not what was ordered."""


class Odd(Unfit):
    """A video that is whole by all that is in it, and yet may not be what was ordered; the text says why.

    Whoever gets the same bytes a second time has all that there is.
    """

    def __init__(self, words: str, sha256: str) -> None:
        super().__init__(words)
        self.sha256 = sha256


async def download(
    host: VideoHost,
    url: str,
    target: Path,
    whose: dict[str, Any] | None = None,
    *,
    seconds: int | None = None,
    came_before: frozenset[str] = frozenset(),
) -> Fetched:
    """Fetches a video to `target` by way of `target`.part, which a later call goes on with; `whose` labels it.

    `seconds` is how long it was ordered; what came before, by its digest, is taken although it is Odd.
    Raises the errors of runware.videos, Unfit for what is no whole video, OSError for the disk's.
    """
    import asyncio

    part_path, note_path = part_of(target), note_of(target)
    is_reserved = os.path.lexists(part_path)
    start, etag = _resumable(part_path, note_path)
    try:
        async with host.fetch(url, start, etag) as part:
            await _write(part, target, whose or {})
            is_all = part.ends
        extension = target.suffix.removeprefix(".").lower()
        # In a thread: other jobs go on while tables are read and a picture is drawn.
        fetched = await asyncio.to_thread(_judged, part_path, extension, seconds, came_before, is_all=is_all)
    except Unfit:
        _forget(part_path, note_path, is_reserved=is_reserved)
        raise
    put_in_place(part_path, target)
    note_path.unlink(missing_ok=True)
    return fetched


def _judged(part: Path, extension: str, seconds: int | None, came_before: frozenset[str], *, is_all: bool) -> Fetched:
    """The video that came, where it is whole. Raises Unfit."""
    from storyboard.preview.first_picture import first_picture

    try:
        seen = look(part, extension)
    except Damaged as error:
        with open_regular(part) as stream:
            if is_gzip(stream.read(2)):
                raise Coded("the host sends the video as gzip and does not say so, as Content-Encoding would") from None
        raise Unfit(str(error)) from None
    found = first_picture(part, extension)
    if found in ("broken", "slow"):
        why = "cannot be decoded" if found == "broken" else "takes too long to decode"
        raise Unfit(f"no video that can be played: its first picture {why}")
    fetched = measure(part)
    differs = seconds is not None and abs(seen.seconds - seconds) > _TOLERANCE
    if fetched.sha256 not in came_before:
        if differs:
            raise Odd(f"the video plays {seen.seconds:.1f} s instead of {seconds}", fetched.sha256)
        if not is_all and not seen.says_its_end:
            raise Odd("neither the host nor the video says where it ends", fetched.sha256)
    return replace(fetched, seconds=round(seen.seconds, 3)) if differs else fetched


def measure(path: Path) -> Fetched:
    """A file's digest and size. Raises OSError, also for what is no regular file or larger than any video."""
    digest = sha256()
    size = 0
    with open_regular(path, most=SIZE_LIMIT) as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
            if size > SIZE_LIMIT:  # it grows while it is read
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), os.fspath(path))
    return Fetched(digest.hexdigest(), size)


def is_whole(path: Path, known_sha256: str | None) -> bool:
    """Whether a file under a video's name is that video: by digest where one is known, else by its structure."""
    extension = path.suffix.removeprefix(".").lower()
    try:
        if known_sha256 is None:
            return damage(path, extension) is None
        return is_there(path) and measure(path).sha256 == known_sha256
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Whether something like a video lies at a path, and no end of it is missing; which one, only a digest tells."""
    try:
        with open_regular(path, most=SIZE_LIMIT) as stream:
            return not is_cut(stream, path.suffix.removeprefix(".").lower())
    except OSError:
        return False


def _resumable(part: Path, note: Path) -> tuple[int, str | None]:
    """Bytes that are there, and the strong ETag they belong to; without one nothing can be continued."""
    etag = read_paper(note, follow=False).get("etag")
    try:
        size = size_to_grow(part)
    except OSError:
        return 0, None
    if not isinstance(etag, str) or not etag.startswith('"') or not etag.isprintable() or not etag.isascii():
        return 0, None
    return size, etag


def _forget(part: Path, note: Path, *, is_reserved: bool) -> None:
    """Drops bytes that are no good; a part that was there before goes on keeping the name from others, empty."""
    if is_reserved:
        open_to_grow(part, 0).close()
    else:
        part.unlink(missing_ok=True)
        note.unlink(missing_ok=True)


async def _write(part: Part, target: Path, whose: dict[str, Any]) -> None:
    path, note = part_of(target), note_of(target)
    if part.total is not None and part.total > SIZE_LIMIT:
        raise Unfit("the video is larger than any video can be")
    size = part.start
    with open_to_grow(path, part.start) as stream:
        # After the old bytes are gone: they must never stand under the new mark.
        replace_file(note, json.dumps(whose | {"etag": part.etag}).encode())
        async for chunk in part.chunks:
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise Unfit("the video is larger than any video can be")
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    if part.total is not None and size != part.total:
        raise Unfit(f"the video has {size} bytes instead of {part.total}")
