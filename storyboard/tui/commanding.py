"""Screens that have commands: each is found by its id, and none of them ends the editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen

from storyboard.tui.composing import SparingCompositor
from storyboard.tui.guarding import report_failure
from storyboard.tui.masking import line_of
from storyboard.tui.toasts import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storyboard.submitting.events import Event
    from storyboard.tui.commands import Command
    from storyboard.tui.keyboard import Keyboard
    from storyboard.tui.keyline import KeyLine


_MOMENT = 0.01
_PAUSE = 0.7


class Commanding(Screen[None]):
    """What the board and the folder have in common."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()

    @property
    def doers(self) -> tuple[object, ...]:
        """The objects whose methods `do_ID` the commands are."""
        return ()

    def set_paid(self, words: Mapping[str, str]) -> None:
        """Takes notice of which files' present requests were paid for: file → words, "" where it was not."""

    def hear_of_jobs(self, event: Event) -> None:
        """Takes notice of something that happened to a job."""

    @property
    def is_settled(self) -> bool:
        """Whether everything is there that commands work on."""
        return True

    def run_command(self, name: str) -> None:
        """Runs a command as soon as what is going on is done."""
        if self.is_settled:
            self.call_later(self._do, name)
        else:
            self.set_timer(_MOMENT, partial(self.run_command, name))

    async def action_command(self, name: str) -> None:
        """A key."""
        await self._do(name)

    @property
    def is_in_use(self) -> bool:
        """Whether something was typed a moment ago: a question would take the next word for its answer."""
        keyboard: Keyboard | None = getattr(self.app, "keyboard", None)
        return keyboard is not None and keyboard.pause < _PAUSE

    def say(self, words: str, severity: str = "information") -> None:
        """Tells something in passing; the last word is the one that counts."""
        tell(self.app, line_of(words), severity)

    def copy(self, text: str, what: str) -> None:
        """Copies a text; `what` it is and where it is then is told."""
        copy_to_clipboard: Any = self.app.copy_to_clipboard
        copy_to_clipboard(text, what)

    def on_screen_resume(self) -> None:
        """Back from a question."""
        if (tell_what_waited := getattr(self.app, "tell_what_waited", None)) is not None:
            tell_what_waited()

    def on_key_line_chosen(self, message: KeyLine.Chosen) -> None:
        """A click on the key line."""
        self.run_command(message.name)

    async def _do(self, name: str) -> None:
        """Runs a command by its id; whatever goes wrong in it is told, and the editor goes on."""
        doer = next(one for one in self.doers if hasattr(one, f"do_{name}"))
        try:
            done = getattr(doer, f"do_{name}")()
            if done is not None:
                await done
        except Exception as error:  # noqa: BLE001 - no failing command ends the editor
            report_failure(self.app, error)
