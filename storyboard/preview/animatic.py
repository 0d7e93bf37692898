"""The animatic: a storyboard's timing as a real video file, one card a shot and a playhead over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyboard.preview.errors import PreviewError, missing_extra
from storyboard.preview.files import written_whole
from storyboard.preview.notes import RenderNotes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storyboard.preview.cards import CardPainter

SIDES = (240, 4096)
"""The shortest and the longest side of a video, in pixels; both sides are even."""
SECONDS_AT_MOST = 3600
_LEGIBLE_UNITS = 1.4


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot: its number as shown, its whole seconds (1 or more) and its text."""

    number: int
    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One storyboard of a film; `first_frame` holds the bytes of a PNG or JPEG."""

    cuts: Sequence[Cut]
    title: str
    first_frame: bytes | None = None

    @property
    def seconds(self) -> int:
        """Its length."""
        return sum(cut.seconds for cut in self.cuts)


def render_animatic(
    target: Path,
    *,
    cuts: Sequence[Cut],
    width: int,
    height: int,
    title: str,
    banner: str = "",
    first_frame: bytes | None = None,
    container: str = "MP4",
) -> RenderNotes:
    """Write the animatic of one storyboard to `target`; everything else as in `render_film`."""
    scene = Scene(cuts, title, first_frame)
    return render_film(target, [scene], width=width, height=height, banner=banner, container=container)


def render_film(
    target: Path,
    scenes: Sequence[Scene],
    *,
    width: int,
    height: int,
    banner: str = "",
    container: str = "MP4",
    draft: bool = False,
) -> RenderNotes:
    """
    Write the scenes one after another as a film to `target`, which is replaced only when all of it is there.

    `width` and `height` are even pixels within `SIDES`. `container` is MP4 or MOV (H.264, AAC) or WEBM (VP9, Opus),
    with a chapter for each shot, in MP4 also its text as a subtitle. The film lasts exactly the sum of the cuts, at 24
    frames a second; a `draft` has two frames a second and one at each cut. The same input gives the same bytes on the
    same machine.

    Raises PreviewError when PyAV or Pillow are missing, a picture cannot be decoded or the wishes make no film, and
    OSError when `target` cannot be written.
    """
    _refuse_impossible(scenes, width, height)
    try:
        from storyboard.preview.cards import CardPainter, CardShot
        from storyboard.preview.filming import Reel, write_film
        from storyboard.preview.tracks import FORMATS
    except ImportError as error:
        raise missing_extra(error) from error
    if container not in FORMATS:
        raise PreviewError(f"An animatic can be {', '.join(FORMATS)}, not {container}.")
    reels = []
    start = 0
    for place, scene in enumerate(scenes, start=1):
        shots, at = [], 0
        for cut in scene.cuts:
            shots.append(CardShot(cut.number, at, cut.seconds, cut.text))
            at += cut.seconds
        title = scene.title if len(scenes) == 1 else f"{place} of {len(scenes)} – {scene.title}"
        reels.append(Reel(shots, title, start, scene.first_frame, named=len(scenes) > 1))
        start += at

    def painter_of(reel: Reel) -> CardPainter:
        return CardPainter(
            reel.shots, size=(width, height), title=reel.title, banner=banner, first_frame=reel.first_frame
        )

    with written_whole(target) as part:
        told = write_film(part, reels, painter_of, FORMATS[container], (width, height), draft=draft)
    crowded = [number for number, size, unit in told.sizes if size < unit * _LEGIBLE_UNITS]
    return RenderNotes(sorted(told.missing), sorted(told.hidden), crowded)


def _refuse_impossible(scenes: Sequence[Scene], width: int, height: int) -> None:
    if not scenes or any(not scene.cuts or any(cut.seconds < 1 for cut in scene.cuts) for scene in scenes):
        raise PreviewError("An animatic needs at least one shot, and each shot at least one second.")
    if sum(scene.seconds for scene in scenes) > SECONDS_AT_MOST:
        raise PreviewError(f"An animatic lasts {SECONDS_AT_MOST} seconds at most. Name fewer storyboards.")
    if any(side % 2 or not SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise PreviewError(
            f"An animatic of {width} x {height} pixels cannot be made: "
            f"both sides are even, from {SIDES[0]} to {SIDES[1]} pixels."
        )
