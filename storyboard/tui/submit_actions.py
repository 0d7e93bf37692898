"""The way from a board to a job: errors, unsaved text, the offer, and who says yes to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from storyboard.submitting.offers import Offer
    from storyboard.tui.board import Board


class SubmitActions:
    """The command that may cost money."""

    def __init__(self, board: Board) -> None:
        self.board = board

    async def do_submit(self) -> None:
        """What is on disk, once it is sound: shown with its price before anything is sent."""
        board = self.board
        if not await board.is_sound("sent"):
            return
        if board.session.dirty:
            self._ask_to_save()
        else:
            self._show_offer()

    def _ask_to_save(self) -> None:
        from storyboard.tui.dialogs import Choice
        from storyboard.tui.differences import summary

        def decide(answer: str | None) -> None:
            if answer == "save":
                self.board.files.save(self._show_offer)

        choices = [("cancel", "Cancel"), ("save", "Save and go on")]
        question = "What is sent is what is saved"
        self.board.app.push_screen(Choice(question, summary(self.board.session), choices), decide)

    def _show_offer(self) -> None:
        from storyboard.submitting.accounts import has_key
        from storyboard.tui.submitting import Submit

        desk = self.board.desk
        if desk is None:
            return

        def decide(answer: tuple[Offer, Decimal | None] | None) -> None:
            if answer is not None:
                desk.submit(*answer)
                self.board.run_command("jobs")

        self.board.app.push_screen(Submit(desk, os.fspath(self.board.session.path), has_key=has_key()), decide)
