"""The terminal: what is pasted is text and nothing else, Alt with a digit is a key; left as it was found."""

from __future__ import annotations

import os
import re
import signal
from typing import IO, TYPE_CHECKING, Any

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver

from storyboard.tui.commands import SHOT_KEYS
from storyboard.tui.masks import Masks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.message import Message

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
# Textual takes Alt with a digit for the sign that a Mac's keyboard would write.
_ALT = re.compile("(?<!\x1b)\x1b([a-z0-9])")
_DIGITS = tuple(f"\x1b{key[-1]}" for key in SHOT_KEYS)


class PasteKeeper:
    """Makes everything between the marks of a paste unfit to be read as keys, however it comes in pieces."""

    def __init__(self) -> None:
        self._masks = Masks()
        self._pasting = False
        self._begun = 0
        """Characters of the beginning mark that have gone by."""
        self._rest = ""

    def keep(self, data: str) -> str:
        """The same input with the characters of pastes masked; what may be part of the end waits for the rest.

        Outside of pastes Alt with a letter or digit is spelled so that it ends where it ends, whatever follows it.
        """
        data, self._rest = self._rest + data, ""
        parts = []
        while data:
            part, data = self._pasted(data) if self._pasting else self._typed(data)
            parts.append(part)
        return "".join(parts)

    def pasted(self, kept: str) -> str:
        """What was pasted, from what became of it."""
        return self._masks.unmask(kept)

    def _typed(self, data: str) -> tuple[str, str]:
        """Everything up to and with the mark that begins a paste, and what is behind it."""
        for place, character in enumerate(data, start=1):
            self._begun = self._begun + 1 if character == _BEGIN[self._begun] else int(character == _BEGIN[0])
            if self._begun == len(_BEGIN):
                self._begun, self._pasting = 0, True
                return _spelled(data[:place]), data[place:]
        return _spelled(data), ""

    def _pasted(self, data: str) -> tuple[str, str]:
        """Pasted text, masked, with the mark that ends it, and what is behind it."""
        text, end, behind = data.partition(_END)
        if not end and (waits := _unsure(text)):
            text, self._rest = text[:-waits], text[-waits:]
        self._pasting = not end
        return self._masks.mask(text.replace("\r\n", "\n").replace("\r", "\n")) + end, behind


def _spelled(data: str) -> str:
    return _ALT.sub(lambda match: match[0] if match[0] in ANSI_SEQUENCES_KEYS else f"\x1b[{ord(match[1])};3u", data)


def _unsure(text: str) -> int:
    """How many characters at the end may be part of the end mark or of a line break."""
    if text.endswith("\r"):
        return 1
    return next((length for length in range(len(_END) - 1, 0, -1) if text.endswith(_END[:length])), 0)


class _Parser(XTermParser):
    """Textual's parser, with pastes kept whole."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = PasteKeeper()

    def feed(self, data: str) -> Iterable[Message]:
        for message in super().feed(self._pastes.keep(data) if data else data):
            if isinstance(message, events.Paste):
                message.text = self._pastes.pasted(message.text)
            yield message


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
            os.kill(os.getpid(), signal.SIGHUP)


class TidyDriver(linux_driver.LinuxDriver):
    """Outlives its terminal; takes back the mouse's pixel mode, which stays on where sizes come in pixels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file: Any = Outlet(self._file)

    def run_input_thread(self) -> None:
        """Reads with our parser."""
        linux_driver.XTermParser = _Parser  # type: ignore[attr-defined]
        for digit in _DIGITS:
            ANSI_SEQUENCES_KEYS.pop(digit, None)  # type: ignore[attr-defined]
        super().run_input_thread()

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self.flush()
