"""What errors of the network say, in words."""

from __future__ import annotations

import re

import httpx

_NUMBER = re.compile(r"\[Errno -?\d+\] ")


def words_of(error: Exception, otherwise: str = "") -> str:
    """Why a request failed, without the system's numbers; `otherwise` where the error says nothing."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return _NUMBER.sub("", str(error)).strip() or otherwise or type(error).__name__
