"""Screens that have commands: each is found by its id, and none of them ends the editor."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual._context import active_message_pump

from storyboard.tui.guarding import report_failure

if TYPE_CHECKING:
    from storyboard.tui.commands import Command


_MOMENT = 0.01
_PATIENCE = 2.0
"""Seconds; a field that is being removed answers never."""


class Commanding:
    """Mixed into a screen; `_doers` are the objects whose methods `do_ID` its commands are."""

    OWN_COMMANDS: ClassVar[tuple[Command, ...]] = ()
    _doers: tuple[object, ...]

    @property
    def is_settled(self) -> bool:
        """Whether everything is there that commands work on."""
        return True

    async def settled(self) -> None:
        """Waits until it is."""

    def run_command(self: Any, name: str) -> None:
        """Runs a command as soon as what is going on is done."""
        if self.is_settled:
            self.call_later(self._do, name)
        else:
            self.set_timer(_MOMENT, partial(self.run_command, name))

    async def action_command(self: Any, name: str) -> None:
        """A key: the command comes after everything that was typed before it."""
        await self.typed_before()
        await self._do(name)

    async def typed_before(self: Any) -> None:
        """Waits until what was typed before this key is written, and commands have what they work on."""
        if active_message_pump.get() is not self.app:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self.settled()
                if (field := self.focused) is not None:
                    written = asyncio.Event()
                    # Twice, because some fields tell of a key by a message to themselves.
                    if field.call_later(lambda: field.call_later(written.set)):
                        await written.wait()

    async def _do(self: Any, name: str) -> None:
        """Runs a command by its id; whatever goes wrong in it is told, and the editor goes on."""
        doer = next(one for one in self._doers if hasattr(one, f"do_{name}"))
        try:
            done = getattr(doer, f"do_{name}")()
            if done is not None:
                await done
        except Exception as error:  # noqa: BLE001 - no failing command ends the editor
            report_failure(self.app, error)
