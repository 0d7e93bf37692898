"""Why a whole run ends early."""

from __future__ import annotations

from typing import Literal


class StopRun(Exception):
    """The whole run ends here, with all work kept; the text says why and what to do."""

    def __init__(self, code: Literal["account", "unreachable", "refused", "ledger"], message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
