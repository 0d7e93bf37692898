"""The terminal: read by our own rules, whatever it sends; left as it was found."""

from __future__ import annotations

import os
import selectors
import signal
import termios
import tty
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from textual.drivers import linux_driver

from storyboard.tui.sequences import Sequences

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.driver import Driver

_LONGEST_READ = 4096
_LOOK_AGAIN = 0.1
"""Seconds after which it is seen that the terminal shall be read no more."""


class Outlet:
    """Where the screen is written; a terminal that is gone is a hangup, and whatever comes after it is dropped."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> None:
        """Never raises: whoever writes must live, or the editor waits for it for ever."""
        self._unless_gone(self._file.write, text)

    def flush(self) -> None:
        """Never raises, as `write`."""
        self._unless_gone(self._file.flush)

    def fileno(self) -> int:
        """The terminal's own."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """The terminal's own."""
        return self._file.isatty()

    def _unless_gone(self, act: Callable[..., object], *what: str) -> None:
        if self._gone:
            return
        try:
            act(*what)
        except (OSError, ValueError):
            self._gone = True
            hang_up()


class TidyDriver(linux_driver.LinuxDriver):
    """Outlives its terminal; takes back the mouse's pixel mode, which stays on where sizes come in pixels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file: Any = Outlet(self._file)

    def _sigcont_application(self, *_: object) -> None:
        """Takes the terminal again after a stop, unless no other program has had it since.

        Textual would begin anew each time: of two threads that read, one may never end, and what is then put back in
        the end is what the editor itself had set.
        """
        if self._key_thread is not None and self._key_thread.is_alive():
            if self._is_as_we_set_it():
                return
            self.suspend_application_mode()
        super()._sigcont_application()

    def _is_as_we_set_it(self) -> bool:
        """Whether keys still come one by one: a shell that had the terminal has made it wait for whole lines."""
        with suppress(termios.error):
            return not termios.tcgetattr(self.fileno)[tty.LFLAG] & termios.ICANON
        return True

    def _run_input_thread(self) -> None:
        fail_with(self, self.run_input_thread)

    def run_input_thread(self) -> None:
        """Reads until the editor ends, lends its terminal or loses it; nothing that comes from there can end it."""
        decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        sequences = Sequences()
        with selectors.SelectSelector() as selector:  # others do not know the terminal on macOS
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                seconds = sequences.seconds
                if selector.select(_LOOK_AGAIN if seconds is None else min(seconds, _LOOK_AGAIN)):
                    try:
                        data = os.read(self.fileno, _LONGEST_READ)
                    except OSError:
                        data = b""
                    if not data:
                        hang_up()
                        return
                    found = sequences.feed(decode(data))
                else:
                    found = sequences.expire() if sequences.seconds == 0 else iter(())
                for message in found:
                    self.process_message(message)

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self.flush()


def hang_up() -> None:
    """The terminal is gone: the editor ends in order, as the system would have it."""
    os.kill(os.getpid(), signal.SIGHUP)


def fail_with(driver: Driver, read: Callable[[], None]) -> None:
    """Reads in a thread; where that fails, it is a failure of the editor, which keeps the text and says so."""
    try:
        read()
    except Exception as error:  # noqa: BLE001 - Textual would end the editor with a traceback, and nothing kept
        with suppress(RuntimeError):  # it has ended meanwhile
            driver._loop.call_soon_threadsafe(driver._app._handle_exception, error)  # noqa: SLF001
