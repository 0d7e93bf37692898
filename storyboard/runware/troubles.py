"""What errors of the network say, in words."""

from __future__ import annotations

import re

import httpx

CODED_TRANSFER = "uses a Transfer-Encoding other than chunked, which Storyboard does not decode"
"""The rest of a sentence about a host."""
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


def is_of_transfer_coding(error: httpx.HTTPError) -> bool:
    """Whether an answer came in a transfer coding other than chunked, which the library does not read."""
    return isinstance(error, httpx.RemoteProtocolError) and "Transfer-Encoding" in str(error)
