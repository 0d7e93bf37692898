"""Cards drawn and encoded side by side, and put together to one file with sound, chapters and subtitles."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av

from storyboard.preview import tracks
from storyboard.preview.files import ANIMATIC_MARK
from storyboard.preview.playhead import Playhead
from storyboard.preview.tracks import FRAMES_A_SECOND, Chapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from av.packet import Packet
    from av.video.stream import VideoStream

    from storyboard.preview.cards import CardPainter, CardShot
    from storyboard.preview.tracks import Format

_PIECE_SECONDS = 4
_DRAFT_STEP = FRAMES_A_SECOND // 2
_PIECES_AT_ONCE = 8
"""Cards that wait to be encoded at most: a film of an hour must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Reel:
    """One storyboard of the film; `start` is the second of the film at which it begins."""

    shots: Sequence[CardShot]
    title: str
    start: int
    first_frame: bytes | None
    named: bool
    """Whether its chapters say which storyboard they belong to."""

    @property
    def seconds(self) -> int:
        """Its length."""
        return sum(shot.seconds for shot in self.shots)

    def chapters(self) -> list[Chapter]:
        """One a shot."""
        lead = f"{self.title} – " if self.named else ""
        return [
            Chapter(self.start + shot.start, shot.seconds, f"{lead}Shot {shot.number}", shot.text)
            for shot in self.shots
        ]


@dataclass(slots=True)
class Told:
    """What is known of the cards once they are drawn."""

    sizes: list[tuple[int, int, float]] = field(default_factory=list)
    """Of each shot its number, its type size in pixels, and the pixels of a unit on its card."""
    missing: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)


def write_film(
    path: Path,
    reels: Sequence[Reel],
    painter_of: Callable[[Reel], CardPainter],
    form: Format,
    size: tuple[int, int],
    *,
    draft: bool,
) -> Told:
    """Draw and encode everything into a new file."""
    told = Told()
    seconds = sum(reel.seconds for reel in reels)
    last = seconds * FRAMES_A_SECOND - 1
    chapters = [chapter for reel in reels for chapter in reel.chapters()]
    waiting: deque[tuple[int, Future[list[Packet[VideoStream]]]]] = deque()
    with (
        ThreadPoolExecutor(min(4, os.cpu_count() or 1), "animatic") as pool,
        # FFmpeg takes what stands before a colon for a protocol, unless the path begins at the root.
        av.open(os.path.abspath(path), "w", format=form.muxer, options=dict(form.options)) as file,
    ):
        file.metadata["comment"] = ANIMATIC_MARK
        tracks.set_chapters(file, chapters)
        video = tracks.VideoTrack(file, form, size)
        tones = tracks.SoundTrack(file, form, cuts={chapter.start for chapter in chapters}, seconds=seconds)
        subtitles = tracks.SubtitleTrack(file) if form.subtitles else None

        def write_next() -> None:
            length, piece = waiting.popleft()
            video.write(piece.result())
            tones.write_seconds(length)

        # Encoders do not hold Python's lock: they work while the next cards are drawn.
        for reel in reels:
            for chapter, frames, piece in _pieces(pool, reel, painter_of(reel), form, told, draft=draft, last=last):
                if subtitles and frames.start == chapter.start * FRAMES_A_SECOND:
                    subtitles.write(chapter)
                waiting.append((len(frames) // FRAMES_A_SECOND, piece))
                if len(waiting) > _PIECES_AT_ONCE:
                    write_next()
        while waiting:
            write_next()
        tones.finish()
    if subtitles:
        tracks.turn_subtitles_off(path)
    return told


def _pieces(
    pool: ThreadPoolExecutor, reel: Reel, painter: CardPainter, form: Format, told: Told, *, draft: bool, last: int
) -> Iterator[tuple[Chapter, range, Future[list[Packet[VideoStream]]]]]:
    """Each shot's frames in pieces, with the encoding of each under way; `last` is the film's last frame."""
    first = reel.start * FRAMES_A_SECOND
    playhead = Playhead(painter.plan(0), range(first, first + reel.seconds * FRAMES_A_SECOND))
    for place, (shot, chapter) in enumerate(zip(reel.shots, reel.chapters(), strict=True)):
        card = painter.draw(place)
        told.sizes.append((shot.number, card.type_size, painter.plan(place).unit))
        for frames in _spans(chapter, draft=draft):
            shown = list(frames)
            if draft:
                # The last frame of all gives the film its exact length.
                shown = [*frames[::_DRAFT_STEP], *([frames[-1]] if frames[-1] == last else [])]
            yield chapter, frames, pool.submit(tracks.encode_card, card.image, form, shown, playhead)
    missing, hidden = painter.unreadable()
    told.missing.update(missing)
    told.hidden.update(hidden)


def _spans(chapter: Chapter, *, draft: bool) -> list[range]:
    """The frames of a shot in pieces of a few seconds, so that a long shot too is encoded side by side."""
    end = chapter.start + chapter.seconds
    step = chapter.seconds if draft else _PIECE_SECONDS
    return [
        range(start * FRAMES_A_SECOND, min(start + step, end) * FRAMES_A_SECOND)
        for start in range(chapter.start, end, step)
    ]
