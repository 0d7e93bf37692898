"""What the board's commands do to shots and their seconds: one method for each, named after its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storyboard.tui.dialogs import Ask

if TYPE_CHECKING:
    from storyboard.tui.board import Board


class ShotActions:
    """Commands that cut the film."""

    def __init__(self, board: Board) -> None:
        self.board = board

    # whole shots

    def do_add(self) -> None:
        """A shot behind the current one."""
        index = self.board.current + 1 if self.board.session.seconds else 0
        self._go_there(self.board.edit(lambda session: session.add_shot(index)))

    def do_split(self) -> None:
        """Cut at the cursor."""
        index, position = self.board.current, self.board.editor.position
        self._go_there(self.board.edit(lambda session: session.split_shot(index, position)))

    def do_merge(self) -> None:
        """With the next."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.merge_with_next(index)))

    def do_duplicate(self) -> None:
        """A copy behind it."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.duplicate_shot(index)))

    def do_delete(self) -> None:
        """The seconds go to the neighbour before, of the first shot to the one after."""
        index, count = self.board.current, len(self.board.session.seconds)
        taker = index - 1 if index else 1 if count > 1 else None
        self._go_there(self.board.edit(lambda session: session.delete_shot(index, give_seconds_to=taker)))

    def do_cut(self) -> None:
        """The seconds go too."""
        index = self.board.current
        self._go_there(self.board.edit(lambda session: session.delete_shot(index)))

    def do_move_up(self) -> None:
        """Towards the beginning."""
        self._move(-1)

    def do_move_down(self) -> None:
        """Towards the end."""
        self._move(1)

    def _move(self, step: int) -> None:
        index, place = self.board.current, self.board.current + step
        if 0 <= place < len(self.board.session.seconds):
            self._go_there(self.board.edit(lambda session: session.move_shot(index, place)))

    def do_previous(self) -> None:
        """The shot before."""
        self.board.action_go(max(self.board.current - 1, 0))

    def do_next(self) -> None:
        """The shot after."""
        self.board.action_go(min(self.board.current + 1, max(len(self.board.session.seconds) - 1, 0)))

    def _go_there(self, index: int | None) -> None:
        if index is not None:
            self.board.action_go(index)

    # seconds

    def do_longer(self) -> None:
        """One second more."""
        self._change_seconds(1)

    def do_shorter(self) -> None:
        """One second less."""
        self._change_seconds(-1)

    def _change_seconds(self, change: int) -> None:
        seconds = list(self.board.session.seconds)
        if not seconds:
            return
        seconds[self.board.current] += change
        if seconds[self.board.current] < 1:
            self.board.say("a shot needs at least one second", "warning")
            return
        path = ("shots", self.board.current, "seconds")
        self.board.edit(lambda session: session.set(path, seconds[self.board.current]))

    def do_take(self) -> None:
        """From the neighbours."""
        self.board.edit(lambda session: session.steal(self.board.current, 1))

    def do_give(self) -> None:
        """To the neighbour."""
        self.board.edit(lambda session: session.steal(self.board.current, -1))

    def do_fit(self) -> None:
        """Asks for the total."""
        bounds = self.board.profile.total_seconds

        def fault(answer: str) -> str | None:
            sound = re.fullmatch("[0-9]{1,4}", answer.strip()) and int(answer) in bounds
            return None if sound else f"whole seconds from {bounds.least} to {bounds.most}"

        def fit(answer: str | None) -> None:
            if answer:
                self.board.edit(lambda session: session.fit(int(answer)))

        self.board.app.push_screen(Ask("Fit all shots to so many seconds", str(self.board.session.total), fault), fit)

    def do_even(self) -> None:
        """Evenly."""
        self.board.edit(lambda session: session.even_out())

    def do_lock(self) -> None:
        """Locks or frees."""
        index = self.board.current
        self.board.edit(lambda session: session.lock(index, locked=index not in session.locked))
