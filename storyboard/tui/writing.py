"""Between a board's fields and its session: what is typed goes there, what changed there comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storyboard.document import EditRefused
from storyboard.timing import CannotFit

if TYPE_CHECKING:
    from collections.abc import Callable

    from storyboard.checks.diagnostic import Path
    from storyboard.session import Session
    from storyboard.tui.board import Board


class Writing:
    """The prompt and the note of the current shot."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def make(self, change: Callable[[Session], Any]) -> Any:
        """Makes a change; one that cannot be made is said, and nothing changed."""
        try:
            return change(self.board.session)
        except (EditRefused, CannotFit) as refusal:
            reason = refusal.reason if isinstance(refusal, EditRefused) else str(refusal)
            self.board.say(f"not done: {reason}", "warning")
            return None

    def refill(self, *, travel: bool = False) -> None:
        """Puts the session's words into the fields, where they are not there already.

        The cursor stays at its words; with `travel` it goes where the text changed.
        """
        board = self.board
        board.editor.show(board.prompt_of(board.current), travel=travel)
        self.fill_note()

    def fill_note(self) -> None:
        """Puts the current shot's note into its field."""
        board = self.board
        board.note.show(board.text_of(board.current, "note"), "a note, never sent", locked=False)

    def typed(self, text: str) -> None:
        """The prompt is written as it is typed."""
        board = self.board
        try:
            board.session.set(("shots", board.current, "prompt"), text, typing=True)
        except EditRefused as refusal:
            board.say(f"not taken, the prompt is as before: {refusal.reason}", "warning")
            self.refill()
        board.show()

    def write_note(self, text: str) -> None:
        """A note is written as it is typed; an empty one goes."""
        board = self.board
        path: Path = ("shots", board.current, "note")
        if text == board.text_of(board.current, "note"):
            return
        if text:
            self.make(lambda session: session.set(path, text, typing=True))
        else:
            self.make(lambda session: session.unset(path, typing=True))
        self.fill_note()
        board.show()
