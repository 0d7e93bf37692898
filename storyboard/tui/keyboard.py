"""Keys, pastes and clicks are handed on in their order: each once the one before is done.

Textual writes a letter as soon as the field has it, and runs what a key is bound to only when the key has bubbled up
to the app: of keys that come together the letters would be first. Here letters for one field are handed on at once,
and everything else waits until what came before is done, with the screens and the focus that it leads to.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual._time import get_time
from textual.command import CommandPalette
from textual.widgets import Input, TextArea

from storyboard.tui.commanding import Commanding
from storyboard.tui.dialogs import Question
from storyboard.tui.sequences import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.widget import Widget

PATIENCE = 5.0
"""Seconds after which a key goes on although what was before it is not done: better late than never."""
_SPINS = 200
_MOMENT = 0.002


class Keyboard:
    """Stands between the terminal and an app."""

    def __init__(self, app: App[Any], hand_on: Callable[[events.Event], bool]) -> None:
        """`hand_on` gives the app an event as Textual would."""
        self._app = app
        self._hand = hand_on
        self._waiting: deque[events.Event] = deque()
        self._field: Widget | None = None
        """The field that gets the letters, as long as only letters come."""
        self._place: tuple[Screen[Any], Widget | None] | None = None
        """Where keys went when the last one was done."""
        self._work: asyncio.Task[None] | None = None
        self.came = 0.0
        """When the event came that was handed on last, by the clock of events."""

    @property
    def pause(self) -> float:
        """Seconds since the last key, paste or click came."""
        return 0.0 if self._waiting else get_time() - self.came

    def take(self, event: events.Event) -> bool:
        """Hands an event on, at once if nothing is in its way."""
        try:
            if self._is_nowhere(event):
                return False
            if isinstance(event, events.Key | events.Paste):
                self._app.app_focus = True  # a page that was left gets its focus back before it is asked who has it
            if not self._waiting and (self._is_more_text(event) or (not self._is_working and self._is_done(event))):
                self._hand_on(event)
            else:
                self._waiting.append(event)
        except Exception as error:  # noqa: BLE001 - it was posted by a thread that looks for no answer
            self._app._handle_exception(error)  # noqa: SLF001
            return False
        if not self._is_working:
            self._work = asyncio.create_task(self._hand_on_all(), name="keyboard")
        return True

    @property
    def _is_working(self) -> bool:
        return self._work is not None and not self._work.done()

    def forget(self) -> None:
        """Drops what has come and was not handed on: it was meant for another program."""
        self._waiting.clear()

    async def done(self) -> None:
        """Waits until all events are done."""
        while self._work is not None and not self._work.done():
            await asyncio.shield(self._work)

    def close(self) -> None:
        """Nothing is handed on any more."""
        self._waiting.clear()
        if self._work is not None:
            self._work.cancel()

    async def _hand_on_all(self) -> None:
        try:
            while self._app.is_running:
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self._until_done()
                if not self._waiting:
                    return
                self._hand_on(self._waiting.popleft())
                while self._waiting and self._is_more_text(self._waiting[0]):
                    self._hand_on(self._waiting.popleft())
        except Exception as error:  # noqa: BLE001 - a failure here is one of the editor
            self._app._handle_exception(error)  # noqa: SLF001

    def _hand_on(self, event: events.Event) -> None:
        if self._app._exit:  # noqa: SLF001 - what is typed after the end is for no one
            return
        screen, focused = self._where()
        if isinstance(screen, Question) and screen.refuses(event):
            return
        self._field = focused if self._is_text(event) else None
        self._place = screen, focused
        self.came = event.time
        self._hand(event)

    def _is_nowhere(self, event: events.Event) -> bool:
        """Whether this is a click outside of the screen, which would take the focus from the field that has it."""
        return (
            isinstance(event, events.MouseEvent)
            and self._app.mouse_captured is None
            and not (0 <= event.x < self._app.size.width and 0 <= event.y < self._app.size.height)
        )

    def _where(self) -> tuple[Screen[Any], Widget | None]:
        return self._app.screen, self._app.focused

    def _is_more_text(self, event: events.Event) -> bool:
        return self._field is not None and self._field is self._app.focused and self._is_text(event)

    def _is_text(self, event: events.Event) -> bool:
        """Whether a text field has the keys, and writes this."""
        field = self._app.focused
        if not isinstance(field, Input | TextArea):
            return False
        return isinstance(event, events.Paste) or (
            isinstance(event, events.Key)
            and event.is_printable
            and (isinstance(event, Key) or field.check_consume_key(event.key, event.character))
        )

    # when all is done

    async def _until_done(self) -> None:
        """Until all is done and, where another screen or field has the focus then, until that one is drawn.

        A question is answered only by what came after it could be seen.
        """
        while True:
            turns = 0
            while not self._is_done(self._waiting[0] if self._waiting else None):
                turns += 1
                await asyncio.sleep(0 if turns < _SPINS else _MOMENT)
            place, self._place = self._place, self._where()
            if place in (None, self._place):
                return
            shown = asyncio.Event()
            if not self._app.screen.call_after_refresh(shown.set):
                return
            await shown.wait()

    def _is_done(self, following: events.Event | None) -> bool:
        """Whether no message is being handled or waits, and the screen can take what follows."""
        return all(map(_is_idle, self._pumps())) and (
            following is None or self._is_text(following) or _is_ready(self._app.screen, self._app)
        )

    def _pumps(self) -> Iterator[MessagePump]:
        yield self._app
        stack = self._app.screen_stack
        yield from stack
        yield from stack[-1].walk_children() if stack else ()


def _is_idle(pump: MessagePump) -> bool:
    """Whether it waits for its next message; Textual itself tells only how many there are."""
    if pump._closing or pump._closed:  # noqa: SLF001
        return True
    news: Any = pump._message_queue.ready_event  # noqa: SLF001
    return not news.is_set() and any(not one.done() for one in news._waiters)  # noqa: SLF001


def _is_ready(screen: Screen[Any], app: App[Any]) -> bool:
    """Whether everything is there that keys work on."""
    if isinstance(screen, CommandPalette):
        return all(worker.is_finished for worker in app.workers if worker.node is screen)
    return not isinstance(screen, Commanding) or screen.is_settled
