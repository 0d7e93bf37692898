"""JSON files beside videos, receipts and notes: anybody may have put them there, so they are read with bounds."""

from __future__ import annotations

import json
import math
import os
import sys
from typing import TYPE_CHECKING, Any

from storyboard.disk import is_inside, open_regular
from storyboard.folders import project_folders

if TYPE_CHECKING:
    from pathlib import Path

PAPER_LIMIT = 1 << 20
"""Bytes; a receipt has some thousand, and no more than its request, which a storyboard of 256 KiB can make."""
_DEPTH = 32
_NUMBERS_BELOW = 2**63


def read_paper(path: Path, *, follow: bool = True) -> dict[str, Any]:
    """What a JSON file says; empty where it is no regular file, larger than PAPER_LIMIT, or holds no plain object.

    A link is followed only within the project that the file's folder belongs to, and not at all without `follow`.
    """
    try:
        with open_regular(_confined(path) if follow else path, most=PAPER_LIMIT, follow=False) as stream:
            data = stream.read(PAPER_LIMIT + 1)
        if len(data) > PAPER_LIMIT:  # it grows while it is read
            return {}
        content = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and is_plain(content) else {}


def is_plain(content: object) -> bool:
    """Whether JSON can be stored and written again as it is.

    It is not too deep, its numbers are finite, its texts have no half characters.
    """
    level = [content]
    for _ in range(_DEPTH):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
            elif not _is_plain_value(value):
                return False
        if not below:
            return True
        level = below
    return False


def _is_plain_value(value: object) -> bool:
    if isinstance(value, str):
        return value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) < _NUMBERS_BELOW


def _confined(path: Path) -> str:
    """The path, a link resolved. Raises PermissionError for a link out of the project."""
    if not os.path.islink(path):
        return os.fspath(path)
    if sys.platform == "win32":  # to resolve it may mean to ask another machine
        raise PermissionError(f"{path} is a link")
    real = os.path.realpath(path)
    if not is_inside(real, project_folders(os.path.dirname(path) or os.curdir)[-1]):
        raise PermissionError(f"{path} leads outside the project")
    return real


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
