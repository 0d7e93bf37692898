"""What errors of the network say, in words."""

from __future__ import annotations

import re

import httpx

_NUMBER = re.compile(r"\[Errno -?\d+\] ")


def words_of(error: Exception, otherwise: str = "") -> str:
    """Why a request failed, without the system's numbers; `otherwise` where the error says nothing."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.RemoteProtocolError):
        # The library's words repeat what came, in Python's notation.
        said = str(error)
        if said.startswith("Server disconnected"):
            return "the connection was closed without an answer"
        return "the answer broke off" if said.startswith("peer closed") else "the answer is no HTTP"
    if isinstance(error, httpx.NetworkError) and not isinstance(error, httpx.ConnectError) and not str(error):
        return otherwise or "the connection broke off"
    return _NUMBER.sub("", str(error)).strip() or otherwise or type(error).__name__
