"""Animatic and sheet from the editor: drawn beside it, of what its screen stands on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from storyboard.checks import Report
    from storyboard.preview.boards import Board
    from storyboard.preview.previews import Made
    from storyboard.tui.commanding import Commanding


class PreviewActions:
    """Commands that draw."""

    def __init__(self, screen: Commanding, to_draw: Callable[[], Awaitable[Report | None]]) -> None:
        """`to_draw` gives a storyboard without errors; None where there is none, and the person was told why."""
        self.screen = screen
        self._to_draw = to_draw

    async def do_animatic(self) -> None:
        """The timing as a video in `renders`."""
        from storyboard.preview.previews import make_animatic

        await self._draw("animatic", ".animatic.mp4", make_animatic)

    async def do_sheet(self) -> None:
        """The storyboard on paper in `renders`."""
        from storyboard.preview.previews import make_sheet

        await self._draw("sheet", ".sheet.pdf", make_sheet)

    async def _draw(self, name: str, ending: str, make: Callable[[list[Board], Path], Made]) -> None:
        from storyboard.preview.boards import read_board
        from storyboard.preview.errors import PreviewError
        from storyboard.preview.places import default_place

        if (report := await self._to_draw()) is None:
            return
        try:
            board = read_board(report)
            target = default_place(report.file, ending)
        except PreviewError as error:
            self.screen.say(str(error), "error")
            return
        self.screen.say(f"drawing the {name}")
        work = partial(self._make, name, lambda: make([board], target))
        self.screen.run_worker(forgetting(work), thread=True, group=name, exclusive=True, exit_on_error=False)

    def _make(self, name: str, make: Callable[[], Made]) -> None:
        """In a thread; whatever comes of it is told."""
        from storyboard.preview.errors import PreviewError, TakenError
        from storyboard.tui.guarding import report_failure

        app = self.screen.app
        try:
            made = make()
        except TakenError as error:
            app.call_from_thread(self.screen.say, f"{error}: move it away", "error")
        except PreviewError as error:
            app.call_from_thread(self.screen.say, str(error), "error")
        except Exception as error:  # noqa: BLE001 - no drawing ends the editor
            app.call_from_thread(report_failure, app, error)
        else:
            app.call_from_thread(self.screen.say, " · ".join((f"{name}: {made.path}", *made.remarks)))
