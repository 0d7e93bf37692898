"""What the environment sets: the key, the service's address, and times in seconds."""

from __future__ import annotations

import math
import os
from urllib.parse import urlsplit

from storyboard.addresses import masked, one_spelling
from storyboard.submitting.errors import Kind, SubmitError

_SECONDS_AT_MOST = 86_400.0
_TRUST_HOURS = "STORYBOARD_TRUST_HOURS"
_HOURS_AT_MOST = 8760


def base_url() -> str:
    """The service's address, in its one spelling: RUNWARE_BASE_URL, or Runware's own."""
    from storyboard.runware.client import DEFAULT_BASE_URL
    from storyboard.runware.videos import is_allowed

    given = os.environ.get("RUNWARE_BASE_URL", "").strip()
    url = given.rstrip("/") or DEFAULT_BASE_URL
    if not is_allowed(url) or not urlsplit(url).hostname:
        words = f"RUNWARE_BASE_URL must be an https address, or one of this machine, not {masked(given)!r}"
        raise SubmitError(Kind.ENVIRONMENT, words)
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        words = f"RUNWARE_BASE_URL is {masked(given)!r}, but may hold neither password nor query: the key stands in"
        raise SubmitError(Kind.ENVIRONMENT, f"{words} RUNWARE_API_KEY")
    return one_spelling(url)


def check_network(service: str) -> None:
    """Raises SubmitError where the environment's proxies or certificates cannot be used to reach a service."""
    from storyboard.runware.errors import WrongSetting
    from storyboard.runware.network import check

    try:
        check(service)
    except WrongSetting as error:
        raise SubmitError(Kind.ENVIRONMENT, str(error)) from None


def api_key() -> str | None:
    """The key; None without one. SubmitError for what cannot be a key."""
    key = os.environ.get("RUNWARE_API_KEY", "").strip()
    if not key:
        return None
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SubmitError(Kind.KEY, "RUNWARE_API_KEY holds characters that no key has: copy it anew")
    return key


def http_timeout() -> float:
    """Seconds without an answer after which a connection is given up."""
    return _seconds("STORYBOARD_HTTP_TIMEOUT") or 60.0


def poll_interval() -> float | None:
    """Seconds between questions about a job; None where the pace is ours."""
    return _seconds("STORYBOARD_POLL_INTERVAL")


def trust_window() -> float | None:
    """Seconds after which a doubtful job is not sent again without a person's word; None where 24 hours are right."""
    text = os.environ.get(_TRUST_HOURS, "").strip()
    try:
        hours = float(text) if text else None
    except ValueError:
        hours = math.nan
    if hours is not None and not 0 <= hours <= _HOURS_AT_MOST:
        raise SubmitError(Kind.ENVIRONMENT, f"{_TRUST_HOURS} must be hours, from 0 to {_HOURS_AT_MOST}, not {text!r}")
    return None if hours is None else hours * 3600


def _seconds(name: str) -> float | None:
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    try:
        return checked_seconds(float(text))
    except ValueError:
        words = f"{name} must be seconds, above 0 and at most a day (86400), not {text!r}"
        raise SubmitError(Kind.ENVIRONMENT, words) from None


def checked_seconds(seconds: float) -> float:
    """Seconds that can be waited; ValueError for others."""
    if not (math.isfinite(seconds) and 0 < seconds <= _SECONDS_AT_MOST):
        raise ValueError
    return seconds
