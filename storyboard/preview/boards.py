"""A checked storyboard as previews show it: everything a card or a sheet says, and nothing drawn."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyboard.compiler.price import price
from storyboard.folders import name_of
from storyboard.frames import FrameError, begin_frame, check_frame, frame_kind
from storyboard.preview.errors import PreviewError
from storyboard.preview.reading import shot_size
from storyboard.profiles import DEFAULT_ASPECT_RATIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from storyboard.checks import Report
    from storyboard.checks.draft import Draft
    from storyboard.pictures import Picture


@dataclass(frozen=True, slots=True)
class BoardShot:
    """One shot; `start` and `seconds` are whole seconds of the film."""

    number: int
    start: int
    seconds: int
    text: str
    """As it is sent: cast expanded, look said again."""
    size: str
    """The shot's size in words, empty where its text names none."""
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """One storyboard."""

    title: str
    shots: tuple[BoardShot, ...]
    width: int
    height: int
    """Pixels of the video; with a first frame its sides are near the picture's."""
    ratio: str
    """Width to height as the storyboard says it, or `as the first frame`."""
    resolution: str
    takes: int
    price: Decimal
    """US dollars for all takes, by the model's list."""
    model: str
    """The model's name for people."""
    cast: Mapping[str, str]
    look: str
    negative: str
    first_frame: bytes | None
    """The picture, where it is here."""
    first_frame_elsewhere: str
    """In words, where the picture is only to be had by the provider; else empty."""

    @property
    def seconds(self) -> int:
        """The film's length."""
        return sum(shot.seconds for shot in self.shots)


def read_board(report: Report) -> Board:
    """The board of a storyboard without errors. Raises PreviewError where its first frame cannot be read any more."""
    draft = report.draft
    if draft is None or report.has_errors:
        raise PreviewError(f"{report.file}: it has errors, and storyboard check says which")
    resolution = draft.resolution
    data, picture, elsewhere = _first_frame(draft, report.file)
    width, height = _size(draft, resolution, picture)
    shots, start = [], 0
    for shot in draft.shots:
        text, seconds = shot.text.text if shot.text is not None else "", shot.seconds or 1
        shots.append(BoardShot(shot.index + 1, start, seconds, text, shot_size(text), (shot.note or "").strip()))
        start += seconds
    return Board(
        title=(draft.text("title") or name_of(report.file)).strip(),
        shots=tuple(shots),
        width=width,
        height=height,
        ratio="as the first frame" if draft.framed else draft.aspect_ratio,
        resolution=resolution,
        takes=draft.takes,
        price=price(draft.profile, resolution, start, draft.takes),
        model=draft.profile.label,
        cast=draft.cast or {},
        look=(draft.text("look") or "").strip(),
        negative=(draft.text("negative_prompt") or "").strip(),
        first_frame=data,
        first_frame_elsewhere=elsewhere,
    )


def _first_frame(draft: Draft, file: str) -> tuple[bytes | None, Picture | None, str]:
    """Bytes and measures of a first frame, as the check has judged it; else in words who alone can see it."""
    reference, limits = draft.text("first_frame"), draft.profile.frame
    if reference is None:
        return None, None, ""
    kind = frame_kind(reference)
    try:
        if kind == "data":
            return b64decode(reference.partition(",")[2]), check_frame(reference, draft.folder, limits), ""
        if kind != "file":
            return None, None, "an address" if kind == "url" else "a picture stored at Runware"
        return *begin_frame(reference, draft.folder, limits, limits.bytes_at_most), ""
    except (FrameError, OSError) as error:
        raise PreviewError(f"{file}: first frame: {error}") from error


def _size(draft: Draft, resolution: str, picture: Picture | None) -> tuple[int, int]:
    sizes: Mapping[tuple[str, str], Any] = draft.profile.sizes
    if not draft.framed:
        width, height = sizes[resolution, draft.aspect_ratio]
        return width, height
    long, short = sizes[resolution, DEFAULT_ASPECT_RATIO]
    if picture is None:
        return long, short
    scale = min(short / min(picture.width, picture.height), long / max(picture.width, picture.height))
    return round(picture.width * scale / 2) * 2, round(picture.height * scale / 2) * 2
