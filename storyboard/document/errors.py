"""What goes wrong between bytes and a document."""

from __future__ import annotations


class DocumentError(ValueError):
    """Bytes that are no readable document: `reason` in words, `line` and `column` from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
