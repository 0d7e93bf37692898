"""Whom to trust on https: read once, since reading all certificates takes longer than any request."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from ssl import SSLContext


@cache
def trusted() -> SSLContext:
    """The usual authorities, or those that the environment names (SSL_CERT_FILE, SSL_CERT_DIR)."""
    return httpx.create_ssl_context()
