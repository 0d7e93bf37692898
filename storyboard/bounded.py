"""JSON and TOML that strangers wrote, read within bounds: their depth is counted before a parser recurses into it."""

from __future__ import annotations

import json
import re
from typing import Any

LEVELS_AT_MOST = 64
"""Objects, lists and tables inside of one another, and parts of a dotted key; people write a dozen."""

_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]+|[\]}]+', re.DOTALL)
_TOML_TOKEN = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*(?:"{3,5}|["\\]{0,2}\Z)'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*(?:'{3,5}|'{0,2}\Z)"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*|[.]+|[\[{]+|[\]}]+|[=,\n]",
    re.DOTALL,
)


class TooDeep(ValueError):
    """Text that nests deeper than any that people write."""

    def __init__(self) -> None:
        super().__init__(f"nested too deeply: at most {LEVELS_AT_MOST} levels are read")


def read_json(text: str) -> Any:
    """The data of a JSON text; ValueError where it is none, TooDeep where it nests beyond LEVELS_AT_MOST.

    Whatever comes back can be walked by functions that call themselves, and written as JSON again.
    """
    level = 0
    for match in _JSON_TOKEN.finditer(text):
        letter = text[match.start()]
        if letter in "[{":
            level += match.end() - match.start()
            if level > LEVELS_AT_MOST:
                raise TooDeep
        elif letter != '"':
            level -= match.end() - match.start()
    try:
        return json.loads(text)
    except RecursionError:
        raise TooDeep from None


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text; ValueError where it is none, TooDeep where it nests beyond LEVELS_AT_MOST.

    A dotted key nests as deeply as it has parts: the standard library's time for one grows with their square.
    """
    level = parts = 0
    for match in _TOML_TOKEN.finditer(text):
        letter, length = text[match.start()], match.end() - match.start()
        if letter in "[{":
            level, parts = level + length, 0
        elif letter in "]}":
            level, parts = max(level - length, 0), 0
        elif letter == ".":
            parts += length
        elif letter in "=,\n":
            parts = 0
        if max(level, parts) > LEVELS_AT_MOST:
            raise TooDeep
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TooDeep from None
