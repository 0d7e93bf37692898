"""The only writer: data to standard output, words to standard error, nothing read as terminal control."""

from __future__ import annotations

import sys
from typing import Any

_ALLOWED = frozenset("\n\t")


def printable(text: str) -> str:
    """The text with everything that a terminal could obey, or an eye miss, written as an escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in _ALLOWED else _escape(character) for character in text
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def data(text: str) -> None:
    """A line of data for people or programs."""
    sys.stdout.write(printable(text) + "\n")


def json_data(value: Any, *, indent: int | None = None) -> None:
    """A value as JSON: one line, or indented; characters that a terminal could obey are escaped."""
    import json

    plain = json.dumps(value, ensure_ascii=not _speaks_unicode(), indent=indent)
    safe = "".join(
        character if character.isprintable() or character == "\n" else _json_escape(character) for character in plain
    )
    sys.stdout.write(safe + "\n")


def _json_escape(character: str) -> str:
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code - 0x10000 & 0x3FF):04x}"


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def words(text: str) -> None:
    """A line for people."""
    sys.stdout.flush()
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def error(text: str) -> None:
    """A line that says why the command ends."""
    words(f"storyboard: {text}")
