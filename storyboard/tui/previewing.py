"""Animatic and sheet from the editor: drawn beside it, from the text as it stands, saved or not."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from storyboard.tui.threads import forgetting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storyboard.preview.boards import Board as Drawn
    from storyboard.preview.previews import Made
    from storyboard.tui.board import Board


class PreviewActions:
    """Commands that draw."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def do_animatic(self) -> None:
        """The timing as a video in `renders`."""
        from storyboard.preview.previews import make_animatic

        await self._draw("animatic", ".animatic.mp4", make_animatic)

    async def do_sheet(self) -> None:
        """The storyboard on paper in `renders`."""
        from storyboard.preview.previews import make_sheet

        await self._draw("sheet", ".sheet.pdf", make_sheet)

    async def _draw(self, name: str, ending: str, make: Callable[[list[Drawn], Path], Made]) -> None:
        from storyboard.preview.boards import read_board
        from storyboard.preview.errors import PreviewError
        from storyboard.preview.places import default_place

        board = self.board
        if board.session.report.has_errors:
            await board.open_panel("problems")
            board.say("there are errors: nothing can be drawn before they are gone", "warning")
            return
        try:
            drawn = read_board(board.session.report)
        except PreviewError as error:
            board.say(str(error), "error")
            return
        board.say(f"drawing the {name}")
        target = default_place(os.fspath(board.session.path), ending)
        work = partial(self._make, name, lambda: make([drawn], target))
        board.run_worker(forgetting(work), thread=True, group=name, exclusive=True, exit_on_error=False)

    def _make(self, name: str, make: Callable[[], Made]) -> None:
        """In a thread; whatever comes of it is told."""
        from storyboard.preview.errors import PreviewError, TakenError
        from storyboard.tui.guarding import report_failure

        app = self.board.app
        try:
            made = make()
        except TakenError as error:
            app.call_from_thread(self.board.say, f"{error}: move it away", "error")
        except PreviewError as error:
            app.call_from_thread(self.board.say, str(error), "error")
        except Exception as error:  # noqa: BLE001 - no drawing ends the editor
            app.call_from_thread(report_failure, app, error)
        else:
            app.call_from_thread(self.board.say, " · ".join((f"{name}: {made.path}", *made.remarks)))
