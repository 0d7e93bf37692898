"""Screens that have commands: each is found by its id, and none of them ends the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from storyboard.tui.guarding import report_failure

if TYPE_CHECKING:
    from storyboard.tui.commands import Command


class Commanding:
    """Mixed into a screen; `_doers` are the objects whose methods `do_ID` its commands are."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = ()
    _doers: tuple[object, ...]

    def run_command(self: Any, name: str) -> None:
        """Runs a command as soon as what is going on is done."""
        self.call_later(self.action_command, name)

    async def action_command(self: Any, name: str) -> None:
        """Runs a command by its id; whatever goes wrong in it is told, and the editor goes on."""
        doer = next(one for one in self._doers if hasattr(one, f"do_{name}"))
        try:
            done = getattr(doer, f"do_{name}")()
            if done is not None:
                await done
        except Exception as error:  # noqa: BLE001 - no failing command ends the editor
            report_failure(self.app, error)
