"""The terminal: what is pasted is text and nothing else, Alt with a digit is a key; left as it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver

from storyboard.tui.masking import mask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.message import Message

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
# Textual takes Alt with a digit for the sign that a Mac's keyboard would write.
_DIGITS = tuple(f"\x1b{digit}" for digit in "123456")


class PasteKeeper:
    """Makes everything between the marks of a paste unfit to be read as keys, however it comes in pieces."""

    def __init__(self) -> None:
        self._pasting = False
        self._rest = ""

    def keep(self, data: str) -> str:
        """The same input with the characters of pastes masked; what may be part of a mark waits for the rest."""
        data, self._rest = self._rest + data, ""
        parts = []
        while data:
            mark = _END if self._pasting else _BEGIN
            before, found, after = data.partition(mark)
            if not found and (waits := _begun(data, mark) if self._pasting else 0):
                before, self._rest = data[:-waits], data[-waits:]
            parts.append(mask(before.replace("\r\n", "\n").replace("\r", "\n")) if self._pasting else before)
            parts.append(found)
            if not found:
                break
            self._pasting, data = not self._pasting, after
        return "".join(parts)


def _begun(data: str, mark: str) -> int:
    """How many characters at the end may be the beginning of a mark."""
    return next((length for length in range(len(mark) - 1, 0, -1) if data.endswith(mark[:length])), 0)


class _Parser(XTermParser):
    """Textual's parser, with pastes kept whole."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = PasteKeeper()

    def feed(self, data: str) -> Iterable[Message]:
        return super().feed(self._pastes.keep(data) if data else data)


class TidyDriver(linux_driver.LinuxDriver):
    """Takes back the mouse's pixel mode too, which stays on where the terminal reports its size in pixels."""

    def run_input_thread(self) -> None:
        """Reads with our parser."""
        linux_driver.XTermParser = _Parser  # type: ignore[misc, attr-defined]
        for digit in _DIGITS:
            ANSI_SEQUENCES_KEYS.pop(digit, None)  # type: ignore[attr-defined]
        super().run_input_thread()

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self.flush()
