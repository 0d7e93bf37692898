"""What the rows of a ledger's tables must be like, so that everything that reads them can."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from storyboard.jobs.rows import STATE_COLUMNS
from storyboard.jobs.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Any], bool]

_STATES = frozenset(State)
_SECONDS_AT_MOST = 1e11
_NUMBER_AT_MOST = 10**9
_DOLLARS_AT_MOST = 10**9
LAST_TAKE = 999_999
"""The highest number that a take is given; no file with a higher one, say a date, is counted on from."""
_TAKE_AT_MOST = 10**15
"""Up to which numbers of takes are read: there was a time without a last one."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value and value.isprintable()


def _is_words(value: Any) -> bool:
    """Text without half characters, which are what is left of damaged ones."""
    return isinstance(value, str) and (value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value))


def _is_moment(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value < _SECONDS_AT_MOST


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value < _NUMBER_AT_MOST


def _is_take(value: Any) -> bool:
    return isinstance(value, int) and 1 <= value < _TAKE_AT_MOST


def _is_whole(value: Any) -> bool:
    return isinstance(value, int)


def _is_flag(value: Any) -> bool:
    return value in (0, 1)


def _is_amount(value: Any) -> bool:
    """Any number: a price that cannot be is not believed, and no reason to read nothing at all."""
    return isinstance(value, int | float)


def _is_state(value: Any) -> bool:
    return value in _STATES


def _is_price(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value).is_finite() and 0 <= Decimal(value) <= _DOLLARS_AT_MOST
    except ArithmeticError:
        return False


def _is_request(value: Any) -> bool:
    try:
        return _is_words(value) and isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


def _or_none(test: Test) -> Test:
    return lambda value: value is None or test(value)


_TESTS: dict[str, dict[str, Test]] = {
    "jobs": {
        **dict.fromkeys(("service", "uuid", "account", "digest"), _is_text),
        "attempt": _is_count,
        "state": _is_state,
        "request": _is_request,
        "frame": _or_none(_is_text),
        "media_type": _or_none(_is_text),
        "estimated_cost": _is_price,
        "takes": _is_count,
        "reused": _is_flag,
        "code": _or_none(_is_words),
        "message": _or_none(_is_words),
        "created_at": _is_moment,
        **dict.fromkeys(("sent_at", "accepted_at", "finished_at"), _or_none(_is_moment)),
    },
    "frames": {"sha256": _is_text, "bytes": lambda value: isinstance(value, bytes)},
    "results": {
        **dict.fromkeys(("service", "uuid"), _is_text),
        "video_uuid": _is_words,
        "number": _is_count,
        "url": _or_none(_is_words),
        "seen_at": _is_moment,
        "seed": _or_none(_is_whole),
        "cost": _or_none(_is_amount),
        "nsfw": _or_none(_is_flag),
        "sha256": _or_none(_is_text),
        "bytes": _or_none(_is_whole),
    },
    "orders": {"service": _is_text, "uuid": _is_text, **dict.fromkeys(("file", "folder", "shown"), _is_words)},
    "names": dict.fromkeys(("folder", "name", "file", "base"), _is_words),
    "deliveries": {
        **dict.fromkeys(("service", "uuid"), _is_text),
        "video_uuid": _is_words,
        **dict.fromkeys(("file", "folder", "path"), _is_words),
        "take": _is_take,
        "done_at": _or_none(_is_moment),
    },
}
_STANDING = tuple(_TESTS["jobs"][name] for name in STATE_COLUMNS.split(", "))
_PATHS = frozenset(("file", "folder", "shown", "path", "base"))

TABLES = tuple(_TESTS)
"""In an order in which they can be filled."""


def is_standing(values: tuple[Any, ...]) -> bool:
    """Whether these values, in the order of STATE_COLUMNS, are ones that storyboard writes into a job's row."""
    return all(test(value) for test, value in zip(_STANDING, values, strict=True))


def is_sound(table: str, row: Mapping[str, Any]) -> bool:
    """Whether a row of this table, by its columns, is one that storyboard writes."""
    for column, test in _TESTS[table].items():
        if column not in row or not test(row[column]) or (column in _PATHS and "\0" in row[column]):
            return False
    return table != "frames" or sha256(row["bytes"]).hexdigest() == row["sha256"]
