"""The only writer: data to standard output, words to standard error, nothing read as terminal control."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from storyboard.cli import streams
from storyboard.unseen import STRAY, UNSEEN

if TYPE_CHECKING:
    from typing import TextIO

_UNSEEN = re.compile(f"[{UNSEEN}]|{STRAY}")
_ORDER_WITHIN = re.compile(r"##(?=\[|vso\[)", re.IGNORECASE)


def printable(text: str) -> str:
    """The text in one line, with everything that a terminal could obey written as an escape."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    short = {9: "\\t", 10: "\\n", 13: "\\r"}.get(code)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def unordered(text: str) -> str:
    """A printable line with an escape in what a build service would take for an order to itself.

    GitHub's runner and Azure's agent read `::error::` at the beginning of a line of a log, behind blanks as well, and
    `##[error]` and `##vso[` anywhere in it.
    """
    if "##" in text:
        text = _ORDER_WITHIN.sub(r"#\\x23", text)
    return text.replace(":", "\\x3a", 1) if text.lstrip().startswith("::") else text


def data(text: str) -> None:
    """A line of data for people or programs."""
    _write(sys.stdout, unordered(printable(text)) + "\n")


def order(text: str) -> None:
    """A line that is meant as an order to a build service."""
    _write(sys.stdout, printable(text) + "\n")


def exact(text: str) -> None:
    """A line of data whose every character counts; known to hold nothing that a terminal could obey."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
        _write(sys.stdout, text + "\n")
    except UnicodeEncodeError:
        flush()
        sys.stdout.buffer.write(text.encode() + b"\n")


def json_data(value: Any, *, indent: int | None = None) -> None:
    """A value as JSON: one line, or indented; characters that a terminal could obey are escaped."""
    import json

    plain = json.dumps(value, ensure_ascii=not _speaks_unicode(), indent=indent)
    if not (plain.isascii() and plain.isprintable()):
        plain = _UNSEEN.sub(_json_escape, plain)
    _write(sys.stdout, _ORDER_WITHIN.sub(r"#\\u0023", plain) + "\n")


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 10:
        return "\n"  # json.dumps escapes those inside texts: this one is layout
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code - 0x10000 & 0x3FF):04x}"


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


def flush() -> None:
    """Hands over the data that were written so far."""
    streams.flush(sys.stdout)


def words(text: str) -> None:
    """A line for people."""
    flush()
    _write(sys.stderr, unordered(printable(text)) + "\n")
    streams.flush(sys.stderr)


def error(text: str) -> None:
    """A line that says why the command ends."""
    words(f"storyboard: {text}")


def question(text: str) -> str:
    """What a person at the terminal answers, nothing at the end of input."""
    from select import select

    flush()
    _write(sys.stderr, unordered(printable(text)))
    streams.flush(sys.stderr)
    # Python holds a Ctrl-C that comes just before it reads back until something is typed; between waits it looks.
    while not select([sys.stdin], [], [], 0.2)[0]:
        pass
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        _write(sys.stderr, "\n")
    return answer.strip()


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except OSError as failure:
        streams.give_up(stream, failure)
