"""The animatic: a storyboard's timing as a real video file, one card a shot and a playhead over all of them."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from storyboard.preview.errors import PreviewError, missing_extra

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from av.packet import Packet
    from av.video.stream import VideoStream

    from storyboard.preview.cards import CardPainter
    from storyboard.preview.tracks import Chapter, Format

SIDES = (240, 4096)
"""The shortest and the longest side of a video, in pixels; both sides are even."""
SECONDS_AT_MOST = 600
_LEGIBLE_UNITS = 1.4
_PIECE_SECONDS = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot: its number as shown, its whole seconds (1 or more) and its text."""

    number: int
    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class RenderNotes:
    """What a caller may want to tell the person about a finished animatic."""

    seconds: int
    """Length of the film."""
    missing: tuple[str, ...]
    """Characters that no font of this machine has; they are shown as boxes with their code."""
    hidden: tuple[str, ...]
    """Control characters and such, which draw nothing by nature; they are shown as boxes too."""
    type_sizes: tuple[int, ...]
    """Pixels an em in which each shot's text could be set."""
    crowded: tuple[int, ...]
    """Numbers of the shots whose type became too small to read from a chair."""

    def sentences(self) -> list[str]:
        """The notes in words; none where all went well."""
        told = []
        if self.missing:
            told.append(
                f"No font on this machine has {_listed(self.missing)}: shown as boxes with the code. "
                "Install Noto fonts (with CJK and Color Emoji) to see them."
            )
        if self.hidden:
            told.append(
                f"The text has characters that cannot be seen, shown as boxes with the code: {_listed(self.hidden)}."
            )
        if self.crowded:
            shots = ", ".join(str(number) for number in self.crowded)
            told.append(f"So much text that it is set in very small type: shot {shots}.")
        return told


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
    """
    Write the animatic to `target`, which is replaced only when all of it is there.

    `width` and `height` are even pixels within `SIDES`; `first_frame` holds the bytes of a PNG or JPEG. `container` is
    MP4 or MOV (H.264, AAC) or WEBM (VP9, Opus), with a chapter for each shot, in MP4 also its text as a subtitle.
    The film lasts exactly the sum of the cuts, at 24 frames a second. The same input gives the same bytes on the same
    machine.

    Raises PreviewError when PyAV or Pillow are missing, the picture cannot be decoded or the wishes make no film, and
    OSError when `target` cannot be written.
    """
    _refuse_impossible(cuts, width, height)
    try:
        from storyboard.preview.cards import CardPainter, CardShot
        from storyboard.preview.tracks import FORMATS, Chapter
    except ImportError as error:
        raise missing_extra(error.name) from error
    if container not in FORMATS:
        raise PreviewError(f"An animatic can be {', '.join(FORMATS)}, not {container}.")
    starts = list(accumulate((cut.seconds for cut in cuts), initial=0))
    painter = CardPainter(
        [CardShot(cut.number, start, cut.seconds, cut.text) for cut, start in zip(cuts, starts, strict=False)],
        size=(width, height),
        title=title,
        banner=banner,
        first_frame=first_frame,
    )
    chapters = [
        Chapter(start, cut.seconds, f"Shot {cut.number}", cut.text) for cut, start in zip(cuts, starts, strict=False)
    ]
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        type_sizes = _write(part, painter, chapters, FORMATS[container])
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    missing, hidden = painter.unreadable()
    legible = painter.plan(0).px(_LEGIBLE_UNITS)
    crowded = tuple(cut.number for cut, size in zip(cuts, type_sizes, strict=True) if size < legible)
    return RenderNotes(starts[-1], missing, hidden, type_sizes, crowded)


def _refuse_impossible(cuts: Sequence[Cut], width: int, height: int) -> None:
    if not cuts or any(cut.seconds < 1 for cut in cuts):
        raise PreviewError("An animatic needs at least one shot, and each shot at least one second.")
    if sum(cut.seconds for cut in cuts) > SECONDS_AT_MOST:
        raise PreviewError(f"An animatic lasts {SECONDS_AT_MOST} seconds at most. Shorten the shots.")
    if any(side % 2 or not SIDES[0] <= side <= SIDES[1] for side in (width, height)):
        raise PreviewError(
            f"An animatic of {width} x {height} pixels cannot be made: "
            f"both sides are even, from {SIDES[0]} to {SIDES[1]} pixels."
        )


def _write(path: Path, painter: CardPainter, chapters: list[Chapter], form: Format) -> tuple[int, ...]:
    """Draw and encode everything; gives the type size of each card."""
    import av

    from storyboard.preview import sound, tracks
    from storyboard.preview.playhead import Playhead

    seconds = chapters[-1].start + chapters[-1].seconds
    playhead = Playhead(painter.plan(0), seconds * tracks.FRAMES_A_SECOND)
    sizes: list[int] = []
    pieces: list[Future[list[Packet[VideoStream]]]] = []
    with (
        ThreadPoolExecutor(min(4, os.cpu_count() or 1), "animatic") as pool,
        av.open(os.fspath(path), "w", format=form.muxer, options=dict(form.options)) as file,
    ):
        tracks.set_chapters(file, chapters)
        video = tracks.VideoTrack(file, form, painter.size)
        tones = tracks.SoundTrack(file, form, sound.track((chapter.start for chapter in chapters), seconds))
        subtitles = tracks.SubtitleTrack(file) if form.subtitles else None
        # Encoders do not hold Python's lock: they work while the next cards are drawn.
        for place, chapter in enumerate(chapters):
            card = painter.draw(place)
            sizes.append(card.type_size)
            spans = _spans(chapter, tracks.FRAMES_A_SECOND)
            pieces += [pool.submit(tracks.encode_card, card.image, form, span, playhead) for span in spans]
            if subtitles:
                subtitles.write(chapter)
        for piece in pieces:
            packets = piece.result()
            video.write(packets)
            tones.write_seconds(len(packets) // tracks.FRAMES_A_SECOND)
        tones.finish()
    if subtitles:
        tracks.turn_subtitles_off(path)
    return tuple(sizes)


def _spans(chapter: Chapter, rate: int) -> list[range]:
    """The frames of a shot in pieces of a few seconds, so that a long shot too is encoded side by side."""
    end = chapter.start + chapter.seconds
    return [
        range(start * rate, min(start + _PIECE_SECONDS, end) * rate)
        for start in range(chapter.start, end, _PIECE_SECONDS)
    ]


def _listed(characters: Sequence[str], most: int = 8) -> str:
    """The first few characters by their codes."""
    codes = ["+".join(f"U+{ord(part):04X}" for part in character) for character in characters[:most]]
    return ", ".join(codes) + (f" and {len(characters) - most} more" if len(characters) > most else "")
