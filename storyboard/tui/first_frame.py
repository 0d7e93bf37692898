"""The first frame in a corner of the board, drawn with half blocks; made in a thread, after everything else."""

from __future__ import annotations

import os
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from storyboard.frames import FrameError, frame_kind
from storyboard.tui.threads import forgetting
from storyboard.tui.wording import first_words

if TYPE_CHECKING:
    from textual import events

    from storyboard.preview.thumbnail import Thumbnail
    from storyboard.tui.board import Board

_ROWS_AT_LEAST, _ROWS_AT_MOST = 4, 14
_LOOK_SECONDS = 2.0
_DIM = Style(dim=True)


def can_show(color_system: str | None) -> bool:
    """Whether pictures are shown without being asked for: in true colour, with what decodes them."""
    return color_system == "truecolor" and "NO_COLOR" not in os.environ and find_spec("PIL") is not None


class FirstFrame(Widget):
    """Lies below the shots, as large as they leave room for."""

    DEFAULT_CSS = """
    FirstFrame { dock: bottom; width: 100%; height: 0; padding: 0 1; }
    """

    def __init__(self, board: Board) -> None:
        super().__init__(id="first-frame")
        self._board = board
        self._asked = ""
        self._thumbnail: Thumbnail | None = None
        self._trouble = ""
        self._strips: list[Strip] = []
        self._drawn_in = (0, 0)

    def on_mount(self) -> None:
        """Looks now and then whether the file is another."""
        self.set_interval(_LOOK_SECONDS, self._look)
        self.follow()

    def follow(self) -> None:
        """Shows what the storyboard names now; costs nothing where that is what it named before."""
        data = self._board.session.document.data
        named = data.get("first_frame") if isinstance(data, dict) else None
        reference = named if isinstance(named, str) and frame_kind(named) in {"file", "data"} else ""
        if reference != self._asked:
            self._asked = reference
            self._look()
        elif self._room() != self._drawn_in:
            self.draw()

    def _look(self) -> None:
        if not self._asked:
            self._take("", None, "")
            return
        folder = os.path.dirname(os.path.abspath(self._board.session.path))
        work = partial(self._make, self._asked, folder, self._thumbnail)
        self.run_worker(forgetting(work), thread=True, group="first-frame", exclusive=True, exit_on_error=False)

    def _make(self, reference: str, folder: str, known: Thumbnail | None) -> None:
        """In a thread; whatever a picture does, it is told and nothing more."""
        from storyboard.preview.errors import PreviewError

        found, trouble = None, ""
        try:
            from storyboard.preview.thumbnail import make_thumbnail

            found = make_thumbnail(reference, folder, self._board.profile.frame, known)
        except (FrameError, PreviewError) as error:
            trouble = str(error)
        except ImportError:
            trouble = "pip install 'multishot-storyboard[preview]' shows it"
        except Exception as error:  # noqa: BLE001 - decoders raise what they like; no picture ends the editor
            trouble = type(error).__name__
        self.app.call_from_thread(self._take, reference, found, trouble)

    def _take(self, reference: str, found: Thumbnail | None, trouble: str) -> None:
        if reference != self._asked or (found is self._thumbnail and trouble == self._trouble):
            return
        self._thumbnail, self._trouble = found, trouble
        self.draw()

    def draw(self) -> None:
        """Draws it in the room that there is."""
        columns, rows = self._drawn_in = self._room()
        self._strips = []
        if rows >= _ROWS_AT_LEAST and (self._thumbnail is not None or self._trouble):
            self._strips = [self._caption(columns), *self._picture(columns, rows - 1)]
        self.styles.height = len(self._strips)
        self.refresh()

    def _room(self) -> tuple[int, int]:
        """Columns and rows that the shots leave: theirs, the line that adds one, and an empty one are left."""
        beside = self._board.query_one("#shots").size
        left = beside.height - len(self._board.session.seconds) - 2
        return max(beside.width - 2, 1), min(left, _ROWS_AT_MOST)

    def _caption(self, columns: int) -> Strip:
        found = self._thumbnail
        words = f"first frame {found.width}×{found.height}" if found is not None else f"first frame: {self._trouble}"
        return Strip([Segment(first_words(words, columns), self.rich_style + _DIM)])

    def _picture(self, columns: int, rows: int) -> list[Strip]:
        if self._thumbnail is None:
            return []
        return [
            Strip(
                [
                    Segment("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
                    for upper, lower in row
                ]
            )
            for row in self._thumbnail.half_blocks(columns, rows)
        ]

    def render_line(self, y: int) -> Strip:
        """A row of it."""
        strip = self._strips[y] if y < len(self._strips) else Strip([])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """A picture is no shot."""
        event.stop()
