"""The browser as a terminal: read by our own rules, and a server that is gone is a hangup."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from typing import Any

from textual.drivers import web_driver
from textual.drivers._byte_stream import ByteStream

from storyboard.tui.sequences import MOST_CELLS, Sequences
from storyboard.tui.terminal import fail_with, hang_up


class WebTerminal(web_driver.WebDriver):
    """Speaks with textual-serve through pipes; what ends the server ends the editor, unsaved text kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write: Any = self._unless_gone

    def _unless_gone(self, data: bytes) -> None:
        try:
            os.write(self.fileno, data)
        except OSError:
            self._hang_up()

    def run_input_thread(self) -> None:
        """Reads until the page or the server is gone."""
        fail_with(self, self._read)
        self._hang_up()

    def _read(self) -> None:
        packets = ByteStream()
        decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        sequences = Sequences()
        try:
            for data in self._input_reader:
                if not data and sequences.seconds == 0:
                    for message in sequences.expire():
                        self.process_message(message)
                for kind, payload in packets.feed(data) if data else ():
                    if kind == "D":
                        for message in sequences.feed(decode(payload)):
                            self.process_message(message)
                    else:
                        self._on_meta(kind, payload)
        except web_driver._ExitInput:  # noqa: SLF001 - how Textual says it
            pass
        finally:
            self._input_reader.close()

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """What the page tells of itself; a size that no page has is none."""
        sides = (payload.get("width"), payload.get("height"))
        if packet_type == "resize" and not all(isinstance(one, int) and 0 < one <= MOST_CELLS for one in sides):
            return
        super().on_meta(packet_type, payload)

    def _hang_up(self) -> None:
        """As a terminal that was closed."""
        if not self.exit_event.is_set():
            self.exit_event.set()
            hang_up()
