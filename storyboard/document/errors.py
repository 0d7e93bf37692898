"""What goes wrong between bytes and a document, and between a document and its edits."""

from __future__ import annotations


class EditRefused(ValueError):
    """An edit that cannot be made without touching anything else; nothing was changed."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason = reason
        self.line = line


class DocumentError(ValueError):
    """Bytes that are no readable document: `reason` in words, `line` and `column` from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column
