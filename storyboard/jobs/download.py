"""Bringing one video home: continued where it stopped, checked, durable, under its name only when whole."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from storyboard.bounded import read_json
from storyboard.disk import fsync_folder
from storyboard.jobs.containers import damage
from storyboard.jobs.parts import note_of, part_of
from storyboard.runware.codings import is_gzip
from storyboard.runware.errors import Coded, Unfit

if TYPE_CHECKING:
    from pathlib import Path

    from storyboard.runware.videos import Part, VideoHost

SIZE_LIMIT = 4 * 1024**3
"""Bytes that a video may have; fifteen seconds at 1080p have some thirty million."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole video on disk."""

    sha256: str
    bytes: int


async def download(host: VideoHost, url: str, target: Path, whose: dict[str, Any] | None = None) -> Fetched:
    """Fetches a video to `target` by way of `target`.part, which a later call goes on with; `whose` labels it.

    Raises the errors of runware.videos, Unfit for what is no whole video, OSError for the disk's.
    """
    part_path, note_path = part_of(target), note_of(target)
    is_reserved = part_path.exists()
    start, etag = _resumable(part_path, note_path)
    try:
        async with host.fetch(url, start, etag) as part:
            await _write(part, target, whose or {})
        _refuse_damaged(part_path, target.suffix.removeprefix(".").lower())
    except Unfit:
        _forget(part_path, note_path, is_reserved=is_reserved)
        raise
    fetched = measure(part_path)
    part_path.replace(target)
    note_path.unlink(missing_ok=True)
    fsync_folder(target.parent)
    return fetched


def _refuse_damaged(part: Path, extension: str) -> None:
    if wrong := damage(part, extension):
        with part.open("rb") as stream:
            if is_gzip(stream.read(2)):
                raise Coded("the host sends the video as gzip and does not say so, as Content-Encoding would")
        raise Unfit(wrong)


def measure(path: Path) -> Fetched:
    """A file's digest and size."""
    digest = sha256()
    size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return Fetched(digest.hexdigest(), size)


def is_whole(path: Path, known_sha256: str | None) -> bool:
    """Whether a file under a video's name is that video: by digest where one is known, else by its boxes."""
    try:
        if damage(path, path.suffix.removeprefix(".").lower()) is not None:
            return False
        return known_sha256 is None or measure(path).sha256 == known_sha256
    except OSError:
        return False


def _resumable(part: Path, note: Path) -> tuple[int, str | None]:
    """Bytes that are there, and the strong ETag they belong to; without one nothing can be continued."""
    try:
        etag = read_json(note.read_text()).get("etag")
        size = part.stat().st_size
    except (OSError, ValueError, AttributeError):
        return 0, None
    if not isinstance(etag, str) or not etag.startswith('"') or not etag.isprintable() or not etag.isascii():
        return 0, None
    return size, etag


def _forget(part: Path, note: Path, *, is_reserved: bool) -> None:
    """Drops bytes that are no good; a part that was there before goes on keeping the name from others, empty."""
    if is_reserved:
        os.truncate(part, 0)
    else:
        part.unlink(missing_ok=True)
        note.unlink(missing_ok=True)


async def _write(part: Part, target: Path, whose: dict[str, Any]) -> None:
    path, note = part_of(target), note_of(target)
    if part.total is not None and part.total > SIZE_LIMIT:
        raise Unfit("the video is larger than any video can be")
    size = part.start
    path.touch()
    with path.open("r+b") as stream:
        stream.seek(part.start)
        stream.truncate()
        # After the old bytes are gone: they must never stand under the new mark.
        note.write_text(json.dumps(whose | {"etag": part.etag}))
        async for chunk in part.chunks:
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise Unfit("the video is larger than any video can be")
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    if part.total is not None and size != part.total:
        raise Unfit(f"the video has {size} bytes instead of {part.total}")
