"""The playhead, put into a finished frame by writing bytes into its planes, and taken out again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from storyboard.preview.timeline import playhead_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import VideoFrame
    from av.video.plane import VideoPlane

    from storyboard.preview.plan import Plan

_BLACK, _WHITE, _GREY = 16, 235, 128


class Playhead:
    """A white bar with dark edges that crosses the timeline from the first frame to the last."""

    def __init__(self, plan: Plan, frames: range) -> None:
        """`frames` are the film's that it takes to cross; the plan's timeline is the same on all of their cards."""
        self._row = plan.timeline
        self._frames = frames
        edge, core = plan.px(0.2), plan.px(0.35)
        self._bar = 2 * edge + core
        self._luma = bytes([_BLACK] * edge + [_WHITE] * core + [_BLACK] * edge)
        beyond = plan.px(1)
        self._rows = range(self._row.top - beyond, self._row.bottom + beyond)

    @contextmanager
    def drawn_on(self, frame: VideoFrame, number: int) -> Iterator[None]:
        """
        Have the bar on a yuv420p frame, at the place for frame `number` of the film, while the block runs.

        The encoder must be done with the picture when the block ends; x264 and libvpx copy it at once.
        """
        left = playhead_at(self._row, self._bar, number - self._frames.start, len(self._frames))
        grey = bytes([_GREY]) * ((left + self._bar + 1) // 2 - left // 2)
        rows, half_rows = self._rows, range(self._rows.start // 2, (self._rows.stop + 1) // 2)
        luma, *chroma = frame.planes
        undo = [(luma, _write(luma, rows, left, self._luma))]
        undo += [(plane, _write(plane, half_rows, left // 2, grey)) for plane in chroma]
        try:
            yield
        finally:
            for plane, strips in undo:
                view = memoryview(plane)
                for at, strip in strips:
                    view[at : at + len(strip)] = strip


def _write(plane: VideoPlane, rows: range, left: int, strip: bytes) -> list[tuple[int, bytes]]:
    """Write the strip into each row; gives back where that was and what stood there."""
    view = memoryview(plane)
    width = len(strip)
    places = [row * plane.line_size + left for row in rows]
    before = [(at, bytes(view[at : at + width])) for at in places]
    for at in places:
        view[at : at + width] = strip
    return before
