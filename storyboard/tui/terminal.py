"""The terminal, left as it was found."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver


class TidyDriver(LinuxDriver):
    """Takes back the mouse's pixel mode too, which stays on where the terminal reports its size in pixels."""

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self.flush()
