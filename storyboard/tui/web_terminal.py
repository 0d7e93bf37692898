"""The browser as a terminal: pastes are text and nothing else, and a server that is gone is a hangup."""

from __future__ import annotations

import os
import signal
from typing import Any

from textual.drivers import web_driver

from storyboard.tui.terminal import read_our_way


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
        """Reads with our parser until the page or the server is gone."""
        read_our_way(web_driver)
        super().run_input_thread()
        self._hang_up()

    def _hang_up(self) -> None:
        """As a terminal that was closed."""
        if not self.exit_event.is_set():
            self.exit_event.set()
            os.kill(os.getpid(), signal.SIGHUP)
